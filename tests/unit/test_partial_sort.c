/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows that were selected are those of a full sort, whatever was asked before. */
#include <config.h>

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/view/partial_sort.h"

enum { ITEMS = 5000, KINDS = 6, ASKED = 60 };

static uint64_t
next_random(void)
{
	static uint64_t state = 88172645463325252U;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Items with equal keys are ordered by their ids, highest first. */
static int
compare_ids(const void *context, uint32_t a, uint32_t b)
{
	(void)context;
	return (a < b) - (a > b);
}

static bool compared;

static int
compare_reference(const void *left, const void *right)
{
	const struct sort_item *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (compared && a->key != UINT64_MAX && a->key < 1000)
		return compare_ids(NULL, a->id, b->id);
	if (a->arrival != b->arrival)
		return a->arrival < b->arrival ? -1 : 1;
	return a->id < b->id ? -1 : 1;
}

static uint64_t
make_key(unsigned kind, uint32_t i)
{
	switch (kind) {
	case 0: return next_random();
	case 1: return 7;
	case 2: return i;
	case 3: return ITEMS - i;
	case 4: return next_random() % 5 ? next_random() % 3 : UINT64_MAX;
	default: return i % 2 ? i : 1000 + ITEMS - i;
	}
}

static void
check_window(struct partial_sort *window, const struct partial_sort_order *order,
	const struct sort_item *sorted, size_t first, size_t end)
{
	partial_sort(window, order, first, end);
	for (size_t i = first; i < end && i < window->count; i++) {
		if (window->items[i].id != sorted[i].id)
			fail_msg("item %zu of %zu-%zu is %u, not %u", i, first, end,
				window->items[i].id, sorted[i].id);
	}
}

static void
test_windows(void **state)
{
	/* Keys from 1000 on are exact. */
	struct partial_sort_order order = {.exact_first = 1000, .exact_last = UINT64_MAX};

	(void)state;
	for (unsigned kind = 0; kind < 2 * KINDS; kind++) {
		struct sort_item *items = calloc(ITEMS, sizeof *items);
		struct sort_item *sorted = calloc(ITEMS, sizeof *sorted);
		struct partial_sort window = {.items = items, .count = ITEMS};

		compared = kind >= KINDS;
		order.compare = compared ? compare_ids : NULL;
		for (uint32_t i = 0; i < ITEMS; i++)
			items[i] = (struct sort_item){
				make_key(kind % KINDS, i), i, (uint32_t)next_random() % 100};
		memcpy(sorted, items, ITEMS * sizeof *items);
		qsort(sorted, ITEMS, sizeof *sorted, compare_reference);
		for (unsigned i = 0; i < ASKED; i++) {
			size_t first = next_random() % ITEMS, count = 1 + next_random() % 200;
			size_t which = next_random() % ITEMS;

			/* Now and then as who scrolls does. */
			if (i % 3 == 1)
				first = window.sorted_end;
			else if (i % 3 == 2)
				first = window.sorted_first > 50 ? window.sorted_first - 50 : 0;
			check_window(&window, &order, sorted, first, first + count);
			assert_int_equal(
				partial_sort_find(&window, &order, sorted[which].id), which);
		}
		assert_int_equal(partial_sort_find(&window, &order, ITEMS), SIZE_MAX);
		check_window(&window, &order, sorted, 0, ITEMS);
		free(items);
		free(sorted);
	}
}

/* A comparison that contradicts itself, as when rows change meanwhile, does no harm. */
static int
compare_badly(const void *context, uint32_t a, uint32_t b)
{
	(void)context;
	(void)a;
	(void)b;
	return (int)(next_random() % 3) - 1;
}

static void
test_contradictions(void **state)
{
	struct partial_sort_order order = {.compare = compare_badly, .exact_first = 1};
	struct sort_item *items = calloc(ITEMS, sizeof *items);
	struct partial_sort window = {.items = items, .count = ITEMS};
	uint64_t sum = 0;

	(void)state;
	for (uint32_t i = 0; i < ITEMS; i++)
		items[i] = (struct sort_item){0, i, 0};
	for (unsigned i = 0; i < ASKED; i++) {
		size_t first = next_random() % ITEMS;

		partial_sort(&window, &order, first, first + 100);
	}
	/* None was lost or doubled. */
	for (uint32_t i = 0; i < ITEMS; i++)
		sum += items[i].id;
	assert_int_equal(sum, (uint64_t)ITEMS * (ITEMS - 1) / 2);
	free(items);
}

static void
test_empty(void **state)
{
	struct partial_sort_order order = {.exact_first = 1};
	struct partial_sort window = {.count = 0};

	(void)state;
	partial_sort(&window, &order, 0, 10);
	assert_int_equal(partial_sort_find(&window, &order, 0), SIZE_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
