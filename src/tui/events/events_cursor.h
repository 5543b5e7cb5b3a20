/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cursor on the screen of events: none while they are live; with it they stand still. */
#ifndef SOCKWATCH_TUI_EVENTS_EVENTS_CURSOR_H
#define SOCKWATCH_TUI_EVENTS_EVENTS_CURSOR_H

#include <stdbool.h>

struct tui;

/* Live again. */
void events_cursor_leave(struct tui *tui);
/* Before drawing: an event that the ring has lost since gives way to the oldest one left. */
void events_cursor_keep(struct tui *tui);
bool events_cursor_is_on(const struct tui *tui, const struct event *event);

#endif
