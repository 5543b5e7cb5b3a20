/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command that prints rows of a field table. rows_look.c takes the looks. */
#include <config.h>

#include "rows_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/report/report.h>
#include <sockwatch/stream/needs.h>

#include "app/command/command.h"
#include "app/command/list/list_names.h"
#include "app/command/open_source.h"
#include "app/error_print.h"
#include "app/output.h"

static bool
is_usual(const struct rows *rows, const struct field *field)
{
	return (field->flags & FIELD_REPORT) != 0 &&
	       (rows->kind->has_rates || (field->needs & NEED_TWO_LOOKS) == 0);
}

/* The usual fields: everything that has a name for a program, what fits a line for a person. */
static int
choose_fields(struct rows *rows, struct error *error)
{
	const struct options *const options = rows->options;
	int count;

	if (options->field_count > 0) {
		memcpy(rows->fields, options->fields, sizeof rows->fields);
		rows->field_count = options->field_count;
		return 0;
	}
	if (options->format == REPORT_TEXT) {
		if (options->netns != NULL && strcmp(options->netns, "all") == 0)
			rows->fields[rows->field_count++] = field_find(rows->table, "netns", 5);
		count = field_parse_list(rows->table, rows->kind->columns,
			rows->fields + rows->field_count, OPTIONS_FIELDS_MAX - rows->field_count,
			error);
		rows->field_count += count > 0 ? (size_t)count : 0;
		return count < 0 ? count : 0;
	}
	for (size_t i = 0; i < rows->table->count && rows->field_count < OPTIONS_FIELDS_MAX; i++)
		if (is_usual(rows, &rows->table->fields[i]))
			rows->fields[rows->field_count++] = &rows->table->fields[i];
	return 0;
}

static void
add_needs(struct rows *rows)
{
	const struct options *const options = rows->options;

	rows->asked = filter_needs(rows->filter);
	for (size_t i = 0; i < options->field_count; i++)
		rows->asked |= options->fields[i]->needs;
	if (options->sort != NULL)
		rows->asked |= options->sort->needs;
	rows->needs = rows->table->base_needs | rows->asked;
	for (size_t i = 0; i < rows->field_count; i++)
		rows->needs |= rows->fields[i]->needs;
	if (options->format == REPORT_TEXT)
		rows->needs |= rows->kind->word_needs;
	if (rows->kind->order != NULL)
		rows->needs |= field_find(rows->table, rows->kind->order, strlen(rows->kind->order))
				       ->needs;
}

static int
prepare(struct rows *rows, struct error *error)
{
	const struct options *const options = rows->options;

	rows->table = option_fields(options);
	rows->filter = filter_parse(options->words, rows->table, error);
	if (rows->filter == NULL || choose_fields(rows, error) != 0)
		return -EINVAL;
	if (options->group != NULL) {
		error_set(error, "%s", rows->kind->no_group);
		return -EINVAL;
	}
	add_needs(rows);
	return open_source_check(options, error);
}

/* Missing names are reported; the rows are printed all the same. */
static void
find_names(const struct rows *rows)
{
	struct error error = {.position = -1};

	if ((rows->asked & NEED_NAMES) != 0 && !rows->options->settings.numeric &&
		list_names_find(rows->model, &error) != 0)
		error_print(&error);
}

static void
arrange(struct rows *rows, struct row_order *order, const struct field_context *context)
{
	const struct options *const options = rows->options;
	const char *const usual = rows->kind->order;
	struct row_arrangement arrangement = {.table = rows->table,
		.filter = rows->filter,
		.visible = rows->fields,
		.visible_count = rows->field_count,
		.sort = options->sort,
		.descending = options->sort_descending};

	if (options->sort == NULL && usual != NULL) {
		arrangement.sort = field_find(rows->table, usual, strlen(usual));
		arrangement.descending = true;
	}
	rows->kind->add(rows->context, order);
	row_order_arrange(order, &arrangement, context);
}

static struct report *
new_report(const struct rows *rows, const struct field_context *context, struct buffer *out)
{
	const struct options *const options = rows->options;
	const size_t columns = options->format == REPORT_TEXT ? output_columns() : 0;

	return report_new(&(struct report_options){.format = options->format,
				  .fields = rows->fields,
				  .field_count = rows->field_count,
				  .columns = columns,
				  .keep_all = options->field_count > 0,
				  .color = columns != 0 && options->settings.color},
		context, out);
}

static int
write_rows(const struct rows *rows, const struct row_order *order,
	const struct field_context *context, struct output *output, struct error *error)
{
	struct report *const report = new_report(rows, context, &output->buffer);
	int result = 0;

	if (report == NULL) {
		error_set(error, "there is not enough memory for the report");
		return -ENOMEM;
	}
	for (size_t i = 0; i < order->line_count && result == 0 && !output->closed; i++) {
		report_row(report, order->lines[i].row);
		result = output_write(output, false, error);
	}
	report_end(report);
	report_free(report);
	if (result == 0 && rows->options->format == REPORT_TEXT && rows->kind->add_words != NULL)
		rows->kind->add_words(rows->context, rows->model, &output->buffer);
	return result != 0 ? result : output_write(output, true, error);
}

static int
print(struct rows *rows, struct error *error)
{
	const struct field_context context = {
		.model = rows->model, .numeric = rows->options->settings.numeric};
	struct row_order order;
	struct output output;
	int result = output_init(&output, error);

	if (result != 0)
		return result;
	row_order_init(&order);
	find_names(rows);
	arrange(rows, &order, &context);
	if (order.left_out != 0) {
		error_set(error, "%zu row%s did not fit into memory and %s missing", order.left_out,
			number_plural(order.left_out), order.left_out == 1 ? "is" : "are");
		error_print(error);
	}
	result = write_rows(rows, &order, &context, &output, error);
	row_order_fini(&order);
	output_fini(&output);
	return result;
}

int
rows_run(const struct options *options, const struct rows_kind *kind, void *context)
{
	struct rows rows = {.options = options, .kind = kind, .context = context};
	struct error error = {.position = -1};
	int status = COMMAND_EXIT_USAGE;

	if (prepare(&rows, &error) != 0) {
		error_print_at(&error, options->words);
	} else if (rows_look(&rows, &error) != 0) {
		error_print(&error);
		status = options->from != NULL || kind->beside != NULL ? COMMAND_EXIT_USAGE
								       : EXIT_FAILURE;
	} else if (print(&rows, &error) != 0) {
		error_print(&error);
		status = EXIT_FAILURE;
	} else {
		if (rows.beside_model != NULL)
			list_notes_print(rows.beside_model, &rows.beside_file);
		list_notes_print(rows.model, &rows.file);
		status = EXIT_SUCCESS;
	}
	filter_free(rows.filter);
	model_free(rows.model);
	model_free(rows.beside_model);
	return status;
}
