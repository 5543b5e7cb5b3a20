/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds network namespaces: by name in /run/netns, as the namespace of a process, and as a mount
 * elsewhere (container runtimes keep them so). One that is kept alive only by an open descriptor or
 * a socket is not found.
 */
#include <config.h>

#include "namespaces.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sockwatch/base/number.h>
#include <sockwatch/privilege/netns_find.h>

#include "collector/proc/mountinfo.h"

static int
find_named(int (*on_sight)(void *context, const struct netns_sight *sight), void *context)
{
	DIR *const directory = opendir(NETNS_FIND_DIRECTORY);
	const struct dirent *entry;
	int error = 0;

	if (directory == NULL)
		return 0;
	while (error == 0 && (entry = readdir(directory)) != NULL) {
		char path[sizeof NETNS_FIND_DIRECTORY + sizeof entry->d_name];
		struct stat status;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", NETNS_FIND_DIRECTORY, entry->d_name);
		if (netns_find_stat(path, &status) != 0)
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
		/* Processes of other users need CAP_SYS_PTRACE. */
		if (stat(path, &status) != 0)
			continue;
		error = on_sight(context,
			&(struct netns_sight){
				.inode = status.st_ino, .pid = (uint32_t)pid, .path = path});
	}
	closedir(directory);
	return error;
}

/* Writes the path of the namespace file to path when the line is about one. */
static bool
read_mount(struct text line, struct netns_sight *sight, char *path, size_t size)
{
	static const char prefix[] = "net:[";
	const struct mountinfo mount = mountinfo_parse(line);
	char root[64];
	char *end;

	if (!text_equal(mount.type, text_of("nsfs")) ||
		!mountinfo_unescape(mount.root, root, sizeof root) ||
		strncmp(root, prefix, sizeof prefix - 1) != 0 ||
		!mountinfo_unescape(mount.point, path, size))
		return false;
	*sight = (struct netns_sight){
		.inode = strtoull(root + sizeof prefix - 1, &end, 10), .path = path};
	return end != root + sizeof prefix - 1 && *end == ']';
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
		char path[PATH_MAX];
		struct netns_sight sight;

		if (read_mount(text_of(line), &sight, path, sizeof path))
			error = on_sight(context, &sight);
	}
	free(line);
	fclose(file);
	return error;
}

int
namespaces_find_all(int (*on_sight)(void *context, const struct netns_sight *sight), void *context)
{
	/* The first sight decides how to enter, and names need the fewest rights. */
	int error = find_named(on_sight, context);

	if (error == 0)
		error = find_of_processes(on_sight, context);
	if (error == 0)
		error = find_mounts(on_sight, context);
	return error;
}
