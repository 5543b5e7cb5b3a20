/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves, in a page that is longer than its window and in a list with a cursor. Pure. */
#ifndef SOCKWATCH_TUI_TERM_SCROLL_H
#define SOCKWATCH_TUI_TERM_SCROLL_H

#include <stdbool.h>
#include <stddef.h>

enum move {
	MOVE_UP,
	MOVE_DOWN,
	MOVE_PAGE_UP,
	MOVE_PAGE_DOWN,
	MOVE_TOP,
	MOVE_BOTTOM,
	MOVE_LEFT,
	MOVE_RIGHT,
};

/* The window on a page: which line is at its top. */
struct scroll {
	size_t top;    /* line at the top of the window */
	size_t lines;  /* of the page */
	size_t height; /* of the window */
	bool at_end;   /* it stays there when the page grows */
};

/* Keeps the window within the page; SIZE_MAX: its end, whatever comes. */
void scroll_to(struct scroll *scroll, size_t top);
/* The page or the window has another size: a window that was at the end stays there. */
void scroll_fit(struct scroll *scroll, size_t lines, size_t height);
void scroll_move(struct scroll *scroll, enum move move);
/* By so many lines, down when positive. */
void scroll_lines(struct scroll *scroll, int lines);

/* Where a move takes the cursor of a list of `count` lines, `page` of them a page. */
size_t scroll_cursor(enum move move, size_t at, size_t count, size_t page);
/* The top of a window of `height` lines that shows the cursor, moved as little as that takes. */
size_t scroll_keep(size_t top, size_t at, size_t height);

#endif
