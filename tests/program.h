/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers of the small programs that the tests run: any failure ends the program. */
#ifndef SOCKWATCH_TESTS_PROGRAM_H
#define SOCKWATCH_TESTS_PROGRAM_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With errno's reason. */
_Noreturn static inline void
fail(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(EXIT_FAILURE);
}

static inline void
check(bool condition, const char *what)
{
	if (!condition)
		fail(what);
}

/* Descriptors that are opened from now on belong to this named network namespace. */
static inline void
enter_netns(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	check(fd >= 0 && setns(fd, CLONE_NEWNET) == 0, path);
	close(fd);
}

#endif
