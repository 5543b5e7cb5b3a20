/* SPDX-License-Identifier: GPL-2.0-or-later */
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
	/* Who asks for the end of a page that has room means what comes as well. */
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
