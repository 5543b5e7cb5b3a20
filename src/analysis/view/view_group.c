/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups: the items of the view sorted by group, so that each group is a stretch of the one array.
 * Every group keeps its size and the sum of the field that orders; all other sums are made when
 * somebody looks at the group.
 */
#include <config.h>

#include "view_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/field/value.h"

/* After every sum, and like these compared further: UINT64_MAX would not be. */
#define KEY_NO_SUM (UINT64_MAX - 1)

void
view_group_forget_made(struct view *view)
{
	for (uint32_t i = 0; view->made && i < view->stretch_count; i++) {
		view->made -= view->stretches[i].made != NULL;
		free(view->stretches[i].made);
		view->stretches[i].made = NULL;
	}
	view->made = 0;
}

void
view_group_clear(struct view *view)
{
	view_group_forget_made(view);
	free(view->stretches);
	view->stretches = NULL;
	view->stretch_count = 0;
	free(view->group_rows.items);
	view->group_rows = (struct partial_sort){.count = 0};
	free(view->starts);
	view->starts = NULL;
	dictionary_fini(&view->groups);
	dictionary_init(&view->groups);
}

/* The field that groups are ordered by, if it has sums, or NULL. */
static const struct field *
sum_field(const struct view *view)
{
	return view->order != NULL && view->order->flags & FIELD_SUM ? view->order : NULL;
}

/* Sizes, sums, first sockets. The arrival of an item is still the number of its group. */
static void
count_groups(struct view *view)
{
	const struct field *const field = sum_field(view);
	struct view_summed summed;
	bool few = view->stretch_count <= VIEW_GROUPS_FEW;

	/* Row after row is several times faster than group after group, which jumps about. */
	view_group_summed(view, &summed);
	for (uint32_t i = 0; few && i < view->stretch_count; i++)
		few = view_group_make(view, &view->stretches[i]) != NULL;
	if (!few)
		view_group_forget_made(view);
	for (size_t i = 0; i < view->rows.count; i++) {
		const struct sort_item *const item = &view->rows.items[i];
		struct view_stretch *const stretch = &view->stretches[item->arrival];
		const struct socket_row *const row =
			socket_table_row(&view->model->sockets, item->id);

		stretch->rows.count++;
		if (row->flags & SOCKET_CLOSED)
			continue;
		if (stretch->live++ == 0)
			stretch->socket = item->id;
		if (few)
			view_group_add(view, &summed, stretch->made, row);
		else if (field != NULL)
			view_group_sum(view, field, row, &stretch->sum);
	}
	for (uint32_t i = 0; few && field != NULL && i < view->stretch_count; i++)
		view->stretches[i].sum = view->stretches[i].made->sums[field - view->table->fields];
}

/* Moves each item to the stretch of its group: cycles of swaps, without a second array. */
static void
gather(struct view *view)
{
	struct sort_item *const items = view->rows.items;
	size_t *const next = calloc(view->stretch_count + 1, sizeof *next);
	size_t place = 0;

	for (uint32_t i = 0; i < view->stretch_count; i++) {
		view->stretches[i].rows.items = items + place;
		if (next != NULL)
			next[i] = place;
		place += view->stretches[i].rows.count;
	}
	for (uint32_t i = 0, end = 0; next != NULL && i < view->stretch_count; i++) {
		end += (uint32_t)view->stretches[i].rows.count;
		while (next[i] < end) {
			const struct sort_item item = items[next[i]];
			size_t to;

			if (item.arrival == i) {
				next[i]++;
				continue;
			}
			to = next[item.arrival]++;
			items[next[i]] = items[to];
			items[to] = item;
		}
	}
	/* Without memory no row is shown below its group. */
	for (uint32_t i = 0; next == NULL && i < view->stretch_count; i++)
		view->stretches[i].rows.count = 0;
	free(next);
}

