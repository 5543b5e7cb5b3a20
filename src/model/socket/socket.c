/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of sockets. Rows stand in blocks that never move. The index holds only ids, 4 bytes a
 * slot: the key is read from the row itself. Linear probing; a removal moves the followers of its
 * run back, so that there are no tombstones after millions of sockets have come and gone.
 */
#include <config.h>

#include <sockwatch/model/socket.h>

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "model/socket/protocol.h"

enum { FIRST_INDEX = 1024, FIRST_BLOCKS = 16, FIRST_FREE = 256 };

static_assert(sizeof(struct socket_row) <= 320, "a row has grown: 500,000 of them must fit");

static size_t
home_of(const struct socket_table *table, uint16_t netns, uint64_t cookie)
{
	return (size_t)map_hash(cookie ^ (uint64_t)netns << 48) & (table->index_capacity - 1);
}

/* Where the key is, or the free slot where it would be put. There is always a free one. */
static size_t
slot_of(const struct socket_table *table, uint16_t netns, uint64_t cookie)
{
	size_t slot = home_of(table, netns, cookie);

	for (;; slot = (slot + 1) & (table->index_capacity - 1)) {
		const struct socket_row *row;

		if (table->index[slot] == SOCKET_NONE)
			return slot;
		row = socket_table_row(table, table->index[slot]);
		if (row->cookie == cookie && row->netns == netns)
			return slot;
	}
}

void
socket_table_init(struct socket_table *table, uint32_t limit)
{
	*table = (struct socket_table){.limit = limit < SOCKET_NONE ? limit : SOCKET_NONE - 1};
}

void
socket_table_fini(struct socket_table *table)
{
	for (size_t i = 0; i < table->block_count; i++)
		free(table->blocks[i]);
	free(table->blocks);
	free(table->free_ids);
	free(table->index);
	socket_table_init(table, table->limit);
}

uint32_t
socket_table_find(const struct socket_table *table, uint16_t netns, uint64_t cookie)
{
	if (table->count == 0)
		return SOCKET_NONE;
	return table->index[slot_of(table, netns, cookie)];
}

void
socket_table_prefetch(const struct socket_table *table, uint16_t netns, uint64_t cookie)
{
	if (table->count != 0)
		__builtin_prefetch(&table->index[home_of(table, netns, cookie)]);
}

static bool
grow_index(struct socket_table *table)
{
	const size_t capacity =
		table->index_capacity != 0 ? table->index_capacity * 2 : FIRST_INDEX;
	uint32_t *const index = malloc(capacity * sizeof *index);

	if (index == NULL)
		return false;
	/* SOCKET_NONE is all ones in every byte. */
	memset(index, 0xff, capacity * sizeof *index);
	free(table->index);
	table->index = index;
	table->index_capacity = capacity;
	/* In the order of the rows: they are read as they stand in memory. */
	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);
		size_t slot;

		if (row->flags & SOCKET_FREE)
			continue;
		slot = home_of(table, row->netns, row->cookie);
		while (index[slot] != SOCKET_NONE)
			slot = (slot + 1) & (capacity - 1);
		index[slot] = id;
	}
	return true;
}

static bool
grow_blocks(struct socket_table *table)
{
	struct socket_row *block;

	/* The array of blocks doubles whenever their number is a power of two. */
	if (table->block_count == 0 ||
		(table->block_count >= FIRST_BLOCKS &&
			(table->block_count & (table->block_count - 1)) == 0)) {
		const size_t capacity =
			table->block_count != 0 ? table->block_count * 2 : FIRST_BLOCKS;
		struct socket_row **const blocks =
			reallocarray(table->blocks, capacity, sizeof *blocks);

		if (blocks == NULL)
			return false;
		table->blocks = blocks;
	}
	block = malloc(SOCKET_BLOCK_ROWS * sizeof *block);
	if (block == NULL)
		return false;
	table->blocks[table->block_count++] = block;
	return true;
}

