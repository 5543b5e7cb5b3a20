/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Under a flood most SYNs are all that ever comes of their endpoints. One that is counted in
 * another event (event_ring.h) is an unanswered SYN: it makes no conversation, but is kept as it
 * came, a quarter of the size, and becomes one with the second segment or when the socket table
 * knows it; a SYN with another number is another connection, and replaces it. So a flood that
 * nobody answers pushes out nothing but its own SYNs.
 *
 * They go into a ring, which is written from end to end, and are found by an index with one bucket
 * for each hash, which a later one takes. Its tags show without a
 * look into the ring that a SYN is new, which nearly every one is; the index stays in the cache.
 */
#include <config.h>

#include <stdlib.h>

#include "wire_private.h"

/* At 600,000 a second they stay for 27 ms; more would not fit into the cache. */
enum { WIRE_SYNS_MAX = 16384 };

/* tag 0: free. */
struct wire_syn_slot {
	uint32_t tag, number;
};

bool
wire_syns_init(struct wire_syns *syns, uint32_t count)
{
	const uint32_t bound = count < WIRE_SYNS_MAX ? count : WIRE_SYNS_MAX;
	size_t buckets = 1;

	while (buckets <= bound / 2)
		buckets *= 2;
	syns->mask = buckets - 1;
	/* Touched as they come: where there is no flood they take no memory. */
	syns->buckets = calloc(buckets, sizeof *syns->buckets);
	syns->ring = calloc(buckets, sizeof *syns->ring);
	return syns->buckets != NULL && syns->ring != NULL;
}

void
wire_syns_fini(struct wire_syns *syns)
{
	free(syns->buckets);
	free(syns->ring);
}

/* The half of the hash that does not choose the bucket. */
static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)hash | 1;
}

static struct wire_syn_slot *
bucket_of(const struct wire_syns *syns, uint64_t hash)
{
	return &syns->buckets[(size_t)(hash >> 32) & syns->mask];
}

void
wire_syns_prefetch(const struct wire_syns *syns, uint64_t hash)
{
	__builtin_prefetch(bucket_of(syns, hash), 1);
}

bool
wire_syns_add(struct wire_syns *syns, uint64_t hash, const struct segment *syn)
{
	struct wire_syn_slot *const bucket = bucket_of(syns, hash);
	const uint32_t number = (uint32_t)syns->count++ & (uint32_t)syns->mask;

	*bucket = (struct wire_syn_slot){.tag = tag_of(hash), .number = number};
	syns->ring[number] = *syn;
	return syns->count > syns->mask + 1;
}

/* The ring may hold another SYN there by now, so the ends are compared. */
const struct segment *
wire_syns_find(
	const struct wire_syns *syns, uint64_t hash, const struct wire_ends *ends, uint8_t *side)
{
	const struct wire_syn_slot *const bucket = bucket_of(syns, hash);
	const struct segment *syn;

	if (bucket->tag != tag_of(hash))
		return NULL;
	syn = &syns->ring[bucket->number];
	if (syn->netns != ends->netns ||
		address_link_of(&syn->source, &syn->destination, syn->ifindex) != ends->link ||
		!wire_ends_match(ends, &syn->source, syn->source_port, &syn->destination,
			syn->destination_port, side))
		return NULL;
	return syn;
}

void
wire_syns_forget(struct wire_syns *syns, uint64_t hash)
{
	bucket_of(syns, hash)->tag = 0;
}
