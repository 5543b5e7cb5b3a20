/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "probe_schedule.h"

#include <string.h>

enum {
	/* The first cycle: so many ttls at once, then a pause, in which a near target can say so.
	 */
	WAVE = 3,
	WAVE_GAP_MS = 1,
	/*
	 * Later ones: so many at once, and on a grid of all targets, so that few wake-ups and few
	 * calls do for many. A part of the interval at most, where that is short.
	 */
	BATCH = 4,
	GRID_MS = 25,
	GRID_PARTS = 8,
	/*
	 * While the end is not known: so far beyond what answered, each second time to max_ttl. Not
	 * in each cycle: Linux answers for a route that prohibits (ip_error) only who left it in
	 * peace for two seconds.
	 */
	BEYOND = 5,
	LOOKS_FIRST = 2,
	LOOK_EACH = 4,
	LOOK_EACH_MS = 4000,
	/* An end that left so many probes unanswered may have moved away. */
	QUIET = 3,
	QUIET_LOOK_EACH = 4,
};

static const uint64_t ms = 1000000;

void
plan_init(
	struct plan *plan, const struct message_probe_start *start, uint32_t turn, uint64_t now_ns)
{
	memset(plan, 0, sizeof(*plan));
	plan->first_ttl = start->first_ttl;
	plan->max_ttl = start->max_ttl;
	plan->flows = start->flows;
	plan->cycles = start->cycles;
	plan->interval = start->interval_ms * ms;
	plan->turn = turn;
	plan->cycle_ns = now_ns;
	/* Steps of the golden ratio spread any number of targets over the half that is free. */
	plan->phase = plan->interval / 2 * (turn * UINT64_C(40503) % 65536) / 65536;
}

static uint64_t
on_grid(const struct plan *plan, uint64_t time_ns)
{
	const uint64_t part = plan->interval / GRID_PARTS;
	const uint64_t grid = part < GRID_MS * ms ? part : GRID_MS * ms;

	return (time_ns + grid - 1) / grid * grid;
}

/* Targets that were started together begin their second cycle one after the other. */
static uint64_t
next_cycle_ns(const struct plan *plan)
{
	return plan->cycle_ns + plan->interval + (plan->cycle == 1 ? plan->phase : 0);
}

static uint32_t
look_each(const struct plan *plan)
{
	const uint64_t cycles = LOOK_EACH_MS * ms / plan->interval;

	return cycles > LOOK_EACH ? (uint32_t)cycles : (uint32_t)LOOK_EACH;
}

static uint8_t
last_ttl(const struct plan *plan, const struct plan_flow *flow)
{
	const uint8_t end = plan->flow[0].end;
	uint32_t rests;

	if (plan->cycle == 1)
		return plan->max_ttl;
	/* The way of another flow is as long as that of the first until it proves to be longer. */
	if (flow->end == 0 && end != 0 && flow->farthest < end)
		return end;
	if (flow->end != 0)
		return flow->quiet > QUIET && plan->cycle % QUIET_LOOK_EACH == 0 ? plan->max_ttl
										 : flow->end;
	rests = flow->looks > LOOKS_FIRST ? flow->looks - LOOKS_FIRST : 0;
	if (rests % look_each(plan) != 0)
		return flow->farthest;
	if ((rests != 0 && rests / look_each(plan) % 2 == 0) ||
		flow->farthest + BEYOND > plan->max_ttl)
		return plan->max_ttl;
	return (uint8_t)(flow->farthest + BEYOND);
}

static void
begin_cycle(struct plan *plan, uint64_t now_ns)
{
	uint8_t last = plan->first_ttl;

	if (plan->cycle != 0)
		plan->cycle_ns = next_cycle_ns(plan);
	/* Who was kept from running does not make up for it by a burst. */
	if (now_ns > plan->cycle_ns + plan->interval)
		plan->cycle_ns = now_ns;
	plan->cycle++;
	for (unsigned i = 0; i < plan->flows; i++) {
		struct plan_flow *flow = &plan->flow[i];
		flow->looks += plan->cycle > 1 && flow->end == 0;
		flow->last = last_ttl(plan, flow);
		if (flow->last < plan->first_ttl)
			flow->last = plan->first_ttl;
		if (flow->last > last)
			last = flow->last;
	}
	plan->span = (uint8_t)(last - plan->first_ttl + 1);
	plan->count = (uint32_t)plan->span * plan->flows;
	plan->at = 0;
}

/* The step at a place in the cycle's order. */
static struct plan_step
step_at(const struct plan *plan, uint32_t at)
{
	if (plan->cycle > 1)
		at = (at + plan->turn) % plan->count;
	return (struct plan_step){.ttl = (uint8_t)(plan->first_ttl + at % plan->span),
		.flow = (uint8_t)(at / plan->span)};
}

