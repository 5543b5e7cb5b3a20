/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wall times turned into steady ones, over the steps of the clock, and back. */
#include <config.h>

#include <sockwatch/base/clock_steps.h>

#include <string.h>

static int64_t
ahead_now(const struct clock_steps *steps)
{
	return steps->count != 0 ? steps->steps[steps->count - 1].ahead_ns : steps->first_ahead_ns;
}

void
clock_steps_add(struct clock_steps *steps, uint64_t now_ns, int64_t step_ns)
{
	/* It is made up of what came over a wire: it wraps, it does not overflow. */
	const int64_t ahead_ns = (int64_t)((uint64_t)ahead_now(steps) + (uint64_t)step_ns);

	if (steps->count == CLOCK_STEPS_MAX) {
		steps->first_ahead_ns = steps->steps[0].ahead_ns;
		memmove(steps->steps, steps->steps + 1,
			(CLOCK_STEPS_MAX - 1) * sizeof steps->steps[0]);
		steps->count--;
	}
	steps->steps[steps->count++] =
		(struct clock_step){.steady_ns = now_ns, .ahead_ns = ahead_ns};
}

uint64_t
clock_steps_steady(const struct clock_steps *steps, uint64_t wall_ns)
{
	return wall_ns - (uint64_t)ahead_now(steps);
}

static uint64_t
apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

uint64_t
clock_steps_steady_near(const struct clock_steps *steps, uint64_t wall_ns, uint64_t now_ns)
{
	uint64_t nearest = wall_ns - (uint64_t)steps->first_ahead_ns;

	for (uint32_t i = 0; i < steps->count; i++) {
		const uint64_t steady = wall_ns - (uint64_t)steps->steps[i].ahead_ns;

		if (apart(steady, now_ns) <= apart(nearest, now_ns))
			nearest = steady;
	}
	return nearest;
}

uint64_t
clock_steps_wall(const struct clock_steps *steps, uint64_t steady_ns)
{
	int64_t ahead_ns = steps->first_ahead_ns;

	for (uint32_t i = 0; i < steps->count && steps->steps[i].steady_ns <= steady_ns; i++)
		ahead_ns = steps->steps[i].ahead_ns;
	return steady_ns + (uint64_t)ahead_ns;
}
