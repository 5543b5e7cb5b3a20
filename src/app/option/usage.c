/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help and version: the overview, the usage of a command, and both for the manual. */
#include <config.h>

#include "usage.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/roff.h>

#include "command_names.h"
#include "paragraph.h"

enum { NAME_COLUMN = 26 };

void
usage_print_version(FILE *out)
{
	fprintf(out, "%s\n", PACKAGE_STRING);
}

static void
print_usage(FILE *out, enum command command, const char *label)
{
	char name[64];

	command_names_format(command, name, sizeof name);
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
		command_names_format(command, usage, sizeof usage);
		len = fprintf(
			out, "  %s%s%s", usage, what[0] == ' ' || what[0] == '\0' ? "" : " ", what);
		paragraph_print(out, command_rows[command].help, (size_t)len, NAME_COLUMN + 4);
	}
	fputs("\nFilters: state close-wait and process nginx, port 443, addr 10.0.0.0/8,\n"
	      "rtt > 100ms, or any word that the row contains; the manual has all of it.\n",
		out);
	options_print_help(out, COMMAND_MONITOR);
}

void
usage_print(FILE *out, enum command command)
{
	if (command == COMMAND_MONITOR) {
		print_overview(out);
		return;
	}
	print_usage(out, command, "usage: ");
	fputc('\n', out);
	paragraph_print(out, command_rows[command].text, 0, 0);
	options_print_help(out, command);
}

void
usage_print_commands_roff(FILE *out)
{
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		char name[64];

		command_names_format(command, name, sizeof name);
		fprintf(out, ".TP\n\\fB%s\\fR ", name);
		roff_print(out, command_rows[command].synopsis);
		fputc('\n', out);
		roff_print(out, command_rows[command].text);
		fputc('\n', out);
	}
}
