/* SPDX-License-Identifier: GPL-2.0-or-later */
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

#include "handlers.h"
#include "header.h"
#include "input.h"
#include "paint.h"
#include "state.h"
#include "statusline.h"
#include "tui/detail/detail.h"
#include "tui/overlay/menu.h"
#include "tui/table/search.h"
#include "tui/term/terminal.h"

/* A little more than a second: at the usual delay a snapshot comes first and draws anyway. */
static const uint64_t tick_ns = 1100 * CLOCK_NS_PER_MS;

/* Names of a screen come in many answers. */
enum { NAMES_MS = 100 };

void
tui_redraw(struct tui *tui)
{
	tui->dirty = true;
}

void
tui_redraw_within(struct tui *tui, uint64_t ms)
{
	if (tui->redraw_due)
		return;
	tui->redraw_due = true;
	loop_arm(tui->ticker, ms * CLOCK_NS_PER_MS, 0);
}

void
tui_refresh(struct tui *tui)
{
	tui->forced = true;
	tui->dirty = true;
}

enum mode
tui_page(const struct tui *tui)
{
	return tui->pages[tui->page_count - 1];
}

enum mode
tui_mode(const struct tui *tui)
{
	return tui->overlay != MODE_COUNT ? tui->overlay : tui_page(tui);
}

const struct pane *
tui_pane(enum mode mode)
{
	static const struct pane *const panes[MODE_COUNT] = {
		[MODE_TABLE] = &table_pane,
		[MODE_DETAIL] = &detail_pane,
		[MODE_EVENTS] = &events_pane,
		[MODE_PATHS] = &paths_pane,
		[MODE_HELP] = &help_pane,
		[MODE_SETUP] = &setup_pane,
		[MODE_MENU] = &menu_pane,
		[MODE_CONFIRM] = &confirm_pane,
		[MODE_PROMPT] = &prompt_pane,
	};

	return panes[mode];
}

void
tui_open_page(struct tui *tui, enum mode mode)
{
	if (tui->page_count < PAGES_MAX && tui_page(tui) != mode)
		tui->pages[tui->page_count++] = mode;
	tui_refresh(tui);
}

void
tui_close_page(struct tui *tui)
{
	if (tui->page_count > 1)
		tui->page_count--;
	tui_refresh(tui);
}

void
tui_open_overlay(struct tui *tui, enum mode mode)
{
	tui->overlay = mode;
	tui_redraw(tui);
}

void
tui_close_overlay(struct tui *tui)
{
	tui->overlay = MODE_COUNT;
	tui_refresh(tui);
}

struct screen *
tui_screen(struct tui *tui)
{
	return &tui->screens[tui->screen];
}

uint32_t
tui_row_in_question(struct tui *tui)
{
	if (tui_page(tui) == MODE_DETAIL)
		return identity_find(&tui->detail.socket, tui->model);
	return screen_socket(tui, tui_screen(tui));
}

bool
tui_shows_names(const struct tui *tui)
{
	return tui->settings->names && !tui->settings->numeric;
}

struct field_context
tui_context(const struct tui *tui)
{
	return (struct field_context){.model = tui->model, .numeric = !tui_shows_names(tui)};
}

bool
tui_is_held(const struct tui *tui)
{
	return tui->hold || tui->overlay == MODE_MENU || tui->overlay == MODE_CONFIRM;
}

void
tui_set_theme(struct tui *tui)
{
	const struct settings *const settings = tui->settings;

	theme_init(&tui->theme, settings->theme, settings->color,
		settings->ascii || !terminal_is_utf8());
	do_redraw(tui);
}

