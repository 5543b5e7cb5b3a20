/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pane and the page of events: title, lines, filter and text. The other files of the room:
 *
 *	events_pick.c    the events that are shown
 *	events_cursor.c  the cursor, and how the pane stands still
 *	events_line.c    one event as a line
 *	events_part.c    the parts of the line
 *	events_brief.c   shorter words where the line is short
 */
#include <config.h>

#include "events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/rights.h>

#include "events_cursor.h"
#include "events_line.h"
#include "events_pick.h"
#include "tui/key/handlers.h"
#include "tui/overlay/prompt.h"
#include "tui/pages.h"
#include "tui/state.h"
#include "tui/table/filter_bar.h"

/* Lines of the body from which on the pane fits, and from which on it takes a third. */
enum { LOW_BODY = 14, TALL_BODY = 30 };

static uint64_t
lost(const struct model *model)
{
	return model->losses[LOSS_PACKETS];
}

static void
draw_title(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const struct wire_counts *const counts = wire_counts(tui->model->wire);
	const uint64_t cut = tui->model->capture.sums.cut;
	char title[256], what[128] = "flags";

	if (!events_is_page(tui) && tui->events.show == EVENTS_SHOW_ROW)
		snprintf(what, sizeof what, "flags of this row");
	else if (tui->events.filter_text[0] != '\0')
		snprintf(what, sizeof what, "flags: %.100s", tui->events.filter_text);
	draw_rule(&pen, ROLE_SECTION, what);
	if (lost(tui->model) == 0)
		snprintf(title, sizeof title, " %.0f/s, none lost ", tui->rates.captured);
	else
		snprintf(title, sizeof title, " %.0f/s, %" PRIu64 " lost of %" PRIu64 " ",
			tui->rates.captured, lost(tui->model), counts->segments + lost(tui->model));
	if (cut != 0)
		snprintf(title + strlen(title), sizeof title - strlen(title),
			"- %" PRIu64 " cut here ", cut);
	if (tui->events.end != 0 && events_is_page(tui))
		snprintf(title + strlen(title), sizeof title - strlen(title), "- standing still ");
	pen = draw_pen(&tui->theme, rect->y, rect->x + rect->width - (int)text_width(title) - 2,
		(int)text_width(title));
	draw_text(&pen, lost(tui->model) != 0 ? ROLE_WARNING : ROLE_DIM, title);
}

/* The reason why there are no events. */
static const char *
excuse(const struct tui *tui, const struct events_selection *selection)
{
	if (tui->model->capture.text[0] != '\0')
		return tui->model->capture.text;
	if (selection->gave_up)
		return "none of the last events passes the filter";
	if (!events_is_page(tui) && tui->events.show == EVENTS_SHOW_ROW)
		return "no SYN, FIN or RST of this row was seen yet";
	return "no SYN, FIN or RST was seen yet";
}

/* The name of the other side is wanted; where the direction is not known, both. */
static void
want_names(struct tui *tui, const struct event *event)
{
	const struct segment *const segment = &event->segment;

	if (event->folded != 0 || !tui_shows_names(tui))
		return;
	if (segment->direction != SEGMENT_OUT)
		in_sight_add(tui, &segment->source);
	if (segment->direction != SEGMENT_IN)
		in_sight_add(tui, &segment->destination);
}

/* The columns only grow while the pane shows the same, so that they do not jump. */
static void
draw_lines(struct tui *tui, const struct events_selection *selection, const struct rect *rect)
{
	const struct field_context context = tui_context(tui);
	const size_t width = rect->width > 1 ? (size_t)rect->width - 1 : 0;
	struct events_columns columns;

	for (size_t i = 0; i < selection->count; i++) {
		const struct event_row row = event_row_of(tui->model, selection->events[i]);

		events_line_widen(&tui->events.widest, &context, &row);
		want_names(tui, row.event);
	}
	events_line_arrange(&tui->events.widest, width, &columns);
	for (size_t i = 0; i < selection->count; i++) {
		const struct event_row row =
			event_row_of(tui->model, selection->events[selection->count - 1 - i]);
		struct pen pen = draw_pen(&tui->theme, rect->y + 1 + (int)i, rect->x, rect->width);
		struct strip line;

		pen.selected = events_is_page(tui) && events_cursor_is_on(tui, row.event);
		events_line_make(&columns, &context, &row, &line);
		draw_spaces(&pen, ROLE_NORMAL, 1);
		draw_strip(&pen, &line);
		if (pen.selected)
			draw_rest(&pen, ROLE_NORMAL);
	}
}

void
events_draw(struct tui *tui, const struct rect *rect)
{
	struct events_selection selection;
	const size_t height = rect->height > 1 ? (size_t)rect->height - 1 : 0;

	draw_title(tui, rect);
	events_cursor_keep(tui);
	events_choose(tui, height, &selection);
	tui->events.rows = (struct rect){
		.y = rect->y + 1, .x = rect->x, .height = (int)height, .width = rect->width};
	if (selection.count == 0 && height > 0) {
		struct pen pen = draw_pen(&tui->theme, rect->y + 1, rect->x + 1, rect->width - 1);

		draw_text(&pen, ROLE_DIM, excuse(tui, &selection));
	}
	draw_lines(tui, &selection, rect);
}