static uint64_t
group_key(struct view *view, uint32_t number)
{
	const struct view_stretch *const stretch = &view->stretches[number];
	const struct field *const field = sum_field(view);
	struct value value = {.kind = VALUE_REAL};

	if (view->held != NULL) {
		char key[sizeof(((struct view_group *)NULL)->key)];
		uint32_t place;

		view_group_key(view, stretch->socket, key, sizeof key);
		return map_find(&view->held_groups, map_hash_bytes(key, strlen(key), 0), &place)
			       ? place
			       : UINT64_C(1) << 32;
	}
	if (field != NULL) {
		value.real = stretch->sum;
		return isnan(stretch->sum) ? KEY_NO_SUM : view_direct_key(view, value_key(&value));
	}
	if (view->order == view->group) {
		field_get(view->group, &view->context,
			socket_table_row(&view->model->sockets, stretch->socket), &value);
		return view_direct_key(view, value_key(&value));
	}
	return UINT32_MAX - stretch->live;
}

/*
 * Compares groups of equal keys by the value that their rows share, so that groups of the same size
 * keep their places.
 */
static int
compare_groups(const void *context, uint32_t a, uint32_t b)
{
	const struct view *const view = context;
	const bool descending = view->order == view->group && view->descending;
	struct value left, right;
	int order;

	field_get(view->group, &view->context,
		socket_table_row(&view->model->sockets, view->stretches[a].socket), &left);
	field_get(view->group, &view->context,
		socket_table_row(&view->model->sockets, view->stretches[b].socket), &right);
	order = value_compare(&left, &right);
	return left.kind == VALUE_UNKNOWN || right.kind == VALUE_UNKNOWN || !descending ? order
											: -order;
}

/* A group whose sockets have all ended is none: it would come and go with them. */
static void
order_groups(struct view *view)
{
	view->group_order = (struct partial_sort_order){
		.compare = compare_groups, .context = view, .exact_first = 1};
	view->group_rows.items = malloc((view->stretch_count + 1) * sizeof *view->group_rows.items);
	if (view->group_rows.items == NULL)
		return;
	for (uint32_t i = 0; i < view->stretch_count; i++) {
		if (view->stretches[i].live == 0)
			continue;
		view->group_rows.items[view->group_rows.count++] =
			(struct sort_item){.key = group_key(view, i), .id = i, .arrival = i};
	}
}

static bool
is_unfolded(const struct view *view, const struct view_stretch *stretch)
{
	char key[sizeof(((struct view_group *)NULL)->key)];
	uint32_t ignored;

	if (!view->folds.count)
		return view->all_unfolded;
	view_group_key(view, stretch->socket, key, sizeof key);
	return map_find(&view->folds, map_hash_bytes(key, strlen(key), 0), &ignored) !=
	       view->all_unfolded;
}

/* Lines depend on the order of all groups only if one is unfolded. */
static void
unfold_groups(struct view *view)
{
	const bool capture = view->hold && view->held == NULL;
	bool any = false;
	size_t line = 0;

	for (uint32_t i = 0; i < view->stretch_count; i++) {
		struct view_stretch *const stretch = &view->stretches[i];

		stretch->unfolded = stretch->live > 0 && is_unfolded(view, stretch);
		any = any || stretch->unfolded;
		/* Needed where rows will be sorted: everywhere, if an order is to be held. */
		for (size_t j = 0; (stretch->unfolded || capture) && j < stretch->rows.count; j++) {
			struct sort_item *const item = &stretch->rows.items[j];

			item->arrival = view_arrival(
				view, socket_table_row(&view->model->sockets, item->id));
		}
	}
	if (!any)
		return;
	view->starts = malloc((view->group_rows.count + 1) * sizeof *view->starts);
	if (view->starts == NULL)
		return;
	partial_sort(&view->group_rows, &view->group_order, 0, view->group_rows.count);
	for (size_t i = 0; i < view->group_rows.count; i++) {
		const struct view_stretch *const stretch =
			&view->stretches[view->group_rows.items[i].id];

		view->starts[i] = line;
		line += 1 + (stretch->unfolded ? stretch->rows.count : 0);
	}
	view->starts[view->group_rows.count] = line;
}

void
view_group_build(struct view *view)
{
	view->stretch_count = view->groups.count;
	view->stretches = calloc(view->stretch_count + 1, sizeof *view->stretches);
	if (view->stretches == NULL) {
		view->stretch_count = 0;
		return;
	}
	for (uint32_t i = 0; i < view->stretch_count; i++)
		view->stretches[i].sum = (double)NAN;
	count_groups(view);
	gather(view);
	order_groups(view);
	unfold_groups(view);
}
