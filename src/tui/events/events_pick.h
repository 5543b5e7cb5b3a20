/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which events are shown: of the model's ring those that pass the filter and, below the table, are
 * of the row; and the way from one of them to the next.
 */
#ifndef SOCKWATCH_TUI_EVENTS_EVENTS_PICK_H
#define SOCKWATCH_TUI_EVENTS_EVENTS_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/event_row.h>

struct tui;

enum { EVENTS_LINES_MAX = 512 }; /* no terminal shows more */

/* The events that fill a window, newest first. */
struct events_selection {
	const struct event *events[EVENTS_LINES_MAX];
	size_t count;
	bool gave_up; /* older ones were not looked at */
};

/* The screen of events has the keys. */
bool events_is_page(const struct tui *tui);
/* Its segment went between the row's endpoints, or to or from a port that the row listens on. */
bool events_is_of_row(
	const struct model *model, const struct event *event, const struct socket_row *row);
/* The event is one of flags and passes the filter; row: and is of it, where that is not NULL. */
bool events_passes(struct tui *tui, const struct event *event, const struct socket_row *row);
/* The last of them, or where they stand still. */
void events_choose(struct tui *tui, size_t height, struct events_selection *selection);
/* The next event that is shown, from that number on or before it; NULL: none within reach. */
const struct event *events_from(struct tui *tui, uint64_t number);
const struct event *events_before(struct tui *tui, uint64_t number);

#endif
