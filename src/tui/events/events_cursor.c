/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves the cursor on the page of events; with a cursor the page stands still. */
#include <config.h>

#include <sockwatch/model/event.h>

#include <sockwatch/model/wire.h>

#include "events_cursor.h"

#include "events_pick.h"
#include "tui/detail/detail.h"
#include "tui/key/handlers.h"
#include "tui/state.h"

static bool
is_live(const struct tui *tui)
{
	return tui->events.end == 0;
}

static size_t
height(const struct tui *tui)
{
	return tui->events.rows.height > 0 ? (size_t)tui->events.rows.height : 1;
}

void
events_cursor_leave(struct tui *tui)
{
	tui->events.end = 0;
	tui_redraw(tui);
}

/* The window moves as little as it must for the cursor to be in sight. */
static void
fit(struct tui *tui)
{
	struct events *const events = &tui->events;
	struct events_selection selection;
	const struct event *last;

	if (events->cursor >= events->end)
		events->end = events->cursor + 1;
	events_choose(tui, height(tui), &selection);
	if (selection.count == 0 || events->cursor >= selection.events[selection.count - 1]->number)
		return;
	last = wire_event(tui->model->wire, events->cursor);
	for (size_t i = 1; last != NULL && i < height(tui); i++) {
		const struct event *const next = events_from(tui, last->number + 1);

		if (next == NULL)
			break;
		last = next;
	}
	if (last != NULL)
		events->end = last->number + 1;
}

static void
put(struct tui *tui, const struct event *event)
{
	tui->events.cursor = event->number;
	fit(tui);
	tui_redraw(tui);
}

/* The cursor starts on the newest event. */
static void
stand_still(struct tui *tui)
{
	const uint64_t end = wire_event_end(tui->model->wire);
	const struct event *const event = events_before(tui, end);

	if (event == NULL)
		return;
	tui->events.end = end;
	put(tui, event);
}

/* A step below the newest event makes it live again. */
static void
go_by(struct tui *tui, long lines)
{
	uint64_t number = tui->events.cursor;
	const struct event *event = NULL;

	if (is_live(tui)) {
		if (lines < 0)
			stand_still(tui);
		return;
	}
	for (; lines != 0; lines += lines < 0 ? 1 : -1) {
		const struct event *const next =
			lines < 0 ? events_before(tui, number) : events_from(tui, number + 1);

		if (next == NULL)
			break;
		event = next;
		number = next->number;
	}
	if (event != NULL)
		put(tui, event);
	else if (lines > 0)
		events_cursor_leave(tui);
}

void
events_cursor_keep(struct tui *tui)
{
	const struct event *event;

	if (is_live(tui) || wire_event(tui->model->wire, tui->events.cursor) != NULL)
		return;
	event = events_from(tui, tui->events.cursor);
	if (event != NULL)
		put(tui, event);
	else
		events_cursor_leave(tui);
}

bool
events_cursor_is_on(const struct tui *tui, const struct event *event)
{
	return !is_live(tui) && tui->events.cursor == event->number;
}

void
events_cursor_move(struct tui *tui, enum move move)
{
	const long page = height(tui) > 1 ? (long)height(tui) - 1 : 1;
	const struct event *event;

	switch (move) {
	case MOVE_UP: go_by(tui, -1); break;
	case MOVE_DOWN: go_by(tui, 1); break;
	case MOVE_PAGE_UP: go_by(tui, -page); break;
	case MOVE_PAGE_DOWN: go_by(tui, page); break;
	case MOVE_TOP:
		event = events_from(tui, 0);
		if (is_live(tui))
			stand_still(tui);
		if (event != NULL)
			put(tui, event);
		break;
	case MOVE_BOTTOM: events_cursor_leave(tui); break;
	case MOVE_LEFT: break;
	case MOVE_RIGHT: break;
	}
}

void
events_cursor_wheel(struct tui *tui, int lines)
{
	go_by(tui, lines);
}

/* The first Enter only stops it: the line that was meant has moved on meanwhile. */
void
events_cursor_enter(struct tui *tui)
{
	const struct event *const event = wire_event(tui->model->wire, tui->events.cursor);

	if (is_live(tui)) {
		stand_still(tui);
		tui_show_message(tui, SEVERITY_INFO,
			"the list stands still now: choose a line; Enter shows its connection");
	} else if (event != NULL) {
		detail_open_event(tui, event);
	}
}

void
events_cursor_click(struct tui *tui, int y, int x, bool twice)
{
	struct events_selection selection;
	const struct rect *const rows = &tui->events.rows;
	size_t line;

	if (!rect_contains(rows, y, x))
		return;
	line = (size_t)(y - rows->y);
	events_choose(tui, height(tui), &selection);
	if (line >= selection.count)
		return;
	if (is_live(tui))
		tui->events.end = wire_event_end(tui->model->wire);
	put(tui, selection.events[selection.count - 1 - line]);
	if (twice)
		events_cursor_enter(tui);
}

/* Pausing stops the page; the model goes on. */
void
do_events_still(struct tui *tui)
{
	if (is_live(tui))
		stand_still(tui);
	else
		events_cursor_leave(tui);
}
