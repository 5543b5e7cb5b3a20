/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets whose owner is not known though every process whose number of descriptors changed was
 * read: a process closed one descriptor and opened another. They are pending until found, until
 * they leave the dump, or until every process has been read since they came. Then they are settled:
 * they belong to the kernel or to a process that is hidden from us, and are not searched for again.
 *
 * Processes are ranked: first those that listen on the socket's local port, then those with its
 * uid, then all, longest unread first. Only a socket that was in more than one dump is worth
 * reading all.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_SEARCH_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>

#include "holders.h"

struct pending {
	uint64_t cookie;
	uint32_t inode;
	uint32_t uid;
	uint32_t since; /* refresh */
	uint16_t port;
};

enum { OWNER_SEARCH_UIDS = 32, OWNER_SEARCH_PORT_BITS = 64 };

struct owner_search {
	struct pending *pending;
	uint32_t count, capacity;
	struct map by_inode;  /* to index in pending */
	struct map by_cookie; /* to index in pending */
	struct map settled;   /* cookies of sockets without an owner that we can see */
	struct map listeners; /* inode of a listening socket to its port */
	uint8_t *listened;    /* a bit for each port that has or had a listener */
	uint32_t sweep_since; /* up to this refresh there came sockets that are not in pending; 0:
				 none */
	uint32_t unrecorded;  /* how many of them may have no owner yet */

	/* For owner_search_rank: the latest refresh in which a pending socket of that kind came. */
	uint32_t newest_by_port[OWNER_SEARCH_PORT_BITS];
	uint32_t uids[OWNER_SEARCH_UIDS];
	uint32_t newest_by_uid[OWNER_SEARCH_UIDS];
	uint32_t uid_count;
	uint32_t newest_other_uid; /* of uids that did not fit */
};

int owner_search_init(struct owner_search *search);
void owner_search_fini(struct owner_search *search);

/* A socket without known owner came in this refresh. record: false only counts it. */
void owner_search_add(struct owner_search *search, const struct pending *socket, bool record);
void owner_search_add_listener(struct owner_search *search, uint32_t inode, uint16_t port);
/* It has an owner. */
void owner_search_found(struct owner_search *search, uint32_t inode);
/* It left the dump. */
void owner_search_lost(struct owner_search *search, uint64_t cookie);

/* Until this refresh sockets may have come that were not reported here. */
void owner_search_missed(struct owner_search *search, uint32_t refresh);

/* The value for holder->ports, from what it holds. */
uint64_t owner_search_ports(const struct owner_search *search, const struct holder *holder);

/* Prepares owner_search_rank for the sockets that are pending now. */
void owner_search_prepare(struct owner_search *search);

enum owner_rank { OWNER_RANK_LISTENER, OWNER_RANK_UID, OWNER_RANK_NONE };

/* How likely it is that reading the holder again finds a pending socket. */
enum owner_rank owner_search_rank(const struct owner_search *search, const struct holder *holder);

/*
 * The latest refresh with sockets that are worth reading all processes not read since; 0: none.
 * now: this refresh.
 */
uint32_t owner_search_sweep(const struct owner_search *search, uint32_t now);

/* Every process was read in refresh `oldest` or later: gives up sockets that came until then. */
void owner_search_settle(struct owner_search *search, uint32_t oldest);

/* Sockets whose owner is still searched for. */
uint32_t owner_search_pending(const struct owner_search *search);

#endif
