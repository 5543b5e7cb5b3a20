/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of the values of a field, most frequent first, for menus. */
#include <config.h>

#include "view_state.h"

#include <stdlib.h>
#include <string.h>

/* Closed rows are not counted: they are shown for some seconds, but are not sockets any more. */
static void
count_rows(struct view *view, const struct field *field, struct dictionary *distinct,
	struct partial_sort *counts)
{
	size_t capacity = 0;

	for (size_t i = 0; i < view->rows.count; i++) {
		uint32_t id = view->rows.items[i].id, number;
		const struct socket_row *const row = socket_table_row(&view->model->sockets, id);
		struct value value;

		if (row->flags & (SOCKET_CLOSED | SOCKET_FREE))
			continue;
		field_get(field, &view->context, row, &value);
		if (value.kind == VALUE_UNKNOWN)
			continue;
		number = dictionary_add(distinct, &value, id);
		if (number == MAP_EMPTY)
			continue;
		if (number >= capacity) {
			const size_t wanted = capacity ? capacity * 2 : 64;
			struct sort_item *const grown =
				realloc(counts->items, wanted * sizeof *counts->items);

			if (grown == NULL)
				return;
			memset(grown + capacity, 0, (wanted - capacity) * sizeof *grown);
			counts->items = grown;
			capacity = wanted;
		}
		if (number == counts->count)
			counts->items[counts->count++] =
				(struct sort_item){.key = UINT64_MAX, .id = id, .arrival = number};
		counts->items[number].key--;
	}
}

size_t
view_tally(struct view *view, const struct field *field, struct view_tally *tallies, size_t max)
{
	struct partial_sort_order order = {.exact_first = 1};
	struct partial_sort counts = {.count = 0};
	struct dictionary distinct;
	size_t count;

	dictionary_init(&distinct);
	count_rows(view, field, &distinct, &counts);
	count = counts.count;
	if (max > count)
		max = count;
	partial_sort(&counts, &order, 0, max);
	for (size_t i = 0; i < max; i++) {
		struct value value;

		field_get(field, &view->context,
			socket_table_row(&view->model->sockets, counts.items[i].id), &value);
		field_format(
			field, &view->context, &value, 0, tallies[i].key, sizeof tallies[i].key);
		tallies[i].count = (uint32_t)(UINT64_MAX - counts.items[i].key);
	}
	free(counts.items);
	dictionary_fini(&distinct);
	return count;
}
