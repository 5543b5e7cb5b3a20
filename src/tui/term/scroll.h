/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page that is longer than its window: which line is at the top. Pure. */
#ifndef SOCKWATCH_TUI_TERM_SCROLL_H
#define SOCKWATCH_TUI_TERM_SCROLL_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/mode.h"

struct scroll {
	size_t top;    /* line at the top of the window */
	size_t lines;  /* of the page */
	size_t height; /* of the window */
	bool at_end;   /* it stays there when the page grows */
};

/* Keeps the window within the page; SIZE_MAX: its end, whatever comes. */
void scroll_to(struct scroll *scroll, size_t top);
/* The page or the window has another size: who looked at the end goes on looking at the end. */
void scroll_fit(struct scroll *scroll, size_t lines, size_t height);
void scroll_move(struct scroll *scroll, enum move move);
/* By so many lines, down when positive. */
void scroll_lines(struct scroll *scroll, int lines);

#endif
