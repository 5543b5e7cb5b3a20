/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where network namespaces are found: by name in /run/netns, as the namespace of a process, and as
 * a mount elsewhere (container runtimes keep them so). One that lives only by an open descriptor or
 * a socket of its is not found.
 */
#include <config.h>

#include "namespaces.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/number.h>

#define NAMED_DIRECTORY "/run/netns"

/* A namespace file, not what is left of one after its mount went. */
static int
stat_namespace(const char *path, struct stat *status)
{
	struct stat own;

	if (stat(path, status) != 0 || stat("/proc/self/ns/net", &own) != 0)
		return -errno;
	return status->st_dev == own.st_dev ? 0 : -EINVAL;
}

static int
find_named(int (*on_sight)(void *context, const struct netns_sight *sight), void *context)
{
	DIR *const directory = opendir(NAMED_DIRECTORY);
	const struct dirent *entry;
	int error = 0;

	if (directory == NULL)
		return 0;
	while (error == 0 && (entry = readdir(directory)) != NULL) {
		char path[sizeof NAMED_DIRECTORY + sizeof entry->d_name];
		struct stat status;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", NAMED_DIRECTORY, entry->d_name);
		if (stat_namespace(path, &status) != 0)
			continue;
		error = on_sight(context,
			&(struct netns_sight){
				.inode = status.st_ino, .name = entry->d_name, .path = path});
	}
	closedir(directory);
	return error;
}

static int
find_of_processes(int (*on_sight)(void *context, const struct netns_sight *sight), void *context)
{
	DIR *const directory = opendir("/proc");
	const struct dirent *entry;
	int error = 0;

	if (directory == NULL)
		return 0;
	while (error == 0 && (entry = readdir(directory)) != NULL) {
		char path[64];
		uint64_t pid;
		struct stat status;

		if (number_parse(entry->d_name, 1, UINT32_MAX, &pid) != 0)
			continue;
		snprintf(path, sizeof path, "/proc/%" PRIu64 "/ns/net", pid);
		/* Those of others need CAP_SYS_PTRACE. */
		if (stat(path, &status) != 0)
			continue;
		error = on_sight(context,
			&(struct netns_sight){
				.inode = status.st_ino, .pid = (uint32_t)pid, .path = path});
	}
	closedir(directory);
	return error;
}

/* Blanks and the like stand as \040 in mountinfo. In place. */
static void
unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; to++) {
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' &&
			from[2] <= '7' && from[3] >= '0' && from[3] <= '7') {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

/* "36 35 0:4 net:[4026532301] /run/docker/netns/1-abc rw shared:1 - nsfs nsfs rw" */
static bool
parse_mount(char *line, struct netns_sight *sight)
{
	char *fields[5];
	char *rest = line;
	char *end;

	if (strstr(line, " - nsfs ") == NULL)
		return false;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		fields[i] = strsep(&rest, " ");
		if (fields[i] == NULL)
			return false;
	}
	if (strncmp(fields[3], "net:[", 5) != 0)
		return false;
	sight->inode = strtoull(fields[3] + 5, &end, 10);
	if (end == fields[3] + 5 || *end != ']')
		return false;
	unescape(fields[4]);
	sight->path = fields[4];
	return true;
}

static int
find_mounts(int (*on_sight)(void *context, const struct netns_sight *sight), void *context)
{
	FILE *const file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t size = 0;
	int error = 0;

	if (file == NULL)
		return 0;
	while (error == 0 && getline(&line, &size, file) > 0) {
		struct netns_sight sight = {0};

		if (parse_mount(line, &sight))
			error = on_sight(context, &sight);
	}
	free(line);
	fclose(file);
	return error;
}

int
namespaces_find_all(int (*on_sight)(void *context, const struct netns_sight *sight), void *context)
{
	/* In this order, for the first sight says how to enter, and names need the fewest rights.
	 */
	int error = find_named(on_sight, context);

	if (error == 0)
		error = find_of_processes(on_sight, context);
	if (error == 0)
		error = find_mounts(on_sight, context);
	return error;
}

static int
find_failed(const char *wanted, bool is_pid, int error, struct error *sentence)
{
	if (error == -EACCES || error == -EPERM) {
		error_set(sentence,
			"network namespace of process %s may not be looked at: CAP_SYS_PTRACE is "
			"missing",
			wanted);
	} else if (error == -EINVAL) {
		error_set(sentence,
			NAMED_DIRECTORY "/%s is no network namespace (any more); "
					"\"ip netns list\" shows those with a name",
			wanted);
	} else if (error == -ENOENT && is_pid) {
		error_set(sentence, "no process and no network namespace %s", wanted);
	} else if (error == -ENOENT) {
		error_set(sentence,
			"no network namespace \"%s\" in " NAMED_DIRECTORY
			"; \"ip netns list\" shows those with a name, and a pid is one too",
			wanted);
	} else {
		error_set(sentence, "network namespace %s: %s", wanted, strerror(-error));
	}
	return error;
}

int
namespaces_find_named(
	const char *wanted, char *path, size_t size, struct netns_sight *sight, struct error *error)
{
	struct stat status;
	uint64_t pid = 0;
	const bool is_pid = number_parse(wanted, 1, UINT32_MAX, &pid) == 0;
	int result;

	/* The subscription comes from the half without rights: it shall not choose any file to be
	 * opened.
	 */
	if (wanted[0] == '\0' || wanted[0] == '.' || strchr(wanted, '/') != NULL)
		return find_failed(wanted, false, -ENOENT, error);
	snprintf(path, size, "%s/%s", NAMED_DIRECTORY, wanted);
	*sight = (struct netns_sight){.name = wanted, .path = path};
	result = stat_namespace(path, &status);
	if (result == -ENOENT && is_pid) {
		snprintf(path, size, "/proc/%" PRIu64 "/ns/net", pid);
		*sight = (struct netns_sight){.pid = (uint32_t)pid, .path = path};
		result = stat_namespace(path, &status);
	}
	if (result != 0)
		return find_failed(wanted, is_pid, result, error);
	sight->inode = status.st_ino;
	return 0;
}
