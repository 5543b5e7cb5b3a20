/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table of what was sent of each socket: what is new, what changed, what is gone. */
#include <config.h>

#include "digest.h"

#include <stdlib.h>

#include <sockwatch/base/map.h>

enum {
	STATE_CLOSE = 7,
	STATE_LISTEN = 10,
	GENERATION_MASK = 0x1f,
	CLASS_SHIFT = 5,
	EXPIRY_SHIFT = 8,
	HASH_SHIFT = 24,
	EXPIRY_UNIT_SHIFT = 8, /* 256 ms */
	/*
	 * A timer's end counts as moved only by more than this: the ends that we compute for one
	 * running timer differ by the time between the kernel's writing and our reading.
	 */
	EXPIRY_SLACK = 4,
	CAPACITY_MIN = 64,
};

/* Members of struct tcp_info that merely tick: tcpi_last_data_sent .. tcpi_last_ack_recv. */
enum { INFO_TICKING = 44, INFO_TICKING_END = 60 };

/*
 * The kernel counts cookies up and nobody chooses them: a multiplication spreads them well enough.
 */
static size_t
home_of(const struct digest_table *table, uint64_t cookie)
{
	const uint32_t spread = (uint32_t)((cookie * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	return (size_t)((uint64_t)spread * table->capacity >> 32);
}

static size_t
next_slot(const struct digest_table *table, size_t slot)
{
	return slot + 1 == table->capacity ? 0 : slot + 1;
}

void
digest_clear(struct digest_table *table)
{
	free(table->entries);
	*table = (struct digest_table){0};
}

void
digest_begin(struct digest_table *table)
{
	table->generation = (table->generation + 1) & GENERATION_MASK;
}

/* Hash of the message from `from` to `to`, continued from seed. */
static uint64_t
hash_part(const struct diag_view *view, size_t from, size_t to, uint64_t seed)
{
	return to > from ? map_hash_bytes((const uint8_t *)view->header + from, to - from, seed)
			 : seed;
}

/* Hash of the message from `from` on, without the secret. */
static uint64_t
hash_rest(const struct diag_view *view, size_t from, uint64_t seed)
{
	if (view->secret < from)
		return hash_part(view, from, view->len, seed);
	seed = hash_part(view, from, view->secret, seed);
	return hash_part(view, view->secret + view->secret_len, view->len, seed);
}

static uint64_t
hash_message(const struct diag_view *view)
{
	const size_t socket = NLMSG_HDRLEN;
	const size_t expires = socket + offsetof(struct inet_diag_msg, idiag_expires);
	const size_t rest = expires + sizeof view->socket->idiag_expires;
	uint64_t hash = hash_part(view, socket, expires, view->len);

	if (view->info == 0 || view->info_len < INFO_TICKING_END)
		return hash_rest(view, rest, hash);
	/* The kernel writes keys after tcp_info (tcp_diag_get_aux()). If that changes, the ages are
	 * hashed too. */
	if (view->secret != 0 && view->secret < view->info)
		return hash_rest(view, rest, hash);
	hash = hash_part(view, rest, view->info + INFO_TICKING, hash);
	return hash_rest(view, view->info + INFO_TICKING_END, hash);
}

static enum digest_class
class_of(const struct diag_view *view)
{
	switch (view->socket->idiag_state) {
	case STATE_LISTEN: return DIGEST_LISTENER;
	case STATE_CLOSE: return DIGEST_UNCONNECTED;
	default: return DIGEST_CONNECTION;
	}
}

uint64_t
digest_of(const struct diag_view *view, uint64_t now_ms)
{
	uint64_t mark = hash_message(view) >> HASH_SHIFT << HASH_SHIFT;

	if (view->socket->idiag_timer != 0) {
		const uint64_t ends_ms = now_ms + view->socket->idiag_expires;

		mark |= (uint64_t)(uint16_t)(ends_ms >> EXPIRY_UNIT_SHIFT) << EXPIRY_SHIFT;
	}
	return mark | (uint64_t)class_of(view) << CLASS_SHIFT;
}

static bool
is_same(uint64_t before, uint64_t now)
{
	const int16_t moved = (int16_t)((now >> EXPIRY_SHIFT) - (before >> EXPIRY_SHIFT));

	return before >> HASH_SHIFT == now >> HASH_SHIFT && moved <= EXPIRY_SLACK &&
	       moved >= -EXPIRY_SLACK;
}

void
digest_prefetch(const struct digest_table *table, uint64_t cookie)
{
	if (table->capacity > 0)
		__builtin_prefetch(&table->entries[home_of(table, cookie)], 1);
}

/* The socket's entry, or the free one where it belongs. There is always a free one. */
static struct digest *
find_slot(const struct digest_table *table, uint64_t cookie)
{
	size_t slot = home_of(table, cookie);

	while (table->entries[slot].cookie != 0 && table->entries[slot].cookie != cookie)
		slot = next_slot(table, slot);
	return &table->entries[slot];
}

static bool
resize(struct digest_table *table, size_t capacity)
{
	struct digest_table bigger = *table;

	if (capacity < CAPACITY_MIN)
		capacity = CAPACITY_MIN;
	bigger.entries = calloc(capacity, sizeof *bigger.entries);
	if (bigger.entries == NULL)
		return false;
	bigger.capacity = capacity;
	for (size_t i = 0; i < table->capacity; i++) {
		if (table->entries[i].cookie != 0)
			*find_slot(&bigger, table->entries[i].cookie) = table->entries[i];
	}
	free(table->entries);
	*table = bigger;
	return true;
}

static bool
is_full(const struct digest_table *table)
{
	return table->count + 1 > table->capacity / 8 * 7;
}

enum digest_verdict
digest_see(struct digest_table *table, uint64_t cookie, uint64_t mark, uint64_t *refused)
{
	struct digest *entry;
	uint64_t before;

	if (cookie == 0 ||
		(is_full(table) && !resize(table, table->capacity + table->capacity / 4) &&
			table->count + 1 >= table->capacity)) {
		(*refused)++;
		return DIGEST_NEW;
	}
	entry = find_slot(table, cookie);
	before = entry->mark;
	if (entry->cookie == 0) {
		*entry = (struct digest){cookie, mark | table->generation};
		table->count++;
		return DIGEST_NEW;
	}
	if (is_same(before, mark)) {
		entry->mark = (before & ~(uint64_t)GENERATION_MASK) | table->generation;
		return DIGEST_SAME;
	}
	entry->mark = mark | table->generation;
	return DIGEST_CHANGED;
}

/*
 * Moves up the entries after the gap, so that none is cut off from its home. Entries that move to
 * or past the sweep's position are looked at again, so none is missed.
 */
static void
take_out(struct digest_table *table, size_t gap)
{
	size_t slot = gap;

	table->count--;
	for (;;) {
		size_t home, from_home, from_gap;

		slot = next_slot(table, slot);
		if (table->entries[slot].cookie == 0)
			break;
		home = home_of(table, table->entries[slot].cookie);
		from_home = slot >= home ? slot - home : slot + table->capacity - home;
		from_gap = slot >= gap ? slot - gap : slot + table->capacity - gap;
		if (from_home < from_gap)
			continue;
		table->entries[gap] = table->entries[slot];
		gap = slot;
	}
	table->entries[gap] = (struct digest){0};
}

size_t
digest_sweep(struct digest_table *table, unsigned classes, size_t *position, uint64_t *cookies,
	size_t max)
{
	size_t found = 0;

	while (*position < table->capacity && found < max) {
		const struct digest *const entry = &table->entries[*position];

		if (entry->cookie == 0 || (entry->mark & GENERATION_MASK) == table->generation ||
			(entry->mark >> CLASS_SHIFT & classes) == 0) {
			(*position)++;
			continue;
		}
		cookies[found++] = entry->cookie;
		take_out(table, *position);
	}
	/* Gives back the memory of a flood. When that fails, the table stays as it is. */
	if (found == 0 && table->capacity > CAPACITY_MIN && table->count < table->capacity / 4)
		(void)resize(table, table->count + table->count / 2);
	return found;
}
