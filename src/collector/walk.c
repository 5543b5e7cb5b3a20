/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps through one table of one namespace in one refresh:
 * WALK_COUNT (only where a walk may be left out) -> WALK_DUMP, once per request -> WALK_MPTCP (of
 * TCP; while there are none, now and then) -> WALK_SWEEP (not
 * after an incomplete dump, nor for a single listing) -> WALK_DONE. A request that fails ends the
 * dump as incomplete.
 */
#include <config.h>

#include "walk.h"

#include <stdlib.h>

#include <sockwatch/base/clock.h>

enum {
	UNCONNECTED_INTERVAL_S = 5,
	MPTCP_INTERVAL_S = 5,
	/* A change that shows in no counter of an idle namespace is found that late. */
	WALK_INTERVAL_S = 30,
};

static void
fail(struct walk *walk, int error)
{
	walk->dump.error = -error;
	walk->phase = WALK_SWEEP;
}

static void
send_request(struct walk *walk, const struct message_subscription *subscription, uint32_t states)
{
	int error;

	walk->dump.sequence = ++*walk->sequence;
	dump_request_build(&walk->request, subscription, walk->protocol, walk->index, states,
		walk->dump.sequence);
	error = dump_send(&walk->dump, &walk->request);
	if (error != 0)
		fail(walk, error);
}

/*
 * TCP sockets that are bound but neither listen nor connect are in another table of the kernel,
 * with 65,536 buckets: on a quiet machine to look there takes longer than all the rest. They are
 * few and do nothing, so they are asked for only now and then.
 */
static bool
wants_unconnected(const struct walk *walk)
{
	const struct netns_table *const table = walk->table;

	return walk->protocol != PROTOCOL_TCP || !table->is_reported ||
	       walk->options.subscription->once ||
	       walk->start_ns - table->unconnected_ns >= UNCONNECTED_INTERVAL_S * CLOCK_NS_PER_S ||
	       (dump_request_states(walk->options.subscription) & REQUEST_STATE_ESTABLISHED) == 0;
}

static void
choose_states(struct walk *walk, bool is_full)
{
	const uint32_t states = dump_request_states(walk->options.subscription);

	walk->is_full = is_full;
	if (!is_full) {
		walk->states = states & REQUEST_STATE_LISTEN;
		/* Connections are left out because there are none, or because there is no time. */
		walk->classes =
			walk->is_postponed ? DIGEST_LISTENER : DIGEST_LISTENER | DIGEST_CONNECTION;
	} else if (wants_unconnected(walk)) {
		walk->states = states;
		walk->classes = DIGEST_ALL;
		walk->table->unconnected_ns = walk->start_ns;
	} else {
		walk->states = states & ~REQUEST_STATE_BOUND;
		walk->classes = DIGEST_LISTENER | DIGEST_CONNECTION;
	}
}

static void
start_dump(struct walk *walk, bool is_full)
{
	walk->phase = WALK_DUMP;
	choose_states(walk, is_full);
	walk->dump.known = walk->options.subscription->once ? NULL : &walk->table->known;
	walk->dump.needs = walk->options.subscription->needs;
	if (walk->states == 0)
		walk->phase = WALK_SWEEP;
	else
		send_request(walk, walk->options.subscription, walk->states);
}

static void
start_count(struct walk *walk)
{
	/* Without conditions, so that the number can be compared with the kernel's. */
	static const struct message_subscription listeners = {.protocols = PROTOCOL_TCP};

	walk->phase = WALK_COUNT;
	walk->dump.is_quiet = true;
	send_request(walk, &listeners, REQUEST_STATE_LISTEN);
}

