/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves a command into the network namespace that the user named. */
#include <config.h>

#include <sockwatch/privilege/netns_enter.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/privilege/netns_find.h>

#include "netns_etc.h"

enum { PATH_SIZE = 320 };

static int
enter(const char *wanted, const struct netns_sight *sight, struct error *error)
{
	const int fd = open(sight->path, O_RDONLY | O_CLOEXEC);
	int result = 0;

	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
		result = -errno;
	if (fd >= 0)
		close(fd);
	if (result == -EPERM)
		error_set(error, "cannot enter network namespace %s: CAP_SYS_ADMIN is missing",
			wanted);
	else if (result != 0)
		error_set(
			error, "cannot enter network namespace %s: %s", wanted, strerror(-result));
	return result != 0 ? result : netns_etc_use(sight, error);
}

int
netns_enter(const char *wanted, struct error *error)
{
	struct netns_sight sight;
	char path[PATH_SIZE];
	int result;

	if (strcmp(wanted, "all") == 0) {
		error_set(error,
			"--netns all: this command works in one network namespace; give its name or a pid");
		return -EINVAL;
	}
	result = netns_find_named(wanted, path, sizeof path, &sight, error);
	return result != 0 ? result : enter(wanted, &sight, error);
}

int
netns_enter_for_names(const char *wanted, struct error *error)
{
	struct netns_sight sight;
	char path[PATH_SIZE];
	int result;

	if (strcmp(wanted, "all") == 0)
		return 0;
	result = netns_find_named(wanted, path, sizeof path, &sight, error);
	if (result != 0 || !netns_etc_has_names(&sight))
		return result;
	return enter(wanted, &sight, error);
}

int
netns_check(const char *wanted, struct error *error)
{
	struct netns_sight sight;
	char path[PATH_SIZE];
	int result;

	if (strcmp(wanted, "all") == 0)
		return 0;
	result = netns_find_named(wanted, path, sizeof path, &sight, error);
	if (result != -EACCES && result != -EPERM)
		return result;
	error->text[0] = '\0';
	return 0;
}
