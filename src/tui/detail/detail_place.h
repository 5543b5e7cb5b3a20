/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the window stands on a page whose lines come and go. Pure. */
#ifndef SOCKWATCH_TUI_DETAIL_DETAIL_PLACE_H
#define SOCKWATCH_TUI_DETAIL_DETAIL_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/facts.h>

struct detail_place {
	size_t top;              /* the first line of the window */
	size_t lines;            /* of the facts then */
	size_t line;             /* the nearest one above top with a label, */
	struct facts_line named; /* and that line */
};

/* Before the facts are made again: what stands at the top. */
void detail_place_note(struct detail_place *place, const struct facts *facts, size_t top);
/* After it: where that stands now. */
size_t detail_place_find(const struct detail_place *place, const struct facts *facts);

#endif