void
events_init(struct tui *tui)
{
	tui->events.is_default = tui->settings->events && !tui->replay && !tui->only_path;
	tui->events.show = tui->events.is_default ? EVENTS_SHOW_ALL : EVENTS_SHOW_NONE;
}

/* A pane that nobody asked for takes no line from a small table, and needs no excuse. */
static bool
is_out_of_place(const struct tui *tui, int height)
{
	const struct model *const model = tui->model;

	return tui->events.is_default &&
	       (height < TALL_BODY || (model->host.rights & RIGHT_NET_RAW) == 0 ||
		       model->capture.text[0] != '\0');
}

bool
events_is_wanted(const struct tui *tui)
{
	return tui->events.show != EVENTS_SHOW_NONE && !is_out_of_place(tui, tui->body.height);
}

int
events_pane_height(const struct tui *tui, int height)
{
	if (tui->events.show == EVENTS_SHOW_NONE || height < LOW_BODY ||
		is_out_of_place(tui, height))
		return 0;
	return height >= TALL_BODY ? height / 3 : height / 2 - 2;
}

void
events_fini(struct tui *tui)
{
	filter_free(tui->events.filter);
	tui->events.filter = NULL;
}

bool
events_print_selected(struct tui *tui, struct buffer *out)
{
	const struct field_context context = tui_context(tui);
	const struct event *const event =
		tui->events.end != 0 ? wire_event(tui->model->wire, tui->events.cursor) : NULL;
	struct event_row row;
	char line[EVENT_ROW_SIZE];

	if (event == NULL)
		return false;
	row = event_row_of(tui->model, event);
	event_row_format(&context, &row, line, sizeof line);
	buffer_append_text(out, line);
	return true;
}

size_t
events_print(struct tui *tui, struct buffer *out)
{
	const struct field_context context = tui_context(tui);
	const struct wire *const wire = tui->model->wire;
	const uint64_t end = tui->events.end != 0 ? tui->events.end : wire_event_end(wire);
	size_t lines = 0;
	char line[EVENT_ROW_SIZE];

	for (const struct event *event = wire_flag_from(wire, 0);
		event != NULL && event->number < end;
		event = wire_flag_from(wire, event->number + 1)) {
		if (!events_passes(tui, event, NULL))
			continue;
		const struct event_row row = event_row_of(tui->model, event);

		event_row_format(&context, &row, line, sizeof line);
		buffer_append_format(out, "%s\n", line);
		lines++;
	}
	return lines;
}

void
do_events(struct tui *tui)
{
	static const char *const words[EVENTS_SHOW_COUNT] = {
		[EVENTS_SHOW_NONE] = "events are not shown, and nothing is captured for them",
		[EVENTS_SHOW_ALL] = "SYN, FIN and RST of all connections",
		[EVENTS_SHOW_ROW] = "SYN, FIN and RST of the row under the cursor",
	};

	if (!events_is_wanted(tui))
		tui->events.show = EVENTS_SHOW_NONE;
	tui->events.is_default = false;
	tui->events.show = (enum events_show)((tui->events.show + 1) % EVENTS_SHOW_COUNT);
	events_cursor_leave(tui);
	tui->events.widest = (struct events_columns){0};
	tui->paths.is_newer = false;
	tui_show_message(tui, SEVERITY_INFO, words[tui->events.show]);
	tui_refresh(tui);
}

void
events_open(struct tui *tui)
{
	events_cursor_leave(tui);
	tui->events.widest = (struct events_columns){0};
}

static bool
take_filter(struct tui *tui, const char *text, struct error *error)
{
	struct filter *const filter = filter_parse(text, &event_fields, error);

	if (filter == NULL)
		return false;
	filter_free(tui->events.filter);
	tui->events.filter = filter;
	tui->events.widest = (struct events_columns){0};
	events_cursor_leave(tui);
	snprintf(tui->events.filter_text, sizeof tui->events.filter_text, "%s", text);
	tui_redraw(tui);
	return true;
}

static void
on_change(struct tui *tui, const char *text, struct error *error)
{
	struct filter *const filter = filter_parse(text, &event_fields, error);

	if (filter != NULL && filter_bar_is_whole(tui, text, &event_fields))
		(void)take_filter(tui, text, error);
	filter_free(filter);
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	return take_filter(tui, text, error);
}

static void
on_cancel(struct tui *tui)
{
	(void)take_filter(tui, tui->events.filter_before, NULL);
}

static void
on_complete(struct tui *tui)
{
	filter_bar_complete_prompt(tui, &event_fields);
}

static const struct prompt_ops filter_prompt = {.label = "Filter events",
	.change = on_change,
	.accept = on_accept,
	.cancel = on_cancel,
	.complete = on_complete,
	.history = true};

void
do_events_filter(struct tui *tui)
{
	snprintf(tui->events.filter_before, sizeof tui->events.filter_before, "%s",
		tui->events.filter_text);
	prompt_open(tui, &filter_prompt, tui->events.filter_text);
}

const struct pane events_pane = {
	.draw = events_draw,
	.move = events_cursor_move,
	.enter = events_cursor_enter,
	.click = events_cursor_click,
	.wheel = events_cursor_wheel,
};
