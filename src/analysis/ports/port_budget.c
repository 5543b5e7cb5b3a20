/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the local ports of each destination in one sweep over the rows.
 *	port_space.c          the ports that a namespace has for connect()
 *	destination_fields.c  the fields of a destination
 *	destination_get.c     their getters
 *
 * The kernel does not report which side opened a connection. It is incoming where its local port is
 * bound: somebody listens on it, listened when the connection was first seen, or bound a socket to
 * it; connect() never chooses such a port. So ports that were bound stay so while sockets have
 *them.
 */
#include <config.h>

#include "port_private.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

static_assert(sizeof(struct destination_key) == 40, "keys are compared as bytes");

/* Rates are the mean of so long, to tell a trend from a wave. */
#define TREND_S 10.0
/* Ports a second; what is left of a trend that ended minutes ago is none. */
#define LEAST_GROWTH 0.001

void
port_budget_init(struct port_budget *budget)
{
	memset(budget, 0, sizeof *budget);
	keyed_init(&budget->destinations, sizeof(struct destination),
		sizeof(struct destination_key), DESTINATIONS_MAX);
	keyed_init(&budget->before, sizeof(struct destination), sizeof(struct destination_key),
		DESTINATIONS_MAX);
	budget->fullest = DESTINATION_NONE;
	keyed_init(&budget->spaces, sizeof(struct port_space), sizeof(uint64_t), PORT_SPACES_MAX);
}

void
port_budget_fini(struct port_budget *budget)
{
	keyed_fini(&budget->destinations);
	keyed_fini(&budget->before);
	keyed_fini(&budget->spaces);
	map_fini(&budget->ports);
}

uint64_t
port_budget_refused(const struct port_budget *budget)
{
	return budget->destinations.refused + budget->spaces.refused + budget->refused;
}

const struct port_space *
port_budget_space(const struct port_budget *budget, uint32_t netns)
{
	const uint64_t key = netns;

	return keyed_find(&budget->spaces, &key);
}

static bool
is_bound_only(const struct socket_row *row)
{
	return row->state == TCP_STATE_LISTEN ||
	       (row->state == TCP_STATE_CLOSED && row->remote_port == 0);
}

/* The wire showed that the peer sent the first SYN: its listener has gone since. */
static bool
is_opened_by_peer(const struct model *model, const struct socket_row *row)
{
	const struct conversation *conversation;

	if (model->wire == NULL || wire_slots(model->wire) == 0)
		return false;
	conversation = model_socket_conversation(model, row);
	return conversation != NULL && conversation->syn_ns != 0 && !conversation->mid_stream &&
	       conversation_side_of(conversation, &row->local, row->local_port) == 1;
}

/* The processes with most sockets stay in the array; it is small, and nearly always one. */
static void
see_process(
	struct destination *destination, const struct model *model, const struct socket_row *row)
{
	const struct process_row *const process =
		row->inode != 0 ? model_socket_process(model, row) : NULL;
	uint32_t i = 0;

	if (process == NULL)
		return;
	while (i < destination->process_count && destination->processes[i].pid != process->pid)
		i++;
	if (i == DESTINATION_PROCESSES)
		return;
	if (i == destination->process_count)
		destination->processes[destination->process_count++] =
			(struct destination_process){.pid = process->pid};
	destination->processes[i].sockets++;
	for (; i > 0 && destination->processes[i].sockets > destination->processes[i - 1].sockets;
		i--) {
		const struct destination_process less = destination->processes[i - 1];

		destination->processes[i - 1] = destination->processes[i];
		destination->processes[i] = less;
	}
}

/*
 * A connection has taken the port of a TIME-WAIT that is still in the table: it is one port, in
 * use. The TIME-WAITs were seen before all others; without one no two sockets have one port.
 */
static void
see_shared_port(struct port_budget *budget, struct destination *destination, bool may_reuse,
	const struct socket_row *row)
{
	const ptrdiff_t index =
		destination - (struct destination *)keyed_at(&budget->destinations, 0);
	const uint64_t port = (uint64_t)index << 16 | row->local_port;
	const bool is_shared = destination->by_state[TCP_STATE_TIME_WAIT] > 0;
	uint32_t reusable;

	if (is_shared && map_find(&budget->ports, port, &reusable)) {
		if (reusable != 0 && !may_reuse) {
			destination->reusable--;
			(void)map_set(&budget->ports, port, 0);
		}
		return;
	}
	if (is_shared && map_set(&budget->ports, port, may_reuse) != 0) {
		budget->refused++;
		return;
	}
	destination->used++;
	destination->reusable += may_reuse;
}

static uint64_t
hash_of(const struct destination_key *key)
{
	return map_hash_16(
		&key->remote, map_hash_16(&key->local, (uint64_t)key->netns << 16 | key->port));
}

