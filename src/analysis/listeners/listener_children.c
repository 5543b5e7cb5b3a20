/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connections of listeners: which listener each came in by, and what is counted of them. */
#include <config.h>

#include "listener_private.h"

#include <string.h>

#include <sockwatch/model/sysctl.h>

struct listener_key
listener_children_key(const struct socket_row *row)
{
	return (struct listener_key){.local = row->local,
		.ifindex = row->ifindex,
		.port = row->local_port,
		.netns = row->netns};
}

uint64_t
listener_children_hash(const struct listener_key *key)
{
	return map_hash_16(
		&key->local, (uint64_t)key->ifindex << 32 | (uint32_t)key->port << 16 | key->netns);
}

static bool
is_marked(const struct listener_table *table, uint16_t port)
{
	return (table->ports[port / 8] >> port % 8 & 1) != 0;
}

/* The group of exactly this address, for connections through the interface or not bound to one. */
static struct listener_group *
find_at(const struct listener_table *table, struct listener_key key)
{
	struct listener_group *group =
		keyed_find_hashed(&table->groups, &key, listener_children_hash(&key));

	if (group != NULL || key.ifindex == 0)
		return group;
	/* A link-local address makes a connection bound to a link, but not its listener. */
	key.ifindex = 0;
	return keyed_find_hashed(&table->groups, &key, listener_children_hash(&key));
}

/* As the kernel chooses (inet_lookup_listener): the address, all of its family, all. */
static struct listener_group *
find_group(const struct listener_table *table, const struct socket_row *row)
{
	static const uint8_t zeros[4];
	struct listener_key key = listener_children_key(row);
	struct listener_group *group;

	if (!is_marked(table, row->local_port))
		return NULL;
	group = find_at(table, key);
	if (group == NULL && address_is_v4(&row->local)) {
		key.local = address_from_v4(zeros);
		group = find_at(table, key);
	}
	if (group == NULL) {
		memset(&key.local, 0, sizeof key.local);
		group = find_at(table, key);
	}
	return group;
}

/* A number for a connection that stays when its socket gets another cookie in TIME-WAIT. */
static uint64_t
connection_hash(const struct socket_row *row)
{
	const uint64_t seed =
		(uint64_t)row->netns << 32 | (uint32_t)row->local_port << 16 | row->remote_port;

	return map_hash_16(&row->remote, seed);
}

/* Values of the maps of connections. */
enum { WAITS_FOR_ACCEPT, IS_REQUEST };

static bool
is_waiting(const struct socket_row *row)
{
	return row->inode == 0 &&
	       (row->state == TCP_STATE_ESTABLISHED || row->state == TCP_STATE_CLOSE_WAIT);
}

/* It was first seen after the update before. */
static bool
is_new(const struct listener_table *table, const struct socket_row *row)
{
	return table->seconds > 0 && (int32_t)(row->first_ms - table->updated_ms) > 0;
}

static void
see_request(
	struct listener_table *table, struct listener_group *group, const struct socket_row *row)
{
	const struct listener_source source = {.remote = row->remote,
		.group = (uint64_t)(group - (struct listener_group *)keyed_at(&table->groups, 0))};

	half_open_see(&group->half_open, &table->sources, &source, row);
	/* Without memory for the map an accepted connection is not counted. */
	(void)map_set(&table->waiting, connection_hash(row), IS_REQUEST);
}

static void
see_waiting(
	struct listener_table *table, struct listener_group *group, const struct socket_row *row)
{
	const uint64_t hash = connection_hash(row);
	uint32_t before;

	group->unaccepted++;
	(void)map_set(&table->waiting, hash, WAITS_FOR_ACCEPT);
	if (map_find(&table->waited, hash, &before) && before == WAITS_FOR_ACCEPT)
		group->waited--;
}

/*
 * What is not counted here was accepted before, or waited for it at the update before: those that
 * do not wait any more are counted together, by `waited`.
 */
static bool
is_accepted(const struct listener_table *table, const struct socket_row *row)
{
	uint32_t before;

	return table->waited.count != 0 && map_find(&table->waited, connection_hash(row), &before)
		       ? before == IS_REQUEST
		       : is_new(table, row);
}

void
listener_children_see(struct listener_table *table, const struct socket_row *row)
{
	struct listener_group *const group = find_group(table, row);
	const bool is_closed = (row->flags & SOCKET_CLOSED) != 0;

	if (group == NULL)
		return;
	if (!is_closed)
		group->by_state[row->state]++;
	if (row->state == TCP_STATE_SYN_RECEIVED) {
		if (!is_closed)
			see_request(table, group, row);
	} else if (is_waiting(row)) {
		if (!is_closed)
			see_waiting(table, group, row);
	} else {
		group->accepted += is_accepted(table, row);
	}
}

void
listener_children_begin(struct listener_table *table)
{
	map_clear(&table->waiting);
	keyed_clear(&table->sources);
	for (uint32_t i = 0; i < table->groups.count; i++) {
		struct listener_group *const group = keyed_at(&table->groups, i);

		*group = (struct listener_group){.key = group->key,
			.listeners = group->listeners,
			.backlogs = group->backlogs,
			.before = group->before,
			.waited = group->before};
	}
}

enum listener_exposure
listener_exposure(const struct socket_row *row)
{
	if (address_is_any(&row->local))
		return LISTENER_EXPOSURE_ALL;
	return address_is_loopback(&row->local) ? LISTENER_EXPOSURE_LOOPBACK
						: LISTENER_EXPOSURE_ADDRESS;
}

/*
 * With cookies the queue of half-open connections is as long as the backlog, and
 * tcp_max_syn_backlog has no effect. Without them SYNs are dropped from three quarters of
 * tcp_max_syn_backlog on too (tcp_conn_request).
 */
bool
listener_half_open_limit(
	const struct model *model, const struct listener_group *group, uint32_t *limit)
{
	uint64_t cookies, most;

	if (!model_sysctl(model, group->key.netns, SYSCTL_SYNCOOKIES, &cookies))
		return false;
	*limit = cookies >= 2 ? 0 : group->backlogs;
	if (cookies != 0)
		return true;
	if (!model_sysctl(model, group->key.netns, SYSCTL_MAX_SYN_BACKLOG, &most))
		return false;
	most -= most / 4;
	if (*limit > most)
		*limit = (uint32_t)most;
	return true;
}
