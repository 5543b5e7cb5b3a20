/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cursor on the page of events: there is none while it is live. */
#ifndef SOCKWATCH_TUI_EVENTS_EVENTS_CURSOR_H
#define SOCKWATCH_TUI_EVENTS_EVENTS_CURSOR_H

#include <stdbool.h>

#include "tui/term/scroll.h"

struct event;
struct tui;

/* Live again. */
void events_cursor_leave(struct tui *tui);
/* Call it before drawing: where the ring has lost the event, the cursor goes to the oldest one
 * left. */
void events_cursor_keep(struct tui *tui);
bool events_cursor_is_on(const struct tui *tui, const struct event *event);

/* As struct pane has them. */
void events_cursor_move(struct tui *tui, enum move move);
void events_cursor_enter(struct tui *tui);
void events_cursor_click(struct tui *tui, int y, int x, bool twice);
void events_cursor_wheel(struct tui *tui, int lines);

#endif
