/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands as the user sees them: name, synopsis, help. main.c has the functions. A new command
 * is an enum command, a row here, a row of main.c and a file src/app/command/command_NAME.c.
 */
#ifndef SOCKWATCH_APP_OPTION_COMMAND_NAMES_H
#define SOCKWATCH_APP_OPTION_COMMAND_NAMES_H

#include "options.h"

struct command_row {
	const char *name;     /* "" for the monitor */
	const char *synopsis; /* what follows the name */
	const char *help;     /* one line */
	const char *text;     /* a paragraph for its --help and the manual */
};

extern const struct command_row command_rows[COMMAND_COUNT];

/* The command of this name, or COMMAND_COUNT. */
enum command command_names_find(const char *name);
/* The command whose name a misspelt word is near to, or COMMAND_COUNT. */
enum command command_names_suggest(const char *word);
/* "sockwatch list" */
void command_names_format(enum command command, char *out, size_t size);

#endif
