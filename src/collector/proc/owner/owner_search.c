/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets whose owner is not known yet, and which processes are likely to hold them. */
#include <config.h>

#include "owner_search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	PENDING_MAX = 65536,
	/* When these are full they are forgotten as a whole, so each is searched for once more. */
	SETTLED_MAX = 262144,
	LISTENERS_MAX = 65536,
	PORT_BYTES = 65536 / 8, /* a bit for each port */
};

int
owner_search_init(struct owner_search *search)
{
	*search = (struct owner_search){.listened = calloc(1, PORT_BYTES)};
	return search->listened != NULL ? 0 : -ENOMEM;
}

void
owner_search_fini(struct owner_search *search)
{
	free(search->pending);
	free(search->listened);
	map_fini(&search->by_inode);
	map_fini(&search->by_cookie);
	map_fini(&search->settled);
	map_fini(&search->listeners);
}

static bool
make_room(struct owner_search *search)
{
	const uint32_t capacity = search->capacity != 0 ? search->capacity * 2 : 64;
	struct pending *grown;

	if (search->count < search->capacity)
		return true;
	if (capacity > PENDING_MAX)
		return false;
	grown = reallocarray(search->pending, capacity, sizeof *grown);
	if (grown == NULL)
		return false;
	search->pending = grown;
	search->capacity = capacity;
	return true;
}

static void
settle(struct owner_search *search, uint64_t cookie)
{
	if (search->settled.count >= SETTLED_MAX)
		map_clear(&search->settled);
	(void)map_set(&search->settled, cookie, 1);
}

static bool
record_pending(struct owner_search *search, const struct pending *socket)
{
	if (!make_room(search) || map_set(&search->by_inode, socket->inode, search->count) != 0)
		return false;
	if (map_set(&search->by_cookie, socket->cookie, search->count) != 0) {
		(void)map_remove(&search->by_inode, socket->inode);
		return false;
	}
	search->pending[search->count++] = *socket;
	return true;
}

void
owner_search_add(struct owner_search *search, const struct pending *socket, bool record)
{
	uint32_t index;

	if (record) {
		/* The subflows of MPTCP share one inode. */
		if (map_find(&search->by_cookie, socket->cookie, &index) ||
			map_find(&search->by_inode, socket->inode, &index) ||
			map_find(&search->settled, socket->cookie, &index) ||
			record_pending(search, socket))
			return;
		/* Too many to list: all processes are read instead, which settles this one. */
		settle(search, socket->cookie);
	}
	search->sweep_since = socket->since;
	search->unrecorded++;
}

void
owner_search_add_listener(struct owner_search *search, uint32_t inode, uint16_t port)
{
	if (search->listeners.count >= LISTENERS_MAX) {
		map_clear(&search->listeners);
		memset(search->listened, 0, PORT_BYTES);
	}
	if (map_set(&search->listeners, inode, port) == 0)
		search->listened[port / 8] |= (uint8_t)(1u << port % 8);
}

static void
remove_at(struct owner_search *search, uint32_t index)
{
	const struct pending *const last = &search->pending[search->count - 1];

	(void)map_remove(&search->by_inode, search->pending[index].inode);
	(void)map_remove(&search->by_cookie, search->pending[index].cookie);
	search->count--;
	if (index == search->count)
		return;
	search->pending[index] = *last;
	/* The keys are there, so this needs no memory. */
	(void)map_set(&search->by_inode, last->inode, index);
	(void)map_set(&search->by_cookie, last->cookie, index);
}

void
owner_search_found(struct owner_search *search, uint32_t inode)
{
	uint32_t index;

	if (search->count != 0 && map_find(&search->by_inode, inode, &index))
		remove_at(search, index);
	else if (search->unrecorded > 0)
		search->unrecorded--;
}

void
owner_search_lost(struct owner_search *search, uint64_t cookie)
{
	uint32_t index;

	if (search->settled.count != 0)
		(void)map_remove(&search->settled, cookie);
	if (search->count != 0 && map_find(&search->by_cookie, cookie, &index))
		remove_at(search, index);
}

void
owner_search_missed(struct owner_search *search, uint32_t refresh)
{
	search->sweep_since = refresh;
}

/* Neighbouring ports fall on different bits. */
static unsigned int
port_bit(uint32_t port)
{
	return (port ^ port >> 6) % OWNER_SEARCH_PORT_BITS;
}

uint64_t
owner_search_ports(const struct owner_search *search, const struct holder *holder)
{
	uint64_t ports = 0;

	if (search->listeners.count == 0)
		return 0;
	for (size_t i = 0; i < holder->held_count; i++) {
		uint32_t port;

		if (map_find(&search->listeners, hold_inode(holder->held[i]), &port))
			ports |= UINT64_C(1) << port_bit(port);
	}
	return ports;
}

static void
note_uid(struct owner_search *search, uint32_t uid, uint32_t since)
{
	uint32_t i;

	for (i = 0; i < search->uid_count && search->uids[i] != uid; i++)
		;
	if (i == OWNER_SEARCH_UIDS) {
		if (search->newest_other_uid < since)
			search->newest_other_uid = since;
		return;
	}
	if (i == search->uid_count) {
		search->uids[i] = uid;
		search->newest_by_uid[i] = 0;
		search->uid_count++;
	}
	if (search->newest_by_uid[i] < since)
		search->newest_by_uid[i] = since;
}

void
owner_search_prepare(struct owner_search *search)
{
	memset(search->newest_by_port, 0, sizeof search->newest_by_port);
	search->uid_count = 0;
	search->newest_other_uid = 0;
	for (uint32_t i = 0; i < search->count; i++) {
		const struct pending *const socket = &search->pending[i];
		uint32_t *const newest = &search->newest_by_port[port_bit(socket->port)];

		note_uid(search, socket->uid, socket->since);
		/* A client's port does not show who holds it. */
		if ((search->listened[socket->port / 8] >> socket->port % 8 & 1) != 0 &&
			*newest < socket->since)
			*newest = socket->since;
	}
}

enum owner_rank
owner_search_rank(const struct owner_search *search, const struct holder *holder)
{
	uint32_t newest = search->newest_other_uid;

	for (uint64_t ports = holder->ports; ports != 0; ports &= ports - 1)
		if (search->newest_by_port[__builtin_ctzll(ports)] > holder->read_in)
			return OWNER_RANK_LISTENER;
	for (uint32_t i = 0; i < search->uid_count; i++)
		if (search->uids[i] == holder->uid)
			newest = search->newest_by_uid[i];
	return newest > holder->read_in ? OWNER_RANK_UID : OWNER_RANK_NONE;
}

uint32_t
owner_search_sweep(const struct owner_search *search, uint32_t now)
{
	uint32_t since = search->sweep_since;

	for (uint32_t i = 0; i < search->count; i++)
		if (search->pending[i].since < now && search->pending[i].since > since)
			since = search->pending[i].since;
	return since;
}

void
owner_search_settle(struct owner_search *search, uint32_t oldest)
{
	for (uint32_t i = search->count; i-- > 0;) {
		if (search->pending[i].since > oldest)
			continue;
		settle(search, search->pending[i].cookie);
		remove_at(search, i);
	}
	if (search->sweep_since <= oldest)
		search->sweep_since = search->unrecorded = 0;
}

uint32_t
owner_search_pending(const struct owner_search *search)
{
	return search->count + search->unrecorded;
}
