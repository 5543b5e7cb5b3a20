/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linear probing; a removal moves the followers of its run back, so there are no tombstones and a
 * lookup ends at the first free slot even after millions of sockets have come and gone.
 */
#include <config.h>

#include <sockwatch/base/map.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

void
map_init(struct map *map)
{
	*map = (struct map){0};
}

void
map_fini(struct map *map)
{
	free(map->keys);
	free(map->values);
	map_init(map);
}

static void
mark_empty(uint32_t *values, size_t capacity)
{
	/* MAP_EMPTY is all ones in every byte. */
	memset(values, 0xff, capacity * sizeof *values);
}

void
map_clear(struct map *map)
{
	if (map->capacity != 0)
		mark_empty(map->values, map->capacity);
	map->count = 0;
}

/* Where key is, or the free slot where it would be put. There is always a free one. */
static size_t
slot_of(const struct map *map, uint64_t key)
{
	const size_t mask = map->capacity - 1;
	size_t slot = (size_t)map_hash(key) & mask;

	while (map->values[slot] != MAP_EMPTY && map->keys[slot] != key)
		slot = (slot + 1) & mask;
	return slot;
}

bool
map_find(const struct map *map, uint64_t key, uint32_t *value)
{
	size_t slot;

	if (map->count == 0)
		return false;
	slot = slot_of(map, key);
	if (map->values[slot] == MAP_EMPTY)
		return false;
	*value = map->values[slot];
	return true;
}

static int
grow(struct map *map)
{
	const size_t capacity = map->capacity != 0 ? map->capacity * 2 : FIRST_CAPACITY;
	struct map bigger = {.capacity = capacity};

	if (capacity > SIZE_MAX / 2 / sizeof *bigger.keys)
		return -ENOMEM;
	bigger.keys = malloc(capacity * sizeof *bigger.keys);
	bigger.values = malloc(capacity * sizeof *bigger.values);
	if (bigger.keys == NULL || bigger.values == NULL) {
		map_fini(&bigger);
		return -ENOMEM;
	}
	mark_empty(bigger.values, capacity);
	for (size_t i = 0; i < map->capacity; i++) {
		size_t slot;

		if (map->values[i] == MAP_EMPTY)
			continue;
		slot = slot_of(&bigger, map->keys[i]);
		bigger.keys[slot] = map->keys[i];
		bigger.values[slot] = map->values[i];
	}
	free(map->keys);
	free(map->values);
	map->keys = bigger.keys;
	map->values = bigger.values;
	map->capacity = capacity;
	return 0;
}

int
map_set(struct map *map, uint64_t key, uint32_t value)
{
	size_t slot;

	if (value == MAP_EMPTY)
		return -EINVAL;
	if (map->capacity != 0) {
		slot = slot_of(map, key);
		if (map->values[slot] != MAP_EMPTY) {
			map->values[slot] = value;
			return 0;
		}
	}
	if (map->count + 1 > map->capacity / 4 * 3) {
		const int status = grow(map);

		if (status != 0)
			return status;
	}
	slot = slot_of(map, key);
	map->keys[slot] = key;
	map->values[slot] = value;
	map->count++;
	return 0;
}

bool
map_remove(struct map *map, uint64_t key)
{
	const size_t mask = map->capacity - 1;
	size_t hole;

	if (map->count == 0)
		return false;
	hole = slot_of(map, key);
	if (map->values[hole] == MAP_EMPTY)
		return false;
	for (size_t i = (hole + 1) & mask; map->values[i] != MAP_EMPTY; i = (i + 1) & mask) {
		const size_t home = (size_t)map_hash(map->keys[i]) & mask;

		/* Its home is after the hole: a lookup would still find it where it is. */
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		map->keys[hole] = map->keys[i];
		map->values[hole] = map->values[i];
		hole = i;
	}
	map->values[hole] = MAP_EMPTY;
	map->count--;
	return true;
}

bool
map_next(const struct map *map, size_t *position, uint64_t *key, uint32_t *value)
{
	for (; *position < map->capacity; (*position)++) {
		if (map->values[*position] == MAP_EMPTY)
			continue;
		*key = map->keys[*position];
		*value = map->values[*position];
		(*position)++;
		return true;
	}
	return false;
}
