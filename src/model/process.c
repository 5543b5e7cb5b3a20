/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of processes and owners. Owners are records in one array, in a list for each inode. The
 * index from inode to the head of its list keeps owner numbers only (4 bytes a slot; the inode is
 * read from the record), with linear probing and without tombstones. A process does not know its
 * records: when processes end, one pass over all records (sequential, about 2 ns each) finds
 * theirs, for all that ended at once. That saves 8 bytes a socket.
 */
#include <config.h>

#include <sockwatch/model/process.h>

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 64, FIRST_OWNERS = 256, FIRST_HEADS = 512, PID_BITS = 65536 };

void
process_table_init(struct process_table *table, uint32_t owner_limit)
{
	*table = (struct process_table){
		.owner_free = OWNER_NONE,
		.owner_limit = owner_limit < OWNER_NONE ? owner_limit : OWNER_NONE - 1,
	};
	map_init(&table->by_pid);
}

void
process_table_fini(struct process_table *table)
{
	map_fini(&table->by_pid);
	free(table->rows);
	free(table->owners);
	free(table->heads);
	process_table_init(table, table->owner_limit);
}

void
process_table_clear(struct process_table *table)
{
	const uint64_t refused = table->refused;

	process_table_fini(table);
	table->refused = refused;
}

struct process_row *
process_table_find(const struct process_table *table, uint32_t pid)
{
	uint32_t i;

	return map_find(&table->by_pid, pid, &i) ? &table->rows[i] : NULL;
}

struct process_row *
process_table_get(struct process_table *table, uint32_t pid)
{
	struct process_row *row = process_table_find(table, pid);

	if (row != NULL)
		return row;
	if (table->count == PROCESS_ROWS_MAX)
		return NULL;
	if (table->count == table->capacity) {
		const uint32_t capacity = table->capacity != 0 ? table->capacity * 2 : FIRST_ROWS;
		struct process_row *const rows = reallocarray(table->rows, capacity, sizeof *rows);

		if (rows == NULL)
			return NULL;
		table->rows = rows;
		table->capacity = capacity;
	}
	if (map_set(&table->by_pid, pid, table->count) != 0)
		return NULL;
	row = &table->rows[table->count++];
	*row = (struct process_row){.pid = pid};
	return row;
}

void
process_table_set_error(struct process_table *table, struct process_row *process, int32_t fd_error)
{
	table->hidden -= process->fd_error != 0;
	table->hidden += fd_error != 0;
	process->fd_error = fd_error;
}

/* The last row fills the gap. */
static void
drop_row(struct process_table *table, struct process_row *row)
{
	struct process_row *const last = &table->rows[table->count - 1];

	process_table_set_error(table, row, 0);
	table->dying -= row->dying;
	map_remove(&table->by_pid, row->pid);
	table->count--;
	if (row == last)
		return;
	*row = *last;
	/* The key is there: this replaces its value and cannot fail. */
	map_set(&table->by_pid, row->pid, (uint32_t)(row - table->rows));
}

static size_t
home_of(const struct process_table *table, uint32_t inode)
{
	return (size_t)map_hash(inode) & (table->head_capacity - 1);
}

/* Where the inode's head is, or the free slot where it would be. There is always a free one. */
static size_t
slot_of(const struct process_table *table, uint32_t inode)
{
	size_t slot = home_of(table, inode);

	while (table->heads[slot] != OWNER_NONE && table->owners[table->heads[slot]].inode != inode)
		slot = (slot + 1) & (table->head_capacity - 1);
	return slot;
}

void
process_table_prefetch(const struct process_table *table, uint32_t inode, bool record)
{
	size_t slot;

	if (table->head_capacity == 0 || inode == 0)
		return;
	slot = home_of(table, inode);
	if (!record)
		__builtin_prefetch(&table->heads[slot]);
	else if (table->heads[slot] != OWNER_NONE)
		__builtin_prefetch(&table->owners[table->heads[slot]]);
}

static bool
grow_heads(struct process_table *table)
{
	const size_t old_capacity = table->head_capacity;
	const size_t capacity = old_capacity != 0 ? old_capacity * 2 : FIRST_HEADS;
	uint32_t *const old = table->heads;
	uint32_t *const heads = malloc(capacity * sizeof *heads);

	if (heads == NULL)
		return false;
	/* OWNER_NONE is all ones in every byte. */
	memset(heads, 0xff, capacity * sizeof *heads);
	table->heads = heads;
	table->head_capacity = capacity;
	for (size_t i = 0; i < old_capacity; i++) {
		if (old[i] != OWNER_NONE)
			heads[slot_of(table, table->owners[old[i]].inode)] = old[i];
	}
	free(old);
	return true;
}

static void
remove_head(struct process_table *table, size_t hole)
{
	const size_t mask = table->head_capacity - 1;

	for (size_t i = (hole + 1) & mask; table->heads[i] != OWNER_NONE; i = (i + 1) & mask) {
		const size_t home = home_of(table, table->owners[table->heads[i]].inode);

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		table->heads[hole] = table->heads[i];
		hole = i;
	}
	table->heads[hole] = OWNER_NONE;
	table->head_count--;
}

static uint32_t
take_owner(struct process_table *table)
{
	const uint32_t free_one = table->owner_free;

	if (free_one != OWNER_NONE) {
		table->owner_free = table->owners[free_one].next;
		return free_one;
	}
	if (table->owner_used >= table->owner_limit)
		return OWNER_NONE;
	if (table->owner_used == table->owner_capacity) {
		const uint32_t capacity =
			table->owner_capacity != 0 ? table->owner_capacity * 2 : FIRST_OWNERS;
		struct owner *const owners = reallocarray(table->owners, capacity, sizeof *owners);

		if (owners == NULL || capacity < table->owner_capacity)
			return OWNER_NONE;
		table->owners = owners;
		table->owner_capacity = capacity;
	}
	return table->owner_used++;
}

