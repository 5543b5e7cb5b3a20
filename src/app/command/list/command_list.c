/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch list`: the sockets once. Chooses fields, source and order, and writes a report.
 *   list_difference.c  what differs between two looks, for --against
 *   list_group.c   fields of groups, for --group
 *   list_listeners.c  listeners in place of sockets
 *   list_names.c   names of the remote addresses
 *   list_notes.c   what is missing, on standard error
 */
#include <config.h>

#include "app/command/command.h"

#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/model/model.h>
#include <sockwatch/report/report.h>
#include <sockwatch/source/source.h>
#include <sockwatch/stream/needs.h>

#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/subscribe.h"
#include "app/error_print.h"
#include "app/output.h"
#include "list_difference.h"
#include "list_group.h"
#include "list_listeners.h"
#include "list_names.h"
#include "list_notes.h"

/* Lines that are put in order at a time, by selection. */
enum { LINES_AT_ONCE = 4096 };

/* One run. It is prepared before anything is started, so that mistakes are reported at once. */
struct list {
	const struct options *options;
	struct filter *filter;
	const struct field *fields[OPTIONS_FIELDS_MAX]; /* of the report, or what a group sums */
	size_t field_count;
	struct list_group group;
	struct subscription subscription;
	struct source *source; /* closed last: its processes end while the list is written */
	struct model *model;
	struct list_file file;
	struct view *view;
	struct field_context context;
	struct output output;
};

/* The usual fields: everything that has a name for a program, what fits a line for a person. */
static int
choose_fields(struct list *list, struct error *error)
{
	const struct options *const options = list->options;
	const bool text = options->format == REPORT_TEXT;
	int count;

	if (options->field_count > 0) {
		memcpy(list->fields, options->fields, sizeof list->fields);
		list->field_count = options->field_count;
		return 0;
	}
	if (text && options->group == NULL) {
		if (options->netns != NULL && strcmp(options->netns, "all") == 0)
			list->fields[list->field_count++] = field_find(&socket_fields, "netns", 5);
		count = field_parse_list(&socket_fields, field_set_find("list"),
			list->fields + list->field_count, OPTIONS_FIELDS_MAX - list->field_count,
			error);
		list->field_count += count > 0 ? (size_t)count : 0;
		return count < 0 ? count : 0;
	}
	for (size_t i = 0; i < socket_fields.count && list->field_count < OPTIONS_FIELDS_MAX; i++) {
		const struct field *const field = &socket_fields.fields[i];

		if ((field->flags & FIELD_REPORT) != 0)
			list->fields[list->field_count++] = field;
	}
	return 0;
}

static int
choose_group(struct list *list, struct error *error)
{
	const struct options *const options = list->options;
	const bool text = options->format == REPORT_TEXT;
	const struct field *sums[OPTIONS_FIELDS_MAX];
	int count;

	if (options->field_count > 0 || !text)
		return list_group_init(&list->group, options->group, list->fields,
			list->field_count, options->field_count > 0, !text, error);
	count = field_parse_list(&socket_fields,
		"recv_q,send_q,retrans_total,bytes_sent,bytes_received", sums, OPTIONS_FIELDS_MAX,
		error);
	return list_group_init(&list->group, options->group, sums, count > 0 ? (size_t)count : 0,
		false, false, error);
}

static uint64_t
needs(const struct list *list)
{
	const struct options *const options = list->options;
	uint64_t needs = socket_fields.base_needs | filter_needs(list->filter);

	for (size_t i = 0; i < list->field_count; i++)
		needs |= list->fields[i]->needs;
	if (options->sort != NULL)
		needs |= options->sort->needs;
	if (options->group != NULL)
		needs |= options->group->needs;
	/* A single look sees nothing pass on the wire. */
	return needs & ~(uint64_t)(NEED_PACKETS | NEED_CLOSINGS | NEED_NAMES);
}

/* Names are waited for only where they are asked for, not when all fields are written. */
static bool
wants_names(const struct list *list)
{
	const struct options *const options = list->options;
	uint64_t needs = filter_needs(list->filter);

	for (size_t i = 0; i < options->field_count; i++)
		needs |= options->fields[i]->needs;
	if (options->sort != NULL)
		needs |= options->sort->needs;
	if (options->group != NULL)
		needs |= options->group->needs;
	return (needs & NEED_NAMES) != 0 && !options->settings.numeric;
}

/* Missing names are reported; the sockets are listed all the same. */
static void
find_names(const struct list *list)
{
	struct error error = {.position = -1};

	if (wants_names(list) && list_names_find(list->model, &error) != 0)
		error_print(&error);
}

static int
prepare(struct list *list, struct error *error)
{
	const struct options *const options = list->options;

	list->filter = filter_parse(options->words, &socket_fields, error);
	if (list->filter == NULL)
		return -1;
	if (choose_fields(list, error) != 0 ||
		(options->group != NULL && choose_group(list, error) != 0))
		return -1;
	return open_source_check(options, error);
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	struct list *const list = context;

	subscribe_fill(&list->subscription, list->options, list->filter);
	list->subscription.message.needs = needs(list);
	list->subscription.message.once = 1;
	*subscription = list->subscription.message;
}

/* Fills the model with one snapshot. */
static int
obtain(struct list *list, struct error *error)
{
	const struct source_hooks hooks = {
		.context = list, .get_subscription = on_get_subscription};
	int result;

	list->model = model_new(0);
	if (list->model == NULL) {
		error_set(error, "there is not enough memory for the table of sockets");
		return -1;
	}
	list->source = open_source(list->options, NEED_PACKETS | NEED_CLOSINGS, error);
	if (list->source == NULL)
		return -1;
	confine(SANDBOX_VIEWER);
	result = source_start(list->source, NULL, list->model, &hooks, error);
	if (result == 0)
		result = source_read_snapshot(list->source, list->options->at, error);
	list->file = (struct list_file){
		.damage = source_damage(list->source), .is_cut = source_is_cut(list->source)};
	return result;
}

static int
arrange(struct list *list, struct error *error)
{
	const struct options *const options = list->options;

	find_names(list);
	list->view = view_new(list->model, &socket_fields);
	if (list->view == NULL) {
		error_set(error, "there is not enough memory to order the sockets");
		return -1;
	}
	list->context =
		(struct field_context){.model = list->model, .numeric = options->settings.numeric};
	view_set_visible(list->view, list->fields, list->field_count);
	view_set_filter(list->view, list->filter);
	list->filter = NULL;
	view_set_numeric(list->view, options->settings.numeric);
	view_set_hide_closed(list->view, true);
	view_set_order(list->view, options->sort, options->sort_descending);
	view_set_group(list->view, options->group);
	view_update(list->view, true);
	return 0;
}

static struct report *
new_report(struct list *list)
{
	const struct options *const options = list->options;
	const bool grouped = options->group != NULL;
	const size_t columns = options->format == REPORT_TEXT ? output_columns() : 0;
	const struct report_options report = {
		.format = options->format,
		.fields = grouped ? list->group.shown : list->fields,
		.field_count = grouped ? list->group.count : list->field_count,
		.columns = columns,
		.keep_all = options->field_count > 0,
		.color = columns != 0 && options->settings.color,
	};

	return report_new(&report, &list->context, &list->output.buffer);
}

static int
write_lines(struct list *list, struct report *report, struct error *error)
{
	struct view_line *const lines = calloc(LINES_AT_ONCE, sizeof *lines);
	size_t had, at = 0;
	int result = 0;

	if (lines == NULL) {
		error_set(error, "there is not enough memory to order the sockets");
		return -1;
	}
	while (result == 0 && !list->output.closed &&
		(had = view_window(list->view, at, LINES_AT_ONCE, lines)) > 0) {
		for (size_t i = 0; i < had && result == 0 && !list->output.closed; i++) {
			report_row(report,
				lines[i].kind == VIEW_GROUP
					? (const void *)lines[i].group
					: socket_table_row(&list->model->sockets, lines[i].socket));
			result = output_write(&list->output, false, error);
		}
		at += had;
	}
	report_end(report);
	free(lines);
	return result;
}

static int
print(struct list *list, struct error *error)
{
	struct report *report;
	int result;

	if (output_init(&list->output, error) != 0)
		return -1;
	report = new_report(list);
	if (report == NULL) {
		error_set(error, "there is not enough memory for the report");
		return -1;
	}
	result = write_lines(list, report, error);
	report_free(report);
	if (result == 0)
		result = output_write(&list->output, true, error);
	return result;
}

static void
fini(struct list *list)
{
	output_fini(&list->output);
	source_close(list->source);
	view_free(list->view);
	filter_free(list->filter);
	model_free(list->model);
}

int
command_list(struct options *options)
{
	struct list list = {.options = options};
	struct error error = {.position = -1};
	int status = COMMAND_EXIT_USAGE;

	if (options->against != NULL)
		return list_difference(options);
	if (options->listeners)
		return list_listeners(options);
	if (prepare(&list, &error) != 0) {
		error_print_at(&error, options->words);
	} else if (obtain(&list, &error) != 0) {
		error_print(&error);
		status = options->from != NULL ? COMMAND_EXIT_USAGE : EXIT_FAILURE;
	} else if (arrange(&list, &error) != 0 || print(&list, &error) != 0) {
		error_print(&error);
		status = EXIT_FAILURE;
	} else {
		list_notes_print(list.model, &list.file);
		status = EXIT_SUCCESS;
	}
	fini(&list);
	return status;
}
