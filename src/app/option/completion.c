/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the bash completion from the tables of commands, options, fields and states. It is plain
 * bash and does not need the bash-completion package.
 */
#include <config.h>

#include "options.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/model/tcp_state.h>

#include "command_names.h"

static void
print_commands(FILE *out)
{
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		if (command_rows[command].name[0] != '\0')
			fprintf(out, "%s%s", command == 1 ? "" : " ", command_rows[command].name);
	}
}

static void
print_fields(FILE *out, const char *variable, const struct field_table *table)
{
	fprintf(out, "\tlocal %s=\"", variable);
	for (size_t i = 0; i < table->count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", table->fields[i].name);
	fputs("\"\n", out);
}

static void
print_options(FILE *out, enum command command)
{
	const char *separator = "";

	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];

		if (row->name == NULL || (row->commands >> command & 1) == 0)
			continue;
		fprintf(out, "%s--%s", separator, row->name);
		if (row->letter != 0)
			fprintf(out, " -%c", row->letter);
		separator = " ";
	}
}

/* The options whose values are of one kind, as a pattern of `case`. */
static void
print_pattern(FILE *out, bool (*is)(const struct option_row *row))
{
	const char *separator = "";

	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];

		if (row->name == NULL || !option_takes_word(row) || !is(row))
			continue;
		fprintf(out, "%s--%s", separator, row->name);
		if (row->letter != 0)
			fprintf(out, "|-%c", row->letter);
		separator = "|";
	}
}

static bool
names_file(const struct option_row *row)
{
	return row->kind == OPTION_TEXT && strcmp(row->argument, "FILE") == 0;
}

static bool
names_field(const struct option_row *row)
{
	return row->kind == OPTION_FIELD || row->kind == OPTION_ORDER;
}

static bool
names_fields(const struct option_row *row)
{
	return row->kind == OPTION_FIELDS;
}

static bool
names_netns(const struct option_row *row)
{
	return strncmp(row->argument, "NAME|PID", 8) == 0;
}

static bool
names_nothing(const struct option_row *row)
{
	return !names_file(row) && !names_field(row) && !names_fields(row) && !names_netns(row);
}

static void
print_values(FILE *out)
{
	fputs("\tcase $previous in\n\t", out);
	print_pattern(out, names_file);
	fputs(")\n\t\tCOMPREPLY=($(compgen -f -- \"$current\"))\n\t\treturn ;;\n\t", out);
	print_pattern(out, names_field);
	fputs(")\n\t\tCOMPREPLY=($(compgen -W \"$fields\" -- \"$current\"))\n\t\treturn ;;\n\t",
		out);
	print_pattern(out, names_fields);
	fputs(")\n\t\tcase $current in *,*) list=${current%,*}, ;; *) list= ;; esac\n"
	      "\t\tCOMPREPLY=($(compgen -P \"$list\" -W \"$fields\" -- \"${current##*,}\"))\n"
	      "\t\tcompopt -o nospace\n\t\treturn ;;\n\t",
		out);
	print_pattern(out, names_netns);
	fputs(")\n\t\tCOMPREPLY=($(compgen -W \"all $(ls /run/netns 2>/dev/null)\" -- \"$current\"))\n\t\treturn ;;\n\t",
		out);
	print_pattern(out, names_nothing);
	fputs(")\n\t\treturn ;;\n", out);
	fputs("\tstate)\n\t\tcase $current in [a-z]*) states=${states,,} ;; esac\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$states\" -- \"$current\"))\n"
	      "\t\treturn ;;\n\tesac\n",
		out);
}

static void
print_verbs(FILE *out)
{
	fputs("\tcase $verb in\n", out);
	for (enum command command = 1; command < COMMAND_COUNT; command++) {
		fprintf(out, "\t%s) options=\"", command_rows[command].name);
		print_options(out, command);
		fputs("\" ;;\n", out);
	}
	fputs("\t*) options=\"", out);
	print_options(out, COMMAND_MONITOR);
	fputs("\" ;;\n\tesac\n", out);
}

static void
print_words(FILE *out)
{
	fputs("\tlocal current=$2 previous=$3 verb= word options list\n\tlocal commands=\"", out);
	print_commands(out);
	fputs("\"\n", out);
	print_fields(out, "fields", &socket_fields);
	print_fields(out, "event_fields", &event_fields);
	print_fields(out, "listener_fields", &listener_fields);
	print_fields(out, "destination_fields", &destination_fields);
	print_fields(out, "difference_fields", &difference_fields);
	fputs("\tlocal states=\"", out);
	for (size_t i = 0; tcp_state_word(i) != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", tcp_state_word(i));
	fputs("\"\n", out);
}

void
options_print_completion(FILE *out)
{
	fputs("# SPDX-License-Identifier: GPL-2.0-or-later\n"
	      "# Printed from the tables of the program: `make update-docs`, not by hand.\n"
	      "_sockwatch()\n{\n",
		out);
	print_words(out);
	fputs("\tCOMPREPLY=()\n"
	      "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	      "\t\tcase \" $commands \" in *\" $word \"*) verb=$word && break ;; esac\n"
	      "\tdone\n",
		out);
	fputs("\tcase $verb:\" ${COMP_WORDS[*]} \" in\n"
	      "\tlist:*' --against'[\\ =]*) fields=$difference_fields ;;\n"
	      "\tlist:*' --listeners '*) fields=$listener_fields ;;\n"
	      "\tports:*) fields=$destination_fields ;;\n"
	      "\tesac\n",
		out);
	print_values(out);
	print_verbs(out);
	fputs("\tcase $verb:$current in\n"
	      "\t*:-*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")) ;;\n"
	      "\t:*) COMPREPLY=($(compgen -W \"$commands state and or not $fields\" -- \"$current\")) ;;\n"
	      "\tlist:*|ports:*) COMPREPLY=($(compgen -W \"and or not $fields\" -- \"$current\")) ;;\n"
	      "\tevents:*) COMPREPLY=($(compgen -W \"and or not $event_fields\" -- \"$current\")) ;;\n"
	      "\tcollect:*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")) ;;\n"
	      "\tprobe:*|connect:*|resolve:*) COMPREPLY=($(compgen -A hostname -- \"$current\")) ;;\n"
	      "\thelp:*) COMPREPLY=($(compgen -W \"fields $commands\" -- \"$current\")) ;;\n"
	      "\tesac\n"
	      "}\n"
	      "complete -F _sockwatch sockwatch\n",
		out);
}
