/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of /etc that belong to a named network namespace, as ip-netns(8) has them: each file of
 * /etc/netns/NAME stands in place of the one of that name in /etc, for this process and its
 * children only.
 */
#include <config.h>

#include "netns_etc.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define OWN_FILES "/etc/netns"

enum {
	DIRECTORY_SIZE = sizeof OWN_FILES + NAME_MAX + 1,
	PATH_SIZE = DIRECTORY_SIZE + NAME_MAX + 1
};

/* The files by which names are looked up. Without them the names would be another namespace's. */
static const char *const name_files[] = {"resolv.conf", "hosts", "nsswitch.conf"};

static bool
is_for_names(const char *file)
{
	for (size_t i = 0; i < sizeof name_files / sizeof name_files[0]; i++)
		if (strcmp(name_files[i], file) == 0)
			return true;
	return false;
}

/* A mount namespace of our own, from which nothing spreads. */
static int
leave_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount("", "/", "none", MS_SLAVE | MS_REC, NULL) == 0
		       ? 0
		       : -errno;
}

static int
put_over(const char *directory, const char *file, struct error *error)
{
	char own[2 * PATH_SIZE], common[PATH_SIZE];
	int result;

	snprintf(own, sizeof own, "%s/%s", directory, file);
	snprintf(common, sizeof common, "/etc/%s", file);
	if (mount(own, common, "none", MS_BIND, NULL) == 0 || !is_for_names(file))
		return 0;
	result = -errno;
	error_set(error, "%.200s cannot stand in place of %.200s: %s", own, common,
		strerror(-result));
	return result;
}

static int
put_all_over(DIR *files, const char *directory, struct error *error)
{
	const struct dirent *file;
	int result = leave_mounts();

	if (result != 0) {
		error_set(error, "the files of %.200s cannot be used: %s", directory,
			strerror(-result));
		return result;
	}
	while (result == 0 && (file = readdir(files)) != NULL)
		if (file->d_name[0] != '.')
			result = put_over(directory, file->d_name, error);
	return result;
}

/* The name in /run/netns of a namespace that was found by a pid. False: it has none. */
static bool
find_name(uint64_t inode, char *name, size_t size)
{
	DIR *const names = opendir(NETNS_FIND_DIRECTORY);
	const struct dirent *entry;
	bool is_found = false;

	while (names != NULL && !is_found && (entry = readdir(names)) != NULL) {
		char path[PATH_SIZE];
		struct stat status;

		snprintf(path, sizeof path, NETNS_FIND_DIRECTORY "/%s", entry->d_name);
		is_found = netns_find_stat(path, &status) == 0 && status.st_ino == inode;
		if (is_found)
			snprintf(name, size, "%s", entry->d_name);
	}
	if (names != NULL)
		closedir(names);
	return is_found;
}

/* False: it has no name, so no files. */
static bool
find_directory(const struct netns_sight *sight, char directory[DIRECTORY_SIZE])
{
	char name[NAME_MAX + 1];

	if (sight->name != NULL)
		snprintf(name, sizeof name, "%s", sight->name);
	else if (!find_name(sight->inode, name, sizeof name))
		return false;
	snprintf(directory, DIRECTORY_SIZE, OWN_FILES "/%s", name);
	return true;
}

bool
netns_etc_has_names(const struct netns_sight *sight)
{
	char directory[DIRECTORY_SIZE], path[2 * PATH_SIZE];
	struct stat status;

	if (!find_directory(sight, directory))
		return false;
	for (size_t i = 0; i < sizeof name_files / sizeof name_files[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", directory, name_files[i]);
		if (stat(path, &status) == 0)
			return true;
	}
	return false;
}

int
netns_etc_use(const struct netns_sight *sight, struct error *error)
{
	char directory[DIRECTORY_SIZE];
	DIR *files;
	int result;

	if (!find_directory(sight, directory))
		return 0;
	files = opendir(directory);
	if (files == NULL)
		return 0;
	result = put_all_over(files, directory, error);
	closedir(files);
	return result;
}
