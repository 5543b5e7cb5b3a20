/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of any field table, filtered and ordered: listeners, counters, findings. They are few enough
 * to be taken in anew at each look; sockets have a view (view.h) instead. Pure.
 *
 * The rows belong to who adds them and must live until the next row_order_begin. A row is known by
 * its key: the same thing has the same key at the next look.
 */
#ifndef SOCKWATCH_ANALYSIS_ROW_ORDER_H
#define SOCKWATCH_ANALYSIS_ROW_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/map.h>

enum { ROW_ORDER_MAX = 65536 }; /* more rows are counted, not kept */

struct row_item {
	uint64_t key;
	const void *row;     /* NULL: the line is the title of a section */
	const char *section; /* the section that the row is in, or that begins; NULL: none */
	uint64_t rank;       /* the order, as far as 64 bits reach */
	size_t place;        /* as they were added */
};

struct row_order {
	struct row_item *items; /* as they were added */
	size_t count, room;
	struct row_item *lines; /* what is shown, in order */
	size_t line_count, line_room;
	size_t matched;   /* rows that pass the filter */
	size_t left_out;  /* by ROW_ORDER_MAX, or for lack of memory */
	struct map order; /* place of each key in the order of before, while it is held */
};

struct row_arrangement {
	const struct field_table *table;
	struct filter *filter; /* NULL: all rows; it caches, hence not const */
	/* Where a bare word of the filter looks. */
	const struct field *const *visible;
	size_t visible_count;
	const struct field *sort; /* NULL: as they were added, in sections */
	bool descending;
	bool held; /* rows keep their order of before; new ones come at the end */
};

void row_order_init(struct row_order *list);
void row_order_fini(struct row_order *list);
/* Forgets all rows, not their order. */
void row_order_begin(struct row_order *list);
/* Adds a row at the end; rows of a section (a constant text, or NULL) come one after the other. */
void row_order_add(struct row_order *list, uint64_t key, const void *row, const char *section);
/*
 * Makes the lines of the rows. Equal rows stay as they were added, unknown values come last
 * whichever way the order goes.
 */
void row_order_arrange(struct row_order *list, const struct row_arrangement *arrangement,
	const struct field_context *context);
/* The line of the row with this key, or SIZE_MAX. */
size_t row_order_find(const struct row_order *list, uint64_t key);

#endif
