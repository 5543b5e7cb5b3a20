/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the table of options for --help and for the manual. */
#include <config.h>

#include "options.h"

#include <stdio.h>

#include <sockwatch/base/roff.h>

#include "command_names.h"
#include "paragraph.h"

enum { HELP_COLUMN = 26 };

static bool
is_everywhere(const struct option_row *row)
{
	return row->commands == (1U << COMMAND_COUNT) - 1;
}

static void
print_option(FILE *out, const struct option_row *row)
{
	int len = row->letter != 0 ? fprintf(out, "  -%c, --%s", row->letter, row->name)
				   : fprintf(out, "      --%s", row->name);

	if (row->argument != NULL)
		len += fprintf(out, "%s%s", option_takes_word(row) ? "=" : "", row->argument);
	paragraph_print(out, row->help,
		(size_t)len + 1 > HELP_COLUMN ? PARAGRAPH_WIDTH : (size_t)len, HELP_COLUMN);
}

static void
print_options(FILE *out, enum command command, bool everywhere)
{
	bool any = false;

	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];

		if (row->name == NULL || is_everywhere(row) != everywhere ||
			(row->commands >> command & 1) == 0)
			continue;
		if (!any)
			fputs(everywhere ? "\nEverywhere:\n" : "\nOptions:\n", out);
		any = true;
		print_option(out, row);
	}
}

void
options_print_help(FILE *out, enum command command)
{
	print_options(out, command, false);
	print_options(out, command, true);
}

static void
print_roff_option(FILE *out, const struct option_row *row)
{
	fputs(".TP\n", out);
	if (row->letter != 0)
		fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
	fputs("\\fB\\-\\-", out);
	roff_print(out, row->name);
	fputs("\\fR", out);
	if (row->argument != NULL) {
		fputs(option_takes_word(row) ? "=\\fI" : "\\fI", out);
		roff_print(out, row->argument);
		fputs("\\fR", out);
	}
	fputc('\n', out);
	roff_print(out, row->help);
	if (row->fallback != NULL && option_takes_word(row)) {
		fputs("; default ", out);
		roff_print(out, row->fallback);
	}
	fputs(".\n", out);
}

void
options_print_roff(FILE *out)
{
	fputs(".SS Everywhere\n", out);
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].name != NULL && is_everywhere(&option_rows[i]))
			print_roff_option(out, &option_rows[i]);
	}
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		bool any = false;

		for (size_t i = 0; i < option_row_count; i++) {
			const struct option_row *const row = &option_rows[i];
			char name[64];

			if (row->name == NULL || is_everywhere(row) ||
				(row->commands >> command & 1) == 0)
				continue;
			command_names_format(command, name, sizeof name);
			if (!any)
				fprintf(out, ".SS %s\n", name);
			any = true;
			print_roff_option(out, row);
		}
	}
}

void
options_print_config_roff(FILE *out)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];

		if (row->key == NULL)
			continue;
		fputs(".TP\n\\fB", out);
		roff_print(out, row->key);
		fputs(row->kind == OPTION_BIND ? "\\fR \\fI" : "\\fR = \\fI", out);
		roff_print(out, row->argument != NULL ? row->argument : "yes|no");
		fputs("\\fR\n", out);
		if (row->name != NULL) {
			fputs("As \\fB\\-\\-", out);
			roff_print(out, row->name);
			fputs(row->kind == OPTION_OFF ? "\\fR when \\fIno\\fR" : "\\fR", out);
		} else {
			roff_print(out, row->help);
		}
		if (row->fallback != NULL) {
			fputs("; default ", out);
			roff_print(out, row->fallback);
		}
		fputs(".\n", out);
	}
}