/* It was first seen after the update before. A TIME-WAIT is as old as its connection. */
static bool
is_new(const struct port_budget *budget, const struct socket_row *row)
{
	return budget->interval_s > 0 && (int32_t)(row->first_ms - budget->updated_ms) > 0;
}

/* Where no TIME-WAIT is used again, no two sockets have one port. */
static void
see_outgoing(struct port_budget *budget, const struct port_space *space, const struct model *model,
	const struct socket_row *row)
{
	const struct destination_key key = {.local = row->local,
		.remote = row->remote,
		.netns = row->netns,
		.port = row->remote_port};
	struct destination *const destination =
		keyed_get_hashed(&budget->destinations, &key, hash_of(&key));

	if (destination == NULL)
		return;
	destination->by_state[row->state]++;
	destination->taken += is_new(budget, row);
	if (port_space_reuses(space, row))
		see_shared_port(budget, destination, port_space_may_reuse(space, model, row), row);
	else
		destination->used++;
	if (destination->asked++ < budget->asked_max)
		see_process(destination, model, row);
}

static void
see_row(struct port_budget *budget, struct port_space *space, const struct model *model,
	const struct socket_row *row)
{
	if (space == NULL || row->local_port == 0)
		return;
	if (is_bound_only(row) || port_set_has(&space->taken, row->local_port))
		port_set_add(&space->taking, row->local_port);
	else if (row->state == TCP_STATE_CLOSED || !port_set_has(&space->offered, row->local_port))
		return;
	else if (is_opened_by_peer(model, row))
		port_set_add(&space->taking, row->local_port);
	else
		see_outgoing(budget, space, model, row);
}

static struct port_space *
find_space(const struct port_budget *budget, uint64_t netns)
{
	return keyed_find(&budget->spaces, &netns);
}

/* Of each destination, when there are about as many as in the sweep before. */
static uint32_t
asked_max(uint32_t destinations)
{
	const uint32_t share = PORT_ASKED_MAX / (destinations + 1);

	if (share < DESTINATION_ASKED_LEAST)
		return DESTINATION_ASKED_LEAST;
	return share < DESTINATION_ASKED_MAX ? share : (uint32_t)DESTINATION_ASKED_MAX;
}

static void
sweep_rows(struct port_budget *budget, const struct model *model, bool time_waits)
{
	struct port_space *space = NULL;

	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0 ||
			row->protocol != IPPROTO_TCP ||
			(row->state == TCP_STATE_TIME_WAIT) != time_waits)
			continue;
		/* Nearly all rows are of the namespace of the row before. */
		if (space == NULL || space->netns != row->netns)
			space = find_space(budget, row->netns);
		see_row(budget, space, model, row);
	}
}

/*
 * Ports that are bound, before the first sweep over the rows of a namespace: the connections of its
 * listeners would be destinations otherwise, each of them one.
 */
static void
take_bound(struct port_budget *budget, const struct model *model)
{
	bool is_new = false;

	for (uint32_t i = 0; i < budget->spaces.count; i++)
		is_new |= !((const struct port_space *)keyed_at(&budget->spaces, i))->was_swept;
	for (uint32_t id = 0; is_new && id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);
		struct port_space *space;

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0 ||
			row->protocol != IPPROTO_TCP || !is_bound_only(row))
			continue;
		space = find_space(budget, row->netns);
		if (space != NULL && !space->was_swept)
			port_set_add(&space->taken, row->local_port);
	}
}

/* True when it must be done again. */
static bool
sweep(struct port_budget *budget, const struct model *model)
{
	bool again = false;

	budget->asked_max = asked_max(budget->before.count);
	keyed_clear(&budget->destinations);
	map_clear(&budget->ports);
	for (uint32_t i = 0; i < budget->spaces.count; i++)
		port_space_begin(keyed_at(&budget->spaces, i));
	if (model->sockets.by_state[0][TCP_STATE_TIME_WAIT] > 0)
		sweep_rows(budget, model, true);
	sweep_rows(budget, model, false);
	for (uint32_t i = 0; i < budget->spaces.count; i++)
		again |= port_space_end(keyed_at(&budget->spaces, i));
	return again;
}

/* Our numbers of namespaces stay, so that a space is one namespace's for ever. */
static void
read_spaces(struct port_budget *budget, const struct model *model)
{
	for (uint32_t i = 0; i < model->netns_count; i++) {
		const uint64_t netns = i;
		struct port_space *space;

		if (model->netns[i] == NULL || model->netns[i]->gone)
			continue;
		space = keyed_get(&budget->spaces, &netns);
		if (space != NULL)
			port_space_read(space, model);
	}
}

