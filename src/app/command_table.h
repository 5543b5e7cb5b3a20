/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs: name, synopsis, help, what runs. A new command is a row here, an enum command and a
 * file.
 */
#ifndef SOCKWATCH_APP_COMMAND_TABLE_H
#define SOCKWATCH_APP_COMMAND_TABLE_H

#include <sockwatch/base/error.h>

#include "app/option/options.h"

/* Exit statuses beside EXIT_SUCCESS and EXIT_FAILURE. */
enum { COMMANDS_EXIT_USAGE = 2 };

struct command_row {
	const char *name;                    /* "" for the monitor */
	const char *synopsis;                /* what follows the name */
	const char *help;                    /* one line */
	const char *text;                    /* a paragraph for its --help and the manual */
	int (*run)(struct options *options); /* exit status */
};

extern const struct command_row command_rows[COMMAND_COUNT];

/* The command of this name, or COMMAND_COUNT. */
enum command command_table_find(const char *name);
/* The command whose name a misspelt word is near to, or COMMAND_COUNT. */
enum command command_table_suggest(const char *word);
/* "sockwatch list" */
void command_print_name(enum command command, char *out, size_t size);

int command_monitor(struct options *options);
int command_list(struct options *options);
int command_events(struct options *options);
int command_collect(struct options *options);
int command_probe(struct options *options);
int command_connect(struct options *options);
int command_resolve(struct options *options);
int command_help(struct options *options);

/* The error as "sockwatch: sentence" on standard error. */
void error_print(const struct error *error);
/* The same with the input that it points into and a caret below the place. */
void error_print_at(const struct error *error, const char *input);

void help_print(FILE *out, enum command command);
void help_print_version(FILE *out);
void help_print_commands_roff(FILE *out);

#endif
