/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open addressing map from a 64-bit key to a 32-bit value. Keys are spread by a keyed hash, so that
 * a remote host that chooses ports and addresses cannot choose collisions. Grows by doubling; 12
 * bytes a slot, filled to three quarters at most.
 */
#ifndef SOCKWATCH_BASE_MAP_H
#define SOCKWATCH_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
	uint64_t *keys;
	uint32_t *values; /* MAP_EMPTY: free slot */
	size_t capacity;  /* power of two, or 0 */
	size_t count;
};

/* Never a value. */
#define MAP_EMPTY UINT32_MAX

/* One that is all zeros is empty too. */
void map_init(struct map *map);
void map_fini(struct map *map);
void map_clear(struct map *map);
/* true and *value when the key is there. */
bool map_find(const struct map *map, uint64_t key, uint32_t *value);
/* Adds or replaces. 0 or -ENOMEM. */
int map_set(struct map *map, uint64_t key, uint32_t value);
/* true when it was there. */
bool map_remove(struct map *map, uint64_t key);
/* Iterates: *position starts at 0; false at the end. The map must not change meanwhile. */
bool map_next(const struct map *map, size_t *position, uint64_t *key, uint32_t *value);

/* A good spread of 64 bits, keyed once per process run; for other tables too. */
uint64_t map_hash(uint64_t key);
uint64_t map_hash_bytes(const void *data, size_t len, uint64_t seed);
/* The same for 16 bytes, an address, at a third of the cost; other values than map_hash_bytes. */
uint64_t map_hash_16(const void *sixteen_bytes, uint64_t seed);

#endif
