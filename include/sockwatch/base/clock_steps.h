/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps of a wall clock, so that times of it can be told apart from time that passed. Steady time
 * is what the wall clock would show if nobody had set it since the beginning: durations, ages and
 * deadlines are differences of steady times; wall times are for showing.
 */
#ifndef SOCKWATCH_BASE_CLOCK_STEPS_H
#define SOCKWATCH_BASE_CLOCK_STEPS_H

#include <stdint.h>

enum { CLOCK_STEPS_MAX = 16 }; /* remembered; the oldest go first */

struct clock_step {
	uint64_t steady_ns; /* from then on */
	int64_t ahead_ns;   /* the wall clock is that much ahead of steady time */
};

/* All zero: the clock was never set. */
struct clock_steps {
	struct clock_step steps[CLOCK_STEPS_MAX];
	uint32_t count;
	int64_t first_ahead_ns; /* before the oldest step that is remembered */
};

/* At steady time now_ns the wall clock was set, forward by step_ns or, negative, back. */
void clock_steps_add(struct clock_steps *steps, uint64_t now_ns, int64_t step_ns);
/* The steady time of a wall time that was read now. */
uint64_t clock_steps_steady(const struct clock_steps *steps, uint64_t wall_ns);
/*
 * The same of one that may have been read before the last steps: the steady time that is nearest to
 * now_ns. A packet is stamped by the kernel some milliseconds before it is read.
 */
uint64_t clock_steps_steady_near(
	const struct clock_steps *steps, uint64_t wall_ns, uint64_t now_ns);
/* What the wall clock showed at a steady time. */
uint64_t clock_steps_wall(const struct clock_steps *steps, uint64_t steady_ns);

#endif