/* See idle.h. */
static bool
is_idle(const struct walk *walk)
{
	const struct idle_facts *const facts = &walk->facts;
	const struct netns_table *const table = walk->table;

	if (!walk->has_facts || facts->time_wait != 0 || facts->in_use != walk->listeners)
		return false;
	/* Connection requests are not counted as in use, but none comes without a segment. */
	if (table->is_walked &&
		walk->start_ns - table->walked_ns >= WALK_INTERVAL_S * CLOCK_NS_PER_S &&
		walk->options.is_allowed)
		return false;
	if (table->is_walked)
		return !table->had_connections && facts->in_segs == table->in_segs;
	if (facts->in_segs == 0)
		return true;
	return walk->options.subscription->once && !facts->had_requests;
}

static void
end_count(struct walk *walk)
{
	const bool counted = walk->dump.error == 0 && !walk->dump.interrupted;
	bool idle;

	walk->listeners = walk->dump.listed;
	idle = counted && is_idle(walk);
	walk->dump = (struct dump){.fd = walk->netns->diag, .netns = walk->netns->id};
	walk->is_postponed = !idle && !walk->options.is_allowed;
	start_dump(walk, !idle && !walk->is_postponed);
}

void
walk_start(struct walk *walk, struct netns *netns, uint8_t protocol,
	const struct walk_options *options, const struct dump_sink *sink, uint32_t *sequence)
{
	struct message_dump_begin begin = {.netns = netns->id, .protocols = protocol};

	*walk = (struct walk){
		.options = *options,
		.netns = netns,
		.table = protocol == PROTOCOL_TCP ? &netns->tcp : &netns->udp,
		.protocol = protocol,
		.dump = {.fd = netns->diag, .netns = netns->id},
		.sequence = sequence,
		.start_ns = clock_monotonic_ns(),
	};
	if (!walk->table->is_reported)
		digest_clear(&walk->table->known);
	digest_begin(&walk->table->known);
	begin.full = !walk->table->is_reported;
	begin.monotonic_ns = walk->start_ns;
	(void)stream_write_message(sink->writer, MESSAGE_DUMP_BEGIN, &begin);
	if (options->may_skip && protocol == PROTOCOL_TCP) {
		/* Before the dump: the next refresh sees what comes in later. */
		walk->has_facts = idle_read(netns->counters, &walk->facts);
		start_count(walk);
	} else {
		start_dump(walk, true);
	}
}

bool
walk_is_complete(const struct walk *walk)
{
	return walk->dump.error == 0 && !walk->dump.interrupted && !walk->is_postponed;
}

static void
finish(struct walk *walk, const struct dump_sink *sink)
{
	const struct message_dump_end end = {
		.netns = walk->netns->id,
		.protocols = walk->protocol,
		.complete = walk_is_complete(walk),
		.listed = walk->dump.listed,
		.sent = walk->dump.sent,
		.error = walk->dump.error,
	};

	if (end.complete != 0)
		walk->table->is_reported = true;
	if (end.complete != 0 && walk->is_full) {
		walk->table->is_walked = walk->has_facts;
		walk->table->walked_ns = walk->start_ns;
		walk->table->had_connections = walk->dump.connections > 0;
		walk->table->in_segs = walk->facts.in_segs;
	}
	(void)stream_write_message(sink->writer, MESSAGE_DUMP_END, &end);
	walk->phase = WALK_DONE;
}

static enum dump_status
sweep(struct walk *walk, const struct dump_sink *sink)
{
	uint64_t cookies[MESSAGE_ARRAY_MAX];
	struct message_gone gone = {.netns = walk->netns->id, .cookies = {.data = cookies}};

	/* After a dump that failed or has gaps, a socket that was not listed may still exist. */
	if (walk->dump.known != NULL && walk->dump.error == 0 && !walk->dump.interrupted) {
		gone.cookies.count = digest_sweep(
			walk->dump.known, walk->classes, &walk->sweep, cookies, MESSAGE_ARRAY_MAX);
	}
	if (gone.cookies.count == 0) {
		finish(walk, sink);
		return DUMP_DONE;
	}
	(void)stream_write_message(sink->writer, MESSAGE_GONE, &gone);
	if (sink->proc != NULL)
		proc_lost_sockets(sink->proc, cookies, gone.cookies.count);
	return DUMP_MORE;
}

