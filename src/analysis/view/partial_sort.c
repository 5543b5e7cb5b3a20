/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Part of an array put in order: quickselect cuts the window out, quicksort sorts the window alone.
 * Both fall back on heapsort when pivots are bad, so that nobody on the network can choose a slow
 * order. Partitioning checks its bounds although the order is total: rows may change between calls.
 */
#include <config.h>

#include "partial_sort.h"

enum { INSERTION_MAX = 16, MARGIN_MIN = 64 };

static bool
is_exact(const struct partial_sort_order *order, uint64_t key)
{
	return key == UINT64_MAX || (key >= order->exact_first && key <= order->exact_last);
}

static bool
before(const struct partial_sort_order *order, const struct sort_item *a, const struct sort_item *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	if (order->compare != NULL && !is_exact(order, a->key)) {
		const int result = order->compare(order->context, a->id, b->id);

		if (result)
			return result < 0;
	}
	if (a->arrival != b->arrival)
		return a->arrival < b->arrival;
	return a->id < b->id;
}

static void
swap(struct sort_item *a, struct sort_item *b)
{
	const struct sort_item item = *a;

	*a = *b;
	*b = item;
}

static void
sort_insertion(struct sort_item *items, size_t count, const struct partial_sort_order *order)
{
	for (size_t i = 1; i < count; i++) {
		struct sort_item item = items[i];
		size_t j = i;

		for (; j > 0 && before(order, &item, &items[j - 1]); j--)
			items[j] = items[j - 1];
		items[j] = item;
	}
}

static void
sift_down(struct sort_item *items, size_t at, size_t count, const struct partial_sort_order *order)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= count)
			return;
		if (child + 1 < count && before(order, &items[child], &items[child + 1]))
			child++;
		if (!before(order, &items[at], &items[child]))
			return;
		swap(&items[at], &items[child]);
		at = child;
	}
}

static void
sort_heap(struct sort_item *items, size_t count, const struct partial_sort_order *order)
{
	for (size_t i = count / 2; i > 0; i--)
		sift_down(items, i - 1, count, order);
	for (size_t end = count; end > 1; end--) {
		swap(&items[0], &items[end - 1]);
		sift_down(items, 0, end - 1, order);
	}
}

static struct sort_item
median(const struct partial_sort_order *order, const struct sort_item *a, const struct sort_item *b,
	const struct sort_item *c)
{
	if (before(order, a, b))
		return before(order, b, c) ? *b : before(order, a, c) ? *c : *a;
	return before(order, a, c) ? *a : before(order, b, c) ? *c : *b;
}

static struct sort_item
choose_pivot(const struct sort_item *items, size_t count, const struct partial_sort_order *order)
{
	const size_t step = count / 8;
	struct sort_item low, middle, high;

	if (count < 128)
		return median(order, &items[0], &items[count / 2], &items[count - 1]);
	low = median(order, &items[0], &items[step], &items[2 * step]);
	middle = median(order, &items[3 * step], &items[4 * step], &items[5 * step]);
	high = median(order, &items[6 * step], &items[7 * step], &items[count - 1]);
	return median(order, &low, &middle, &high);
}

/* Hoare's: afterwards no item before the result belongs after an item from there on; 0 < result <
 * count. */
static size_t
partition(struct sort_item *items, size_t count, const struct partial_sort_order *order)
{
	struct sort_item pivot = choose_pivot(items, count, order);
	size_t low = 0, high = count - 1;

	for (;;) {
		while (low < count - 1 && before(order, &items[low], &pivot))
			low++;
		while (high > 0 && before(order, &pivot, &items[high]))
			high--;
		if (low >= high)
			break;
		swap(&items[low++], &items[high--]);
	}
	return high + 1 < count ? high + 1 : count - 1;
}

/* Splits that are allowed before heapsort takes over. */
static unsigned
split_limit(size_t count)
{
	unsigned limit = 8;

	for (; count; count >>= 1)
		limit += 2;
	return limit;
}

