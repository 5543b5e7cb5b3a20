/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes rates of the counters: connections opened, closed and reset, and segments sent again. */
#include <config.h>

#include <sockwatch/analysis/rate.h>

#include <math.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

/* Sum over the namespaces of a counter's change a second; NAN: not known in any. */
static double
sum_rates(const struct model *model, enum counter counter)
{
	double sum = (double)NAN;

	for (uint32_t i = 0; i < model->netns_count; i++) {
		double one;

		if (model->netns[i] != NULL &&
			counters_rate(&model->netns[i]->counters, counter, &one))
			sum = isnan(sum) ? one : sum + one;
	}
	return sum;
}

/* Change a second of the number of established connections: a gauge, so it may fall. */
static double
established_change(const struct model *model)
{
	double sum = (double)NAN;

	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct counters *counters;
		double seconds, change;

		if (model->netns[i] == NULL)
			continue;
		counters = &model->netns[i]->counters;
		if (!counters->has_rate[COUNTER_CURR_ESTAB])
			continue;
		seconds = (double)(counters->monotonic_ns[COUNTER_SNMP] -
				   counters->previous_monotonic_ns[COUNTER_SNMP]) /
			  (double)CLOCK_NS_PER_S;
		if (seconds <= 0)
			continue;
		change = ((double)counters->value[COUNTER_CURR_ESTAB] -
				 (double)counters->previous[COUNTER_CURR_ESTAB]) /
			 seconds;
		sum = isnan(sum) ? change : sum + change;
	}
	return sum;
}

void
rate_init(struct rates *rates)
{
	*rates = (struct rates){
		.opened = (double)NAN,
		.closed = (double)NAN,
		.reset = (double)NAN,
		.retransmitted_percent = (double)NAN,
	};
}

static void
add_sample(struct rates *rates, double opened)
{
	if (rates->open_count == RATE_SAMPLES) {
		memmove(rates->opens, rates->opens + 1,
			(RATE_SAMPLES - 1) * sizeof rates->opens[0]);
		rates->open_count--;
	}
	rates->opens[rates->open_count++] = opened;
}

static void
update_captured(struct rates *rates, const struct model *model)
{
	const uint64_t segments = wire_counts(model->wire)->segments;
	const uint64_t now_ns = model->snapshot_monotonic_ns;

	if (now_ns > rates->monotonic_ns && rates->monotonic_ns != 0)
		rates->captured = (double)(segments - rates->segments) * (double)CLOCK_NS_PER_S /
				  (double)(now_ns - rates->monotonic_ns);
	rates->segments = segments;
	rates->monotonic_ns = now_ns;
}

void
rate_update(struct rates *rates, const struct model *model)
{
	double sent;

	if (rates->sequence == model->complete_sequence)
		return;
	rates->sequence = model->complete_sequence;
	update_captured(rates, model);
	rates->opened =
		sum_rates(model, COUNTER_ACTIVE_OPENS) + sum_rates(model, COUNTER_PASSIVE_OPENS);
	/*
	 * The kernel counts no closings. A connection that was opened, did not fail and is not
	 * established has left that state: it is closed, also when it lived shorter than a refresh.
	 */
	rates->closed =
		rates->opened - sum_rates(model, COUNTER_ATTEMPT_FAILS) - established_change(model);
	if (rates->closed < 0)
		rates->closed = 0;
	rates->reset = sum_rates(model, COUNTER_ESTAB_RESETS);
	sent = sum_rates(model, COUNTER_OUT_SEGS);
	rates->retransmitted_percent =
		sent > 0 ? 100 * sum_rates(model, COUNTER_RETRANS_SEGS) / sent : sent;
	if (!isnan(rates->opened))
		add_sample(rates, rates->opened);
}

double
rate_highest_open(const struct rates *rates)
{
	double highest = 1;

	for (size_t i = 0; i < rates->open_count; i++) {
		if (rates->opens[i] > highest)
			highest = rates->opens[i];
	}
	return highest;
}