/* Each request walks a table of the kernel that is empty nearly everywhere. */
static bool
wants_mptcp(const struct walk *walk)
{
	const struct netns_table *const table = walk->table;

	return walk->protocol == PROTOCOL_TCP && walk->is_full && walk->dump.error == 0 &&
	       (table->has_mptcp || table->mptcp_ns == 0 || walk->options.subscription->once ||
		       walk->start_ns - table->mptcp_ns >= MPTCP_INTERVAL_S * CLOCK_NS_PER_S);
}

static void
end_mptcp(struct walk *walk, const struct dump_sink *sink)
{
	const struct dump_queues *const queues = walk->queues;
	const struct message_mptcp message = {.netns = walk->netns->id,
		.receive = {.data = queues->receive, .count = queues->count},
		.send = {.data = queues->send, .count = queues->count}};

	if (queues->count != 0 || walk->table->has_mptcp)
		(void)stream_write_message(sink->writer, MESSAGE_MPTCP, &message);
	walk->table->has_mptcp = queues->count != 0;
	walk->table->mptcp_ns = walk->start_ns;
	free(walk->queues);
	walk->queues = NULL;
	walk->phase = WALK_SWEEP;
}

static void
ask_mptcp(struct walk *walk, const struct dump_sink *sink)
{
	walk->mptcp.sequence = ++*walk->sequence;
	dump_request_build_mptcp(&walk->request, walk->mptcp_index, walk->mptcp.sequence);
	if (dump_send(&walk->mptcp, &walk->request) != 0)
		end_mptcp(walk, sink);
}

static void
start_mptcp(struct walk *walk, const struct dump_sink *sink)
{
	walk->phase = WALK_SWEEP;
	if (!wants_mptcp(walk))
		return;
	walk->queues = calloc(1, sizeof *walk->queues);
	if (walk->queues == NULL)
		return;
	walk->phase = WALK_MPTCP;
	walk->mptcp = (struct dump){
		.fd = walk->netns->diag, .netns = walk->netns->id, .queues = walk->queues};
	ask_mptcp(walk, sink);
}

static enum dump_status
take_mptcp(struct walk *walk, const struct dump_sink *sink, uint64_t until_ns)
{
	const enum dump_status status = dump_step(&walk->mptcp, sink, until_ns);

	if (status != DUMP_DONE)
		return status;
	if (walk->mptcp.error == 0 && ++walk->mptcp_index < DUMP_REQUEST_MPTCP_COUNT)
		ask_mptcp(walk, sink);
	else
		end_mptcp(walk, sink);
	return DUMP_MORE;
}

static enum dump_status
take(struct walk *walk, const struct dump_sink *sink, uint64_t until_ns)
{
	const enum dump_status status = dump_step(&walk->dump, sink, until_ns);

	if (status != DUMP_DONE)
		return status;
	if (walk->phase == WALK_COUNT) {
		end_count(walk);
	} else if (walk->dump.error == 0 &&
		   ++walk->index < dump_request_count(walk->options.subscription, walk->protocol)) {
		send_request(walk, walk->options.subscription, walk->states);
	} else {
		start_mptcp(walk, sink);
	}
	return DUMP_MORE;
}

enum dump_status
walk_step(struct walk *walk, const struct dump_sink *sink, uint64_t until_ns)
{
	do {
		enum dump_status status = DUMP_DONE;

		if (stream_pending(sink->writer) >= DUMP_PENDING_MAX &&
			stream_flush(sink->writer) != 0)
			return DUMP_BLOCKED;
		switch (walk->phase) {
		case WALK_COUNT:
		case WALK_DUMP: status = take(walk, sink, until_ns); break;
		case WALK_MPTCP: status = take_mptcp(walk, sink, until_ns); break;
		case WALK_SWEEP: status = sweep(walk, sink); break;
		case WALK_DONE: break;
		}
		if (status != DUMP_MORE)
			return status;
	} while (clock_monotonic_ns() < until_ns);
	return DUMP_MORE;
}
