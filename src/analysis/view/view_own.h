/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the sockets of the program itself while a view is filled. */
#ifndef SOCKWATCH_ANALYSIS_VIEW_VIEW_OWN_H
#define SOCKWATCH_ANALYSIS_VIEW_VIEW_OWN_H

#include "view_state.h"

/* Many more than the program ever holds; a further one is shown. */
enum { VIEW_OWN_INODES = 1024 };

struct view_own {
	uint32_t inodes[VIEW_OWN_INODES];
	size_t count;
	uint64_t bits; /* of the low six bits of each, so that most rows need no search */
};

/* Collects the inodes once for a pass over the rows. */
void view_own_begin(struct view *view, struct view_own *own);
/* The row is one of them: it is counted, and not shown. */
bool view_own_hides(struct view *view, const struct view_own *own, const struct socket_row *row);

#endif
