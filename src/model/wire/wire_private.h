/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of the wire: slots of conversations, an index from endpoints to slots, and a list of
 * slots for each part, the longest untouched first. Everything is allocated once. When the
 * unconfirmed part is full, the longest untouched slot of it is taken; when the others are, what
 * has ended first.
 */
#ifndef SOCKWATCH_MODEL_WIRE_WIRE_PRIVATE_H
#define SOCKWATCH_MODEL_WIRE_WIRE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/conversation.h>

#include "event_ring.h"
#include "model/wire/conversation/conversation_private.h"
#include "wire_input.h"

enum wire_list {
	WIRE_LIST_FREE,        /* only lru_next is used */
	WIRE_LIST_UNCONFIRMED, /* not both sides have shown that they hear the other */
	WIRE_LIST_ASSURED,
	WIRE_LIST_ENDED,
	WIRE_LIST_COUNT,
};

struct slot_list {
	uint32_t first, last; /* slots, or CONVERSATION_NONE */
	uint32_t count;
};

/* A bucket of the index: linear probing, a removal moves its followers back. */
struct wire_bucket {
	uint32_t tag;    /* low half of the hash */
	uint32_t slot_1; /* slot and one; 0: free, so that a table nobody uses takes no memory */
};

/* The SYNs of a flood: see wire_syns.c. */
struct wire_syns {
	struct wire_syn_slot *buckets;
	struct segment *ring;
	size_t mask; /* of both */
	uint64_t count;
};

enum { WIRE_TUNNELS_MAX = 255 };

struct wire_tunnels {
	size_t count, last;
	struct segment_tunnel list[WIRE_TUNNELS_MAX];
};

/* The number of this tunnel, which gets one when it is new; 0: none, or no room for more. */
uint8_t wire_tunnels_number(struct wire_tunnels *tunnels, const struct segment_tunnel *tunnel);

/* Of two ends: the same key whoever is `a`, and one for the address of each. */
struct wire_hashes {
	uint64_t key, a, b;
};

/*
 * The ends of a segment: `a` sent it, or is asked for. In an order in which no neighbours are
 * neighbours in a segment too: the compiler would copy them as one word, and reading that waits for
 * what was written as two.
 */
struct wire_ends {
	const struct address *a, *b;
	uint32_t netns;
	uint16_t a_port;
	uint32_t link; /* address_link_of them */
	uint16_t b_port;
};

/* A packet that was decoded, before it is followed. */
struct wire_arrival {
	enum segment_result result;
	struct wire_ends ends;     /* of the segment */
	struct wire_hashes hashes; /* of these */
	uint64_t sighting;         /* its sightings_hash, or 0: not known yet */
	struct segment segment;
};

struct wire {
	struct conversation *conversations;
	/* Allocated for all slots at once; in use is as much of it as the slots that are taken
	 * need, so that the part that is in use stays in the cache. */
	struct wire_bucket *buckets;
	size_t bucket_mask;
	size_t bucket_count;
	struct wire_syns unanswered_syns;
	struct conversation_shared shared;
	struct slot_list lists[WIRE_LIST_COUNT];
	uint32_t used;     /* slots ever given */
	uint32_t capacity; /* slots */
	uint32_t unconfirmed_limit;
	uint32_t tick_cursor;
	struct wire_counts counts;
	struct wire_tunnels tunnels;
	/* What is a flag, and the rest, which on a page of a busy connection would push it out. */
	struct event_ring flags, rest;
	uint64_t next_event; /* number */
};

/* Are the ends these two? *side is a's: 0 the first. */
bool wire_ends_match(const struct wire_ends *ends, const struct address *first, uint16_t first_port,
	const struct address *second, uint16_t second_port, uint8_t *side);

/* Returns the key. */
uint64_t wire_hash(const struct wire_ends *ends, struct wire_hashes *hashes);
uint64_t wire_key_hash(const struct wire_ends *ends);

/* How many buckets, a power of two, so many slots need. */
size_t wire_buckets_needed(size_t slots);
/* The slot of these endpoints, or CONVERSATION_NONE; *side is a's. */
uint32_t wire_slot_find(
	const struct wire *wire, uint64_t hash, const struct wire_ends *ends, uint8_t *side);
/* A slot for the sender of the segment as side 0, in the unconfirmed part; makes room. */
uint32_t wire_slot_add(struct wire *wire, uint64_t hash, const struct segment *segment);
void wire_slot_remove(struct wire *wire, uint32_t slot);
/* Puts it last in the part where it belongs now. */
void wire_slot_touch(struct wire *wire, uint32_t slot);

/* At most so many, at least half of them. False: no memory. */
bool wire_syns_init(struct wire_syns *syns, uint32_t count);
void wire_syns_fini(struct wire_syns *syns);
/* Keeps a SYN of endpoints that have no slot. True: in place of an older one. */
bool wire_syns_add(struct wire_syns *syns, uint64_t hash, const struct segment *syn);
/* It will be looked for soon. */
void wire_syns_prefetch(const struct wire_syns *syns, uint64_t hash);
/* The SYN of these ends, or NULL; *side is a's. Lives until the next is added. */
const struct segment *wire_syns_find(
	const struct wire_syns *syns, uint64_t hash, const struct wire_ends *ends, uint8_t *side);
/* The SYN with this hash is no longer found. */
void wire_syns_forget(struct wire_syns *syns, uint64_t hash);
/* As wire_slot_find, but of an unanswered SYN a conversation is made. */
uint32_t wire_slot_get(
	struct wire *wire, uint64_t hash, const struct wire_ends *ends, uint8_t *side);

#endif
