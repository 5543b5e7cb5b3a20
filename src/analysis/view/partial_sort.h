/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Order by selection: only the part of an array that somebody looks at is put in order. An item is
 * 16 bytes; its key decides, then (where keys do not reach) a full comparison, then its time of
 * arrival, then its id, so that no two items are equal.
 */
#ifndef SOCKWATCH_ANALYSIS_VIEW_PARTIAL_SORT_H
#define SOCKWATCH_ANALYSIS_VIEW_PARTIAL_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sort_item {
	uint64_t key;
	uint32_t id;
	uint32_t arrival;
};

/*
 * compare: <0, 0, >0 for two ids whose keys are equal; NULL: keys say all. Keys from exact_first to
 * exact_last, and UINT64_MAX, say all in any case.
 */
struct partial_sort_order {
	uint64_t exact_first, exact_last;
	int (*compare)(const void *context, uint32_t a, uint32_t b);
	const void *context;
};

/* Items and the part of them, [sorted_first, sorted_end), that stands where it belongs. */
struct partial_sort {
	struct sort_item *items;
	size_t count;
	size_t sorted_first, sorted_end;
};

/* Puts items first .. end-1 where they belong, and some around them. */
void partial_sort(struct partial_sort *partial_sort, const struct partial_sort_order *order,
	size_t first, size_t end);
/* Where the item with this id belongs, or SIZE_MAX. */
size_t partial_sort_find(const struct partial_sort *partial_sort,
	const struct partial_sort_order *order, uint32_t id);

#endif
