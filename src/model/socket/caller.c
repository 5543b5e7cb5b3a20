/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of callers: a ring of rows and an index of their ends. */
#include <config.h>

#include <sockwatch/model/caller.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 256 };

/* Hashed and compared as bytes. */
static_assert(sizeof(struct caller_end) == 40, "an end has no holes");

void
caller_table_init(struct caller_table *table)
{
	*table = (struct caller_table){.oldest = 0};
	map_init(&table->by_ends);
}

void
caller_table_fini(struct caller_table *table)
{
	map_fini(&table->by_ends);
	free(table->rows);
	caller_table_init(table);
}

static uint64_t
hash_of(const struct caller_end *end)
{
	return map_hash_bytes(end, sizeof *end, 0);
}

static bool
is_end(const struct caller_row *row, const struct caller_end *end)
{
	return memcmp(&row->end, end, sizeof *end) == 0;
}

static bool
grow(struct caller_table *table)
{
	const uint32_t capacity = table->capacity != 0 ? table->capacity * 2 : FIRST_ROWS;
	struct caller_row *const rows = reallocarray(table->rows, capacity, sizeof *rows);

	if (rows == NULL)
		return false;
	table->rows = rows;
	table->capacity = capacity;
	return true;
}

/* The oldest row, whose end is forgotten unless another row has it by now. */
static uint32_t
take_oldest(struct caller_table *table)
{
	const uint32_t number = table->oldest;
	const uint64_t hash = hash_of(&table->rows[number].end);
	uint32_t found;

	if (map_find(&table->by_ends, hash, &found) && found == number)
		map_remove(&table->by_ends, hash);
	table->oldest = (number + 1) % CALLER_ROWS_MAX;
	return number;
}

/* A row for this end: the one that it has, or another. NULL: no memory. */
static struct caller_row *
row_for(struct caller_table *table, const struct caller_end *end)
{
	const uint64_t hash = hash_of(end);
	uint32_t number;

	if (map_find(&table->by_ends, hash, &number) && is_end(&table->rows[number], end))
		return &table->rows[number];
	if (table->count == CALLER_ROWS_MAX)
		number = take_oldest(table);
	else if (table->count < table->capacity || grow(table))
		number = table->count++;
	else
		return NULL;
	table->rows[number] = (struct caller_row){.pid = 0};
	if (map_set(&table->by_ends, hash, number) != 0)
		return NULL;
	return &table->rows[number];
}

int
caller_table_add(struct caller_table *table, const struct caller *caller, uint64_t time_ns)
{
	const struct caller_end end = {
		.local = caller->local,
		.remote = caller->remote,
		.local_port = caller->local_port,
		.remote_port = caller->remote_port,
		.netns = caller->netns,
	};
	struct caller_row *row;

	if (caller->pid == 0 || caller->local_port == 0 || caller->remote_port == 0)
		return -EINVAL;
	row = row_for(table, &end);
	if (row == NULL)
		return -ENOMEM;
	*row = (struct caller_row){
		.end = end,
		.pid = caller->pid,
		.time_ns = time_ns,
	};
	memcpy(row->comm, caller->comm, strnlen(caller->comm, CALLER_COMM_SIZE - 1));
	return 0;
}

const struct caller_row *
caller_table_find(const struct caller_table *table, const struct caller_end *end)
{
	uint32_t number;

	if (!map_find(&table->by_ends, hash_of(end), &number) || !is_end(&table->rows[number], end))
		return NULL;
	return &table->rows[number];
}
