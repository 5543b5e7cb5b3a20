/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds a network namespace by its name in /run/netns or by the pid of a process in it. */
#include <config.h>

#include <sockwatch/privilege/netns_find.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>

int
netns_find_stat(const char *path, struct stat *status)
{
	struct stat own;

	if (stat(path, status) != 0 || stat("/proc/self/ns/net", &own) != 0)
		return -errno;
	return status->st_dev == own.st_dev ? 0 : -EINVAL;
}

static int
find_failed(const char *wanted, bool is_pid, int error, struct error *sentence)
{
	if (error == -EACCES || error == -EPERM) {
		error_set(sentence,
			"network namespace of process %s may not be looked at: CAP_SYS_PTRACE is missing",
			wanted);
	} else if (error == -EINVAL) {
		error_set(sentence,
			NETNS_FIND_DIRECTORY
			"/%s is not a network namespace; \"ip netns list\" shows those with a name",
			wanted);
	} else if (error == -ENOENT && is_pid) {
		error_set(sentence, "no process and no network namespace %s", wanted);
	} else if (error == -ENOENT) {
		error_set(sentence,
			"no network namespace \"%s\" in " NETNS_FIND_DIRECTORY
			"; \"ip netns list\" shows those with a name; a pid works too",
			wanted);
	} else {
		error_set(sentence, "network namespace %s: %s", wanted, strerror(-error));
	}
	return error;
}

int
netns_find_named(
	const char *wanted, char *path, size_t size, struct netns_sight *sight, struct error *error)
{
	struct stat status;
	uint64_t pid = 0;
	const bool is_pid = number_parse(wanted, 1, UINT32_MAX, &pid) == 0;
	int result;

	/* The subscription comes from the half without rights: it must not choose any file. */
	if (wanted[0] == '\0' || wanted[0] == '.' || strchr(wanted, '/') != NULL)
		return find_failed(wanted, false, -ENOENT, error);
	snprintf(path, size, "%s/%s", NETNS_FIND_DIRECTORY, wanted);
	*sight = (struct netns_sight){.name = wanted, .path = path};
	result = netns_find_stat(path, &status);
	if (result == -ENOENT && is_pid) {
		snprintf(path, size, "/proc/%" PRIu64 "/ns/net", pid);
		*sight = (struct netns_sight){.pid = (uint32_t)pid, .path = path};
		result = netns_find_stat(path, &status);
	}
	if (result != 0)
		return find_failed(wanted, is_pid, result, error);
	sight->inode = status.st_ino;
	return 0;
}
