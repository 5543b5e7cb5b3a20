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
#include <sockwatch/stream/message.h>

struct view;

enum view_line_kind { VIEW_SOCKET, VIEW_GROUP };

enum { VIEW_FIELDS_MAX = 128, VIEW_OWN_PIDS_MAX = 4 };

/* A group: the value that its sockets share, their number, sums of fields with FIELD_SUM. */
struct view_group {
	char key[128];  /* clean text */
	uint32_t count; /* without closed rows, which are shown but never counted */
	uint32_t by_state[TCP_STATE_COUNT];
	enum severity worst;          /* of the troubles of its sockets (analysis/trouble.h) */
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
/* Shows another model, of the same box at another time; all settings stay. */
void view_set_model(struct view *view, const struct model *model);

/* The view frees the filter. NULL: all rows. */
void view_set_filter(struct view *view, struct filter *filter);
/*
 * NULL field: order of arrival, which ties keep too. By FIELD_MEANING_TROUBLE: the worst first,
 * then by the process's name, its pid and the local port (with more than 250,000 sockets by the
 * port alone).
 */
void view_set_order(struct view *view, const struct field *field, bool descending);
/*
 * NULL: no groups. They are ordered by the sum of the order field if it has one, or else by count,
 * descending; equal ones by their value. A group has at least one living socket.
 */
void view_set_group(struct view *view, const struct field *field);
void view_set_visible(struct view *view, const struct field *const *fields, size_t count);
/* Hides rows that are SOCKET_CLOSED; default shows them. */
void view_set_hide_closed(struct view *view, bool hide);
/*
 * At most so many SOCKET_CLOSED rows are shown: those that lived longer than between two looks come
 * first, then the newest. VIEW_ENDED_ALL, the default: all.
 */
#define VIEW_ENDED_ALL SIZE_MAX
void view_set_ended_limit(struct view *view, size_t limit);
/* The sockets of these processes are counted and not shown; at most VIEW_OWN_PIDS_MAX. */
void view_set_own(struct view *view, const uint32_t *pids, size_t count);
/* While held, rows keep their order; new ones come at the end. */
void view_set_hold(struct view *view, bool hold);
void view_set_numeric(struct view *view, bool numeric);
/* Whose findings the field `finding` shows; NULL: none. It must outlive the view. */
void view_set_doctor(struct view *view, const struct doctor *doctor);
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
/* Closed rows that pass the filter and are not shown, because there are too many. */
size_t view_ended_hidden(const struct view *view);
/* Living sockets of view_set_own, whether or not they would pass the filter. */
size_t view_own_hidden(const struct view *view);
/* Those by protocol (0 TCP, 1 UDP) and state, as socket_table.by_state counts all. */
const uint32_t (*view_own_by_state(const struct view *view))[TCP_STATE_COUNT];

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
 * process"). filter: NULL, or the sockets that pass this one instead of the view's. Returns the
 * number of different texts; at most max are written.
 */
struct view_tally {
	char key[128]; /* clean text */
	uint32_t count;
	uint32_t socket; /* a socket that has the value */
};
size_t view_tally(struct view *view, const struct field *field, struct filter *filter,
	struct view_tally *tallies, size_t max);
/*
 * Ids of the living sockets of the group with this key (NULL: of all that pass the filter), whether
 * unfolded or not, in no order; at most max are written. Returns how many there are.
 */
size_t view_sockets(const struct view *view, const char *group, uint32_t *ids, size_t max);
/* At least one row passes this filter, an ended one included. */
bool view_would_show(struct view *view, struct filter *filter);

#endif
