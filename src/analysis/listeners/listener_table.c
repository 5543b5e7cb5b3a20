/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts what belongs to each listener, in one sweep over the rows.
 *	half_open.c          half-open connections and their sources
 *	listener_children.c  connections: which listener each came in by
 *	listener_facts.c     what the kernel counts for all of a namespace
 *	listener_fields.c    the fields of a listener
 *	listener_get.c       their getters
 */
#include <config.h>

#include "listener_private.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/base/clock.h>

static_assert(
	sizeof(struct listener_key) == 24, "keys are compared as bytes and must have no holes");
static_assert(sizeof(struct listener_source) == 24, "so are these");

struct listener_id {
	uint64_t cookie;
	uint64_t netns;
};

static_assert(
	offsetof(struct listener, socket) == sizeof(struct listener_id), "the key comes first");

void
listener_table_init(struct listener_table *table)
{
	memset(table, 0, sizeof *table);
	keyed_init(&table->listeners, sizeof(struct listener), sizeof(struct listener_id),
		LISTENERS_MAX);
	keyed_init(&table->groups, sizeof(struct listener_group), sizeof(struct listener_key),
		LISTENERS_MAX);
	/* As many as there are rows, which the model bounds. */
	keyed_init(&table->sources, sizeof(struct listener_source), sizeof(struct listener_source),
		UINT32_MAX);
}

void
listener_table_fini(struct listener_table *table)
{
	keyed_fini(&table->listeners);
	keyed_fini(&table->groups);
	map_fini(&table->waiting);
	map_fini(&table->waited);
	keyed_fini(&table->sources);
}

uint64_t
listener_table_refused(const struct listener_table *table)
{
	return table->listeners.refused + table->groups.refused;
}

static void
see_figures(struct listener *listener, const struct socket_row *row)
{
	const uint32_t drops = listener->drops;
	const bool had_drops = listener->has_drops;

	listener->accept_queue = row->receive_queue;
	listener->backlog = row->send_queue;
	if (listener->accept_queue > listener->accept_peak)
		listener->accept_peak = listener->accept_queue;
	listener->has_drops = (row->has & SOCKET_HAS_MEMORY) != 0;
	listener->drops = row->drops;
	listener->has_rate = had_drops && listener->has_drops;
	/* The kernel's counter wraps. */
	listener->dropped = listener->has_rate ? row->drops - drops : 0;
}

/* True when it is a new one. */
static bool
see_listener(struct listener_table *table, uint32_t id, const struct socket_row *row)
{
	const struct listener_id key = {.cookie = row->cookie, .netns = row->netns};
	struct listener *const listener = keyed_get(&table->listeners, &key);
	bool is_new;

	/* The second sweep of an update sees it again. */
	if (listener == NULL || listener->update == table->updates)
		return false;
	is_new = listener->update == 0;
	listener->socket = id;
	listener->update = table->updates;
	see_figures(listener, row);
	return is_new;
}

/* True when a listener was not there the time before. */
static bool
sweep(struct listener_table *table, const struct model *model)
{
	bool has_new = false;

	listener_children_begin(table);
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & SOCKET_FREE) != 0 || row->protocol != IPPROTO_TCP)
			continue;
		if (row->state != TCP_STATE_LISTEN)
			listener_children_see(table, row);
		else if ((row->flags & SOCKET_CLOSED) == 0 && see_listener(table, id, row))
			has_new = true;
	}
	return has_new;
}

/* Those that were not seen this time have ended. True when there are some. */
static bool
drop_ended(struct listener_table *table)
{
	struct keyed kept;
	uint32_t i = 0;

	while (i < table->listeners.count && listener_table_at(table, i)->update == table->updates)
		i++;
	if (i == table->listeners.count)
		return false;
	keyed_init(&kept, table->listeners.record_size, table->listeners.key_size,
		table->listeners.limit);
	kept.refused = table->listeners.refused;
	for (i = 0; i < table->listeners.count; i++) {
		const struct listener *const listener = listener_table_at(table, i);
		struct listener *const copy =
			listener->update == table->updates ? keyed_get(&kept, listener) : NULL;

		if (copy != NULL)
			*copy = *listener;
	}
	keyed_fini(&table->listeners);
	table->listeners = kept;
	return true;
}

static void
mark_port(struct listener_table *table, uint16_t port)
{
	table->ports[port / 8] |= (uint8_t)(1 << port % 8);
}

/* Puts each listener into its group; groups that go on keep what they know. */
static void
make_groups(struct listener_table *table, const struct model *model)
{
	struct keyed old = table->groups;

	keyed_init(&table->groups, old.record_size, old.key_size, old.limit);
	table->groups.refused = old.refused;
	memset(table->ports, 0, sizeof table->ports);
	for (uint32_t i = 0; i < table->listeners.count; i++) {
		struct listener *const listener = keyed_at(&table->listeners, i);
		const struct listener_key key =
			listener_children_key(socket_table_row(&model->sockets, listener->socket));
		struct listener_group *const group =
			keyed_get_hashed(&table->groups, &key, listener_children_hash(&key));
		const struct listener_group *const before =
			keyed_find_hashed(&old, &key, listener_children_hash(&key));

		listener->group = LISTENER_GROUP_NONE;
		if (group == NULL)
			continue;
		mark_port(table, key.port);
		group->before = before != NULL ? before->before : 0;
		listener->group =
			(uint32_t)(group - (struct listener_group *)keyed_at(&table->groups, 0));
	}
	keyed_fini(&old);
}

/* A listen() again on the same socket changes its backlog. */
static void
sum_groups(struct listener_table *table)
{
	for (uint32_t i = 0; i < table->groups.count; i++) {
		struct listener_group *const group = keyed_at(&table->groups, i);

		group->listeners = group->backlogs = 0;
		group->accepted += group->waited;
	}
	for (uint32_t i = 0; i < table->listeners.count; i++) {
		const struct listener *const listener = listener_table_at(table, i);
		struct listener_group *group;

		if (listener->group == LISTENER_GROUP_NONE)
			continue;
		group = keyed_at(&table->groups, listener->group);
		group->listeners++;
		group->backlogs += listener->backlog;
	}
}

/* The snapshot was begun at a time of the collector's clock, which is another one after a boot. */
static void
set_interval(struct listener_table *table, const struct model *model)
{
	const uint64_t now_ns = model->snapshot_monotonic_ns;

	table->seconds = table->updates > 1 && now_ns > table->updated_ns
				 ? (double)(now_ns - table->updated_ns) / (double)CLOCK_NS_PER_S
				 : 0;
	table->updated_ns = now_ns;
}

void
listener_table_update(struct listener_table *table, const struct model *model)
{
	const struct map waited = table->waited;
	bool is_changed;

	table->updates++;
	set_interval(table, model);
	table->waited = table->waiting;
	table->waiting = waited;
	for (uint32_t i = 0; i < table->groups.count; i++) {
		struct listener_group *const group = keyed_at(&table->groups, i);

		group->before = group->unaccepted;
	}
	is_changed = sweep(table, model);
	if (drop_ended(table) || is_changed) {
		make_groups(table, model);
		(void)sweep(table, model);
	}
	sum_groups(table);
	table->updated_ms = model_now_ms(model);
}

const struct socket_row *
listener_socket(const struct model *model, const struct listener *listener)
{
	const struct socket_row *row;

	if (listener->socket >= model->sockets.used)
		return NULL;
	row = socket_table_row(&model->sockets, listener->socket);
	return (row->flags & SOCKET_FREE) == 0 && row->cookie == listener->cookie &&
			       row->netns == listener->netns
		       ? row
		       : NULL;
}
