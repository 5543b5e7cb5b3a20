/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records by key: an array with an index. A record is a struct of the user's that begins with its
 * key, which must have no holes, as keys are compared as bytes. Bounded; what has no room is
 * counted.
 */
#ifndef SOCKWATCH_BASE_KEYED_H
#define SOCKWATCH_BASE_KEYED_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>

struct keyed {
	size_t record_size, key_size;
	uint32_t limit;
	uint32_t count, capacity;
	uint8_t *records;
	struct map index;
	uint64_t refused;
};

/* Empty; limit: records at most. */
void keyed_init(struct keyed *keyed, size_t record_size, size_t key_size, uint32_t limit);
void keyed_fini(struct keyed *keyed);
/* Forgets the records, keeps the memory. */
void keyed_clear(struct keyed *keyed);
/* Finds or adds (zeroed but for its key). NULL: no room, counted. Lives until the next keyed_get.
 */
void *keyed_get(struct keyed *keyed, const void *key);
/* NULL: there is none. */
void *keyed_find(const struct keyed *keyed, const void *key);
/* The same with a hash of the key that the caller makes, always in the same way. */
void *keyed_get_hashed(struct keyed *keyed, const void *key, uint64_t hash);
void *keyed_find_hashed(const struct keyed *keyed, const void *key, uint64_t hash);
/* index: below count. */
static inline void *
keyed_at(const struct keyed *keyed, uint32_t index)
{
	return keyed->records + (size_t)index * keyed->record_size;
}

#endif
