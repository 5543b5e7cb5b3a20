/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch help`, --help and --version; the same tables for the manual. */
#include <config.h>

#include "app/command_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/hop_row.h>

#include "wrap.h"

enum { NAME_COLUMN = 26 };

void
help_print_version(FILE *out)
{
	fprintf(out, "%s\n", PACKAGE_STRING);
}

static void
print_usage(FILE *out, enum command command, const char *label)
{
	char name[64];

	command_print_name(command, name, sizeof name);
	fprintf(out, "%s%s %s\n", label, name, command_rows[command].synopsis);
}

static void
print_overview(FILE *out)
{
	fputs("A top for sockets: every socket of the box with its owner and its health.\n\n", out);
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		static const char any[] = "[OPTION...]";
		const char *what = command_rows[command].synopsis;
		char usage[128];
		int len;

		if (strncmp(what, any, strlen(any)) == 0)
			what += strlen(any);
		command_print_name(command, usage, sizeof usage);
		len = fprintf(
			out, "  %s%s%s", usage, what[0] == ' ' || what[0] == '\0' ? "" : " ", what);
		wrap_print(out, command_rows[command].help, (size_t)len, NAME_COLUMN + 4);
	}
	fputs("\nFilters: state close-wait and process nginx, port 443, addr 10.0.0.0/8,\n"
	      "rtt > 100ms, or any word that the row contains; the manual tells all of it.\n",
		out);
	options_print_help(out, COMMAND_MONITOR);
}

void
help_print(FILE *out, enum command command)
{
	if (command == COMMAND_MONITOR) {
		print_overview(out);
		return;
	}
	print_usage(out, command, "usage: ");
	fputc('\n', out);
	wrap_print(out, command_rows[command].text, 0, 0);
	options_print_help(out, command);
}

static void
print_table(FILE *out, const struct field_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *const field = &table->fields[i];
		const int len = fprintf(out, "%-22s", field->name);

		wrap_print(out, field->help, (size_t)len, 23);
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

		wrap_print(out, socket_field_sets[i].fields, (size_t)len, 23);
	}
}

void
help_print_commands_roff(FILE *out)
{
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		char name[64];

		command_print_name(command, name, sizeof name);
		fprintf(out, ".TP\n\\fB%s\\fR ", name);
		wrap_print_roff(out, command_rows[command].synopsis);
		fputc('\n', out);
		wrap_print_roff(out, command_rows[command].text);
		fputc('\n', out);
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
		help_print(stdout, COMMAND_MONITOR);
		return EXIT_SUCCESS;
	}
	if (strcmp(subject, "fields") == 0) {
		print_fields(stdout);
		return EXIT_SUCCESS;
	}
	command = command_table_find(subject);
	if (command != COMMAND_COUNT) {
		help_print(stdout, command);
		return EXIT_SUCCESS;
	}
	near = command_table_suggest(subject);
	if (near != COMMAND_COUNT)
		error_set(&error, "there is no command \"%s\"; did you mean %s?", subject,
			command_rows[near].name);
	else
		error_set(
			&error, "there is no command \"%s\"; `sockwatch help` lists them", subject);
	error_print(&error);
	return COMMANDS_EXIT_USAGE;
}
