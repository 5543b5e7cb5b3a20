/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "events_line.h"
#include "filter.h"
#include "handlers.h"
#include "prompt.h"
#include "state.h"

enum {
	LINES_MAX = 512, /* no terminal shows more */
	LOOKED_AT_MAX =
		20000, /* events passed over for one screen: a filter that lets nothing through */
};

/* The events that fill a screen, newest first. */
struct selection {
	const struct event *events[LINES_MAX];
	size_t count;
	bool gave_up; /* older ones were not looked at */
};

static bool
is_page(const struct tui *tui)
{
	return tui_page(tui) == MODE_EVENTS;
}

bool
events_are_shown(const struct tui *tui)
{
	for (size_t i = 0; i < tui->page_count; i++)
		if (tui->pages[i] == MODE_EVENTS)
			return true;
	return tui->events.show != EVENTS_SHOW_NONE;
}

/* Of the row: its endpoints either way round; of a listener all that has its port on one side. */
static bool
is_of_row(const struct socket_row *row, const struct segment *segment)
{
	const bool out = segment->source_port == row->local_port &&
			 address_compare(&segment->source, &row->local) == 0;
	const bool in = segment->destination_port == row->local_port &&
			address_compare(&segment->destination, &row->local) == 0;

	if (row->remote_port == 0)
		return segment->source_port == row->local_port ||
		       segment->destination_port == row->local_port;
	return (out && segment->destination_port == row->remote_port &&
		       address_compare(&segment->destination, &row->remote) == 0) ||
	       (in && segment->source_port == row->remote_port &&
		       address_compare(&segment->source, &row->remote) == 0);
}

/*
 * The capture may hold all segments of the connection whose page is open, or was: they belong to
 * its ladder. Here they would push out what the pane is for.
 */
static bool
is_flag(const struct event *event)
{
	const bool has_flag =
		(event->segment.flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST)) != 0;

	return has_flag || event->kind == EVENT_HANDSHAKE_DONE || event->kind == EVENT_FIN_ACK ||
	       event->kind == EVENT_ILLEGAL;
}

static struct event_row
row_of(const struct tui *tui, const struct event *event)
{
	return (struct event_row){.event = event,
		.conversation = wire_conversation(
			tui->model->wire, event->conversation, event->generation)};
}

static bool
passes(struct tui *tui, const struct event *event, const struct socket_row *row)
{
	const struct field_context context = tui_context(tui);
	const struct event_row event_row = row_of(tui, event);

	if (!is_flag(event) || (row != NULL && !is_of_row(row, &event->segment)))
		return false;
	return filter_match(tui->events.filter, &context, &event_row, events_line_fields(),
		events_line_field_count());
}

/* The row that the pane follows, or NULL: all events. */
static const struct socket_row *
followed(struct tui *tui)
{
	if (is_page(tui) || tui->events.show != EVENTS_SHOW_ROW)
		return NULL;
	return screen_row(tui, tui_row_in_question(tui));
}

static void
choose(struct tui *tui, size_t height, struct selection *selection)
{
	const struct wire *const wire = tui->model->wire;
	const struct socket_row *const row = followed(tui);
	const bool is_row_missing =
		tui->events.show == EVENTS_SHOW_ROW && !is_page(tui) && row == NULL;
	const uint64_t first = wire_event_first(wire);
	uint64_t number = tui->events.end != 0 ? tui->events.end : wire_event_end(wire);
	size_t looked_at = 0;

	selection->count = 0;
	selection->gave_up = false;
	if (height > LINES_MAX)
		height = LINES_MAX;
	while (number > first && selection->count < height && !is_row_missing) {
		const struct event *const event = wire_event(wire, --number);

		if (++looked_at > LOOKED_AT_MAX) {
			selection->gave_up = true;
			return;
		}
		if (event != NULL && passes(tui, event, row))
			selection->events[selection->count++] = event;
	}
}

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
	char title[256], what[128] = "flags";

	if (!is_page(tui) && tui->events.show == EVENTS_SHOW_ROW)
		snprintf(what, sizeof what, "flags of this row");
	else if (tui->events.filter_text[0] != '\0')
		snprintf(what, sizeof what, "flags: %.100s", tui->events.filter_text);
	snprintf(title, sizeof title, "%s", what);
	draw_rule(&pen, ROLE_SECTION, title);
	if (lost(tui->model) == 0)
		snprintf(title, sizeof title, " %.0f/s, none lost ", tui->events.rate);
	else
		snprintf(title, sizeof title, " %.0f/s, %" PRIu64 " lost of %" PRIu64 " ",
			tui->events.rate, lost(tui->model), counts->segments + lost(tui->model));
	if (tui->events.end != 0)
		snprintf(title + strlen(title), sizeof title - strlen(title), "- standing still ");
	pen = draw_pen(&tui->theme, rect->y, rect->x + rect->width - (int)text_width(title) - 2,
		(int)text_width(title));
	draw_text(&pen, lost(tui->model) != 0 ? ROLE_WARNING : ROLE_DIM, title);
}

