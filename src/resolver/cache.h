/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses, each for the lifetime of its answer. Bounded: when full, a name that was not
 * used lately makes room (second chance). The resolver writes; pointers to entries live until the
 * next cache_add.
 */
#ifndef SOCKWATCH_RESOLVER_CACHE_H
#define SOCKWATCH_RESOLVER_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/map.h>

/* Bounds of a lifetime, in seconds. */
enum { CACHE_TTL_MIN_S = 30, CACHE_TTL_MAX_S = 86400 };

enum cache_state {
	CACHE_FREE,
	CACHE_ASKED, /* being asked for; the name is the one from before, if any */
	CACHE_NAMED,
	CACHE_NAMELESS,
};

struct cache_entry {
	struct address address;
	enum cache_state state;
	bool is_used; /* since the hand last passed */
	uint64_t expires_ns;
	char *name; /* NULL: none */
};

struct cache {
	struct cache_entry *entries;
	uint32_t capacity, hand;
	struct map index;   /* hash of the address to its entry */
	uint64_t forgotten; /* entries that made room for others */
};

/* capacity: 1 or more. 0 or -ENOMEM; fini is safe after either. */
int cache_init(struct cache *cache, uint32_t capacity);
void cache_fini(struct cache *cache);

struct cache_entry *cache_find(const struct cache *cache, const struct address *address);
/* A new entry in state CACHE_ASKED; NULL: all others are being asked for, or no memory. */
struct cache_entry *cache_add(struct cache *cache, const struct address *address);
/* Keeps a copy of name. NULL: there is none, which is kept for exactly ttl_s seconds. */
void cache_store(struct cache_entry *entry, const char *name, uint32_t ttl_s, uint64_t now_ns);
/* Addresses without a name are asked for again; names stay. */
void cache_doubt(struct cache *cache);
/* The entry is not expired, or is being asked for already. */
bool cache_is_fresh(const struct cache_entry *entry, uint64_t now_ns);

#endif
