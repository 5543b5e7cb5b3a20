/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search for the largest packet that passes a path uncut: which sizes to try next. Sizes are
 * bytes of the IP packet. Pure: the caller sends, and passes what was answered and when a round is
 * over.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_MTU_SEARCH_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_MTU_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MTU_SEARCH_SIZES = 4 /* at once */ };

struct mtu_search {
	uint16_t floor;  /* the least that is tried */
	uint16_t passed; /* the largest that was answered, or 0 */
	uint16_t failed; /* the smallest that does not pass, as a router said or silence showed */
	uint16_t sizes[MTU_SEARCH_SIZES]; /* of this round, the largest first */
	uint8_t count;
	uint8_t silent; /* rounds in a row in which something went unanswered */
	bool is_over;
};

/* limit: MTU of the first link. */
void mtu_search_init(struct mtu_search *search, uint16_t floor, uint16_t limit);
/* Ends the round before, and begins the next. Returns how many sizes are to be sent; 0: it is over.
 */
size_t mtu_search_next(struct mtu_search *search);
/* A packet of this size was answered by the target. */
void mtu_search_passed(struct mtu_search *search, uint16_t size);
/* A router, or this host, did not take this size; mtu: what it takes, or 0. */
void mtu_search_too_big(struct mtu_search *search, uint16_t size, uint32_t mtu);

#endif
