/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which ttl of which flow is probed when. The first cycle goes to every ttl, in waves a few
 * milliseconds apart, so that a near target is not asked thirty times. Later cycles go as far as
 * the path is known, some steps at a time, spread over half of the interval, and now and then
 * further. Pure: the caller passes the time and what was answered.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_PROBE_SCHEDULE_H
#define SOCKWATCH_COLLECTOR_PROBE_PROBE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>

enum { PROBE_SCHEDULE_TTL_MAX = 64, PROBE_SCHEDULE_FLOWS_MAX = 16 };

#define PROBE_SCHEDULE_NEVER UINT64_MAX

struct probe_schedule_flow {
	uint8_t end;       /* ttl at which the path ends, or 0: not known */
	uint8_t farthest;  /* largest ttl that answered, or 0 */
	uint8_t as_router; /* least ttl at which the target answered as a router, and no router
			      beyond; or 0 */
	uint8_t last;      /* largest ttl of this cycle */
	uint8_t quiet;     /* probes of the end since it answered */
	uint32_t looks;    /* cycles without an end since something new answered */
};

struct probe_schedule_step {
	uint8_t ttl, flow;
};

struct probe_schedule {
	uint8_t first_ttl, max_ttl, flows;
	uint32_t cycles;    /* 0: without end */
	uint32_t cycle;     /* current, from 1; 0: not begun */
	uint32_t rotation;  /* rotates the order in which targets probe their hops */
	uint64_t interval;  /* ns */
	uint64_t phase;     /* ns; added once, after the first cycle */
	uint64_t cycle_ns;  /* when the current cycle began, or the first will */
	uint64_t wave_ns;   /* when the last wave of the first cycle went */
	uint32_t at, count; /* steps of this cycle: next, all */
	uint8_t span;       /* ttls of a flow in this cycle */
	struct probe_schedule_flow flow[PROBE_SCHEDULE_FLOWS_MAX];
};

/* start is within the bounds. now_ns: any clock that only goes forward. */
void probe_schedule_init(struct probe_schedule *schedule, const struct message_probe_start *start,
	uint32_t rotation, uint64_t now_ns);
/* When to call probe_schedule_take next; PROBE_SCHEDULE_NEVER: all cycles are done. */
uint64_t probe_schedule_next_ns(const struct probe_schedule *schedule);
/* The next step, when it is due. */
bool probe_schedule_take(
	struct probe_schedule *schedule, uint64_t now_ns, struct probe_schedule_step *step);
/* The step was sent. The rate limit may leave out a step. */
void probe_schedule_sent(struct probe_schedule *schedule, const struct probe_schedule_step *step);
enum probe_schedule_answer {
	PROBE_SCHEDULE_ROUTER,
	PROBE_SCHEDULE_AS_ROUTER, /* by the target's address, as a router: the end, unless routers
				     follow */
	PROBE_SCHEDULE_END        /* by the target, or by a router that lets nothing pass */
};

/* The step was answered. */
void probe_schedule_answered(struct probe_schedule *schedule,
	const struct probe_schedule_step *step, enum probe_schedule_answer answer);
/*
 * The ttl of the end of the path, when no hop between the last router and it ever answered: the
 * host at the end may be at this ttl already, silent because it was asked too often. 0: no.
 */
uint8_t probe_schedule_may_be_end(
	const struct probe_schedule *schedule, const struct probe_schedule_step *step);
/* The flow's path is known beyond this ttl, so a hop that does not answer here is just silent. */
bool probe_schedule_is_before_end(
	const struct probe_schedule *schedule, const struct probe_schedule_step *step);

#endif
