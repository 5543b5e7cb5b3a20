/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a view: an item of 16 bytes for each row that passes the filter (view_fill.c makes
 * them), which groups cut into stretches (view_group.c). partial_sort.c puts them in order.
 */
#ifndef SOCKWATCH_ANALYSIS_VIEW_VIEW_STATE_H
#define SOCKWATCH_ANALYSIS_VIEW_VIEW_STATE_H

#include <sockwatch/analysis/view.h>

#include "dictionary.h"
#include "partial_sort.h"

enum {
	VIEW_VISIBLE_MAX = 128,
	VIEW_MADE_MAX = 4096,  /* groups that are kept with all their sums */
	VIEW_GROUPS_FEW = 512, /* up to here groups get their sums with the counts, row by row */
};

/* Fields that groups have sums of: visible ones, and the one that orders. */
struct view_summed {
	const struct field *fields[VIEW_VISIBLE_MAX + 1];
	size_t count;
};

/* A group as all are kept; struct view_group is made of it when somebody looks at it. */
struct view_stretch {
	struct partial_sort rows; /* its part of the view's items */
	uint32_t live;            /* of them not closed */
	uint32_t socket;          /* the first */
	double sum;               /* of the order's field; NAN: unknown in all */
	bool unfolded;
	struct view_group *made;
};

struct view {
	const struct model *model;
	const struct field_table *table;
	struct field_context context;
	struct filter *filter;
	const struct field *order, *group;
	bool descending, hide_closed, hold, all_unfolded;
	const struct field *visible[VIEW_VISIBLE_MAX];
	size_t visible_count;
	struct map folds; /* hashes of the keys of groups that differ from all_unfolded */

	struct partial_sort rows;
	size_t capacity; /* items that there is room for */
	struct partial_sort_order row_order;
	size_t live, ended;
	size_t ended_limit, ended_hidden;
	uint32_t own_pids[VIEW_OWN_PIDS_MAX];
	size_t own_pid_count; /* 0: nothing is hidden */
	size_t own_hidden;
	uint32_t own[2][TCP_STATE_COUNT]; /* as socket_table.by_state */

	struct view_stretch *stretches;
	uint32_t stretch_count;
	struct dictionary groups;
	struct partial_sort group_rows; /* order of the groups: id is the stretch's number */
	struct partial_sort_order group_order;
	size_t *starts; /* first line of each group in order, and the end; NULL: none unfolded */
	size_t made;

	/* While held: the position of each id when the hold began. */
	uint32_t *held;
	uint32_t held_used;
	uint32_t held_ms;
	struct map held_groups;

	bool dirty;
	uint64_t seen_sockets, seen_changes;
	uint64_t seen_tick;
};

#define VIEW_KEY_UNKNOWN UINT64_MAX

/* A key that orders as the field says, in the view's direction; unknown comes last in both. */
static inline uint64_t
view_direct_key(const struct view *view, uint64_t key)
{
	if (key == VIEW_KEY_UNKNOWN)
		return key;
	return view->descending ? VIEW_KEY_UNKNOWN - 1 - key : key;
}

/* Orders rows by the time they came. Times of rows wrap; counted back from now they do not. */
static inline uint32_t
view_arrival(const struct view *view, const struct socket_row *row)
{
	return UINT32_MAX - (model_now_ms(view->model) - row->first_ms);
}

/* view_key.c: the text that names the group of the socket; clean. */
void view_group_key(const struct view *view, uint32_t socket, char *key, size_t size);

/* view_fill.c: items, with keys, of all rows that pass. */
void view_fill(struct view *view);

/* view_ended.c: drops ended rows beyond the limit. */
void view_ended_bound(struct view *view);

/* view_group.c */
void view_group_build(struct view *view);
void view_group_clear(struct view *view);
void view_group_forget_made(struct view *view);
size_t view_group_lines(const struct view *view);
size_t view_group_window(struct view *view, size_t first, size_t count, struct view_line *lines);
size_t view_group_find_socket(struct view *view, uint32_t socket);

/* view_group_sums.c */
void view_group_summed(const struct view *view, struct view_summed *summed);
/* An empty group for the stretch, kept there; NULL: no memory. */
struct view_group *view_group_make(struct view *view, struct view_stretch *stretch);
/* Adds the row's value; *sum stays NAN while all are unknown. */
void view_group_sum(const struct view *view, const struct field *field,
	const struct socket_row *row, double *sum);
void view_group_add(const struct view *view, const struct view_summed *summed,
	struct view_group *group, const struct socket_row *row);
/* The group with its sums. */
const struct view_group *view_group_get(struct view *view, struct view_stretch *stretch);

/* view_hold.c */
void view_hold_capture(struct view *view);
void view_hold_release(struct view *view);
/* The key of a row while the order is held. */
uint64_t view_hold_key(const struct view *view, uint32_t id, const struct socket_row *row);

#endif
