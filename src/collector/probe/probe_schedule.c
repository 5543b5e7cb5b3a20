/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps through the ttls and flows of each cycle, and learns how long the path is. */
#include <config.h>

#include "probe_schedule.h"

#include <string.h>

enum {
	/* The first cycle: so many ttls at once, then a pause in which a near target can answer. */
	WAVE = 3,
	WAVE_GAP_MS = 1,
	/*
	 * Later cycles: so many at once, on a time grid that all targets share, so that few
	 * wake-ups and calls serve many. The grid is at most a part of the interval.
	 */
	BATCH = 4,
	GRID_MS = 25,
	GRID_PARTS = 8,
	/*
	 * While the end is not known: so far beyond the last hop that answered, and every second
	 * time to max_ttl. Not in each cycle: Linux answers for a prohibiting route (ip_error) only
	 * after two seconds without probes.
	 */
	BEYOND = 5,
	LOOKS_FIRST = 2,
	LOOK_EACH = 4,
	LOOK_EACH_MS = 4000,
	/* An end that left so many probes unanswered may have moved away. */
	QUIET = 3,
	QUIET_LOOK_EACH = 4,
	/* Nor need the target be where its address answers as a router does. */
	AS_ROUTER_LOOKS = 4,
};

static const uint64_t ms = 1000000;

void
probe_schedule_init(struct probe_schedule *schedule, const struct message_probe_start *start,
	uint32_t rotation, uint64_t now_ns)
{
	memset(schedule, 0, sizeof *schedule);
	schedule->first_ttl = start->first_ttl;
	schedule->max_ttl = start->max_ttl;
	schedule->flows = start->flows;
	schedule->cycles = start->cycles;
	schedule->interval = start->interval_ms * ms;
	schedule->rotation = rotation;
	schedule->cycle_ns = now_ns;
	/* Steps of the golden ratio spread any number of targets over the free half. */
	schedule->phase = schedule->interval / 2 * (rotation * UINT64_C(40503) % 65536) / 65536;
}

static uint64_t
on_grid(const struct probe_schedule *schedule, uint64_t time_ns)
{
	const uint64_t part = schedule->interval / GRID_PARTS;
	const uint64_t grid = part < GRID_MS * ms ? part : GRID_MS * ms;

	return (time_ns + grid - 1) / grid * grid;
}

/* Targets that were started together begin their second cycle one after the other. */
static uint64_t
next_cycle_ns(const struct probe_schedule *schedule)
{
	return schedule->cycle_ns + schedule->interval +
	       (schedule->cycle == 1 ? schedule->phase : 0);
}

static uint32_t
look_each(const struct probe_schedule *schedule)
{
	const uint64_t cycles = LOOK_EACH_MS * ms / schedule->interval;

	return cycles > LOOK_EACH ? (uint32_t)cycles : (uint32_t)LOOK_EACH;
}

static uint8_t
last_ttl(const struct probe_schedule *schedule, const struct probe_schedule_flow *flow)
{
	const uint8_t end = schedule->flow[0].end;
	uint32_t rests;

	if (schedule->cycle == 1)
		return schedule->max_ttl;
	/* Another flow's path counts as long as the first one's until it proves to be longer. */
	if (flow->end == 0 && end != 0 && flow->farthest < end)
		return end;
	if (flow->end != 0)
		return flow->quiet > QUIET && schedule->cycle % QUIET_LOOK_EACH == 0
			       ? schedule->max_ttl
			       : flow->end;
	if (flow->as_router != 0)
		return schedule->cycle % (AS_ROUTER_LOOKS * look_each(schedule)) == 0
			       ? schedule->max_ttl
			       : flow->as_router;
	rests = flow->looks > LOOKS_FIRST ? flow->looks - LOOKS_FIRST : 0;
	if (rests % look_each(schedule) != 0)
		return flow->farthest;
	if ((rests != 0 && rests / look_each(schedule) % 2 == 0) ||
		flow->farthest + BEYOND > schedule->max_ttl)
		return schedule->max_ttl;
	return (uint8_t)(flow->farthest + BEYOND);
}

static void
begin_cycle(struct probe_schedule *schedule, uint64_t now_ns)
{
	uint8_t last = schedule->first_ttl;

	if (schedule->cycle != 0)
		schedule->cycle_ns = next_cycle_ns(schedule);
	/* A delayed process does not make up for it by a burst. */
	if (now_ns > schedule->cycle_ns + schedule->interval)
		schedule->cycle_ns = now_ns;
	schedule->cycle++;
	for (unsigned i = 0; i < schedule->flows; i++) {
		struct probe_schedule_flow *flow = &schedule->flow[i];
		flow->looks += schedule->cycle > 1 && flow->end == 0;
		flow->last = last_ttl(schedule, flow);
		if (flow->last < schedule->first_ttl)
			flow->last = schedule->first_ttl;
		if (flow->last > last)
			last = flow->last;
	}
	schedule->span = (uint8_t)(last - schedule->first_ttl + 1);
	schedule->count = (uint32_t)schedule->span * schedule->flows;
	schedule->at = 0;
}

/* The step at a position in the cycle's order. */
static struct probe_schedule_step
step_at(const struct probe_schedule *schedule, uint32_t at)
{
	if (schedule->cycle > 1)
		at = (at + schedule->rotation) % schedule->count;
	return (struct probe_schedule_step){
		.ttl = (uint8_t)(schedule->first_ttl + at % schedule->span),
		.flow = (uint8_t)(at / schedule->span)};
}

