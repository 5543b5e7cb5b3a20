/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cache of names by address, bounded, with second chance replacement. */
#include <config.h>

#include "cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

int
cache_init(struct cache *cache, uint32_t capacity)
{
	*cache = (struct cache){.capacity = capacity};
	cache->entries = calloc(capacity, sizeof cache->entries[0]);
	if (cache->entries == NULL) {
		cache->capacity = 0;
		return -ENOMEM;
	}
	return 0;
}

void
cache_fini(struct cache *cache)
{
	for (uint32_t i = 0; i < cache->capacity; i++)
		free(cache->entries[i].name);
	free(cache->entries);
	map_fini(&cache->index);
	*cache = (struct cache){.capacity = 0};
}

static uint64_t
key_of(const struct address *address)
{
	return map_hash_bytes(address, sizeof *address, 0);
}

struct cache_entry *
cache_find(const struct cache *cache, const struct address *address)
{
	struct cache_entry *entry;
	uint32_t at;

	if (!map_find(&cache->index, key_of(address), &at))
		return NULL;
	/* Two addresses may share a hash: the one that came last has it. */
	entry = &cache->entries[at];
	return address_compare(&entry->address, address) == 0 ? entry : NULL;
}

static void
forget(struct cache *cache, struct cache_entry *entry)
{
	const uint32_t index = (uint32_t)(entry - cache->entries);
	uint32_t at;

	if (map_find(&cache->index, key_of(&entry->address), &at) && at == index)
		map_remove(&cache->index, key_of(&entry->address));
	free(entry->name);
	*entry = (struct cache_entry){.state = CACHE_FREE};
	cache->forgotten++;
}

/* Goes round twice: an entry that loses its mark in the first round goes in the second. */
static struct cache_entry *
make_room(struct cache *cache)
{
	for (uint64_t step = 0; step < 2 * (uint64_t)cache->capacity; step++) {
		struct cache_entry *const entry = &cache->entries[cache->hand];

		cache->hand = (cache->hand + 1) % cache->capacity;
		if (entry->state == CACHE_FREE)
			return entry;
		if (entry->state != CACHE_ASKED && !entry->is_used) {
			forget(cache, entry);
			return entry;
		}
		entry->is_used = false;
	}
	return NULL;
}

struct cache_entry *
cache_add(struct cache *cache, const struct address *address)
{
	struct cache_entry *const entry = make_room(cache);

	if (entry == NULL ||
		map_set(&cache->index, key_of(address), (uint32_t)(entry - cache->entries)) != 0)
		return NULL;
	*entry = (struct cache_entry){.address = *address, .state = CACHE_ASKED, .is_used = true};
	return entry;
}

void
cache_store(struct cache_entry *entry, const char *name, uint32_t ttl_s, uint64_t now_ns)
{
	if (name != NULL && ttl_s < CACHE_TTL_MIN_S)
		ttl_s = CACHE_TTL_MIN_S;
	if (ttl_s > CACHE_TTL_MAX_S)
		ttl_s = CACHE_TTL_MAX_S;
	free(entry->name);
	entry->name = name == NULL ? NULL : strdup(name);
	entry->state = entry->name == NULL ? CACHE_NAMELESS : CACHE_NAMED;
	entry->expires_ns = now_ns + ttl_s * CLOCK_NS_PER_S;
}

void
cache_doubt(struct cache *cache)
{
	for (uint32_t i = 0; i < cache->capacity; i++)
		if (cache->entries[i].state == CACHE_NAMELESS)
			cache->entries[i].expires_ns = 0;
}

bool
cache_is_fresh(const struct cache_entry *entry, uint64_t now_ns)
{
	return entry->state == CACHE_ASKED || now_ns < entry->expires_ns;
}
