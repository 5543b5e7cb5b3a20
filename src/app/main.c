/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the command line and runs the command.
 *   option/    the options and the names of the commands, their help, manual and completion
 *   config/    the settings that are kept in a file, and the history of filters
 *   command/   a file or folder for each command
 *   docgen.c   prints the tables for the manual
 */
#include <config.h>

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/privilege/inherited.h>
#include <sockwatch/privilege/set_id.h>
#include <sockwatch/privilege/user.h>

#include "app/command/command.h"
#include "app/config/user_setting.h"
#include "app/option/usage.h"
#include "error_print.h"
#include "output.h"

static int (*const commands[COMMAND_COUNT])(struct options *options) = {
	[COMMAND_MONITOR] = command_monitor,
	[COMMAND_LIST] = command_list,
	[COMMAND_EVENTS] = command_events,
	[COMMAND_COLLECT] = command_collect,
	[COMMAND_RECORD] = command_record,
	[COMMAND_REPLAY] = command_monitor,
	[COMMAND_PROBE] = command_probe,
	[COMMAND_CONNECT] = command_connect,
	[COMMAND_RESOLVE] = command_resolve,
	[COMMAND_COUNTERS] = command_counters,
	[COMMAND_PORTS] = command_ports,
	[COMMAND_METRICS] = command_metrics,
	[COMMAND_DOCTOR] = command_doctor,
	[COMMAND_HELP] = command_help,
};

/* Which user our processes become is known before any is started. */
static int
start(struct options *options)
{
	struct error error = {.position = -1};

	if (user_setting_choose(options, &error) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	return options->ask == OPTIONS_ASK_RIGHTS ? command_rights(options)
						  : commands[options->command](options);
}

static int
run(struct options *options, int argc, char **argv)
{
	struct error error = {.position = -1};

	options->command = options_take_command(&argc, argv);
	if (options_parse(options, argc, argv, &error) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	options_read_environment(options);
	switch (options->ask) {
	case OPTIONS_ASK_NOTHING:
	case OPTIONS_ASK_RIGHTS: return start(options);
	case OPTIONS_ASK_HELP: usage_print(stdout, options->command); return EXIT_SUCCESS;
	case OPTIONS_ASK_VERSION: usage_print_version(stdout); return EXIT_SUCCESS;
	}
	return EXIT_FAILURE;
}

/*
 * Holds the numbers of standard files that are closed. Otherwise the next file that is opened would
 * take such a number, and what is printed would go into it, the collector's socket for one. These
 * can only be used in the wrong direction.
 */
static void
hold_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

#ifdef SANITIZERS
/* What became another user lets nobody look into it, and so no leaks can be found at its end:
 * valgrind does that (tests/netns/leaks.sh), and the tests of units. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

int
main(int argc, char **argv)
{
	struct error error = {.position = -1};
	struct options options;
	int status;

	if (set_id_refuse(&error) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	user_init();
	hold_standard_files();
	inherited_note();
	/* Only characters are the locale's: numbers look the same everywhere. */
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error with a sentence */
	options_init(&options);
	status = run(&options, argc, argv);
	options_fini(&options);
	if (output_finish(&error) == 0)
		return status;
	if (error.text[0] != '\0')
		error_print(&error);
	return EXIT_FAILURE;
}
