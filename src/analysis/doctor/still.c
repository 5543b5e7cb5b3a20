/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps since when single rows meet conditions: few rows do, so that nothing is kept of the rest.
 */
#include <config.h>

#include "still.h"

#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "rule.h"

enum { CAPACITY_LEAST = 64 };

void
still_fini(struct still_table *table)
{
	map_fini(&table->index);
	free(table->entries);
}

static struct still_entry *
add(struct still_table *table, uint64_t key)
{
	if (table->count == table->capacity) {
		const uint32_t capacity =
			table->capacity != 0 ? table->capacity * 2 : (uint32_t)CAPACITY_LEAST;
		struct still_entry *const grown =
			table->count < STILL_MAX
				? reallocarray(table->entries, capacity, sizeof *grown)
				: NULL;

		if (grown == NULL)
			return NULL;
		table->entries = grown;
		table->capacity = capacity;
	}
	if (map_set(&table->index, key, table->count) != 0)
		return NULL;
	return &table->entries[table->count++];
}

bool
still_meet(struct still_table *table, uint64_t key, uint64_t cookie, uint64_t value,
	uint64_t now_ns, uint32_t look, struct still *still)
{
	uint32_t index;
	const bool is_known = map_find(&table->index, key, &index);
	struct still_entry *const entry = is_known ? &table->entries[index] : add(table, key);

	if (entry == NULL) {
		table->refused++;
		return false;
	}
	if (!is_known || entry->cookie != cookie)
		*entry = (struct still_entry){.key = key,
			.cookie = cookie,
			.since_ns = now_ns,
			.first = value,
			.last = value};
	still->since_ms = (now_ns - entry->since_ns) / CLOCK_NS_PER_MS;
	still->first = entry->first;
	still->before = entry->last;
	entry->last = value;
	entry->look = look;
	return true;
}

void
still_forget_other(struct still_table *table, uint64_t key, uint64_t value)
{
	uint32_t index;

	/* No socket has this cookie, so that the next one is another. */
	if (map_find(&table->index, key, &index) && table->entries[index].last != value)
		table->entries[index].cookie = 0;
}

void
still_sweep(struct still_table *table, uint32_t look)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < table->count; i++) {
		const struct still_entry entry = table->entries[i];

		if (entry.look != look) {
			map_remove(&table->index, entry.key);
			continue;
		}
		if (kept != i) {
			/* The key is there: nothing is allocated. */
			(void)map_set(&table->index, entry.key, kept);
			table->entries[kept] = entry;
		}
		kept++;
	}
	table->count = kept;
}
