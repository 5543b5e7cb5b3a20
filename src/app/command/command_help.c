/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch help`: the overview, the help of a command, the list of fields, or what a word means.
 */
#include <config.h>

#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/analysis/topic/topic.h>

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
	fputs("\nOf listeners (list --listeners):\n", out);
	print_table(out, &listener_fields);
	fputs("\nOf destinations (ports):\n", out);
	print_table(out, &destination_fields);
	fputs("\nOf what differs (list --against):\n", out);
	print_table(out, &difference_fields);
	fputs("\nSets of fields, for --fields and the monitor's columns:\n", out);
	for (size_t i = 0; i < socket_field_set_count; i++) {
		const int len = fprintf(out, "%-22s", socket_field_sets[i].name);

		paragraph_print(out, socket_field_sets[i].fields, (size_t)len, 23);
	}
}

/* "CLOSE-WAIT (state)" and its parts below. */
static void
print_topic(FILE *out, const struct topic *topic)
{
	enum { LABEL_COLUMN = 2, TEXT_COLUMN = 16 };

	fprintf(out, "%s (%s)\n", topic->name, topic_kind_name(topic->kind));
	for (size_t i = 0; i < topic->count; i++) {
		const int len = fprintf(out, "%*s%s", LABEL_COLUMN, "", topic->parts[i].label);

		paragraph_print(out, topic->parts[i].text, (size_t)len, TEXT_COLUMN);
	}
}

/* A word may be a state and a rule: then both are printed. false: it is none of these. */
static bool
print_topics(FILE *out, const char *word)
{
	bool is_found = false;

	for (int kind = 0; kind < TOPIC_KIND_COUNT; kind++) {
		struct topic topic;

		if (!topic_find((enum topic_kind)kind, word, &topic))
			continue;
		if (is_found)
			fputc('\n', out);
		print_topic(out, &topic);
		is_found = true;
	}
	return is_found;
}

static void
refuse(const char *subject)
{
	const enum command near = command_names_suggest(subject);
	const char *const topic = topic_suggest(subject);
	struct error error;

	if (near != COMMAND_COUNT)
		error_set(&error, "there is no command \"%s\"; did you mean %s?", subject,
			command_rows[near].name);
	else if (topic != NULL)
		error_set(&error, "there is no help on \"%s\"; did you mean %s?", subject, topic);
	else
		error_set(&error,
			"there is no help on \"%s\"; it is there on commands, states, counters, fields and rules (`sockwatch help`, `counters`, `help fields`, `doctor --list`)",
			subject);
	error_print(&error);
}

int
command_help(struct options *options)
{
	const char *const subject = options->words;
	enum command command;

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
	if (print_topics(stdout, subject))
		return EXIT_SUCCESS;
	refuse(subject);
	return COMMAND_EXIT_USAGE;
}
