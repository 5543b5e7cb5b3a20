/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view of the socket table: filtered, ordered, grouped. It holds ids, and sorts only as much as
 * somebody looks at: a window of lines is found by selection, so a million rows cost one pass and
 * no full sort.
 */
#ifndef SOCKWATCH_ANALYSIS_VIEW_H
#define SOCKWATCH_ANALYSIS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/filter.h>

struct view;

enum view_line_kind { VIEW_SOCKET, VIEW_GROUP };

enum { VIEW_FIELDS_MAX = 128 };

/* A group: the value that its sockets share, their number, sums of fields with FIELD_SUM. */
struct view_group {
	char key[128];  /* clean text */
	uint32_t count; /* without closed rows, which are shown but never counted */
	uint32_t by_state[TCP_STATE_COUNT];
	double sums[VIEW_FIELDS_MAX]; /* by index of the field in the table; NAN: unknown in all,
					 or the field is not visible */
	uint32_t first_socket;        /* a socket of it */
	bool unfolded;
};

struct view_line {
	enum view_line_kind kind;
	uint32_t socket;                /* id; for a group its first socket */
	const struct view_group *group; /* for VIEW_GROUP; lives until the next view_update or
					  view_window */
	bool in_group;                  /* a socket line below its group */
};

/* The model must outlive the view. */
struct view *view_new(const struct model *model, const struct field_table *table);
void view_free(struct view *view);

/* The view frees the filter. NULL: all rows. */
void view_set_filter(struct view *view, struct filter *filter);
/* NULL field: order of arrival, which ties keep too. */
void view_set_order(struct view *view, const struct field *field, bool descending);
/* NULL: no groups. They are ordered by the sum of the order field if it has one, or else by count,
 * descending. */
void view_set_group(struct view *view, const struct field *field);
void view_set_visible(struct view *view, const struct field *const *fields, size_t count);
/* Hides rows that are SOCKET_CLOSED; default shows them. */
void view_set_hide_closed(struct view *view, bool hide);
/* While held, rows keep their order; new ones come at the end. */
void view_set_hold(struct view *view, bool hold);
void view_set_numeric(struct view *view, bool numeric);
/* Unfold or fold the group with this key; NULL: all. */
void view_unfold(struct view *view, const char *key, bool unfolded);

/*
 * Brings the view up to date if the model changed (with force: always). True when anything may look
 * different.
 */
bool view_update(struct view *view, bool force);

size_t view_lines(const struct view *view); /* lines, with those of groups */
size_t view_matched(
	const struct view *view); /* sockets that pass the filter, without closed ones */

/*
 * Lines first .. first+count-1 in order. Returns how many were written: all that there are, but
 * 4096 groups at most. Call view_update before, if the model took in anything.
 */
size_t view_window(struct view *view, size_t first, size_t count, struct view_line *lines);

/* The line of the socket, or SIZE_MAX: it is not in the view, or its group is folded. */
size_t view_find(struct view *view, uint32_t socket);
/* The line of the group with this key, or SIZE_MAX. */
size_t view_find_group(struct view *view, const char *key);

/*
 * Counts the matching sockets by the text of a field, most frequent first, for menus ("filter by
 * process"). Returns the number of different texts; at most max are written.
 */
struct view_tally {
	char key[128]; /* clean text */
	uint32_t count;
};
size_t view_tally(
	struct view *view, const struct field *field, struct view_tally *tallies, size_t max);

#endif
