/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One target that is probed: its sockets, its schedule, and what is in flight. Belongs to the
 * engine; the methods (method.h) send for it and read what came.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_TARGET_H
#define SOCKWATCH_COLLECTOR_PROBE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/stream.h>

#include "probe_schedule.h"
#include "probe_wire.h"
#include "rate_limit.h"

enum {
	TARGET_FLIGHTS = 1024, /* one cycle of all ttls of all flows */
	TARGET_UDP_PORT = 33434,
	TARGET_TCP_PORT = 80,
};

struct flight {
	uint64_t sent_ns; /* CLOCK_REALTIME */
	uint32_t sequence, cycle;
	uint8_t ttl, flow;
	bool is_told, is_stamped, is_answered;
};

/* What came back, whatever it came on. */
struct answer {
	enum probe_answer kind;
	uint8_t icmp_type, icmp_code;
	uint8_t ttl;
	bool is_stamped;
	uint16_t extension;
	uint32_t info;
	uint64_t received_ns; /* CLOCK_REALTIME */
	struct address from;
	struct text data;
};

struct attempt;

struct target {
	struct probe_engine *engine;
	struct message_probe_start start; /* within the bounds */
	const struct method *method;      /* NULL: none could be opened */
	char text[256];                   /* what is said of it */
	int error;                        /* errno, positive */
	bool is_v4;
	bool is_running;
	bool is_over; /* to be freed when the loop is idle of it */

	int fd;       /* -1: none */
	int route_fd; /* connected, never written: tells source address and path MTU */
	int reserved[PLAN_FLOWS_MAX]; /* hold source ports */
	uint16_t source_ports[PLAN_FLOWS_MAX];
	struct address local; /* source address as the kernel chose */
	uint16_t mtu;
	uint16_t size;           /* of payload, lowered to what fits */
	uint16_t id;             /* of raw ICMP */
	uint32_t number;         /* TCP: sequence number of probe 0 */
	struct attempt *attempt; /* of the connect method */

	struct probe_schedule schedule;
	struct rate_limit_slot *slots; /* flows of max_ttl each */
	uint32_t sequence;             /* last used */
	uint32_t told;                 /* up to this one all are told */
	uint32_t key_base;             /* sequence whose transmit stamp has key 0 */
	uint64_t last_sent_ns;         /* CLOCK_MONOTONIC */
	struct flight flights[TARGET_FLIGHTS];
};

/* NULL: no memory. Says how it went in text and error; opens its method, sends nothing yet. */
struct target *target_new(
	struct probe_engine *engine, const struct message_probe_start *start, uint32_t turn);
void target_free(struct target *target);

/* Sends what is due and looks what came at once; ends what is over. */
void target_run(struct target *target, uint64_t now_ns);
/* No answer can come any more, until something is sent. */
bool target_is_quiet(const struct target *target, uint64_t now_ns);
/* CLOCK_MONOTONIC; PLAN_NEVER. */
uint64_t target_next_ns(const struct target *target);
void target_tell_state(const struct target *target);

/* May this step be taken now, or is its router to be spared? To be called once per step. */
bool target_may_send(
	struct target *target, const struct probe_schedule_step *step, uint64_t now_ns);

/* A new probe in flight, not yet told. */
struct flight *target_take_off(struct target *target, const struct probe_schedule_step *step);
/* Its sending failed: told, forgotten. */
void target_crashed(struct target *target, struct flight *flight, int error);
/* The kernel's transmit stamp. */
void target_stamped(struct target *target, uint32_t sequence, uint64_t sent_ns);
void target_answered(struct target *target, uint32_t sequence, const struct answer *answer);
/* Tells all that were sent and not yet told: no stamp came at once. */
void target_tell_sent(struct target *target);
/* A probe was too big for the path; mtu: what fits, or 0. */
void target_too_big(struct target *target, uint32_t mtu);

#endif
