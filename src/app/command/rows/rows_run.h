/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands that print rows of a field table once, which they make of one look or two: listeners,
 * destinations. Options, filter, fields, source, order and report are the same for all; a command
 * says what it updates at each snapshot and which rows there are then.
 */
#ifndef SOCKWATCH_APP_COMMAND_ROWS_ROWS_RUN_H
#define SOCKWATCH_APP_COMMAND_ROWS_ROWS_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/row_order.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>
#include <sockwatch/model/model.h>

#include "app/option/options.h"

struct rows_kind {
	const char *columns;  /* of text, for field_parse_list */
	bool has_rates;       /* the usual fields are those of two looks too */
	const char *order;    /* field of the usual order, the largest first; NULL: as added */
	const char *no_group; /* a sentence: why --group is refused */
	bool has_udp;         /* the rows are of UDP too; otherwise only TCP is looked at */
	/* NULL, or a recording that is looked at before, and the time of its snapshot; see
	 * source_read_snapshot. */
	const char *beside, *beside_at;
	/* Its snapshot; the model lives until the command ends. */
	void (*take_beside)(void *context, const struct model *model);
	/* A snapshot has ended. */
	void (*update)(void *context, const struct model *model);
	/* Adds the rows, by row_order_add; what has no room is counted in left_out. They live until
	 * the command ends. */
	void (*add)(void *context, struct row_order *order);
	uint32_t word_needs; /* enum need of add_words, besides those of the rows */
	/* Appends what people read after the table; may be NULL. */
	void (*add_words)(void *context, const struct model *model, struct buffer *out);
};

/* Runs the command; returns the exit status. */
int rows_run(const struct options *options, const struct rows_kind *kind, void *context);

#endif
