/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a network namespace is found that the user names. */
#ifndef SOCKWATCH_PRIVILEGE_NETNS_FIND_H
#define SOCKWATCH_PRIVILEGE_NETNS_FIND_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <sockwatch/base/error.h>

#define NETNS_FIND_DIRECTORY "/run/netns"

/* A namespace that was found. path: how to enter it. */
struct netns_sight {
	uint64_t inode;
	uint32_t pid;
	const char *name;
	const char *path;
};

/* stat() of a namespace file. -EINVAL: it is only what is left of one after its mount is gone. */
int netns_find_stat(const char *path, struct stat *status);
/*
 * Finds the one with that name or pid; its path is written to path. 0, or negative errno with a
 * sentence.
 */
int netns_find_named(const char *wanted, char *path, size_t size, struct netns_sight *sight,
	struct error *error);

#endif
