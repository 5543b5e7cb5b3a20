/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view is what is shown of the socket table: filtered, ordered, grouped. It holds ids, and it
 * sorts only as much as is looked at: a window of lines is found by selection, so a million rows
 * cost one pass and no full sort.
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

/* One group: what its sockets have in common, how many they are, sums of the fields with FIELD_SUM.
 */
struct view_group {
	char key[128];  /* clean text */
	uint32_t count; /* closed rows are shown, but counted nowhere */
	uint32_t by_state[TCP_STATE_COUNT];
	double sums[VIEW_FIELDS_MAX]; /* by index of the field in the table; NAN: unknown in all,
					 or the field is not visible */
	uint32_t first_socket;        /* one of it */
	bool unfolded;
};

struct view_line {
	enum view_line_kind kind;
	uint32_t socket;                /* id; of a group: its first socket */
	const struct view_group *group; /* of VIEW_GROUP; lives until the next view_update or
					  view_window */
	bool in_group;                  /* a socket line below its group */
};

/* The model must outlive the view. */
struct view *view_new(const struct model *model, const struct field_table *table);
void view_free(struct view *view);

/* Takes the filter over; NULL: all. */
void view_set_filter(struct view *view, struct filter *filter);
/* NULL field: order of arrival. Ties keep order of arrival. */
void view_set_order(struct view *view, const struct field *field, bool descending);
/* NULL: no groups. Groups are ordered by the order field's sum where it has one, else by count,
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
 * Brings the view up to the model if it changed (or always, with force). True when anything may
 * look different.
 */
bool view_update(struct view *view, bool force);

size_t view_lines(const struct view *view);   /* lines, groups included */
size_t view_matched(const struct view *view); /* sockets that pass the filter, closed ones not */

/*
 * Lines first .. first+count-1 in order; returns how many were written: all that there are, but of
 * groups 4096 at most. Call view_update before when the model took in anything.
 */
size_t view_window(struct view *view, size_t first, size_t count, struct view_line *lines);

/* The line on which the socket stands, or SIZE_MAX (not in the view; its group is folded). */
size_t view_find(struct view *view, uint32_t socket);
/* The line on which the group with this key stands, or SIZE_MAX. */
size_t view_find_group(struct view *view, const char *key);

/*
 * Counts the matching sockets by a field's text, for menus ("filter by process"), most frequent
 * first. Returns how many distinct there are; at most max are written.
 */
struct view_tally {
	char key[128]; /* clean text */
	uint32_t count;
};
size_t view_tally(
	struct view *view, const struct field *field, struct view_tally *tallies, size_t max);

#endif
