/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the screen of findings. */
#include <config.h>

#include "findings_page.h"
#include "tui/key/handlers.h"
#include "tui/state.h"

void
do_finding_accept(struct tui *tui)
{
	const struct finding *const finding = findings_page_selected(tui);
	struct error error = {.position = -1};
	const bool was_accepted = finding != NULL && finding->is_accepted;

	if (finding == NULL) {
		tui_show_message(tui, SEVERITY_INFO, "there is no finding under the cursor");
		return;
	}
	if (!doctor_settings_toggle(&tui->settings->doctor, finding)) {
		tui_show_format(tui, SEVERITY_WARNING,
			"%d findings are accepted already; take some back first",
			DOCTOR_ACCEPTED_MAX);
		return;
	}
	if (tui->hooks.save != NULL &&
		tui->hooks.save(tui->hooks.context, tui->settings, &error) != 0)
		tui_show_message(tui, SEVERITY_WARNING, error.text);
	else
		tui_show_message(tui, SEVERITY_INFO,
			was_accepted ? "no longer accepted"
				     : "accepted: silent until it gets worse; again: taken back");
	tui_refresh(tui);
}

void
do_finding_act(struct tui *tui)
{
	const struct finding *const finding = findings_page_selected(tui);

	if (finding == NULL)
		tui_show_message(tui, SEVERITY_INFO, "there is no finding under the cursor");
	else if (findings_page_show(tui, finding))
		do_close_or_signal(tui);
}

void
do_finding_baseline(struct tui *tui)
{
	static const char *const rules[] = {"new-listener", "new-client", "new-destination"};
	struct error error = {.position = -1}, done = {.position = -1};

	if (tui->hooks.save_baseline == NULL || tui->replay) {
		tui_show_message(tui, SEVERITY_INFO, "a baseline is made of what is open now");
		return;
	}
	if (tui->hooks.save_baseline(tui->hooks.context, &done, &error) != 0) {
		tui_show_message(tui, SEVERITY_WARNING, error.text);
		return;
	}
	for (size_t i = 0; tui->doctor != NULL && i < sizeof rules / sizeof rules[0]; i++)
		doctor_end(tui->doctor, rules[i], tui->model->now_ns);
	tui_show_message(tui, SEVERITY_INFO, done.text);
	tui_refresh(tui);
}
