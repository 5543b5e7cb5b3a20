/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which ttl of which flow is to be probed when. The first cycle goes to every ttl, in waves a few
 * milliseconds apart, so that a near target is not asked thirty times; later ones go as far as the
 * path is known to be, some at a time, spread over half of the interval, and now and then further.
 * Pure: is told the time and what was answered.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_PROBE_SCHEDULE_H
#define SOCKWATCH_COLLECTOR_PROBE_PROBE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/stream/message.h>

enum { PROBE_SCHEDULE_TTL_MAX = 64, PROBE_SCHEDULE_FLOWS_MAX = 16 };

#define PROBE_SCHEDULE_NEVER UINT64_MAX

struct probe_schedule_flow {
	uint8_t end;      /* ttl at which the path ends, or 0: not known */
	uint8_t farthest; /* that answered, or 0 */
	uint8_t last;     /* to be probed in this cycle */
	uint8_t quiet;    /* probes of the end since it answered */
	uint32_t looks;   /* cycles without an end since something new answered */
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
	uint64_t cycle_ns;  /* when the current cycle began, or the first shall */
	uint64_t wave_ns;   /* when the last wave of the first cycle went */
	uint32_t at, count; /* steps of this cycle: next, all */
	uint8_t span;       /* ttls of a flow in this cycle */
	struct probe_schedule_flow flow[PROBE_SCHEDULE_FLOWS_MAX];
};

/* start holds to the bounds. now_ns: any clock that only goes forward. */
void probe_schedule_init(struct probe_schedule *schedule, const struct message_probe_start *start,
	uint32_t rotation, uint64_t now_ns);
/* When probe_schedule_take shall be called next, or PROBE_SCHEDULE_NEVER: all cycles are done. */
uint64_t probe_schedule_next_ns(const struct probe_schedule *schedule);
/* The next step, when it is due. */
bool probe_schedule_take(
	struct probe_schedule *schedule, uint64_t now_ns, struct probe_schedule_step *step);
/* The step was taken indeed: rate limit may have had it left out. */
void probe_schedule_sent(struct probe_schedule *schedule, const struct probe_schedule_step *step);
/* Somebody answered; is_end: the target did, or a router beyond which nothing comes. */
void probe_schedule_answered(
	struct probe_schedule *schedule, const struct probe_schedule_step *step, bool is_end);
/*
 * The end of the path, where nobody is known to answer between the last router and it: who answered
 * there may stand at this ttl already, and have said nothing because it was asked too often. 0: no.
 */
uint8_t probe_schedule_may_be_end(
	const struct probe_schedule *schedule, const struct probe_schedule_step *step);
/* The path beyond this ttl is known of this flow: whoever does not answer there is just silent. */
bool probe_schedule_is_before_end(
	const struct probe_schedule *schedule, const struct probe_schedule_step *step);

#endif
