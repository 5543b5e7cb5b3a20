/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills the tables into the manual and prints the completion; not installed.
 *   docgen manual TEMPLATE   the template with each line @NAME@ replaced by that table
 *   docgen completion
 */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/tui/tui.h>

#include "app/option/options.h"
#include "app/option/usage.h"
#include "app/option/wrap.h"

static void
print_fields(FILE *out)
{
	field_print_roff(&socket_fields, out);
}

static void
print_event_fields(FILE *out)
{
	field_print_roff(&event_fields, out);
}

static void
print_hop_fields(FILE *out)
{
	field_print_roff(&hop_fields, out);
}

static void
print_sets(FILE *out)
{
	for (size_t i = 0; i < socket_field_set_count; i++) {
		fprintf(out, ".TP\n\\fB%s\\fR\n", socket_field_sets[i].name);
		wrap_print_roff(out, socket_field_sets[i].help);
		fputs(".\n", out);
	}
}

static void
print_version(FILE *out)
{
	fprintf(out, ".TH SOCKWATCH 1 \"\" \"%s\" \"User Commands\"\n", PACKAGE_STRING);
}

static const struct table {
	const char *mark;
	void (*print)(FILE *out);
} tables[] = {
	{"@TITLE@\n", print_version},
	{"@COMMANDS@\n", usage_print_commands_roff},
	{"@OPTIONS@\n", options_print_roff},
	{"@CONFIG@\n", options_print_config_roff},
	{"@FIELDS@\n", print_fields},
	{"@EVENT FIELDS@\n", print_event_fields},
	{"@HOP FIELDS@\n", print_hop_fields},
	{"@SETS@\n", print_sets},
	{"@KEYS@\n", tui_print_keys_roff},
};

static void
print_line(const char *line)
{
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (strcmp(line, tables[i].mark) == 0) {
			tables[i].print(stdout);
			return;
		}
	}
	fputs(line, stdout);
}

static int
print_manual(const char *template)
{
	FILE *const in = fopen(template, "r");
	char line[1024];

	if (in == NULL) {
		fprintf(stderr, "docgen: %s: %s\n", template, strerror(errno));
		return EXIT_FAILURE;
	}
	while (fgets(line, sizeof line, in) != NULL)
		print_line(line);
	fclose(in);
	return ferror(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "manual") == 0)
		return print_manual(argv[2]);
	if (argc == 2 && strcmp(argv[1], "completion") == 0) {
		options_print_completion(stdout);
		return EXIT_SUCCESS;
	}
	fputs("docgen: use `docgen manual TEMPLATE` or `docgen completion`\n", stderr);
	return 2;
}