/* A destination whose sockets are all in TIME-WAIT has no process any more. */
static void
keep_processes(struct destination *destination, const struct destination *before)
{
	if (destination->process_count != 0)
		return;
	memcpy(destination->processes, before->processes, sizeof destination->processes);
	destination->process_count = before->process_count;
	destination->is_late = before->process_count != 0;
}

static void
set_rates(struct port_budget *budget, struct destination *destination,
	const struct destination *before)
{
	const uint32_t used_before = before != NULL ? before->used : 0;
	const double seconds = (before != NULL ? before->seconds : 0) + budget->interval_s;
	const double weight = budget->interval_s / (seconds < TREND_S ? seconds : TREND_S);
	/* A port that was taken again at once came free too. */
	const double freed_ports = (double)used_before + destination->taken - destination->used;
	const double taken = destination->taken / budget->interval_s;
	const double freed = freed_ports > 0 ? freed_ports / budget->interval_s : 0;

	destination->seconds = seconds;
	destination->taken_a_second = before != NULL ? before->taken_a_second : 0;
	destination->freed_a_second = before != NULL ? before->freed_a_second : 0;
	destination->taken_a_second += (taken - destination->taken_a_second) * weight;
	destination->freed_a_second += (freed - destination->freed_a_second) * weight;
}

static void
compare_with_before(struct port_budget *budget)
{
	for (uint32_t i = 0; i < budget->destinations.count; i++) {
		struct destination *const destination = keyed_at(&budget->destinations, i);
		const struct destination *const before = keyed_find_hashed(
			&budget->before, &destination->key, hash_of(&destination->key));

		if (before != NULL)
			keep_processes(destination, before);
		if (budget->interval_s > 0)
			set_rates(budget, destination, before);
	}
}

/* In one namespace the one with most ports in use is the fullest: only that has to be compared. */
static void
find_fullest(struct port_budget *budget)
{
	double most = 0;
	uint32_t netns = 0, in_use_most = 0;

	budget->fullest = DESTINATION_NONE;
	for (uint32_t i = 0; i < budget->destinations.count; i++) {
		const struct destination *const destination = port_budget_at(budget, i);
		const uint32_t in_use = destination->used - destination->reusable;
		double percent;

		if ((destination->key.netns == netns && in_use <= in_use_most) ||
			!destination_percent(budget, destination, &percent) || percent <= most)
			continue;
		most = percent;
		netns = destination->key.netns;
		in_use_most = in_use;
		budget->fullest = i;
	}
}

/* What is now becomes what was before. */
static void
turn(struct port_budget *budget)
{
	const struct keyed destinations = budget->before;

	budget->before = budget->destinations;
	budget->destinations = destinations;
}

/* The snapshot was begun at a time of the collector's clock, which is another one after a boot. */
static void
set_interval(struct port_budget *budget, const struct model *model)
{
	const uint64_t now_ns = model->snapshot_monotonic_ns;

	budget->interval_s =
		budget->updates > 1 && now_ns > budget->updated_ns
			? (double)(now_ns - budget->updated_ns) / (double)CLOCK_NS_PER_S
			: 0;
	budget->updated_ns = now_ns;
}

void
port_budget_update(struct port_budget *budget, const struct model *model)
{
	budget->updates++;
	set_interval(budget, model);
	turn(budget);
	read_spaces(budget, model);
	take_bound(budget, model);
	/* Rarely: when a port was bound or is bound no more. */
	if (sweep(budget, model))
		(void)sweep(budget, model);
	for (uint32_t i = 0; i < budget->spaces.count; i++)
		port_space_count(keyed_at(&budget->spaces, i));
	compare_with_before(budget);
	find_fullest(budget);
	budget->updated_ms = model_now_ms(model);
}

bool
destination_free(
	const struct port_budget *budget, const struct destination *destination, uint32_t *ports)
{
	const struct port_space *const space = port_budget_space(budget, destination->key.netns);
	const uint32_t in_use = destination->used - destination->reusable;

	if (space == NULL || !space->is_known)
		return false;
	*ports = space->usable > in_use ? space->usable - in_use : 0;
	return true;
}

bool
destination_percent(
	const struct port_budget *budget, const struct destination *destination, double *percent)
{
	const struct port_space *const space = port_budget_space(budget, destination->key.netns);
	const uint32_t in_use = destination->used - destination->reusable;

	if (space == NULL || !space->is_known)
		return false;
	*percent = in_use >= space->usable ? 100 : 100.0 * in_use / space->usable;
	return true;
}

bool
destination_left_s(
	const struct port_budget *budget, const struct destination *destination, double *left_s)
{
	const double growth = destination->taken_a_second - destination->freed_a_second;
	uint32_t ports;

	if (destination->seconds <= 0 || !destination_free(budget, destination, &ports))
		return false;
	if (ports > 0 && growth < LEAST_GROWTH)
		return false;
	*left_s = ports > 0 ? ports / growth : 0;
	return true;
}
