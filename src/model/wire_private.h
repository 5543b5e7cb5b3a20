/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of the wire: slots of conversations, an index from endpoints to slots, and a list of
 * slots for each part, the longest untouched first. Everything is allocated once. A slot of the
 * strangers' part is taken from the longest untouched stranger when that part is full, one of the
 * other parts from what has ended first.
 */
#ifndef WIRE_PRIVATE_H
#define WIRE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/conversation.h>

#include "event_ring.h"

enum wire_list {
	WIRE_LIST_FREE,      /* only lru_next is used */
	WIRE_LIST_STRANGERS, /* not both sides have shown that they hear the other */
	WIRE_LIST_STANDING,
	WIRE_LIST_ENDED,
	WIRE_LIST_COUNT,
};

struct wire_chain {
	uint32_t first, last; /* slots, or CONVERSATION_NONE */
	uint32_t count;
};

/* A place of the index: linear probing, a removal moves its followers back. */
struct wire_place {
	uint32_t tag;    /* low half of the hash */
	uint32_t slot_1; /* slot and one; 0: free, so that a table nobody uses takes no memory */
};

struct wire {
	struct conversation *conversations;
	struct wire_place *places;
	size_t place_mask;
	struct wire_chain chains[WIRE_LIST_COUNT];
	uint32_t used;     /* slots ever given */
	uint32_t capacity; /* slots */
	uint32_t stranger_limit;
	uint32_t tick_cursor;
	struct wire_counts counts;
	struct event_ring events;
};

/* Endpoints in an order that does not depend on who sends; without holes, as it is hashed. */
struct wire_key {
	struct address low, high;
	uint16_t low_port, high_port;
	uint32_t netns;
};

uint64_t wire_key_hash(uint32_t netns, const struct address *a, uint16_t a_port,
	const struct address *b, uint16_t b_port);

/* The slot of these endpoints, or CONVERSATION_NONE; *side is a's. */
uint32_t wire_slot_find(const struct wire *wire, uint64_t hash, uint32_t netns,
	const struct address *a, uint16_t a_port, const struct address *b, uint16_t b_port,
	uint8_t *side);
/* A slot for the sender of the segment as side 0, in the strangers' part; makes room. */
uint32_t wire_slot_add(struct wire *wire, uint64_t hash, const struct segment *segment);
void wire_slot_remove(struct wire *wire, uint32_t slot);
/* Puts it last in the part where it belongs now. */
void wire_slot_touch(struct wire *wire, uint32_t slot);

#endif
