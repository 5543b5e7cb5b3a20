/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of a command that prints rows. */
#ifndef SOCKWATCH_APP_COMMAND_ROWS_ROWS_PRIVATE_H
#define SOCKWATCH_APP_COMMAND_ROWS_ROWS_PRIVATE_H

#include <sockwatch/analysis/filter.h>
#include <sockwatch/source/source.h>

#include "app/command/list/list_notes.h"
#include "app/command/subscribe.h"
#include "rows_run.h"

struct rows {
	const struct options *options;
	const struct rows_kind *kind;
	void *context;
	const struct field_table *table;
	struct filter *filter;
	const struct field *fields[OPTIONS_FIELDS_MAX];
	size_t field_count;
	uint32_t asked; /* enum need of what the user named: fields, order, filter */
	uint32_t needs; /* of all that is used */
	struct subscription subscription;
	struct model *model;
	struct source *beside; /* NULL: there is none */
	struct model *beside_model;
	struct list_file beside_file;
	uint32_t looks; /* snapshots that were taken in */
	struct list_file file;
};

/* Takes in one snapshot, or two where rates are wanted; or the recording. 0, or negative errno with
 * a sentence. */
int rows_look(struct rows *rows, struct error *error);

#endif