/* Why there is nothing, in words. */
static const char *
excuse(const struct tui *tui, const struct selection *selection)
{
	if (tui->model->capture.text[0] != '\0')
		return tui->model->capture.text;
	if (selection->gave_up)
		return "none of the last events pass the filter";
	if (!is_page(tui) && tui->events.show == EVENTS_SHOW_ROW)
		return "no SYN, FIN or RST of this row was seen yet";
	return "no SYN, FIN or RST was seen yet";
}

/* Of who is on the other side; where that cannot be told, of both. */
static void
ask_names(const struct tui *tui, const struct segment *segment)
{
	const struct tui_hooks *const hooks = &tui->hooks;

	if (hooks->name == NULL || !tui_shows_names(tui))
		return;
	if (segment->direction != SEGMENT_OUT)
		hooks->name(hooks->context, &segment->source);
	if (segment->direction != SEGMENT_IN)
		hooks->name(hooks->context, &segment->destination);
}

/* The columns only grow while the pane shows the same, so that they do not dance. */
static void
draw_lines(struct tui *tui, const struct selection *selection, const struct rect *rect)
{
	const struct field_context context = tui_context(tui);
	const size_t width = rect->width > 1 ? (size_t)rect->width - 1 : 0;
	struct events_columns columns;

	for (size_t i = 0; i < selection->count; i++) {
		const struct event_row row = row_of(tui, selection->events[i]);

		events_line_widen(&tui->events.widest, &context, &row);
	}
	events_line_arrange(&tui->events.widest, width, &columns);
	for (size_t i = 0; i < selection->count; i++) {
		const struct event_row row =
			row_of(tui, selection->events[selection->count - 1 - i]);
		struct pen pen =
			draw_pen(&tui->theme, rect->y + 1 + (int)i, rect->x + 1, (int)width);
		struct strip line;

		if (row.event->folded == 0)
			ask_names(tui, &row.event->segment);
		events_line_make(&columns, &context, &row, &line);
		strip_draw(&line, &pen);
	}
}

static void
draw_events(struct tui *tui, const struct rect *rect)
{
	struct selection selection;
	const size_t height = rect->height > 1 ? (size_t)rect->height - 1 : 0;

	draw_title(tui, rect);
	choose(tui, height, &selection);
	tui->events.height = height;
	if (selection.count == 0 && height > 0) {
		struct pen pen = draw_pen(&tui->theme, rect->y + 1, rect->x + 1, rect->width - 1);

		draw_text(&pen, ROLE_DIM, excuse(tui, &selection));
	}
	draw_lines(tui, &selection, rect);
}

int
events_pane_height(const struct tui *tui, int height)
{
	if (tui->events.show == EVENTS_SHOW_NONE || height < 14)
		return 0;
	return height >= 30 ? height / 3 : height / 2 - 2;
}

void
events_draw_pane(struct tui *tui, const struct rect *rect)
{
	draw_events(tui, rect);
}

void
events_update(struct tui *tui)
{
	struct events *const events = &tui->events;
	const uint64_t segments = wire_counts(tui->model->wire)->segments;
	const uint64_t now_ns = tui->model->snapshot_monotonic_ns;

	if (now_ns > events->monotonic_ns && events->monotonic_ns != 0)
		events->rate = (double)(segments - events->segments) * 1e9 /
			       (double)(now_ns - events->monotonic_ns);
	events->segments = segments;
	events->monotonic_ns = now_ns;
}

void
events_fini(struct tui *tui)
{
	filter_free(tui->events.filter);
	tui->events.filter = NULL;
}

