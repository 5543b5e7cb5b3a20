/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines on top: who and how fast; how many sockets in which state; what happens a second; and
 * what could not be had, never silently absent.
 */
#ifndef SOCKWATCH_TUI_HEADER_H
#define SOCKWATCH_TUI_HEADER_H

#include <stdbool.h>

#include "tui/term/draw.h"

struct tui;

/* Lines that it wants on a screen of this height. */
int header_height(const struct tui *tui, int height);
/* Shows the line about missing rights no more. False: there is none. */
bool header_dismiss(struct tui *tui);
void header_draw(struct tui *tui, const struct rect *rect);

#endif