static void
sort(struct sort_item *items, size_t count, const struct partial_sort_order *order, unsigned splits)
{
	while (count > INSERTION_MAX) {
		size_t middle;

		if (!splits--) {
			sort_heap(items, count, order);
			return;
		}
		middle = partition(items, count, order);
		/* The smaller part by recursion, so that the stack stays shallow. */
		if (middle < count - middle) {
			sort(items, middle, order, splits);
			items += middle;
			count -= middle;
		} else {
			sort(items + middle, count - middle, order, splits);
			count = middle;
		}
	}
	sort_insertion(items, count, order);
}

/* Afterwards the items before `at` are those that belong there, in any order. */
static void
cut(struct sort_item *items, size_t count, size_t at, const struct partial_sort_order *order)
{
	unsigned splits = split_limit(count);

	while (at > 0 && at < count) {
		size_t middle;

		if (count <= INSERTION_MAX) {
			sort_insertion(items, count, order);
			return;
		}
		if (!splits--) {
			sort_heap(items, count, order);
			return;
		}
		middle = partition(items, count, order);
		if (at < middle) {
			count = middle;
		} else {
			items += middle;
			count -= middle;
			at -= middle;
		}
	}
}

/* Sorts first .. end-1 of a stretch that holds exactly the items that belong into it. */
static void
settle(struct partial_sort *partial_sort, const struct partial_sort_order *order, size_t low,
	size_t high, size_t first, size_t end)
{
	struct sort_item *const items = partial_sort->items;

	cut(items + low, high - low, first - low, order);
	cut(items + first, high - first, end - first, order);
	sort(items + first, end - first, order, split_limit(end - first));
}

/* Scrolling on doubles the sorted part each time: in the end all costs one full sort. */
static void
grow(struct partial_sort *partial_sort, const struct partial_sort_order *order, size_t first,
	size_t end)
{
	const size_t length = partial_sort->sorted_end - partial_sort->sorted_first;

	if (end > partial_sort->sorted_end) {
		size_t to = partial_sort->sorted_end + length;

		to = to < end ? end : to;
		to = to > partial_sort->count ? partial_sort->count : to;
		settle(partial_sort, order, partial_sort->sorted_end, partial_sort->count,
			partial_sort->sorted_end, to);
		partial_sort->sorted_end = to;
	}
	if (first < partial_sort->sorted_first) {
		size_t from = partial_sort->sorted_first > length
				      ? partial_sort->sorted_first - length
				      : 0;

		from = from > first ? first : from;
		settle(partial_sort, order, 0, partial_sort->sorted_first, from,
			partial_sort->sorted_first);
		partial_sort->sorted_first = from;
	}
}

void
partial_sort(struct partial_sort *partial_sort, const struct partial_sort_order *order,
	size_t first, size_t end)
{
	size_t low = 0, high = partial_sort->count, margin;

	end = end > high ? high : end;
	if (first >= end ||
		(first >= partial_sort->sorted_first && end <= partial_sort->sorted_end))
		return;
	if (partial_sort->sorted_end > partial_sort->sorted_first &&
		first <= partial_sort->sorted_end && end >= partial_sort->sorted_first) {
		grow(partial_sort, order, first, end);
		return;
	}
	/* The part that was sorted before still divides all others into its two sides. */
	if (partial_sort->sorted_end > partial_sort->sorted_first) {
		if (first >= partial_sort->sorted_end)
			low = partial_sort->sorted_end;
		else
			high = partial_sort->sorted_first;
	}
	margin = end - first < MARGIN_MIN ? MARGIN_MIN : end - first;
	first = first - low > margin ? first - margin : low;
	end = high - end > margin ? end + margin : high;
	settle(partial_sort, order, low, high, first, end);
	partial_sort->sorted_first = first;
	partial_sort->sorted_end = end;
}

size_t
partial_sort_find(const struct partial_sort *partial_sort, const struct partial_sort_order *order,
	uint32_t id)
{
	const struct sort_item *items = partial_sort->items, *found = NULL;
	size_t place = 0;

	for (size_t i = partial_sort->sorted_first; i < partial_sort->sorted_end; i++) {
		if (items[i].id == id)
			return i;
	}
	for (size_t i = 0; i < partial_sort->count && found == NULL; i++) {
		if (items[i].id == id)
			found = &items[i];
	}
	if (found == NULL)
		return SIZE_MAX;
	for (size_t i = 0; i < partial_sort->count; i++)
		place += before(order, &items[i], found);
	return place;
}
