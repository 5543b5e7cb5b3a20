/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Under a flood most SYNs are all that ever comes of their endpoints. One that is counted in
 * another event (event_ring.h) is a knock: it makes no conversation, but is kept as it came, a
 * quarter of the size, and becomes one with the second segment or when the socket table knows it; a
 * SYN with another number is another connection, and takes its place. So a flood that nobody
 * answers pushes out nothing but its own SYNs.
 *
 * They go into a ring, which is written from end to end, and are found by an index with one place
 * for each hash, which who comes later takes. Its tags tell a SYN that nobody has heard of, which
 * is nearly every one, without a look into the ring: what is looked at stays in the cache.
 */
#include <config.h>

#include <stdlib.h>

#include "wire_private.h"

/* At 600,000 a second they stay for 27 ms; more would not fit into the cache. */
enum { WIRE_KNOCKS_MAX = 16384 };

/* tag 0: nobody's. */
struct wire_knock_place {
	uint32_t tag, number;
};

bool
wire_knocks_init(struct wire_knocks *knocks, uint32_t count)
{
	const uint32_t bound = count < WIRE_KNOCKS_MAX ? count : WIRE_KNOCKS_MAX;
	size_t places = 1;

	while (places <= bound / 2)
		places *= 2;
	knocks->mask = places - 1;
	/* Touched as they come: where there is no flood they take no memory. */
	knocks->places = calloc(places, sizeof *knocks->places);
	knocks->ring = calloc(places, sizeof *knocks->ring);
	return knocks->places != NULL && knocks->ring != NULL;
}

void
wire_knocks_fini(struct wire_knocks *knocks)
{
	free(knocks->places);
	free(knocks->ring);
}

/* The other half of the hash than the place. */
static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)hash | 1;
}

static struct wire_knock_place *
place_of(const struct wire_knocks *knocks, uint64_t hash)
{
	return &knocks->places[(size_t)(hash >> 32) & knocks->mask];
}

void
wire_knocks_prefetch(const struct wire_knocks *knocks, uint64_t hash)
{
	__builtin_prefetch(place_of(knocks, hash), 1);
}

bool
wire_knocks_add(struct wire_knocks *knocks, uint64_t hash, const struct segment *syn)
{
	struct wire_knock_place *const place = place_of(knocks, hash);
	const uint32_t number = (uint32_t)knocks->count++ & (uint32_t)knocks->mask;

	*place = (struct wire_knock_place){.tag = tag_of(hash), .number = number};
	knocks->ring[number] = *syn;
	return knocks->count > knocks->mask + 1;
}

/* The ring may hold another one there by now: the ends tell. */
const struct segment *
wire_knocks_find(const struct wire_knocks *knocks, uint64_t hash, const struct wire_ends *ends,
	uint8_t *side)
{
	const struct wire_knock_place *const place = place_of(knocks, hash);
	const struct segment *syn;

	if (place->tag != tag_of(hash))
		return NULL;
	syn = &knocks->ring[place->number];
	if (syn->netns != ends->netns || !wire_ends_match(ends, &syn->source, syn->source_port,
						 &syn->destination, syn->destination_port, side))
		return NULL;
	return syn;
}

void
wire_knocks_forget(struct wire_knocks *knocks, uint64_t hash)
{
	place_of(knocks, hash)->tag = 0;
}
