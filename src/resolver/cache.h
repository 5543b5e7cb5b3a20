/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of the names of addresses, each for as long as its answer said. Bounded: when full,
 * a name that nobody looked at lately makes room (second chance). The resolver writes; pointers to
 * entries live until the next cache_add.
 */
#ifndef SOCKWATCH_RESOLVER_CACHE_H
#define SOCKWATCH_RESOLVER_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/map.h>

/* A lifetime is believed within these bounds, in seconds. */
enum { CACHE_TTL_MIN_S = 30, CACHE_TTL_MAX_S = 86400 };

enum cache_state {
	CACHE_FREE,
	CACHE_ASKED, /* under way; the name is the one from before, if any */
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
	struct map index;   /* hash of the address to its place */
	uint64_t forgotten; /* went to make room */
};

/* capacity: 1 or more. 0 or -ENOMEM; fini is safe after either. */
int cache_init(struct cache *cache, uint32_t capacity);
void cache_fini(struct cache *cache);

struct cache_entry *cache_find(const struct cache *cache, const struct address *address);
/* A new entry in the state CACHE_ASKED; NULL when all others are being asked for, or no memory. */
struct cache_entry *cache_add(struct cache *cache, const struct address *address);
/* name: a copy is kept; NULL: it has none, which is believed for exactly ttl_s seconds. */
void cache_store(struct cache_entry *entry, const char *name, uint32_t ttl_s, uint64_t now_ns);
/* What is not known is to be asked for again; names stay. */
void cache_doubt(struct cache *cache);
/* What it says holds still, or is being asked for already. */
bool cache_is_fresh(const struct cache_entry *entry, uint64_t now_ns);

#endif
