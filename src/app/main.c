/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command_table.h"

static int
run(struct options *options, int argc, char **argv)
{
	struct error error = {.position = -1};

	options->command = options_take_command(&argc, argv);
	if (options_parse(options, argc, argv, &error) != 0) {
		error_print(&error);
		return COMMANDS_EXIT_USAGE;
	}
	options_read_environment(options);
	switch (options->ask) {
	case OPTIONS_ASK_NOTHING: return command_rows[options->command].run(options);
	case OPTIONS_ASK_HELP: help_print(stdout, options->command); return EXIT_SUCCESS;
	case OPTIONS_ASK_VERSION: help_print_version(stdout); return EXIT_SUCCESS;
	}
	return EXIT_FAILURE;
}

/*
 * Else the first that is opened would take the number of one that is closed, and what is printed
 * would go into it, the collector's socket for one. These can only be used the wrong way round.
 */
static void
hold_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

int
main(int argc, char **argv)
{
	struct options options;
	int status;

	hold_standard_files();
	/* Numbers stay as they are everywhere: only characters are the locale's. */
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	options_init(&options);
	status = run(&options, argc, argv);
	options_fini(&options);
	return status;
}
