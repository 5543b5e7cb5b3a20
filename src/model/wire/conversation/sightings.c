/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The segments that were seen last: a table of fixed size, four in a bucket, a cache line each. */
#include <config.h>

#include "sightings.h"

#include <stddef.h>
#include <stdlib.h>

#include <sockwatch/base/map.h>
#include <sockwatch/model/segment.h>

/* Copies come within milliseconds: a million segments a second still find theirs. */
enum { BUCKETS = 2048, BUCKET_SIGHTINGS = 4 };

struct sighting {
	uint64_t hash, time_ns; /* time_ns 0: free */
};

struct sighting_bucket {
	struct sighting seen[BUCKET_SIGHTINGS];
};

bool
sightings_init(struct sightings *sightings)
{
	sightings->buckets = calloc(BUCKETS, sizeof *sightings->buckets);
	return sightings->buckets != NULL;
}

void
sightings_fini(struct sightings *sightings)
{
	free(sightings->buckets);
}

uint64_t
sightings_hash(const struct segment *segment, uint64_t conversation_hash)
{
	const size_t len = segment->option_len < SEGMENT_OPTION_BYTES ? segment->option_len
								      : SEGMENT_OPTION_BYTES;
	const uint64_t words[] = {
		(uint64_t)segment->seq << 32 | segment->ack,
		(uint64_t)segment->len << 32 | (uint64_t)segment->ip_id << 16 | segment->window,
		(uint64_t)segment->flags << 32 | (uint64_t)segment->data_offset << 16 |
			segment->source_port,
	};

	return map_hash_bytes(
		segment->options, len, map_hash_bytes(words, sizeof words, conversation_hash));
}

static struct sighting_bucket *
bucket_of(const struct sightings *sightings, uint64_t hash)
{
	return &sightings->buckets[hash % BUCKETS];
}

void
sightings_prefetch(const struct sightings *sightings, uint64_t hash)
{
	__builtin_prefetch(bucket_of(sightings, hash), 1);
}

uint64_t
sightings_find(const struct sightings *sightings, uint64_t hash)
{
	const struct sighting_bucket *const bucket = bucket_of(sightings, hash);

	for (size_t i = 0; i < BUCKET_SIGHTINGS; i++) {
		if (bucket->seen[i].hash == hash && bucket->seen[i].time_ns != 0)
			return bucket->seen[i].time_ns;
	}
	return 0;
}

void
sightings_add(struct sightings *sightings, uint64_t hash, uint64_t time_ns)
{
	struct sighting_bucket *const bucket = bucket_of(sightings, hash);
	struct sighting *oldest = &bucket->seen[0];

	for (size_t i = 0; i < BUCKET_SIGHTINGS; i++) {
		struct sighting *const seen = &bucket->seen[i];

		if (seen->hash == hash) {
			oldest = seen;
			break;
		}
		if (seen->time_ns < oldest->time_ns)
			oldest = seen;
	}
	*oldest = (struct sighting){.hash = hash, .time_ns = time_ns};
}
