/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Knows which router answered at which ttl of a target, and how often each may be asked. */
#include <config.h>

#include "router_rate.h"

#include <errno.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "engine.h"

static size_t
slot_count(const struct target *target)
{
	return (size_t)target->start.flows * target->start.max_ttl;
}

/* Linux counts an error of a refusing route twice (ip_error, icmp_send). */
static uint64_t
period_ns(const struct target *target, bool is_refusing)
{
	const uint64_t period_ns = CLOCK_NS_PER_S / target->start.router_rate;

	return is_refusing ? period_ns * 22 / 10 : period_ns;
}

int
router_rate_init(struct target *target)
{
	target->slots = calloc(slot_count(target), sizeof target->slots[0]);
	if (target->slots == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < slot_count(target); i++)
		target->slots[i].period_ns = period_ns(target, false);
	return 0;
}

void
router_rate_fini(struct target *target)
{
	for (size_t i = 0; i < slot_count(target); i++)
		rate_limit_forget(&target->engine->limit, &target->slots[i]);
	free(target->slots);
}

static struct rate_limit_slot *
slot_of(struct target *target, const struct probe_schedule_step *step)
{
	return &target->slots[(size_t)step->flow * target->start.max_ttl + step->ttl - 1];
}

bool
router_rate_may_send(struct target *target, const struct probe_schedule_step *step, uint64_t now_ns)
{
	const struct rate_limit_slot *const slot = slot_of(target, step);
	const bool has_missed = slot->is_open || slot->misses != 0;
	const uint8_t end = has_missed ? probe_schedule_may_be_end(&target->schedule, step) : 0;
	/* Flows mostly share their routers: what the first one found is assumed for the others. */
	const struct probe_schedule_step like = {
		.ttl = end != 0 ? end : step->ttl, .flow = end != 0 ? step->flow : 0};

	return rate_limit_take(&target->engine->limit, slot_of(target, step),
		like.ttl == step->ttl && like.flow == step->flow ? NULL : slot_of(target, &like),
		now_ns, probe_schedule_is_before_end(&target->schedule, step));
}

/*
 * Nothing comes from beyond an end: each "unreachable" ends the path except the one that only says
 * "too big". RFC 792, RFC 4443.
 */
static enum probe_schedule_answer
answer_of(const struct target *target, const struct answer *answer)
{
	if (answer->kind != PROBE_ANSWER_ICMP)
		return PROBE_SCHEDULE_END;
	if (target->is_v4 ? answer->icmp_type == 3 && answer->icmp_code != 4
			  : answer->icmp_type == 1)
		return PROBE_SCHEDULE_END;
	return address_compare(&answer->from, &target->start.target) == 0 ? PROBE_SCHEDULE_AS_ROUTER
									  : PROBE_SCHEDULE_ROUTER;
}

/* Hops beyond the end are not probed any more. */
static void
forget_beyond(struct target *target, const struct probe_schedule_step *end)
{
	for (struct probe_schedule_step step = *end; step.ttl < target->start.max_ttl;) {
		step.ttl++;
		rate_limit_forget(&target->engine->limit, slot_of(target, &step));
	}
}

void
router_rate_answered(
	struct target *target, const struct probe_schedule_step *step, const struct answer *answer)
{
	struct rate_limit *const limit = &target->engine->limit;
	struct rate_limit_slot *const slot = slot_of(target, step);
	const struct probe_schedule_flow *const flow = &target->schedule.flow[step->flow];
	const struct address *const router =
		answer->kind == PROBE_ANSWER_ICMP ? &answer->from : NULL;
	const enum probe_schedule_answer how = answer_of(target, answer);
	const uint64_t now_ns = clock_monotonic_ns();
	const uint8_t end_before = flow->end;

	probe_schedule_answered(&target->schedule, step, how);
	slot->period_ns =
		period_ns(target, router != NULL && how == PROBE_SCHEDULE_END &&
					  address_compare(router, &target->start.target) != 0);
	if (flow->end == 0 || step->ttl <= flow->end)
		rate_limit_answered(limit, slot, router, target->start.netns, now_ns);
	else if (router != NULL)
		rate_limit_charge(limit, slot, router, target->start.netns, now_ns);
	if (flow->end != end_before && flow->end == step->ttl)
		forget_beyond(target, step);
}

void
router_rate_undecided(struct target *target, const struct probe_schedule_step *step)
{
	slot_of(target, step)->is_open = false;
}
