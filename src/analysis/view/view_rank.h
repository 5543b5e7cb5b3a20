/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Order by texts, and by trouble. Texts are numbered as they come; the few different ones are
 * sorted, and a second pass over the items replaces each number by its rank.
 */
#ifndef SOCKWATCH_ANALYSIS_VIEW_VIEW_RANK_H
#define SOCKWATCH_ANALYSIS_VIEW_VIEW_RANK_H

#include "view_state.h"

struct view_ranks {
	const struct field *field;  /* whose texts are ranked; NULL: keys need no ranks */
	bool by_trouble;            /* the order is by trouble, then by that text */
	struct dictionary distinct; /* of the texts */
};

/* The row ended so soon that no look can have shown it alive. */
bool view_rank_is_brief(const struct socket_row *row);
/* wanted: the order of the view is in force, not a held one. */
void view_rank_begin(const struct view *view, struct view_ranks *ranks, bool wanted);
/* The key of a row with the number of its text in it. */
uint64_t view_rank_number(const struct view *view, struct view_ranks *ranks, uint32_t id,
	const struct socket_row *row);
/* Numbers become ranks, in all items of the view; frees what the ranks hold. */
void view_rank_finish(struct view *view, struct view_ranks *ranks);

#endif
