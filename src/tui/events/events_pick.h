/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events that are shown: those in the model's ring that pass the filter and, below the table,
 * belong to the row; and the step from one of them to the next.
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

/* The page of events is open. */
bool events_is_page(const struct tui *tui);
/* Its segment went between the row's endpoints, or to or from a port that the row listens on. */
bool events_is_of_row(
	const struct model *model, const struct event *event, const struct socket_row *row);
/* It is a flag event, passes the filter, and belongs to the row unless that is NULL. */
bool events_passes(struct tui *tui, const struct event *event, const struct socket_row *row);
/* The newest events, or those above the place where the pane stands still. */
void events_choose(struct tui *tui, size_t height, struct events_selection *selection);
/* The next event that is shown, from that number on or before it; NULL: none within reach. */
const struct event *events_from(struct tui *tui, uint64_t number);
const struct event *events_before(struct tui *tui, uint64_t number);

#endif
