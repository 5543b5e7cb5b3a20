/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the interfaces that sockets are bound to, by namespace. Asked through any socket of the
 * namespace (SIOCGIFNAME); a few old ones are asked again in each refresh, for interfaces are
 * renamed.
 */
#ifndef SOCKWATCH_COLLECTOR_NETNS_LINK_NAMES_H
#define SOCKWATCH_COLLECTOR_NETNS_LINK_NAMES_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

struct link_name {
	uint32_t netns;
	uint32_t ifindex;
	char name[IF_NAMESIZE]; /* as told; "": not yet */
};

struct link_names {
	struct link_name *links;
	uint32_t count, capacity;
	uint32_t asked; /* of the first so many the name was asked at least once */
	uint32_t turn;  /* whose name is asked again next */
	uint64_t last;  /* seen last */
	int own;        /* a socket of our own namespace, or -1 */
	int (*netns_socket)(void *context, uint32_t netns);
	void *context;
};

void link_names_init(struct link_names *names, int (*netns_socket)(void *context, uint32_t netns),
	void *context);
void link_names_fini(struct link_names *names);

/* Behind link_names_saw. */
void link_names_add(struct link_names *names, uint32_t netns, uint32_t ifindex);

/* A socket has this interface. In the hot path. */
static inline void
link_names_saw(struct link_names *names, uint32_t netns, uint32_t ifindex)
{
	if (ifindex == 0 || names->last == ((uint64_t)netns << 32 | ifindex))
		return;
	link_names_add(names, netns, ifindex);
}

void link_names_lost_netns(struct link_names *names, uint32_t netns);

/* Tells the names that are new or changed. 0, or negative errno. */
int link_names_tell(struct link_names *names, struct stream_writer *writer);

#endif
