/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch collect`: the half with rights alone, on standard output. */
#include <config.h>

#include "app/command_table.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/collector/collector.h>
#include <sockwatch/privilege/netns_enter.h>

#include "subscribe.h"

/* A terminal, /dev/null or a file says nothing; a pipe or socket is somebody who has wishes. */
static bool
may_bring_wishes(int fd)
{
	struct stat facts;

	return fstat(fd, &facts) == 0 && (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode));
}

int
collect_run(struct options *options)
{
	struct error error = {.position = -1};
	struct collector_options collector = {
		.out = STDOUT_FILENO,
		.in = may_bring_wishes(STDIN_FILENO) ? STDIN_FILENO : -1,
	};
	struct wish wish;
	int result;

	if (options->words[0] != '\0') {
		error_set(&error,
			"collect takes no filter: it collects all; `sockwatch list --from "
			"FILE FILTER` would be right");
		complain(&error);
		return COMMANDS_EXIT_USAGE;
	}
	if (isatty(STDOUT_FILENO)) {
		error_set(&error, "the stream is not for a terminal: `sockwatch collect > FILE` or "
				  "a pipe would be right");
		complain(&error);
		return COMMANDS_EXIT_USAGE;
	}
	if (options->netns != NULL && netns_check(options->netns, &error) != 0) {
		complain(&error);
		return COMMANDS_EXIT_USAGE;
	}
	wish_fill(&wish, options, NULL);
	wish.message.needs = NEED_ALL;
	collector.wish = wish.message;
	collector.actions = collector.in >= 0 && !options->settings.read_only;
	result = collector_run(&collector, &error);
	if (result == 0 || result == -EPIPE)
		return EXIT_SUCCESS;
	complain(&error);
	return EXIT_FAILURE;
}