size_t
events_print(struct tui *tui, struct buffer *out)
{
	const struct field_context context = tui_context(tui);
	const struct wire *const wire = tui->model->wire;
	const uint64_t end = tui->events.end != 0 ? tui->events.end : wire_event_end(wire);
	size_t lines = 0;
	char line[512];

	for (uint64_t number = wire_event_first(wire); number < end; number++) {
		const struct event *const event = wire_event(wire, number);

		if (event == NULL || !passes(tui, event, NULL))
			continue;
		const struct event_row row = row_of(tui, event);

		event_row_format(&context, &row, line, sizeof line);
		buffer_append_format(out, "%s\n", line);
		lines++;
	}
	return lines;
}

/* Stands still `lines` further back, or comes back to the newest. */
static void
go_by(struct tui *tui, long lines)
{
	struct events *const events = &tui->events;
	const uint64_t first = wire_event_first(tui->model->wire);
	const uint64_t newest = wire_event_end(tui->model->wire);
	uint64_t end = events->end != 0 ? events->end : newest;

	while (lines < 0 && end > first + events->height) {
		const struct event *const event = wire_event(tui->model->wire, --end);

		if (event != NULL && passes(tui, event, NULL))
			lines++;
	}
	while (lines > 0 && end < newest) {
		const struct event *const event = wire_event(tui->model->wire, end++);

		if (event != NULL && passes(tui, event, NULL))
			lines--;
	}
	events->end = end < newest ? end : 0;
	tui_redraw(tui);
}

static void
on_move(struct tui *tui, enum move move)
{
	const long page = tui->events.height > 1 ? (long)tui->events.height - 1 : 1;

	switch (move) {
	case MOVE_UP: go_by(tui, -1); break;
	case MOVE_DOWN: go_by(tui, 1); break;
	case MOVE_PAGE_UP: go_by(tui, -page); break;
	case MOVE_PAGE_DOWN: go_by(tui, page); break;
	case MOVE_TOP: go_by(tui, -LOOKED_AT_MAX); break;
	case MOVE_BOTTOM:
		tui->events.end = 0;
		tui_redraw(tui);
		break;
	case MOVE_LEFT: break;
	case MOVE_RIGHT: break;
	}
}

static void
on_wheel(struct tui *tui, int lines)
{
	go_by(tui, lines);
}

const struct pane events_pane = {.draw = draw_events, .move = on_move, .wheel = on_wheel};

void
do_events(struct tui *tui)
{
	static const char *const words[EVENTS_SHOW_COUNT] = {
		[EVENTS_SHOW_NONE] = "events are not shown, and nothing is captured for them",
		[EVENTS_SHOW_ALL] = "SYN, FIN and RST of all connections",
		[EVENTS_SHOW_ROW] = "SYN, FIN and RST of the row under the cursor",
	};

	tui->events.show = (enum events_show)((tui->events.show + 1) % EVENTS_SHOW_COUNT);
	tui->events.end = 0;
	tui->events.widest = (struct events_columns){0};
	tui->paths.is_newer = false;
	tui_say(tui, SEVERITY_INFO, words[tui->events.show]);
	tui_refresh(tui);
}

void
do_events_screen(struct tui *tui)
{
	while (tui->page_count > 1)
		tui_close_page(tui);
	tui->events.end = 0;
	tui->events.widest = (struct events_columns){0};
	tui_open_page(tui, MODE_EVENTS);
}

/* A page that one pauses stands still; the model goes on. */
void
do_events_still(struct tui *tui)
{
	tui->events.end = tui->events.end != 0 ? 0 : wire_event_end(tui->model->wire);
	tui_redraw(tui);
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
	snprintf(tui->events.filter_text, sizeof tui->events.filter_text, "%s", text);
	tui_redraw(tui);
	return true;
}

static void
on_change(struct tui *tui, const char *text, struct error *error)
{
	(void)take_filter(tui, text, error);
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	return take_filter(tui, text, error);
}

static void
on_complete(struct tui *tui)
{
	filter_complete_prompt(tui, &event_fields);
}

static const struct prompt_ops filter_prompt = {.label = "Filter events",
	.change = on_change,
	.accept = on_accept,
	.complete = on_complete,
	.history = true};

void
do_events_filter(struct tui *tui)
{
	prompt_open(tui, &filter_prompt, tui->events.filter_text);
}
