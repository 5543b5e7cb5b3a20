/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of processes and the sockets that each holds. */
#include <config.h>

#include "holders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
holders_init(struct holders *holders)
{
	*holders = (struct holders){0};
	map_init(&holders->owned);
	map_init(&holders->adrift);
}

static void
free_parts(struct holder *holder)
{
	free(holder->held);
	free(holder->tids);
}

void
holders_fini(struct holders *holders)
{
	for (size_t i = 0; i < holders->count; i++) {
		holders_release_kept(holders, holders->rows[i]);
		free_parts(holders->rows[i]);
		free(holders->rows[i]);
	}
	free(holders->rows);
	free(holders->spare);
	map_fini(&holders->owned);
	map_fini(&holders->adrift);
}

static int
make_room(struct holders *holders, size_t count)
{
	struct holder **rows, **spare;
	const size_t capacity = count + count / 4 + 64;

	if (count <= holders->capacity)
		return 0;
	spare = reallocarray(holders->spare, capacity, sizeof(struct holder *));
	if (spare == NULL)
		return -ENOMEM;
	holders->spare = spare;
	rows = reallocarray(holders->rows, capacity, sizeof(struct holder *));
	if (rows == NULL)
		return -ENOMEM;
	holders->rows = rows;
	holders->capacity = capacity;
	return 0;
}

static bool
same_pids(const struct holders *holders, const uint32_t *pids, size_t count)
{
	if (count != holders->count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (holders->rows[i]->pid != pids[i])
			return false;
	return true;
}

void
holders_keep(struct holders *holders, struct holder *holder, int fd)
{
	holders_release_kept(holders, holder);
	holder->kept = (uint32_t)fd + 1;
	holders->kept_count++;
}

void
holders_release_kept(struct holders *holders, struct holder *holder)
{
	if (holder->kept == 0)
		return;
	close((int)holder->kept - 1);
	holder->kept = 0;
	holders->kept_count--;
}

static void
discard(struct holders *holders, struct holder *holder)
{
	for (size_t i = 0; i < holder->held_count; i++)
		holders_count_release(holders, holder->held[i]);
	holders_release_kept(holders, holder);
	free_parts(holder);
	free(holder);
}

static struct holder *
new_holder(uint32_t pid)
{
	struct holder *const holder = calloc(1, sizeof *holder);

	if (holder != NULL)
		holder->pid = pid;
	return holder;
}

int
holders_update(struct holders *holders, const uint32_t *pids, size_t count,
	void (*gone)(void *context, struct holder *holder), void *context)
{
	struct holder **rows;
	size_t next = 0, added = 0;

	if (same_pids(holders, pids, count))
		return 0;
	if (make_room(holders, count) != 0)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct holder *holder = NULL;

		for (; next < holders->count && holders->rows[next]->pid < pids[i]; next++) {
			gone(context, holders->rows[next]);
			discard(holders, holders->rows[next]);
		}
		if (next < holders->count && holders->rows[next]->pid == pids[i])
			holder = holders->rows[next++];
		else
			holder = new_holder(pids[i]);
		/* Without memory it is a process that we do not see in this refresh. */
		if (holder != NULL)
			holders->spare[added++] = holder;
	}
	for (; next < holders->count; next++) {
		gone(context, holders->rows[next]);
		discard(holders, holders->rows[next]);
	}
	rows = holders->rows;
	holders->rows = holders->spare;
	holders->spare = rows;
	holders->count = added;
	return 0;
}

void
holders_reset(struct holders *holders, struct holder *holder)
{
	for (size_t i = 0; i < holder->held_count; i++)
		holders_count_release(holders, holder->held[i]);
	holders_release_kept(holders, holder);
	free_parts(holder);
	*holder = (struct holder){.pid = holder->pid};
}

void
holders_count_hold(struct holders *holders, uint64_t hold)
{
	uint32_t count = 0;

	(void)map_find(&holders->owned, hold_inode(hold), &count);
	/* Without memory the socket is searched for again when it changes. */
	if (count < MAP_EMPTY - 1)
		(void)map_set(&holders->owned, hold_inode(hold), count + 1);
	if (count == 0)
		(void)holders_take_adrift(holders, hold_inode(hold));
}

static void
set_adrift(struct holders *holders, uint32_t inode)
{
	/* Without room its new holder is found when that is verified. */
	if (holders->adrift.count >= HOLDERS_ADRIFT_MAX || map_set(&holders->adrift, inode, 1) != 0)
		return;
	holders->adrift_bits[inode % HOLDERS_ADRIFT_BITS / 64] |= UINT64_C(1) << inode % 64;
}

bool
holders_take_adrift(struct holders *holders, uint32_t inode)
{
	return holders_may_be_adrift(holders, inode) && map_remove(&holders->adrift, inode);
}

void
holders_clear_adrift(struct holders *holders)
{
	map_clear(&holders->adrift);
	memset(holders->adrift_bits, 0, sizeof holders->adrift_bits);
}

void
holders_count_release(struct holders *holders, uint64_t hold)
{
	uint32_t count;

	if (!map_find(&holders->owned, hold_inode(hold), &count))
		return;
	if (count <= 1) {
		(void)map_remove(&holders->owned, hold_inode(hold));
		set_adrift(holders, hold_inode(hold));
	} else {
		(void)map_set(&holders->owned, hold_inode(hold), count - 1);
	}
}

bool
holders_owned(const struct holders *holders, uint32_t inode)
{
	uint32_t count;

	return map_find(&holders->owned, inode, &count);
}
