/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last lines of the screen: the message, and the labels of the keys. */
#include <config.h>

#include "statusline.h"

#include <string.h>

#include <sockwatch/base/clock.h>

#include "state.h"
#include "tui/overlay/menu.h"
#include "tui/term/keys.h"
#include "tui/term/layout.h"

enum { LABEL_MIN = 6 }; /* labels end with a blank */

void
statusline_update(struct tui *tui)
{
	struct status *const status = &tui->status;
	const struct model *const model = tui->model;

	if (model->notice_count != status->notices) {
		const struct model_notice *const notice =
			&model->notices[(model->notice_count - 1) % MODEL_NOTICES];

		status->notices = model->notice_count;
		tui_show_message(tui, (enum severity)notice->severity, notice->text);
	}
	if (tui->close_signal.waiting != 0 &&
		model->last_result_request == tui->close_signal.waiting) {
		tui->close_signal.waiting = 0;
		tui_show_message(tui,
			model->last_result_error == 0 ? SEVERITY_INFO : SEVERITY_CRITICAL,
			model->last_result);
	}
	if (status->until_ns != 0 && clock_monotonic_ns() >= status->until_ns)
		status->until_ns = 0;
}

bool
statusline_has_message(const struct tui *tui)
{
	return tui->status.until_ns != 0;
}

void
statusline_draw_message(struct tui *tui, const struct rect *rect)
{
	static const enum role roles[] = {
		[SEVERITY_INFO] = ROLE_GOOD,
		[SEVERITY_WARNING] = ROLE_WARNING,
		[SEVERITY_CRITICAL] = ROLE_CRITICAL,
	};
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const size_t severity = tui->status.severity;

	draw_format(&pen, roles[severity <= SEVERITY_CRITICAL ? severity : SEVERITY_INFO], " %s",
		tui->status.text);
	draw_rest(&pen, ROLE_NORMAL);
}

/* Actions whose labels this page has in the footer. */
static size_t
collect(const struct tui *tui, enum page_id page, const struct action **found)
{
	const struct action_table *const table = tui->keymap.table;
	size_t count = 0;

	for (size_t i = 0; i < table->count && count < FOOTER_MAX; i++) {
		const struct action *const action = &table->rows[i];

		if ((action->footer & 1U << page) == 0 || action->label == NULL)
			continue;
		if (tui->replay && (action->needs & ACTION_NEEDS_LIVE) != 0)
			continue;
		if (tui->settings->read_only && (action->needs & ACTION_NEEDS_CHANGES) != 0)
			continue;
		if (tui->stack_count == 1 && (action->needs & ACTION_NEEDS_PAGE_BELOW) != 0)
			continue;
		found[count++] = action;
	}
	return count;
}

static const char *
label_of(const struct action *action, bool brief)
{
	return brief && action->brief != NULL ? action->brief : action->label;
}

static const char *
overlay_hint(const struct tui *tui)
{
	if (tui->overlay == PAGE_CONFIRM)
		return " y yes   n no   Esc back";
	return tui->menu.ops != NULL && tui->menu.ops->topic != NULL
		       ? " Enter takes it   F1 explains it   Esc closes   type to find"
		       : " Enter takes it   Esc closes   type to find";
}

/* The columns of a key, its label and the gap after it; the last one needs no gap. */
static int
width_of(const char *key, const char *label, bool last)
{
	return (int)(strlen(key) + strlen(label)) + !last;
}

/*
 * Before a label is lost, the padding that makes them even goes, from the right. Never the gaps:
 * without colours two labels would be read as one.
 */
static void
squeeze(const char (*keys)[KEYS_NAME_SIZE], const char *const *labels, int *widths, size_t count,
	int room)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += widths[i];
	for (size_t i = count; i-- > 0 && sum > room;) {
		const int least = width_of(keys[i], labels[i], i + 1 == count);

		sum -= widths[i] > least ? widths[i] - least : 0;
		widths[i] = widths[i] > least ? least : widths[i];
	}
}

/* The labels, short ones where the long ones do not fit. */
static void
choose_labels(const struct action *const *found, const char (*keys)[KEYS_NAME_SIZE],
	const char **labels, size_t count, int room)
{
	int least = 0;

	for (size_t i = 0; i < count; i++)
		least += width_of(keys[i], found[i]->label, i + 1 == count);
	for (size_t i = 0; i < count; i++)
		labels[i] = label_of(found[i], least > room);
}

void
statusline_draw_footer(struct tui *tui, const struct rect *rect)
{
	struct status *const status = &tui->status;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const struct action *found[FOOTER_MAX];
	char keys[FOOTER_MAX][KEYS_NAME_SIZE];
	const char *labels[FOOTER_MAX];
	int widths[FOOTER_MAX];
	bool shown[FOOTER_MAX];
	const size_t count = collect(tui, tui_page(tui), found);

	status->footer_count = 0;
	status->footer_y = rect->y;
	if (tui->overlay != PAGE_NONE) {
		draw_text(&pen, ROLE_FOOTER, overlay_hint(tui));
		draw_rest(&pen, ROLE_FOOTER);
		return;
	}
	for (size_t i = 0; i < count; i++)
		keys_name(keymap_first(&tui->keymap, found[i]), keys[i], sizeof keys[i]);
	choose_labels(found, keys, labels, count, rect->width);
	for (size_t i = 0; i < count; i++) {
		const int label = (int)strlen(labels[i]) + 1;

		widths[i] = (int)strlen(keys[i]) + (label < LABEL_MIN ? LABEL_MIN : label);
	}
	squeeze(keys, labels, widths, count, rect->width);
	layout_footer(widths, count, rect->width, shown);
	for (size_t i = 0; i < count; i++) {
		if (!shown[i])
			continue;
		status->footer[status->footer_count].x = pen.x;
		draw_text(&pen, ROLE_KEY, keys[i]);
		draw_cell(&pen, ROLE_FOOTER, labels[i], widths[i] - (int)strlen(keys[i]), false);
		status->footer[status->footer_count].end = pen.x;
		status->footer[status->footer_count].action = found[i];
		status->footer_count++;
	}
	draw_rest(&pen, ROLE_FOOTER);
}

const struct action *
statusline_click(const struct tui *tui, int y, int x)
{
	const struct status *const status = &tui->status;

	for (size_t i = 0; i < status->footer_count && y == status->footer_y; i++) {
		if (x >= status->footer[i].x && x < status->footer[i].end)
			return status->footer[i].action;
	}
	return NULL;
}