static bool
grow_free(struct socket_table *table)
{
	const size_t capacity = table->free_capacity != 0 ? table->free_capacity * 2 : FIRST_FREE;
	uint32_t *const ids = reallocarray(table->free_ids, capacity, sizeof *ids);

	if (ids == NULL)
		return false;
	table->free_ids = ids;
	table->free_capacity = capacity;
	return true;
}

static uint32_t
take_id(struct socket_table *table)
{
	if (table->free_count != 0)
		return table->free_ids[--table->free_count];
	if (table->used / SOCKET_BLOCK_ROWS == table->block_count && !grow_blocks(table))
		return SOCKET_NONE;
	return table->used++;
}

uint32_t
socket_table_add(struct socket_table *table, uint16_t netns, uint64_t cookie)
{
	struct socket_row *row;
	uint32_t id;

	if (table->count >= table->limit) {
		table->refused++;
		return SOCKET_NONE;
	}
	if ((table->count + 1 > table->index_capacity / 4 * 3 && !grow_index(table)) ||
		(id = take_id(table)) == SOCKET_NONE) {
		table->refused++;
		return SOCKET_NONE;
	}
	row = socket_table_row(table, id);
	memset(row, 0, sizeof *row);
	row->cookie = cookie;
	row->netns = netns;
	table->index[slot_of(table, netns, cookie)] = id;
	table->count++;
	return id;
}

static void
remove_from_index(struct socket_table *table, const struct socket_row *row)
{
	const size_t mask = table->index_capacity - 1;
	size_t hole = slot_of(table, row->netns, row->cookie);

	for (size_t i = (hole + 1) & mask; table->index[i] != SOCKET_NONE; i = (i + 1) & mask) {
		const struct socket_row *const other = socket_table_row(table, table->index[i]);
		const size_t home = home_of(table, other->netns, other->cookie);

		/* Its home lies after the hole: a look-up still finds it where it is. */
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		table->index[hole] = table->index[i];
		hole = i;
	}
	table->index[hole] = SOCKET_NONE;
}

static uint32_t *
count_of(struct socket_table *table, const struct socket_row *row)
{
	return &table->by_state[socket_protocol_index(row->protocol)][row->state];
}

static bool
is_counted(const struct socket_row *row)
{
	return row->state != TCP_STATE_UNKNOWN && !(row->flags & SOCKET_CLOSED);
}

void
socket_table_remove(struct socket_table *table, uint32_t id)
{
	struct socket_row *const row = socket_table_row(table, id);

	if (row->flags & SOCKET_FREE)
		return;
	remove_from_index(table, row);
	if (is_counted(row))
		(*count_of(table, row))--;
	if (row->flags & SOCKET_CLOSED)
		table->closed--;
	row->has = 0;
	row->flags = SOCKET_FREE;
	table->count--;
	/* Without memory for it the id is lost, no more. */
	if (table->free_count < table->free_capacity || grow_free(table))
		table->free_ids[table->free_count++] = id;
}

void
socket_table_set_state(struct socket_table *table, struct socket_row *row, enum tcp_state state)
{
	if (is_counted(row))
		(*count_of(table, row))--;
	row->state = (uint8_t)state;
	if (is_counted(row))
		(*count_of(table, row))++;
}

void
socket_table_set_closed(struct socket_table *table, struct socket_row *row)
{
	if (row->flags & SOCKET_CLOSED)
		return;
	if (is_counted(row))
		(*count_of(table, row))--;
	row->flags |= SOCKET_CLOSED;
	table->closed++;
}

void
socket_table_set_open(struct socket_table *table, struct socket_row *row)
{
	if (!(row->flags & SOCKET_CLOSED))
		return;
	row->flags &= (uint16_t)~SOCKET_CLOSED;
	table->closed--;
	if (is_counted(row))
		(*count_of(table, row))++;
}

const char *
socket_state_name(const struct socket_row *row)
{
	if (row->protocol == IPPROTO_UDP)
		return row->state == TCP_STATE_ESTABLISHED ? tcp_state_name(TCP_STATE_ESTABLISHED)
							   : "UNCONN";
	return tcp_state_name(row->state);
}
