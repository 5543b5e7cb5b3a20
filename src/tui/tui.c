/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor: wires the model, the loop and the pages together. Its files, from the bottom up:
 *
 *	page.h, display.c    what is open on the screen, and what must be drawn
 *	in_sight.c           addresses in sight, whose names are asked for
 *	statusline.c         the message and the footer
 *	header.c             the lines on top
 *	pages.c              the table of pages: how each draws and answers
 *	paint.c              the one draw of a pass
 *	page_needs.c         what the collector shall fetch
 *	silence.c            whether the other processes still answer
 *	export.c             y and w, export_file.c the file
 *
 * The rooms: term/ (terminal, drawing, keys; knows nothing of the rest), table/, detail/, events/,
 * paths/, counters/, overlay/ (menu, question, prompt, help, setup), action/ (F9), key/ (the table
 *of actions, on top of all). column/ lays columns side by side for table/ and for rows/, which is a
 * table of rows of any kind.
 */
#include <config.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/tui/tui.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/needs.h>

#include "header.h"
#include "page_needs.h"
#include "pages.h"
#include "paint.h"
#include "silence.h"
#include "state.h"
#include "statusline.h"
#include "tui/detail/detail.h"
#include "tui/key/actions.h"
#include "tui/key/handlers.h"
#include "tui/key/input.h"
#include "tui/overlay/menu.h"
#include "tui/overlay/search.h"
#include "tui/term/terminal.h"
#include "tui/term/terminal_kind.h"

/* A little more than a second: at the usual delay a snapshot comes first and draws anyway. */
static const uint64_t tick_ns = 1100 * CLOCK_NS_PER_MS;

/* Names of a screen come in many answers. */
enum { NAMES_MS = 100 };

static void
on_after(void *context)
{
	struct tui *const tui = context;

	input_take_ahead(tui);
	if (!tui->only_path)
		page_needs_send(tui);
	if (!tui->dirty)
		return;
	if (terminal_takes_output()) {
		tui->dirty = false;
		terminal_begin_output();
		paint(tui);
		if (!terminal_end_output())
			tui_repaint(tui);
	}
	tui->redraw_due = false;
	loop_arm(tui->ticker, tick_ns, 0);
}

/* Replay has a clock of its own, which only records move. */
static void
tick_model(struct tui *tui)
{
	if (tui->paused)
		return;
	if (tui->replay || tui->model->ended)
		model_tick(tui->model, tui->model->now_ns);
	else
		model_tick_live(tui->model, clock_monotonic_ns());
}

static void
on_tick(void *context, uint64_t times)
{
	struct tui *const tui = context;

	(void)times;
	tick_model(tui);
	tui_redraw(tui);
}

static void
on_slice(void *context, uint64_t times)
{
	(void)times;
	search_continue(context);
}

/*
 * Records of a snapshot come in many passes. Drawing waits for its end, so that one refresh costs
 * one update of the view; a snapshot that takes long is drawn by the ticker meanwhile.
 */
void
tui_model_changed(struct tui *tui)
{
	const struct model *const model = tui->model;

	silence_end(tui);
	if (model->complete_sequence != tui->seen_sequence) {
		tui->seen_sequence = model->complete_sequence;
		tick_model(tui);
		rate_update(&tui->rates, model);
		if (tui->doctor != NULL)
			doctor_look(tui->doctor, model, false);
		counters_page_update(tui);
		listeners_page_update(tui);
		paths_ask_again(tui);
		tags_prune(&tui->tags, model);
		if (tui_page(tui) == PAGE_DETAIL)
			detail_update(tui);
		tui_redraw(tui);
	}
	paths_note_records(tui);
	if (tui->close_signal.asked != 0 && model->last_result_request == tui->close_signal.asked) {
		close_signal_answered(tui);
		tui_redraw(tui);
	}
	batch_continue(tui);
	if (model->notice_count != tui->status.notices || model->ended ||
		(tui->close_signal.waiting != 0 &&
			model->last_result_request == tui->close_signal.waiting))
		tui_redraw(tui);
	if (tui_page(tui) == PAGE_DETAIL)
		detail_follow(tui);
}

void
tui_name_found(struct tui *tui)
{
	tui_redraw_within(tui, NAMES_MS);
}

static void
on_resize(void *context, int signal)
{
	struct tui *const tui = context;

	(void)signal;
	terminal_resize();
	tui_repaint(tui);
}

static void
on_stop(void *context, int signal)
{
	(void)signal;
	terminal_suspend();
	tui_repaint(context);
}

static void
on_continue(void *context, int signal)
{
	struct tui *const tui = context;

	(void)signal;
	terminal_resume();
	silence_end(tui); /* nobody read while we were stopped */
	tui_repaint(tui);
}

