/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the counters of each namespace at the last looks, so that a rule can ask how one changed
 * over its window. Samples are spread so that the ring spans the longest window at any interval.
 */
#include <config.h>

#include "change.h"

#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "rule.h"

static struct change_sample *
sample_at(struct change_history *history, uint32_t back)
{
	return &history->samples[(history->next - 1 - back) % CHANGE_SAMPLES];
}

static void
fill(struct change_sample *sample, const struct counters *counters, uint64_t now_ns)
{
	sample->time_ns = now_ns;
	for (size_t i = 0; i < COUNTER_COUNT; i++) {
		sample->known[i] = i < counters->count && counters->rows[i].known;
		sample->values[i] = sample->known[i] ? counters->rows[i].value : 0;
	}
}

/*
 * The newest sample is replaced while it is nearer to the one before than the ring's span allows:
 * at ten looks a second the ring would otherwise hold less than two.
 */
static struct change_sample *
next_sample(struct change_history *history, uint64_t now_ns)
{
	const uint64_t least_ns = CHANGE_SPAN_S * CLOCK_NS_PER_S / (CHANGE_SAMPLES - 2);

	if (history->next < 2 || now_ns - sample_at(history, 1)->time_ns >= least_ns)
		history->next++;
	return sample_at(history, 0);
}

uint32_t
changes_sample(struct changes *changes, const struct model *model, uint64_t now_ns)
{
	uint32_t refused = 0;

	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct netns_row *const netns = model->netns[i];

		if (netns == NULL || netns->gone) {
			free(changes->of[i]);
			changes->of[i] = NULL;
			continue;
		}
		if (changes->of[i] == NULL)
			changes->of[i] = calloc(1, sizeof *changes->of[i]);
		if (changes->of[i] != NULL)
			fill(next_sample(changes->of[i], now_ns), &netns->counters, now_ns);
		else
			refused++;
	}
	return refused;
}

void
changes_fini(struct changes *changes)
{
	for (size_t i = 0; i < MODEL_NETNS_MAX; i++)
		free(changes->of[i]);
}

static bool
change_between(const struct change_sample *from, const struct change_sample *to,
	enum counter counter, struct change *change)
{
	if (!from->known[counter] || !to->known[counter] || to->time_ns <= from->time_ns)
		return false;
	change->count = (double)(int64_t)(to->values[counter] - from->values[counter]);
	change->seconds = (double)(to->time_ns - from->time_ns) / (double)CLOCK_NS_PER_S;
	change->a_second = change->count / change->seconds;
	return true;
}

bool
changes_find(const struct changes *changes, uint16_t netns, enum counter counter, double seconds,
	bool any_time, struct change *change)
{
	/* Looks are not exactly an interval apart. */
	const double near_enough = seconds * 0.9;
	struct change_history *const history = netns < MODEL_NETNS_MAX ? changes->of[netns] : NULL;
	bool found = false;

	if (history == NULL)
		return false;
	for (uint32_t back = 1; back < CHANGE_SAMPLES && back < history->next; back++) {
		struct change longer;

		if (!change_between(
			    sample_at(history, back), sample_at(history, 0), counter, &longer))
			break;
		*change = longer;
		found = true;
		if (longer.seconds >= near_enough)
			return true;
	}
	return found && any_time;
}
