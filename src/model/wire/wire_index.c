/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds slots by their endpoints, and keeps them in lists, the longest untouched first. */
#include <config.h>

#include <string.h>

#include <sockwatch/base/map.h>
#include <sockwatch/model/socket.h>

#include "model/wire/conversation/conversation_private.h"
#include "wire_private.h"

enum { CACHE_LINE = 64, BUCKETS_MIN = 1024 };

/* At most half of them are taken: in a flood most look-ups end at a free one. */
size_t
wire_buckets_needed(size_t slots)
{
	size_t buckets = BUCKETS_MIN;

	while (buckets / 2 < slots)
		buckets *= 2;
	return buckets;
}

/*
 * The sum does not depend on who sends, and needs no order of the ends, which would cost more than
 * all of this. Each summand is hashed with the run's secret: to make two sums meet, one must know
 * it. The hashes of the addresses are those by which events are folded.
 */
uint64_t
wire_hash(const struct wire_ends *ends, struct wire_hashes *hashes)
{
	const uint64_t where = (uint64_t)ends->link << 32 | ends->netns;

	hashes->a = map_hash_16(ends->a, where);
	hashes->b = map_hash_16(ends->b, where);
	hashes->key = map_hash(hashes->a ^ ends->a_port) + map_hash(hashes->b ^ ends->b_port);
	return hashes->key;
}

uint64_t
wire_key_hash(const struct wire_ends *ends)
{
	struct wire_hashes hashes;

	return wire_hash(ends, &hashes);
}

static bool
is_end(const struct address *address, uint16_t port, const struct address *other,
	uint16_t other_port)
{
	return port == other_port && memcmp(address, other, sizeof *address) == 0;
}

bool
wire_ends_match(const struct wire_ends *ends, const struct address *first, uint16_t first_port,
	const struct address *second, uint16_t second_port, uint8_t *side)
{
	*side = 0;
	if (is_end(first, first_port, ends->a, ends->a_port) &&
		is_end(second, second_port, ends->b, ends->b_port))
		return true;
	*side = 1;
	return is_end(second, second_port, ends->a, ends->a_port) &&
	       is_end(first, first_port, ends->b, ends->b_port);
}

uint32_t
wire_slot_find(const struct wire *wire, uint64_t hash, const struct wire_ends *ends, uint8_t *side)
{
	size_t at = hash & wire->bucket_mask;

	for (; wire->buckets[at].slot_1 != 0; at = (at + 1) & wire->bucket_mask) {
		const struct conversation *conversation;

		if (wire->buckets[at].tag != (uint32_t)hash)
			continue;
		conversation = &wire->conversations[wire->buckets[at].slot_1 - 1];
		if (conversation->netns == ends->netns && conversation->link == ends->link &&
			wire_ends_match(ends, &conversation->address[0], conversation->port[0],
				&conversation->address[1], conversation->port[1], side))
			return wire->buckets[at].slot_1 - 1;
	}
	return CONVERSATION_NONE;
}

static void
put_bucket(struct wire *wire, struct wire_bucket bucket)
{
	size_t at = bucket.tag & wire->bucket_mask;

	while (wire->buckets[at].slot_1 != 0)
		at = (at + 1) & wire->bucket_mask;
	wire->buckets[at] = bucket;
}

/*
 * Makes twice as many buckets, the first half of which are the old ones. Those are put again one by
 * one, beginning after a free one: so each stands where it stood or before, or in the new half, and
 * never after one that will still be moved.
 */
static void
double_buckets(struct wire *wire)
{
	const size_t old_mask = wire->bucket_mask;
	size_t begin = 0;

	while (wire->buckets[begin].slot_1 != 0)
		begin++;
	wire->bucket_mask = old_mask * 2 + 1;
	for (size_t i = 1; i <= old_mask; i++) {
		struct wire_bucket *const at = &wire->buckets[(begin + i) & old_mask];
		const struct wire_bucket bucket = *at;

		at->slot_1 = 0;
		if (bucket.slot_1 != 0)
			put_bucket(wire, bucket);
	}
}

static void
bucket_add(struct wire *wire, uint64_t hash, uint32_t slot)
{
	wire->bucket_count++;
	if (wire_buckets_needed(wire->bucket_count) > wire->bucket_mask + 1)
		double_buckets(wire);
	put_bucket(wire, (struct wire_bucket){.tag = (uint32_t)hash, .slot_1 = slot + 1});
}

static void
bucket_remove(struct wire *wire, uint64_t hash, uint32_t slot)
{
	const size_t mask = wire->bucket_mask;
	size_t hole = hash & mask;

	while (wire->buckets[hole].slot_1 != slot + 1)
		hole = (hole + 1) & mask;
	for (size_t at = (hole + 1) & mask; wire->buckets[at].slot_1 != 0; at = (at + 1) & mask) {
		const size_t home = wire->buckets[at].tag & mask;

		/* Its home lies after the hole: a look-up still finds it where it is. */
		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		wire->buckets[hole] = wire->buckets[at];
		hole = at;
	}
	wire->buckets[hole].slot_1 = 0;
	wire->bucket_count--;
}

