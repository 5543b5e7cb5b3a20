/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spares the routers of one target: which of its hops may be probed now (rate_limit.h). */
#ifndef SOCKWATCH_COLLECTOR_PROBE_ROUTER_RATE_H
#define SOCKWATCH_COLLECTOR_PROBE_ROUTER_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "target.h"

/* Makes a slot for each ttl of each flow. 0 or -ENOMEM. */
int router_rate_init(struct target *target);
void router_rate_fini(struct target *target);

/* Whether this step may be taken now, or its router is to be spared. Call it once per step. */
bool router_rate_may_send(
	struct target *target, const struct probe_schedule_step *step, uint64_t now_ns);
/* Somebody answered the probe of this step: the schedule and the routers' rates follow. */
void router_rate_answered(
	struct target *target, const struct probe_schedule_step *step, const struct answer *answer);
/* The answer to this step says nothing about its hop. */
void router_rate_undecided(struct target *target, const struct probe_schedule_step *step);

#endif
