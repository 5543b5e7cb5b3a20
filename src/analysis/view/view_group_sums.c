/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sums of a group, and what else a screen shows of it. */
#include <config.h>

#include "view_state.h"

#include <math.h>
#include <stdlib.h>

#include <sockwatch/analysis/trouble.h>

static bool
is_visible(const struct view *view, const struct field *field)
{
	for (size_t i = 0; i < view->visible_count; i++) {
		if (view->visible[i] == field)
			return true;
	}
	return false;
}

void
view_group_summed(const struct view *view, struct view_summed *summed)
{
	summed->count = 0;
	for (size_t i = 0; i < view->visible_count; i++) {
		if (view->visible[i]->flags & FIELD_SUM)
			summed->fields[summed->count++] = view->visible[i];
	}
	if (view->order != NULL && view->order->flags & FIELD_SUM && !is_visible(view, view->order))
		summed->fields[summed->count++] = view->order;
}

struct view_group *
view_group_make(struct view *view, struct view_stretch *stretch)
{
	struct view_group *const group = calloc(1, sizeof *group);

	if (group == NULL)
		return NULL;
	for (size_t i = 0; i < VIEW_FIELDS_MAX; i++)
		group->sums[i] = (double)NAN;
	stretch->made = group;
	view->made++;
	return group;
}

void
view_group_sum(const struct view *view, const struct field *field, const struct socket_row *row,
	double *sum)
{
	struct value value;

	field_get(field, &view->context, row, &value);
	if (value.kind == VALUE_UNSIGNED)
		*sum = isnan(*sum) ? (double)value.number : *sum + (double)value.number;
}

void
view_group_add(const struct view *view, const struct view_summed *summed, struct view_group *group,
	const struct socket_row *row)
{
	enum severity worst;

	if (row->flags & (SOCKET_CLOSED | SOCKET_FREE))
		return;
	group->by_state[row->state < TCP_STATE_COUNT ? row->state : 0]++;
	worst = trouble_worst(view->model, row);
	if (worst > group->worst)
		group->worst = worst;
	for (size_t i = 0; i < summed->count; i++) {
		const struct field *const field = summed->fields[i];

		view_group_sum(view, field, row, &group->sums[field - view->table->fields]);
	}
}

/* Fills in the rest when somebody looks at the group. */
static const struct view_group *
complete(const struct view *view, const struct view_stretch *stretch)
{
	struct view_group *const group = stretch->made;

	view_group_key(view, stretch->socket, group->key, sizeof group->key);
	group->count = stretch->live;
	group->first_socket = stretch->socket;
	group->unfolded = stretch->unfolded;
	return group;
}

const struct view_group *
view_group_get(struct view *view, struct view_stretch *stretch)
{
	struct view_summed summed;

	if (stretch->made != NULL)
		return complete(view, stretch);
	view_group_summed(view, &summed);
	if (view_group_make(view, stretch) == NULL)
		return NULL;
	for (size_t i = 0; i < stretch->rows.count; i++)
		view_group_add(view, &summed, stretch->made,
			socket_table_row(&view->model->sockets, stretch->rows.items[i].id));
	return complete(view, stretch);
}
