/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch collect`: the half with rights alone, on standard output. It reads no source. */
#include <config.h>

#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/collector/collector.h>
#include <sockwatch/privilege/inherited.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/stream/needs.h>

#include "app/error_print.h"
#include "subscribe.h"

/* A pipe or socket may bring subscriptions; a terminal, /dev/null or a file does not. */
static bool
may_bring_commands(int fd)
{
	struct stat facts;

	return fstat(fd, &facts) == 0 && (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode));
}

int
command_collect(struct options *options)
{
	struct error error = {.position = -1};
	struct collector_options collector = {
		.out = STDOUT_FILENO,
		.in = may_bring_commands(STDIN_FILENO) ? STDIN_FILENO : -1,
		.netns = options->netns,
	};
	struct subscription subscription;
	int result;

	if (options->words[0] != '\0') {
		error_set(&error,
			"collect takes no filter, it collects all; filter with `sockwatch list --from FILE FILTER`");
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	if (isatty(STDOUT_FILENO)) {
		error_set(&error,
			"the stream is not for a terminal; use `sockwatch collect > FILE` or a pipe");
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	if (options->netns != NULL && netns_check(options->netns, &error) != 0) {
		error_print(&error);
		return COMMAND_EXIT_USAGE;
	}
	inherited_close();
	subscribe_fill(&subscription, options, NULL);
	subscription.message.needs = NEED_ALL;
	collector.subscription = subscription.message;
	collector.actions = collector.in >= 0;
	collector.read_only = options->settings.read_only;
	result = collector_run(&collector, &error);
	if (result == 0 || result == -EPIPE)
		return EXIT_SUCCESS;
	error_print(&error);
	return EXIT_FAILURE;
}