void
tui_get_subscription(struct tui *tui, struct message_subscription *subscription)
{
	/*
	 * The filter is not pushed down to the kernel: the totals of the header and the menus with
	 * their counts are of all sockets, and taking a filter away shows the others at once.
	 */
	*subscription = (struct message_subscription){
		.needs = screen_needs(tui_screen(tui)) | NEED_SOCKETS | NEED_COUNTERS,
		.interval_ms = tui->settings->interval_ms,
		.paused = tui->paused,
		.protocols = PROTOCOL_TCP | PROTOCOL_UDP,
		.families = FAMILY_V4 | FAMILY_V6,
		/* Bits 1 to 12 are the kernel's states, 13 is bound and not yet connected. */
		.states = (1U << 14) - 2,
		.netns_mode = SUBSCRIPTION_NETNS_OWN,
	};
	for (size_t i = 0; i < tui->page_count; i++) {
		if (tui->pages[i] == MODE_DETAIL)
			detail_subscribe(tui, subscription);
	}
	if (events_are_shown(tui))
		subscription->needs |= NEED_PACKETS | NEED_CLOSINGS | NEED_LINKS;
	/* The kernel's own round-trip time stands beside the probes'. */
	if (tui->paths.asked_count != 0)
		subscription->needs |= NEED_TCP_INFO;
}

static bool
is_same_subscription(const struct message_subscription *a, const struct message_subscription *b)
{
	return a->needs == b->needs && a->interval_ms == b->interval_ms && a->paused == b->paused &&
	       a->watch_netns == b->watch_netns && a->watch_local_port == b->watch_local_port &&
	       a->watch_remote_port == b->watch_remote_port &&
	       address_compare(&a->watch_local, &b->watch_local) == 0 &&
	       address_compare(&a->watch_remote, &b->watch_remote) == 0;
}

static void
send_subscription(struct tui *tui)
{
	struct message_subscription subscription;

	tui_get_subscription(tui, &subscription);
	if (tui->subscription_sent && is_same_subscription(&subscription, &tui->subscription))
		return;
	tui->subscription = subscription;
	tui->subscription_sent = true;
	if (tui->hooks.subscription != NULL)
		tui->hooks.subscription(tui->hooks.context, &subscription);
}

static void
on_after(void *context)
{
	struct tui *const tui = context;

	input_take_ahead(tui);
	if (!tui->only_path)
		send_subscription(tui);
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
		header_update(tui);
		events_update(tui);
		paths_ask_again(tui);
		if (tui_page(tui) == MODE_DETAIL)
			detail_update(tui);
		tui_redraw(tui);
	}
	paths_note_records(tui);
	if (model->notice_count != tui->status.notices || model->ended ||
		(tui->request.waiting != 0 && model->last_result_request == tui->request.waiting))
		tui_redraw(tui);
	if (tui_page(tui) == MODE_DETAIL)
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
	do_redraw(tui);
}

static void
on_stop(void *context, int signal)
{
	(void)signal;
	do_suspend(context);
}

static void
on_continue(void *context, int signal)
{
	(void)signal;
	terminal_resume();
	do_redraw(context);
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
	struct screen *const first = &tui->screens[SCREEN_SOCKETS];

	for (int i = 0; i < SCREEN_COUNT; i++) {
		if (screen_init(tui, (enum screen_id)i) == -ENOMEM) {
			error_set(error, "there is not enough memory for the monitor");
			return -ENOMEM;
		}
	}
	if (options->filter != NULL && (filter_stack_set(&first->filters, options->filter) != 0 ||
					       screen_apply_filter(tui, first, error) != 0))
		return -EINVAL;
	if (!add_sources(tui)) {
		error_set(error, "the event loop refuses the terminal: %s", strerror(errno));
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
	tui->pages[0] = tui->only_path ? MODE_PATHS : MODE_TABLE;
	tui->page_count = 1;
	tui->overlay = MODE_COUNT;
	header_init(tui);
	keymap_init(&tui->keymap, settings->binds, settings->bind_count);
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
	for (int i = 0; i < SCREEN_COUNT; i++)
		screen_fini(&tui->screens[i]);
	menu_fini(tui);
	detail_fini(tui);
	events_fini(tui);
	free(tui);
}
