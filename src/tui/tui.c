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
 *	export.c             y and w, export_file.c the file
 *
 * The rooms: term/ (terminal, drawing, keys; knows nothing of the rest), table/, detail/, events/,
 * paths/, overlay/ (menu, question, prompt, help, setup), key/ (the table of actions, on top of
 * all).
 */
#include <config.h>

#include <sockwatch/tui/tui.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/needs.h>

#include "header.h"
#include "page_needs.h"
#include "pages.h"
#include "paint.h"
#include "state.h"
#include "statusline.h"
#include "tui/detail/detail.h"
#include "tui/key/actions.h"
#include "tui/key/input.h"
#include "tui/overlay/menu.h"
#include "tui/table/search.h"
#include "tui/term/terminal.h"

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
	tui->dirty = false;
	paint(tui);
	tui->redraw_due = false;
	loop_arm(tui->ticker, tick_ns, 0);
}

/* Replay has a clock of its own, which only records move. */
static void
tick_model(struct tui *tui)
{
	if (!tui->paused)
		model_tick(tui->model, tui->replay || tui->model->ended ? tui->model->now_ns
									: clock_realtime_ns());
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

	if (model->complete_sequence != tui->seen_sequence) {
		tui->seen_sequence = model->complete_sequence;
		tick_model(tui);
		rate_update(&tui->rates, model);
		paths_ask_again(tui);
		if (tui_page(tui) == PAGE_DETAIL)
			detail_update(tui);
		tui_redraw(tui);
	}
	paths_note_records(tui);
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
	(void)signal;
	terminal_resume();
	tui_repaint(context);
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

	for (int i = 0; i < PAGE_TABLES; i++) {
		if (table_init(tui, &tui->tables[i], &pages[i]) == -ENOMEM) {
			error_set(error, "there is not enough memory for the monitor");
			return -ENOMEM;
		}
	}
	if (options->filter != NULL && (filter_stack_set(&first->filters, options->filter) != 0 ||
					       table_apply_filter(tui, first, error) != 0))
		return -EINVAL;
	if (!add_sources(tui)) {
		error_set(error, "cannot wait for input from the terminal: %s", strerror(errno));
		return -errno;
	}
	return terminal_open(tui->settings->mouse, error);
}

bool
tui_is_possible(void)
{
	const char *const term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL && term[0] != '\0' &&
	       strcmp(term, "dumb") != 0;
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
	keymap_init(&tui->keymap, &action_table, settings->binds, settings->bind_count);
	model->linger_ms = settings->linger_ms;
	if (init(tui, options, error) != 0) {
		tui_free(tui);
		return NULL;
	}
	tui_set_theme(tui);
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
	detail_fini(tui);
	events_fini(tui);
	free(tui);
}