static void
list_append(struct wire *wire, enum wire_list part, uint32_t slot)
{
	struct slot_list *const list = &wire->lists[part];
	struct conversation *const conversation = &wire->conversations[slot];

	conversation->list = (uint8_t)part;
	conversation->half_open = part == WIRE_LIST_UNCONFIRMED;
	conversation->lru_prev = list->last;
	conversation->lru_next = CONVERSATION_NONE;
	if (list->last != CONVERSATION_NONE)
		wire->conversations[list->last].lru_next = slot;
	else
		list->first = slot;
	list->last = slot;
	list->count++;
}

static void
list_remove(struct wire *wire, uint32_t slot)
{
	const struct conversation *const conversation = &wire->conversations[slot];
	struct slot_list *const list = &wire->lists[conversation->list];

	if (conversation->lru_prev != CONVERSATION_NONE)
		wire->conversations[conversation->lru_prev].lru_next = conversation->lru_next;
	else
		list->first = conversation->lru_next;
	if (conversation->lru_next != CONVERSATION_NONE)
		wire->conversations[conversation->lru_next].lru_prev = conversation->lru_prev;
	else
		list->last = conversation->lru_prev;
	list->count--;
}

void
wire_slot_remove(struct wire *wire, uint32_t slot)
{
	struct conversation *const conversation = &wire->conversations[slot];

	bucket_remove(wire, conversation->hash, slot);
	list_remove(wire, slot);
	conversation->generation++;
	list_append(wire, WIRE_LIST_FREE, slot);
}

/* Of the other parts, conversations that have ended go before assured ones. */
static void
evict_assured(struct wire *wire)
{
	const struct slot_list *const ended = &wire->lists[WIRE_LIST_ENDED];
	const struct slot_list *const assured = &wire->lists[WIRE_LIST_ASSURED];

	wire->counts.evicted++;
	wire_slot_remove(wire, ended->count != 0 ? ended->first : assured->first);
}

/*
 * Under a flood one unconfirmed connection after the other is pushed out. While this one is, the
 * bucket of the next and the slot of the one after come into the cache.
 */
static void
prefetch_unconfirmed(const struct wire *wire)
{
	const uint32_t next = wire->lists[WIRE_LIST_UNCONFIRMED].first;
	const struct conversation *conversation;
	const char *after;

	if (next == CONVERSATION_NONE)
		return;
	conversation = &wire->conversations[next];
	__builtin_prefetch(&wire->buckets[conversation->hash & wire->bucket_mask], 1);
	if (conversation->lru_next == CONVERSATION_NONE)
		return;
	after = (const char *)&wire->conversations[conversation->lru_next];
	for (size_t at = 0; at < sizeof *conversation; at += CACHE_LINE)
		__builtin_prefetch(after + at, 1);
}

static uint32_t
take_slot(struct wire *wire)
{
	const struct slot_list *const unconfirmed = &wire->lists[WIRE_LIST_UNCONFIRMED];
	const struct slot_list *const unused = &wire->lists[WIRE_LIST_FREE];
	uint32_t slot;

	while (unconfirmed->count >= wire->unconfirmed_limit) {
		wire->counts.evicted_half_open++;
		wire_slot_remove(wire, unconfirmed->first);
		prefetch_unconfirmed(wire);
	}
	if (unused->count == 0 && wire->used < wire->capacity)
		return wire->used++;
	if (unused->count == 0)
		evict_assured(wire);
	slot = unused->last; /* the warmest */
	list_remove(wire, slot);
	return slot;
}

uint32_t
wire_slot_add(struct wire *wire, uint64_t hash, const struct segment *segment)
{
	const uint32_t slot = take_slot(wire);
	struct conversation *const conversation = &wire->conversations[slot];

	conversation->address[0] = segment->source;
	conversation->address[1] = segment->destination;
	conversation->port[0] = segment->source_port;
	conversation->port[1] = segment->destination_port;
	conversation->netns = segment->netns;
	conversation->link =
		address_link_of(&segment->source, &segment->destination, segment->ifindex);
	conversation->local_side = CONVERSATION_SIDE_UNKNOWN;
	conversation->hash = hash;
	conversation_clear(conversation);
	list_append(wire, WIRE_LIST_UNCONFIRMED, slot);
	bucket_add(wire, hash, slot);
	return slot;
}

static enum wire_list
list_of(const struct conversation *conversation)
{
	if (!conversation->side[0].hears || !conversation->side[1].hears)
		return WIRE_LIST_UNCONFIRMED;
	return conversation->outcome == CONVERSATION_OUTCOME_NONE ? WIRE_LIST_ASSURED
								  : WIRE_LIST_ENDED;
}

void
wire_slot_touch(struct wire *wire, uint32_t slot)
{
	const enum wire_list list = list_of(&wire->conversations[slot]);
	const uint32_t assured_limit = wire->capacity - wire->unconfirmed_limit;

	if (wire->lists[list].last == slot && wire->conversations[slot].list == list)
		return;
	list_remove(wire, slot);
	list_append(wire, list, slot);
	if (wire->lists[WIRE_LIST_ASSURED].count + wire->lists[WIRE_LIST_ENDED].count >
		assured_limit)
		evict_assured(wire);
}
