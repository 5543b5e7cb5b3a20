/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One target that is probed: its sockets, its schedule, and what is in flight. Belongs to the
 * engine; the methods (method.h) build its probes and read what came back.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_TARGET_H
#define SOCKWATCH_COLLECTOR_PROBE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>

#include "collector/probe/method/mtu_search.h"
#include "in_flight.h"
#include "probe_schedule.h"
#include "probe_wire.h"
#include "rate_limit.h"

enum {
	TARGET_IN_FLIGHT_MAX = 1024, /* one cycle of all ttls of all flows */
	TARGET_UDP_PORT = 33434,
	TARGET_TCP_PORT = 80,
	TARGET_LABELS = 1 << 20,
	TARGET_LABEL_STEP = 0x1357b,
};

struct attempt;
struct probe_engine;

struct target {
	struct probe_engine *engine;
	struct message_probe_start start; /* within the bounds */
	const struct method *method;      /* NULL: none could be opened */
	char text[256];                   /* which method was taken, or why none */
	int error;                        /* errno, positive */
	bool is_v4;
	bool is_running;
	bool is_over; /* nothing is due or awaited any more: to be freed */
	/* Nothing can be sent at present: error says why. The method is that of before, or NULL. */
	bool is_blocked;
	uint64_t reopened_ns; /* CLOCK_MONOTONIC: when its sockets were last opened */

	int fd;     /* -1: none */
	int any_fd; /* hears answers from other addresses, until the target's own answers; -1: none
		     */
	int route_fd; /* connected, never written: gives source address and path MTU */
	int reserved[PROBE_SCHEDULE_FLOWS_MAX]; /* hold source ports */
	uint16_t source_ports[PROBE_SCHEDULE_FLOWS_MAX];
	struct address local; /* source address as the kernel chose */
	uint16_t mtu;
	uint16_t size;           /* of payload, lowered to what fits */
	uint16_t id;             /* of raw ICMP */
	uint32_t label;          /* flow label of flow 0, IPv6 */
	uint32_t number;         /* TCP: sequence number of probe 0 */
	struct attempt *attempt; /* of method_connect */

	struct mtu_search search;
	uint64_t search_ns;  /* CLOCK_MONOTONIC: when its next round is due */
	uint64_t longest_ns; /* until an answer, ever */
	bool has_echo;       /* an echo request was answered by the target */
	struct probe_schedule schedule;
	struct rate_limit_slot *slots; /* flows of max_ttl each */
	uint32_t sequence;             /* last used */
	uint32_t reported;             /* all up to this one are reported */
	uint32_t key_base;             /* sequence whose transmit stamp has key 0 */
	uint64_t last_sent_ns;         /* CLOCK_MONOTONIC */
	struct in_flight in_flight[TARGET_IN_FLIGHT_MAX];
};

/* The flow label of a flow, RFC 6437: 20 bits, not 0. */
static inline uint32_t
target_flow_label(const struct target *target, unsigned flow)
{
	return (target->label + flow * TARGET_LABEL_STEP) % (TARGET_LABELS - 1) + 1;
}

/*
 * Opens a method; sends nothing yet. What came of it is in text and error. rotation: rotates the
 * order of the hops. NULL: no memory.
 */
struct target *target_new(
	struct probe_engine *engine, const struct message_probe_start *start, uint32_t rotation);
void target_free(struct target *target);

/* Sends what is due. Sets is_over when everything was sent and the last answer is overdue. */
void target_run(struct target *target, uint64_t now_ns);

#endif
