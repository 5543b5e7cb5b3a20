/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the hop where the delay begins. A router that is slow to answer does not delay what passes
 * through it. So the delay up to a hop is the least median of that hop and of all beyond it, which
 * never falls from hop to hop; the growth at a hop arose between the one before and this one.
 */
#include <config.h>

#include <sockwatch/analysis/path_delay.h>

enum {
	STEP_LEAST_US = 2000,    /* nobody feels less */
	GROWTH_LEAST_US = 10000, /* nor less than this in small pieces */
};

/* A router that refuses may do so after a search of its own; that is not the path's delay. */
static bool
has_delay(const struct hop *hop)
{
	return hop->timed > 0 && (hop->error_type == 0 || hop->target);
}

bool
path_delay(const struct path *path, struct path_delay *delay)
{
	uint64_t reach_us[PATH_TTL_MAX], least_us = UINT64_MAX, before_us = 0;
	const struct hop *before = NULL;

	*delay = (struct path_delay){.hop = NULL};
	for (unsigned i = path->hop_count; i-- > 0;) {
		uint64_t us;

		if (has_delay(&path->hops[i]) && hop_percentile(&path->hops[i], 50, &us) &&
			us < least_us)
			least_us = us;
		reach_us[i] = least_us;
	}
	for (unsigned i = 0; i < path->hop_count; i++) {
		const struct hop *const hop = &path->hops[i];

		if (!has_delay(hop) || reach_us[i] == UINT64_MAX)
			continue;
		if (delay->hop == NULL || reach_us[i] - before_us > delay->step_us) {
			delay->hop = hop;
			delay->before = before;
			delay->step_us = reach_us[i] - before_us;
		}
		before = hop;
		before_us = reach_us[i];
	}
	delay->total_us = before_us;
	delay->is_step = delay->step_us >= STEP_LEAST_US && delay->step_us * 2 >= before_us;
	return delay->hop != NULL && (delay->is_step || before_us >= GROWTH_LEAST_US);
}