static bool
add_sources(struct tui *tui)
{
	tui->input = loop_add(tui->loop, STDIN_FILENO, LOOP_READ, input_ready, tui);
	tui->resize = loop_add_signal(tui->loop, SIGWINCH, on_resize, tui);
	tui->stop = loop_add_signal(tui->loop, SIGTSTP, on_stop, tui);
	tui->proceed = loop_add_signal(tui->loop, SIGCONT, on_continue, tui);
	tui->ticker = loop_add_timer(tui->loop, on_tick, tui);
	tui->slicer = loop_add_timer(tui->loop, on_slice, tui);
	return tui->input != NULL && tui->resize != NULL && tui->stop != NULL &&
	       tui->proceed != NULL && tui->ticker != NULL && tui->slicer != NULL;
}

static void
remove_sources(struct tui *tui)
{
	struct loop_source *const sources[] = {
		tui->input, tui->resize, tui->stop, tui->proceed, tui->ticker, tui->slicer};

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		if (sources[i] != NULL)
			loop_remove(sources[i]);
	}
	loop_set_after(tui->loop, NULL, NULL);
}

static int
init(struct tui *tui, const struct tui_options *options, struct error *error)
{
	struct table *const first = &tui->tables[PAGE_SOCKETS];

	if (tui->settings->has_doctor && !tui->only_path) {
		tui->doctor = doctor_new(&tui->settings->doctor);
		if (tui->doctor == NULL) {
			error_set(error, "there is not enough memory for the rules of doctor");
			return -ENOMEM;
		}
	}
	for (int i = 0; i < PAGE_TABLES; i++) {
		if (table_init(tui, &tui->tables[i], &pages[i]) == -ENOMEM) {
			error_set(error, "there is not enough memory for the monitor");
			return -ENOMEM;
		}
		view_set_doctor(tui->tables[i].view, tui->doctor);
	}
	if (options->filter != NULL && (filter_stack_set(&first->filters, options->filter) != 0 ||
					       table_apply_filter(tui, first, error) != 0))
		return -EINVAL;
	if (!add_sources(tui)) {
		error_set(error, "cannot wait for input from the terminal: %s", file_words(errno));
		return -errno;
	}
	return terminal_open(tui->settings->mouse, error);
}

int
tui_check_terminal(struct error *error)
{
	return terminal_kind_check(error);
}

struct tui *
tui_new(struct loop *loop, struct model *model, struct settings *settings,
	const struct tui_hooks *hooks, const struct tui_options *options, struct error *error)
{
	struct tui *const tui = calloc(1, sizeof *tui);

	if (tui == NULL) {
		error_set(error, "there is not enough memory for the monitor");
		return NULL;
	}
	tui->loop = loop;
	tui->model = model;
	tui->settings = settings;
	tui->hooks = *hooks;
	silence_end(tui);
	tui->replay = options->replay;
	snprintf(tui->source, sizeof tui->source, "%s",
		options->source != NULL ? options->source : "live");
	tui->only_path = options->probe != NULL;
	if (tui->only_path)
		text_clean(text_of(options->probe_host), tui->probe_host, sizeof tui->probe_host);
	tui->stack[0] = tui->only_path ? PAGE_PATHS : PAGE_SOCKETS;
	tui->stack_count = 1;
	tui->overlay = PAGE_NONE;
	rate_init(&tui->rates);
	counters_page_init(tui);
	counter_history_init(&tui->now.history);
	listeners_page_init(tui);
	keymap_init(&tui->keymap, &action_table, settings->binds, settings->bind_count);
	model->linger_ms = settings->linger_ms;
	events_init(tui);
	tags_init(&tui->tags);
	if (init(tui, options, error) != 0) {
		tui_free(tui);
		return NULL;
	}
	tui_set_theme(tui);
	if (terminal_notice()[0] != '\0')
		tui_show_message(tui, SEVERITY_INFO, terminal_notice());
	if (tui->only_path)
		paths_ask_only(tui, options->probe);
	loop_set_after(loop, on_after, tui);
	return tui;
}

void
tui_free(struct tui *tui)
{
	if (tui == NULL)
		return;
	terminal_close();
	remove_sources(tui);
	for (int i = 0; i < PAGE_TABLES; i++)
		table_fini(&tui->tables[i]);
	menu_fini(tui);
	batch_fini(tui);
	tags_fini(&tui->tags);
	detail_fini(tui);
	events_fini(tui);
	doctor_free(tui->doctor);
	doctor_free(tui->now.doctor);
	counter_history_fini(&tui->now.history);
	counters_page_fini(tui);
	listeners_page_fini(tui);
	findings_page_fini(tui);
	free(tui);
}
