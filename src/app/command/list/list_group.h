/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a group of sockets (struct view_group), made from those of a socket: the common
 * value, how many sockets, how many in each state, sums. So groups go through the same reports.
 */
#ifndef SOCKWATCH_APP_COMMAND_LIST_LIST_GROUP_H
#define SOCKWATCH_APP_COMMAND_LIST_LIST_GROUP_H

#include <sockwatch/analysis/view.h>
#include <sockwatch/base/error.h>

enum { LIST_GROUP_FIELDS_MAX = VIEW_FIELDS_MAX + TCP_STATE_COUNT + 2 };

struct list_group {
	struct field fields[LIST_GROUP_FIELDS_MAX];
	const struct field *shown[LIST_GROUP_FIELDS_MAX];
	size_t count;
};

/*
 * by: the common field. sums: fields whose sums are shown; those without a sum are left out or,
 * with strict, refused: -EINVAL with a sentence. all_states: a field for every state, not only for
 * the telling ones.
 */
int list_group_init(struct list_group *group, const struct field *by,
	const struct field *const *sums, size_t sum_count, bool strict, bool all_states,
	struct error *error);

#endif
