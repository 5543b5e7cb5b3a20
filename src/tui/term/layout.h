/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much room each column, or each label of the footer, gets. Pure: widths in, widths out.
 */
#ifndef SOCKWATCH_TUI_TERM_LAYOUT_H
#define SOCKWATCH_TUI_TERM_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

struct layout_item {
	int minimum;    /* below this it is dropped rather than shown */
	int wanted;     /* minimum <= wanted <= grown */
	int grown;      /* what its contents could use */
	bool essential; /* dropped only when the others are gone */
	bool stretch;   /* takes what is left; the last of them does */
	int width;      /* result; 0: dropped */
	int x;          /* result: offset of its first cell */
};

/* Lays count items side by side into `room` cells with `gap` between two. */
void layout_columns(struct layout_item *items, size_t count, int room, int gap);

/*
 * Of count labels of widths[] side by side which are shown: the first and the last always, the
 * others from the left as far as they fit. Sets shown[].
 */
void layout_footer(const int *widths, size_t count, int room, bool *shown);

#endif
