/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Another moment is shown: what was kept of the one before is given up, the view of it stays. */
#include <config.h>

#include "time_line.h"

#include "tui/pages.h"
#include "tui/state.h"

/* Ten times a second time is seen to go on. */
enum { DRAWN_MS = 100 };

static void
use_doctor(struct tui *tui, struct doctor *doctor)
{
	tui->doctor = doctor;
	for (int i = 0; i < PAGE_TABLES; i++)
		view_set_doctor(tui->tables[i].view, doctor);
}

/* What it found before may not have happened yet. */
static void
begin_doctor(struct tui *tui)
{
	if (tui->doctor == NULL)
		return;
	doctor_free(tui->doctor);
	use_doctor(tui, doctor_new(&tui->settings->doctor));
	if (tui->doctor == NULL)
		tui_show_message(tui, SEVERITY_CRITICAL,
			"there is not enough memory for the rules of doctor");
}

void
time_lay_aside(struct tui *tui)
{
	tui->now.doctor = tui->doctor;
	tui->now.rates = tui->rates;
	tui->now.history = tui->counters.history;
	counter_history_init(&tui->counters.history);
	use_doctor(tui, tui->doctor != NULL ? doctor_new(&tui->settings->doctor) : NULL);
}

void
time_take_back(struct tui *tui)
{
	doctor_free(tui->doctor);
	use_doctor(tui, tui->now.doctor);
	tui->rates = tui->now.rates;
	counter_history_fini(&tui->counters.history);
	tui->counters.history = tui->now.history;
	tui->now.doctor = NULL;
	listeners_page_forget(tui);
	counter_history_init(&tui->now.history);
}

void
tui_time_changed(struct tui *tui)
{
	tui_redraw_within(tui, DRAWN_MS);
}

void
tui_set_model(struct tui *tui, struct model *model)
{
	tui->model = model;
	if (tui->overlay == PAGE_MENU || tui->overlay == PAGE_CONFIRM)
		tui_close_overlay(tui);
	for (int i = 0; i < PAGE_TABLES; i++)
		view_set_model(tui->tables[i].view, model);
	begin_doctor(tui);
	rate_init(&tui->rates);
	counter_history_fini(&tui->counters.history);
	counter_history_init(&tui->counters.history);
	listeners_page_forget(tui);
	tui->events.end = tui->events.cursor = 0;
	tui->detail.socket.socket = SOCKET_NONE;
	tui->search.running = false;
	tui->status.notices = model->notice_count;
	tui->seen_sequence = model->complete_sequence;
}
