/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves through pages and lists. */
#include <config.h>

#include "scroll.h"

#include <stdint.h>

static size_t
last_top(const struct scroll *scroll)
{
	return scroll->lines > scroll->height ? scroll->lines - scroll->height : 0;
}

void
scroll_to(struct scroll *scroll, size_t top)
{
	const size_t last = last_top(scroll);

	scroll->top = top < last ? top : last;
	/* The end of a page that fits means what will be added to it as well. */
	scroll->at_end = scroll->top == last && (last > 0 || top == SIZE_MAX);
}

void
scroll_fit(struct scroll *scroll, size_t lines, size_t height)
{
	size_t last;

	scroll->lines = lines;
	scroll->height = height;
	last = last_top(scroll);
	if (scroll->at_end || scroll->top > last)
		scroll->top = last;
}

void
scroll_lines(struct scroll *scroll, int lines)
{
	const size_t by = (size_t)(lines < 0 ? -(long)lines : lines);

	scroll_to(scroll, lines > 0 ? scroll->top + by : scroll->top > by ? scroll->top - by : 0);
}

void
scroll_move(struct scroll *scroll, enum move move)
{
	const int page = scroll->height > 1 ? (int)scroll->height - 1 : 1;

	switch (move) {
	case MOVE_UP: scroll_lines(scroll, -1); break;
	case MOVE_DOWN: scroll_lines(scroll, 1); break;
	case MOVE_PAGE_UP: scroll_lines(scroll, -page); break;
	case MOVE_PAGE_DOWN: scroll_lines(scroll, page); break;
	case MOVE_TOP: scroll_to(scroll, 0); break;
	case MOVE_BOTTOM: scroll_to(scroll, SIZE_MAX); break;
	case MOVE_LEFT: break;
	case MOVE_RIGHT: break;
	}
}

size_t
scroll_cursor(enum move move, size_t at, size_t count, size_t page)
{
	const size_t last = count > 0 ? count - 1 : 0;

	switch (move) {
	case MOVE_UP: return at > 0 ? at - 1 : 0;
	case MOVE_DOWN: return at < last ? at + 1 : last;
	case MOVE_PAGE_UP: return at > page ? at - page : 0;
	case MOVE_PAGE_DOWN: return at < last && page < last - at ? at + page : last;
	case MOVE_TOP: return 0;
	case MOVE_BOTTOM: return last;
	case MOVE_LEFT: break;
	case MOVE_RIGHT: break;
	}
	return at;
}

size_t
scroll_keep(size_t top, size_t at, size_t height)
{
	if (at < top)
		return at;
	return height > 0 && at >= top + height ? at - height + 1 : top;
}
