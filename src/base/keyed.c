/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records by key; see keyed.h. */
#include <config.h>

#include <sockwatch/base/keyed.h>

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_LEAST = 16 };

void
keyed_init(struct keyed *keyed, size_t record_size, size_t key_size, uint32_t limit)
{
	*keyed = (struct keyed){.record_size = record_size, .key_size = key_size, .limit = limit};
	map_init(&keyed->index);
}

void
keyed_fini(struct keyed *keyed)
{
	free(keyed->records);
	map_fini(&keyed->index);
}

void
keyed_clear(struct keyed *keyed)
{
	keyed->count = 0;
	map_clear(&keyed->index);
}

/* The record, or NULL and the number by which the index would know it. */
static void *
find(const struct keyed *keyed, const void *key, uint64_t *hash)
{
	uint32_t index;

	/* Two keys of one hash stand at neighbouring numbers. */
	for (; map_find(&keyed->index, *hash, &index); ++*hash) {
		void *const record = keyed_at(keyed, index);

		if (memcmp(record, key, keyed->key_size) == 0)
			return record;
	}
	return NULL;
}

void *
keyed_find_hashed(const struct keyed *keyed, const void *key, uint64_t hash)
{
	return find(keyed, key, &hash);
}

void *
keyed_find(const struct keyed *keyed, const void *key)
{
	return keyed_find_hashed(keyed, key, map_hash_bytes(key, keyed->key_size, 0));
}

static bool
has_room(struct keyed *keyed)
{
	const uint32_t capacity =
		keyed->capacity != 0 ? keyed->capacity * 2 : (uint32_t)CAPACITY_LEAST;
	uint8_t *grown;

	if (keyed->count >= keyed->limit)
		return false;
	if (keyed->count < keyed->capacity)
		return true;
	grown = reallocarray(keyed->records, capacity, keyed->record_size);
	if (grown == NULL)
		return false;
	keyed->records = grown;
	keyed->capacity = capacity;
	return true;
}

void *
keyed_get_hashed(struct keyed *keyed, const void *key, uint64_t hash)
{
	uint8_t *record = find(keyed, key, &hash);

	if (record != NULL)
		return record;
	if (!has_room(keyed) || map_set(&keyed->index, hash, keyed->count) != 0) {
		keyed->refused++;
		return NULL;
	}
	record = keyed_at(keyed, keyed->count++);
	memset(record, 0, keyed->record_size);
	memcpy(record, key, keyed->key_size);
	return record;
}

void *
keyed_get(struct keyed *keyed, const void *key)
{
	return keyed_get_hashed(keyed, key, map_hash_bytes(key, keyed->key_size, 0));
}
