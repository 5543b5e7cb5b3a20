/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments that were seen last, of all conversations, by a hash of all that a copy has in
 * common with its original: ends, numbers, flags, window, length, IP id and every byte of the
 * options. Not the hop limit, which a router lowers, and not the VLAN. The hash is keyed, so nobody
 * outside can make two segments meet.
 */
#ifndef SOCKWATCH_MODEL_WIRE_CONVERSATION_SIGHTINGS_H
#define SOCKWATCH_MODEL_WIRE_CONVERSATION_SIGHTINGS_H

#include <stdbool.h>
#include <stdint.h>

struct segment;
struct sighting_bucket;

struct sightings {
	struct sighting_bucket *buckets;
};

/* False: no memory. */
bool sightings_init(struct sightings *sightings);
void sightings_fini(struct sightings *sightings);
/* Of the segment, in the conversation with this hash (of both ends, in either order). */
uint64_t sightings_hash(const struct segment *segment, uint64_t conversation_hash);
/* It will be looked for soon. */
void sightings_prefetch(const struct sightings *sightings, uint64_t hash);
/* When it was last seen, in nanoseconds; 0: not lately. */
uint64_t sightings_find(const struct sightings *sightings, uint64_t hash);
/* In place of the oldest of its bucket. */
void sightings_add(struct sightings *sightings, uint64_t hash, uint64_t time_ns);

#endif
