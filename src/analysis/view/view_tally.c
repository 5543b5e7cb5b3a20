/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of the values of a field, most frequent first, for menus. */
#include <config.h>

#include "view_own.h"

#include <stdlib.h>
#include <string.h>

struct tally {
	const struct field *field;
	struct dictionary distinct;
	struct partial_sort counts; /* by the number of the value; the key counts down */
	size_t capacity;
};

static bool
make_room(struct tally *tally, size_t number)
{
	const size_t wanted = tally->capacity ? tally->capacity * 2 : 64;
	struct sort_item *grown;

	if (number < tally->capacity)
		return true;
	grown = realloc(tally->counts.items, wanted * sizeof *grown);
	if (grown == NULL)
		return false;
	memset(grown + tally->capacity, 0, (wanted - tally->capacity) * sizeof *grown);
	tally->counts.items = grown;
	tally->capacity = wanted;
	return true;
}

/* Closed rows are not counted: they are shown for some seconds, but are not sockets any more. */
static void
count_row(struct view *view, struct tally *tally, uint32_t id, const struct socket_row *row)
{
	struct value value;
	uint32_t number;

	if (row->flags & (SOCKET_CLOSED | SOCKET_FREE))
		return;
	field_get(tally->field, &view->context, row, &value);
	if (value.kind == VALUE_UNKNOWN)
		return;
	number = dictionary_add(&tally->distinct, &value, id);
	if (number == MAP_EMPTY || !make_room(tally, number))
		return;
	if (number == tally->counts.count)
		tally->counts.items[tally->counts.count++] =
			(struct sort_item){.key = UINT64_MAX, .id = id, .arrival = number};
	tally->counts.items[number].key--;
}

/* All rows that pass another filter than the view's. */
static void
count_all(struct view *view, struct tally *tally, struct filter *filter)
{
	const struct socket_table *const table = &view->model->sockets;
	struct view_own own;

	view_own_begin(view, &own);
	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);

		if ((row->flags & SOCKET_FREE) == 0 && !view_own_hides(view, &own, row) &&
			filter_match(
				filter, &view->context, row, view->visible, view->visible_count))
			count_row(view, tally, id, row);
	}
}

static void
count_shown(struct view *view, struct tally *tally)
{
	for (size_t i = 0; i < view->rows.count; i++) {
		const uint32_t id = view->rows.items[i].id;

		count_row(view, tally, id, socket_table_row(&view->model->sockets, id));
	}
}

bool
view_would_show(struct view *view, struct filter *filter)
{
	const struct socket_table *const table = &view->model->sockets;

	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);

		if ((row->flags & SOCKET_FREE) == 0 && filter_match(filter, &view->context, row,
							       view->visible, view->visible_count))
			return true;
	}
	return false;
}

size_t
view_tally(struct view *view, const struct field *field, struct filter *filter,
	struct view_tally *tallies, size_t max)
{
	struct partial_sort_order order = {.exact_first = 1};
	struct tally tally = {.field = field};
	size_t count;

	dictionary_init(&tally.distinct);
	if (filter != NULL)
		count_all(view, &tally, filter);
	else
		count_shown(view, &tally);
	count = tally.counts.count;
	if (max > count)
		max = count;
	partial_sort(&tally.counts, &order, 0, max);
	for (size_t i = 0; i < max; i++) {
		struct value value;

		field_get(field, &view->context,
			socket_table_row(&view->model->sockets, tally.counts.items[i].id), &value);
		field_format(
			field, &view->context, &value, 0, tallies[i].key, sizeof tallies[i].key);
		tallies[i].socket = tally.counts.items[i].id;
		tallies[i].count = (uint32_t)(UINT64_MAX - tally.counts.items[i].key);
	}
	free(tally.counts.items);
	dictionary_fini(&tally.distinct);
	return count;
}
