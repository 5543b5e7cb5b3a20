/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch help`: the overview, the help of a command, or the list of fields. */
#include <config.h>

#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/hop_row.h>

#include "app/error_print.h"
#include "app/option/command_names.h"
#include "app/option/paragraph.h"
#include "app/option/usage.h"

static void
print_table(FILE *out, const struct field_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *const field = &table->fields[i];
		const int len = fprintf(out, "%-22s", field->name);

		paragraph_print(out, field->help, (size_t)len, 23);
	}
}

static void
print_fields(FILE *out)
{
	print_table(out, &socket_fields);
	fputs("\nOf events:\n", out);
	print_table(out, &event_fields);
	fputs("\nOf the hops of a path:\n", out);
	print_table(out, &hop_fields);
	fputs("\nSets of fields, for --fields and the monitor's columns:\n", out);
	for (size_t i = 0; i < socket_field_set_count; i++) {
		const int len = fprintf(out, "%-22s", socket_field_sets[i].name);

		paragraph_print(out, socket_field_sets[i].fields, (size_t)len, 23);
	}
}

int
command_help(struct options *options)
{
	const char *const subject = options->words;
	enum command command;
	enum command near;
	struct error error;

	if (subject[0] == '\0') {
		usage_print(stdout, COMMAND_MONITOR);
		return EXIT_SUCCESS;
	}
	if (strcmp(subject, "fields") == 0) {
		print_fields(stdout);
		return EXIT_SUCCESS;
	}
	command = command_names_find(subject);
	if (command != COMMAND_COUNT) {
		usage_print(stdout, command);
		return EXIT_SUCCESS;
	}
	near = command_names_suggest(subject);
	if (near != COMMAND_COUNT)
		error_set(&error, "there is no command \"%s\"; did you mean %s?", subject,
			command_rows[near].name);
	else
		error_set(
			&error, "there is no command \"%s\"; `sockwatch help` lists them", subject);
	error_print(&error);
	return COMMAND_EXIT_USAGE;
}