/* Does a wave of the first cycle, but not the first one, begin with this step? */
static bool
is_wave(const struct plan *plan, const struct plan_step *step)
{
	const unsigned at = (unsigned)step->ttl - plan->first_ttl;

	return at != 0 && at % WAVE == 0;
}

static uint64_t
due_in_first_ns(const struct plan *plan)
{
	const struct plan_step step = step_at(plan, plan->at);
	const uint64_t after_wave_ns = plan->wave_ns + WAVE_GAP_MS * ms;
	uint64_t due_ns =
		plan->cycle_ns + (uint64_t)((step.ttl - plan->first_ttl) / WAVE) * WAVE_GAP_MS * ms;

	/* The others wait for what the first flow finds out. */
	if (step.flow != 0)
		return due_ns + plan->interval / 2 +
		       plan->interval / 2 / plan->flows * (step.flow - 1U);
	/* Who was kept from running does not make one wave out of many. */
	if (is_wave(plan, &step) && after_wave_ns > due_ns)
		due_ns = after_wave_ns;
	return due_ns;
}

static uint64_t
due_ns(const struct plan *plan)
{
	if (plan->cycle == 1)
		return due_in_first_ns(plan);
	return on_grid(plan,
		plan->cycle_ns + plan->interval / 2 * (plan->at - plan->at % BATCH) / plan->count);
}

static bool
is_wanted(const struct plan *plan, uint32_t at)
{
	const struct plan_step step = step_at(plan, at);

	return step.ttl <= plan->flow[step.flow].last;
}

static void
skip_unwanted(struct plan *plan)
{
	while (plan->at < plan->count && !is_wanted(plan, plan->at))
		plan->at++;
}

uint64_t
plan_next_ns(const struct plan *plan)
{
	if (plan->cycle == 0)
		return plan->cycle_ns;
	if (plan->at < plan->count)
		return due_ns(plan);
	if (plan->cycles != 0 && plan->cycle >= plan->cycles)
		return PLAN_NEVER;
	return on_grid(plan, next_cycle_ns(plan));
}

bool
plan_take(struct plan *plan, uint64_t now_ns, struct plan_step *step)
{
	skip_unwanted(plan);
	if (plan_next_ns(plan) > now_ns)
		return false;
	if (plan->at >= plan->count) {
		begin_cycle(plan, now_ns);
		skip_unwanted(plan);
		if (plan->at >= plan->count || due_ns(plan) > now_ns)
			return false;
	}
	*step = step_at(plan, plan->at++);
	if (step->ttl == plan->first_ttl || is_wave(plan, step))
		plan->wave_ns = now_ns;
	skip_unwanted(plan);
	return true;
}

void
plan_sent(struct plan *plan, const struct plan_step *step)
{
	struct plan_flow *flow = &plan->flow[step->flow];

	if (step->ttl == flow->end && flow->quiet < UINT8_MAX)
		flow->quiet++;
}

/* The other flows go as far as the first one, to begin with. */
static void
bound_others(struct plan *plan, uint8_t ttl)
{
	for (unsigned i = 1; i < plan->flows; i++)
		if (plan->flow[i].end == 0 && plan->flow[i].last > ttl)
			plan->flow[i].last = ttl;
}

void
plan_answered(struct plan *plan, const struct plan_step *step, bool is_end)
{
	struct plan_flow *flow = &plan->flow[step->flow];

	if (is_end) {
		if (flow->end == 0 || step->ttl <= flow->end) {
			flow->end = step->ttl;
			flow->quiet = 0;
		}
		if (flow->last > step->ttl)
			flow->last = step->ttl;
		if (plan->cycle == 1 && step->flow == 0)
			bound_others(plan, step->ttl);
		return;
	}
	if (step->ttl > flow->farthest) {
		flow->farthest = step->ttl;
		flow->looks = 0;
	}
	/* A router where the end was: the path has become longer. */
	if (flow->end != 0 && step->ttl >= flow->end) {
		flow->end = 0;
		flow->farthest = step->ttl;
		flow->looks = 0;
	}
}

uint8_t
plan_may_be_end(const struct plan *plan, const struct plan_step *step)
{
	const struct plan_flow *flow = &plan->flow[step->flow];

	return step->ttl > flow->farthest && step->ttl < flow->end ? flow->end : 0;
}

bool
plan_is_before_end(const struct plan *plan, const struct plan_step *step)
{
	const struct plan_flow *flow = &plan->flow[step->flow];

	return step->ttl < flow->end || (flow->end == 0 && step->ttl < flow->farthest);
}
