/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets whose owner is not known though every process whose number of descriptors changed was
 * read: somebody closed one and opened another. They are pending until found, until they leave the
 * dump, or until every process has been read since they came; then they are nobody's that we may
 * see (a kernel socket, a hidden process) and are not searched for again.
 *
 * Where to look is ranked: who listens on the socket's local port, then who has its uid, then all,
 * longest unread first. Only a socket that was there for more than one dump is worth reading all.
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
	struct map settled;   /* cookies of those that are nobody's */
	struct map listeners; /* inode of a listening socket to its port */
	uint8_t *listened;    /* a bit for each port that somebody listens on, or did */
	uint32_t sweep_since; /* sockets up to this refresh came that are not in pending; 0: none */
	uint32_t unrecorded;  /* how many of them may have no owner yet */

	/* For owner_search_rank: the latest refresh in which a pending one of the kind came. */
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

/* Sockets may have come until this refresh of which nobody told us. */
void owner_search_missed(struct owner_search *search, uint32_t refresh);

/* Of holder->ports, from what it holds. */
uint64_t owner_search_ports(const struct owner_search *search, const struct holder *holder);

/* Prepares owner_search_rank for the sockets that are pending now. */
void owner_search_prepare(struct owner_search *search);

enum owner_rank { OWNER_RANK_LISTENER, OWNER_RANK_UID, OWNER_RANK_NONE };

/* How likely it is that reading the holder again finds a pending socket. */
enum owner_rank owner_search_rank(const struct owner_search *search, const struct holder *holder);

/*
 * The refresh up to which sockets came that deserve the reading of all that were not read since;
 * 0: none. now: this refresh.
 */
uint32_t owner_search_sweep(const struct owner_search *search, uint32_t now);

/* Every process has been read in refresh `oldest` or later: gives up what came until then. */
void owner_search_settle(struct owner_search *search, uint32_t oldest);

/* Sockets for which an owner is still searched. */
uint32_t owner_search_pending(const struct owner_search *search);

#endif
