/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a network namespace alive that cannot be found by what it was found by before? */
#include <config.h>

#include "namespaces.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

struct search {
	uint64_t inode;
	uint32_t pid, viewer;
};

static bool
lives_in(uint32_t pid, uint64_t inode)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof path, "/proc/%" PRIu32 "/ns/net", pid);
	return pid != 0 && stat(path, &status) == 0 && status.st_ino == inode;
}

static int
on_sight(void *context, const struct netns_sight *sight)
{
	struct search *const search = context;

	if (sight->inode != search->inode || sight->pid == 0 || sight->pid == search->viewer)
		return 0;
	search->pid = sight->pid;
	return 1;
}

bool
namespaces_is_alive(struct netns *netns, uint32_t viewer)
{
	struct search search = {.inode = netns->inode, .viewer = viewer};

	if (lives_in(netns->pid, netns->inode))
		return true;
	netns->pid = 0;
	if (namespaces_find_all(on_sight, &search) == 1)
		netns->pid = search.pid;
	/* Another process may hold its sockets, or the kernel has not finished with them. */
	return netns->pid != 0 || netns->tcp.known.count != 0 || netns->udp.known.count != 0;
}