static bool
comes_before(const struct owner *owner, uint32_t pid, uint32_t fd)
{
	return owner->pid < pid || (owner->pid == pid && owner->fd < fd);
}

static bool
is_owner(const struct owner *owner, uint32_t pid, uint32_t fd)
{
	return owner->pid == pid && owner->fd == fd;
}

/* The link that holds the first record that does not come before (pid, fd). */
static uint32_t *
find_link(struct process_table *table, size_t slot, uint32_t pid, uint32_t fd)
{
	uint32_t *link = &table->heads[slot];

	while (*link != OWNER_NONE && comes_before(&table->owners[*link], pid, fd))
		link = &table->owners[*link].next;
	return link;
}

static bool
is_full(const struct process_table *table, size_t slot)
{
	uint32_t length = 0;

	for (uint32_t i = table->heads[slot]; i != OWNER_NONE; i = table->owners[i].next)
		length++;
	return length >= PROCESS_OWNERS_MAX;
}

bool
process_table_hold(struct process_table *table, uint32_t pid, uint32_t inode, uint32_t fd)
{
	struct process_row *process;
	size_t slot;
	uint32_t *link, number;

	if (inode == 0)
		return false;
	process = process_table_get(table, pid);
	if (process == NULL ||
		(table->head_count + 1 > table->head_capacity / 4 * 3 && !grow_heads(table)))
		goto refuse;
	slot = slot_of(table, inode);
	link = find_link(table, slot, pid, fd);
	if (*link != OWNER_NONE && is_owner(&table->owners[*link], pid, fd))
		return false;
	if (is_full(table, slot) || (number = take_owner(table)) == OWNER_NONE)
		goto refuse;
	/* The array may have moved. */
	link = find_link(table, slot, pid, fd);
	if (table->heads[slot] == OWNER_NONE)
		table->head_count++;
	table->owners[number] = (struct owner){.pid = pid, .fd = fd, .inode = inode, .next = *link};
	*link = number;
	table->owner_count++;
	process->held++;
	return true;
refuse:
	table->refused++;
	return false;
}

/* Takes the record that link holds out of the list of this slot. */
static void
unlink_owner(struct process_table *table, size_t slot, uint32_t *link)
{
	const uint32_t number = *link;
	struct owner *const owner = &table->owners[number];

	if (link == &table->heads[slot] && owner->next == OWNER_NONE)
		remove_head(table, slot);
	else
		*link = owner->next;
	*owner = (struct owner){.next = table->owner_free};
	table->owner_free = number;
	table->owner_count--;
}

bool
process_table_release(struct process_table *table, uint32_t pid, uint32_t inode, uint32_t fd)
{
	struct process_row *const process = process_table_find(table, pid);
	size_t slot;
	uint32_t *link;

	if (process == NULL || process->held == 0 || inode == 0)
		return false;
	slot = slot_of(table, inode);
	link = find_link(table, slot, pid, fd);
	if (*link == OWNER_NONE || !is_owner(&table->owners[*link], pid, fd))
		return false;
	unlink_owner(table, slot, link);
	process->held--;
	return true;
}

void
process_table_mark(struct process_table *table, uint32_t pid)
{
	struct process_row *const row = process_table_find(table, pid);

	if (row == NULL || row->dying)
		return;
	if (row->held == 0) {
		drop_row(table, row);
		return;
	}
	row->dying = true;
	table->dying++;
}

static void
forget_owner(struct process_table *table, const struct owner *owner)
{
	const size_t slot = slot_of(table, owner->inode);
	uint32_t *const link = find_link(table, slot, owner->pid, owner->fd);

	unlink_owner(table, slot, link);
}

void
process_table_sweep(struct process_table *table)
{
	/* Most records belong to none of them; a bit of the pid shows that at once. */
	uint64_t pids[PID_BITS / 64] = {0};

	if (table->dying == 0)
		return;
	for (uint32_t i = 0; i < table->count; i++) {
		const uint32_t bit = table->rows[i].pid % PID_BITS;

		if (table->rows[i].dying)
			pids[bit / 64] |= UINT64_C(1) << bit % 64;
	}
	for (uint32_t i = 0; i < table->owner_used; i++) {
		const struct owner *const owner = &table->owners[i];
		const uint32_t bit = owner->pid % PID_BITS;
		const struct process_row *process;

		if (owner->inode == 0 || !(pids[bit / 64] >> bit % 64 & 1))
			continue;
		process = process_table_find(table, owner->pid);
		if (process == NULL || process->dying)
			forget_owner(table, owner);
	}
	/* From the end: the row that fills a gap has been looked at. */
	for (uint32_t i = table->count; i-- > 0 && table->dying != 0;) {
		if (table->rows[i].dying)
			drop_row(table, &table->rows[i]);
	}
}

void
process_table_remove(struct process_table *table, uint32_t pid)
{
	process_table_mark(table, pid);
	process_table_sweep(table);
}

const struct owner *
process_table_owner(const struct process_table *table, uint32_t inode)
{
	uint32_t head;

	if (inode == 0 || table->head_count == 0)
		return NULL;
	head = table->heads[slot_of(table, inode)];
	return head != OWNER_NONE ? &table->owners[head] : NULL;
}

const struct owner *
process_table_next(const struct process_table *table, const struct owner *owner)
{
	return owner->next != OWNER_NONE ? &table->owners[owner->next] : NULL;
}
