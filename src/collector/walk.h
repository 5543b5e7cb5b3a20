/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One table (TCP or UDP) of one namespace in one refresh: the dumps, the sockets that are gone, and
 * the messages around them. Where a namespace may be idle, its listeners are counted first, and the
 * walk over all connections is left out when there can be nothing else.
 */
#ifndef SOCKWATCH_COLLECTOR_WALK_H
#define SOCKWATCH_COLLECTOR_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/netlink/dump.h"
#include "collector/netns/idle.h"
#include "collector/netns/namespaces.h"

enum walk_phase {
	WALK_COUNT, /* counts listeners */
	WALK_DUMP,  /* takes the answer to a request */
	WALK_MPTCP, /* takes the queues of MPTCP connections */
	WALK_SWEEP, /* reports what the dumps did not list */
	WALK_DONE,
};

struct walk_options {
	const struct message_subscription *subscription;
	bool may_skip;   /* leave the walk out where nothing but listeners can be */
	bool is_allowed; /* there is time for a walk that cannot be left out */
};

struct walk {
	enum walk_phase phase;
	struct walk_options options;
	struct netns *netns;
	struct netns_table *table;
	uint8_t protocol; /* enum protocol_bit */
	struct dump dump;
	struct dump_request request;
	struct dump mptcp;          /* the answer to its requests; what fails there fails nothing */
	struct dump_queues *queues; /* owned, in WALK_MPTCP */
	unsigned mptcp_index;
	unsigned index; /* of the request */
	uint32_t states;
	unsigned classes;  /* enum digest_class: the kinds that the dumps list completely */
	bool is_full;      /* all states, not just the listeners */
	bool is_postponed; /* a walk would be needed, but it is not allowed now */
	bool has_facts;
	struct idle_facts facts;
	uint32_t listeners; /* counted */
	size_t sweep;       /* position */
	uint32_t *sequence; /* of requests */
	uint64_t start_ns;  /* CLOCK_MONOTONIC */
};

/* sequence outlives the walk. The stream must have room for some messages. */
void walk_start(struct walk *walk, struct netns *netns, uint8_t protocol,
	const struct walk_options *options, const struct dump_sink *sink, uint32_t *sequence);

/* Everything that the subscription asks for was listed, or cannot exist. */
bool walk_is_complete(const struct walk *walk);

enum dump_status walk_step(struct walk *walk, const struct dump_sink *sink, uint64_t until_ns);

#endif
