/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Under a flood most SYNs are all that ever comes of their endpoints. One that is counted in
 * another event (event_ring.h) therefore makes no conversation: it is kept as it came, a quarter of
 * the size, and becomes one with the second segment or when the socket table knows it. So a flood
 * that nobody answers pushes out nothing but its own SYNs.
 *
 * They go into a ring, which is written from end to end, and are found by an index with one place
 * for each hash, which who comes later takes. Its tags tell a SYN that nobody has heard of, which
 * is nearly every one, without a look into the ring: what is looked at stays in the cache.
 */
#include <config.h>

#include <stdlib.h>

#include "wire_private.h"

/* At 600,000 a second they stay for 27 ms; more would not fit into the cache. */
enum { WIRE_CALLERS_MAX = 16384 };

/* tag 0: nobody's. */
struct wire_caller_place {
	uint32_t tag, number;
};

bool
wire_callers_init(struct wire_callers *callers, uint32_t count)
{
	const uint32_t bound = count < WIRE_CALLERS_MAX ? count : WIRE_CALLERS_MAX;
	size_t places = 1;

	while (places <= bound / 2)
		places *= 2;
	callers->mask = places - 1;
	/* Touched as they come: where there is no flood they take no memory. */
	callers->places = calloc(places, sizeof *callers->places);
	callers->ring = calloc(places, sizeof *callers->ring);
	return callers->places != NULL && callers->ring != NULL;
}

void
wire_callers_fini(struct wire_callers *callers)
{
	free(callers->places);
	free(callers->ring);
}

/* The other half of the hash than the place. */
static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)hash | 1;
}

static struct wire_caller_place *
place_of(const struct wire_callers *callers, uint64_t hash)
{
	return &callers->places[(size_t)(hash >> 32) & callers->mask];
}

void
wire_callers_prefetch(const struct wire_callers *callers, uint64_t hash)
{
	__builtin_prefetch(place_of(callers, hash), 1);
}

bool
wire_callers_add(struct wire_callers *callers, uint64_t hash, const struct segment *syn)
{
	struct wire_caller_place *const place = place_of(callers, hash);
	const uint32_t number = (uint32_t)callers->count++ & (uint32_t)callers->mask;

	*place = (struct wire_caller_place){.tag = tag_of(hash), .number = number};
	callers->ring[number] = *syn;
	return callers->count > callers->mask + 1;
}

/* The ring may hold another one there by now: the ends tell. */
bool
wire_callers_take(struct wire_callers *callers, uint64_t hash, const struct wire_ends *ends,
	struct segment *syn, uint8_t *side)
{
	struct wire_caller_place *const place = place_of(callers, hash);

	if (place->tag != tag_of(hash))
		return false;
	*syn = callers->ring[place->number];
	if (syn->netns != ends->netns || !wire_ends_match(ends, &syn->source, syn->source_port,
						 &syn->destination, syn->destination_port, side))
		return false;
	place->tag = 0;
	return true;
}
