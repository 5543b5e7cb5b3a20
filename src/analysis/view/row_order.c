/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filters and orders rows of any field table. Each row is ranked by a 64-bit key once; only equal
 * keys are compared in full.
 */
#include <config.h>

#include <sockwatch/analysis/row_order.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/field/value.h"

enum { FIRST_ROOM = 64 };

/* What decides between two rows. */
struct deciding {
	const struct field *field;
	const struct field_context *context;
	bool descending;
};

void
row_order_init(struct row_order *list)
{
	*list = (struct row_order){.items = NULL};
	map_init(&list->order);
}

void
row_order_fini(struct row_order *list)
{
	free(list->items);
	free(list->lines);
	map_fini(&list->order);
	row_order_init(list);
}

void
row_order_begin(struct row_order *list)
{
	list->count = 0;
	list->line_count = 0;
	list->matched = 0;
	list->left_out = 0;
}

static bool
make_room(struct row_item **items, size_t *room, size_t count)
{
	size_t wanted = *room != 0 ? *room : FIRST_ROOM;
	struct row_item *grown;

	while (wanted < count)
		wanted *= 2;
	if (wanted == *room)
		return true;
	grown = reallocarray(*items, wanted, sizeof *grown);
	if (grown == NULL)
		return false;
	*items = grown;
	*room = wanted;
	return true;
}

void
row_order_add(struct row_order *list, uint64_t key, const void *row, const char *section)
{
	if (list->count == ROW_ORDER_MAX ||
		!make_room(&list->items, &list->room, list->count + 1)) {
		list->left_out++;
		return;
	}
	list->items[list->count] =
		(struct row_item){.key = key, .row = row, .section = section, .place = list->count};
	list->count++;
}

/* Unknown values come last, whichever way the order goes. */
static uint64_t
rank_of(const struct deciding *deciding, const void *row)
{
	struct value value;
	uint64_t key;

	field_get(deciding->field, deciding->context, row, &value);
	if (value.kind == VALUE_UNKNOWN)
		return UINT64_MAX;
	key = value_key(&value);
	if (deciding->descending)
		key = ~key;
	return key != UINT64_MAX ? key : UINT64_MAX - 1;
}

static int
compare_in_full(const struct deciding *deciding, const struct row_item *a, const struct row_item *b)
{
	struct value values[2];
	int order;

	field_get(deciding->field, deciding->context, a->row, &values[0]);
	field_get(deciding->field, deciding->context, b->row, &values[1]);
	order = value_compare(&values[0], &values[1]);
	return deciding->descending ? -order : order;
}

static int
compare(const void *left, const void *right, void *data)
{
	const struct row_item *const a = left, *const b = right;
	const struct deciding *const deciding = data;
	int order = 0;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (deciding->field != NULL && a->rank != UINT64_MAX)
		order = compare_in_full(deciding, a, b);
	if (order != 0)
		return order;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* The field may be ordered by another one: a text of milliseconds by its microseconds. */
static const struct field *
ordering_field(const struct row_arrangement *arrangement)
{
	const struct field *const sort = arrangement->sort;
	const struct field *instead = NULL;

	if (sort != NULL && sort->order != NULL)
		instead = field_find(arrangement->table, sort->order, strlen(sort->order));
	return instead != NULL ? instead : sort;
}

/* Ranks by the place of before; a new row has none and comes after all that have. */
static void
rank_as_before(struct row_order *list)
{
	for (size_t i = 0; i < list->line_count; i++) {
		uint32_t place = MAP_EMPTY;

		map_find(&list->order, list->lines[i].key, &place);
		list->lines[i].rank = place;
	}
}

static void
sort(struct row_order *list, const struct row_arrangement *arrangement,
	const struct field_context *context)
{
	struct deciding deciding = {ordering_field(arrangement), context, arrangement->descending};

	if (arrangement->held && list->order.count > 0) {
		deciding.field = NULL;
		rank_as_before(list);
	} else {
		for (size_t i = 0; i < list->line_count; i++)
			list->lines[i].rank = rank_of(&deciding, list->lines[i].row);
	}
	if (list->line_count > 1)
		qsort_r(list->lines, list->line_count, sizeof list->lines[0], compare, &deciding);
}

/* Without memory the order is merely not held. */
static void
remember_order(struct row_order *list)
{
	map_clear(&list->order);
	for (size_t i = 0; i < list->line_count; i++) {
		if (map_set(&list->order, list->lines[i].key, (uint32_t)i) != 0)
			return;
	}
}

static void
add_line(struct row_order *list, const struct row_item *item)
{
	if (!make_room(&list->lines, &list->line_room, list->line_count + 1)) {
		list->left_out++;
		return;
	}
	list->lines[list->line_count++] = *item;
}

/* A section has a title when a row of it is shown. */
static void
add_section(struct row_order *list, const char *section)
{
	const size_t count = list->line_count;

	if (section == NULL || (count > 0 && list->lines[count - 1].section == section))
		return;
	add_line(list, &(struct row_item){.key = UINT64_MAX, .section = section});
}

void
row_order_arrange(struct row_order *list, const struct row_arrangement *arrangement,
	const struct field_context *context)
{
	list->line_count = 0;
	list->matched = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct row_item *const item = &list->items[i];

		if (!filter_match(arrangement->filter, context, item->row, arrangement->visible,
			    arrangement->visible_count))
			continue;
		if (arrangement->sort == NULL)
			add_section(list, item->section);
		add_line(list, item);
		list->matched++;
	}
	if (arrangement->sort == NULL) {
		map_clear(&list->order);
		return;
	}
	sort(list, arrangement, context);
	remember_order(list);
}

size_t
row_order_find(const struct row_order *list, uint64_t key)
{
	for (size_t i = 0; i < list->line_count; i++) {
		if (list->lines[i].row != NULL && list->lines[i].key == key)
			return i;
	}
	return SIZE_MAX;
}
