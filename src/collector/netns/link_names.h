/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the interfaces that sockets are bound to, by namespace. Any socket of the namespace can
 * ask for them (SIOCGIFNAME). A few known ones are asked for again in each refresh, because
 * interfaces are renamed.
 */
#ifndef SOCKWATCH_COLLECTOR_NETNS_LINK_NAMES_H
#define SOCKWATCH_COLLECTOR_NETNS_LINK_NAMES_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

struct link_name {
	uint32_t netns;
	uint32_t ifindex;
	char name[IF_NAMESIZE]; /* as the kernel gave it last; "": not yet */
	bool is_sent;
};

struct link_names {
	struct link_name *links;
	uint32_t count, capacity;
	uint32_t asked;    /* the names of the first so many were asked for at least once */
	uint32_t rotation; /* the next whose name is asked for again */
	uint64_t last;     /* netns and index seen last */
	int own;           /* a socket of our own namespace, or -1 */
	int (*netns_socket)(void *context, uint32_t netns);
	void *context;
};

void link_names_init(struct link_names *names, int (*netns_socket)(void *context, uint32_t netns),
	void *context);
void link_names_fini(struct link_names *names);

/* The slow part of link_names_saw. */
void link_names_add(struct link_names *names, uint32_t netns, uint32_t ifindex);

/* A socket is bound to this interface. Called for every socket. */
static inline void
link_names_saw(struct link_names *names, uint32_t netns, uint32_t ifindex)
{
	if (ifindex == 0 || names->last == ((uint64_t)netns << 32 | ifindex))
		return;
	link_names_add(names, netns, ifindex);
}

void link_names_lost_netns(struct link_names *names, uint32_t netns);

/* The next report has all names, changed or not. */
void link_names_forget_sent(struct link_names *names);

/* Reports the names that are new or changed. 0, or negative errno. */
int link_names_report(struct link_names *names, struct stream_writer *writer);

#endif