/* Whether a wave of the first cycle, but not the first wave, begins with this step. */
static bool
is_wave(const struct probe_schedule *schedule, const struct probe_schedule_step *step)
{
	const unsigned at = (unsigned)step->ttl - schedule->first_ttl;

	return at != 0 && at % WAVE == 0;
}

static uint64_t
due_in_first_ns(const struct probe_schedule *schedule)
{
	const struct probe_schedule_step step = step_at(schedule, schedule->at);
	const uint64_t after_wave_ns = schedule->wave_ns + WAVE_GAP_MS * ms;
	uint64_t due_ns = schedule->cycle_ns +
			  (uint64_t)((step.ttl - schedule->first_ttl) / WAVE) * WAVE_GAP_MS * ms;

	/* The others wait for what the first flow finds out. */
	if (step.flow != 0)
		return due_ns + schedule->interval / 2 +
		       schedule->interval / 2 / schedule->flows * (step.flow - 1U);
	/* A delayed process does not merge many waves into one. */
	if (is_wave(schedule, &step) && after_wave_ns > due_ns)
		due_ns = after_wave_ns;
	return due_ns;
}

static uint64_t
due_ns(const struct probe_schedule *schedule)
{
	if (schedule->cycle == 1)
		return due_in_first_ns(schedule);
	return on_grid(
		schedule, schedule->cycle_ns + schedule->interval / 2 *
						       (schedule->at - schedule->at % BATCH) /
						       schedule->count);
}

static bool
is_wanted(const struct probe_schedule *schedule, uint32_t at)
{
	const struct probe_schedule_step step = step_at(schedule, at);

	return step.ttl <= schedule->flow[step.flow].last;
}

static void
skip_unwanted(struct probe_schedule *schedule)
{
	while (schedule->at < schedule->count && !is_wanted(schedule, schedule->at))
		schedule->at++;
}

uint64_t
probe_schedule_next_ns(const struct probe_schedule *schedule)
{
	if (schedule->cycle == 0)
		return schedule->cycle_ns;
	if (schedule->at < schedule->count)
		return due_ns(schedule);
	if (schedule->cycles != 0 && schedule->cycle >= schedule->cycles)
		return PROBE_SCHEDULE_NEVER;
	return on_grid(schedule, next_cycle_ns(schedule));
}

bool
probe_schedule_take(
	struct probe_schedule *schedule, uint64_t now_ns, struct probe_schedule_step *step)
{
	skip_unwanted(schedule);
	if (probe_schedule_next_ns(schedule) > now_ns)
		return false;
	if (schedule->at >= schedule->count) {
		begin_cycle(schedule, now_ns);
		skip_unwanted(schedule);
		if (schedule->at >= schedule->count || due_ns(schedule) > now_ns)
			return false;
	}
	*step = step_at(schedule, schedule->at++);
	if (step->ttl == schedule->first_ttl || is_wave(schedule, step))
		schedule->wave_ns = now_ns;
	skip_unwanted(schedule);
	return true;
}

void
probe_schedule_sent(struct probe_schedule *schedule, const struct probe_schedule_step *step)
{
	struct probe_schedule_flow *flow = &schedule->flow[step->flow];

	if (step->ttl == flow->end && flow->quiet < UINT8_MAX)
		flow->quiet++;
}

/* The other flows go as far as the first one, to begin with. */
static void
bound_others(struct probe_schedule *schedule, uint8_t ttl)
{
	for (unsigned i = 1; i < schedule->flows; i++)
		if (schedule->flow[i].end == 0 && schedule->flow[i].last > ttl)
			schedule->flow[i].last = ttl;
}

/* Does not shorten the cycle: a router may have the target's address as well. */
static void
note_as_router(struct probe_schedule_flow *flow, uint8_t ttl)
{
	if (ttl > flow->farthest && (flow->as_router == 0 || ttl < flow->as_router))
		flow->as_router = ttl;
}

void
probe_schedule_answered(struct probe_schedule *schedule, const struct probe_schedule_step *step,
	enum probe_schedule_answer answer)
{
	struct probe_schedule_flow *flow = &schedule->flow[step->flow];

	if (answer == PROBE_SCHEDULE_AS_ROUTER) {
		note_as_router(flow, step->ttl);
		return;
	}
	if (answer == PROBE_SCHEDULE_END) {
		if (flow->end == 0 || step->ttl <= flow->end) {
			flow->end = step->ttl;
			flow->quiet = 0;
		}
		if (flow->last > step->ttl)
			flow->last = step->ttl;
		if (schedule->cycle == 1 && step->flow == 0)
			bound_others(schedule, step->ttl);
		return;
	}
	if (step->ttl > flow->farthest) {
		flow->farthest = step->ttl;
		flow->looks = 0;
	}
	if (step->ttl >= flow->as_router)
		flow->as_router = 0;
	/* A router answers where the end was: the path has become longer. */
	if (flow->end != 0 && step->ttl >= flow->end) {
		flow->end = 0;
		flow->farthest = step->ttl;
		flow->looks = 0;
	}
}

uint8_t
probe_schedule_may_be_end(
	const struct probe_schedule *schedule, const struct probe_schedule_step *step)
{
	const struct probe_schedule_flow *flow = &schedule->flow[step->flow];

	return step->ttl > flow->farthest && step->ttl < flow->end ? flow->end : 0;
}

bool
probe_schedule_is_before_end(
	const struct probe_schedule *schedule, const struct probe_schedule_step *step)
{
	const struct probe_schedule_flow *flow = &schedule->flow[step->flow];

	return step->ttl < flow->end || (flow->end == 0 && step->ttl < flow->farthest);
}
