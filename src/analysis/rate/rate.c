/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes rates of the counters: connections opened, closed, failed and reset, RSTs, segments
 * retransmitted, datagrams dropped.
 */
#include <config.h>

#include <sockwatch/analysis/rate.h>

#include <math.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

enum { ADDENDS = 2 };

/* The counters whose sum a rate is. */
static const struct {
	enum counter counters[ADDENDS];
	size_t count;  /* 0: it is made otherwise */
	size_t needed; /* so many of them must be known: a kernel without IPv6 has no counters */
} sources[RATE_COUNT] = {
	[RATE_OPENED] = {{COUNTER_ACTIVE_OPENS, COUNTER_PASSIVE_OPENS}, 2, 2},
	[RATE_FAILED] = {{COUNTER_ATTEMPT_FAILS}, 1, 1},
	[RATE_RESET] = {{COUNTER_ESTAB_RESETS}, 1, 1},
	[RATE_RSTS_SENT] = {{COUNTER_OUT_RSTS}, 1, 1},
	[RATE_RETRANSMITTED] = {{COUNTER_RETRANS_SEGS}, 1, 1},
	[RATE_UDP_DROPS] = {{COUNTER_UDP_IN_ERRORS, COUNTER_UDP6_IN_ERRORS}, 2, 1},
};

/* How a counter changed over the last two readings; NAN: not known. */
struct change {
	double a_second, count;
};

static const struct change unknown = {(double)NAN, (double)NAN};

static void
add(struct change *sum, double a_second, double count)
{
	sum->a_second = isnan(sum->a_second) ? a_second : sum->a_second + a_second;
	sum->count = isnan(sum->count) ? count : sum->count + count;
}

/* In all namespaces; not known in any: unknown. Some counters are gauges, which fall. */
static struct change
change_of(const struct model *model, enum counter counter)
{
	struct change sum = unknown;

	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct counters *counters;
		double rate;

		if (model->netns[i] == NULL)
			continue;
		counters = &model->netns[i]->counters;
		if (counters_rate(counters, counter, &rate))
			add(&sum, rate,
				(double)(int64_t)(counters->rows[counter].value -
						  counters->rows[counter].previous));
	}
	return sum;
}

static struct change
sum_of(const struct model *model, enum rate rate)
{
	struct change sum = unknown;
	size_t known = 0;

	for (size_t i = 0; i < sources[rate].count; i++) {
		const struct change one = change_of(model, sources[rate].counters[i]);

		if (isnan(one.a_second))
			continue;
		add(&sum, one.a_second, one.count);
		known++;
	}
	return known >= sources[rate].needed ? sum : unknown;
}

void
rate_init(struct rates *rates)
{
	*rates = (struct rates){.retransmitted_percent = (double)NAN};
	for (size_t i = 0; i < RATE_COUNT; i++)
		rates->value[i] = (double)NAN;
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

static double
or_zero(double number)
{
	return isnan(number) ? 0 : number;
}

/* AttemptFails counts also requests that a RST took back, which were never counted as opened. */
static double
failed_of_opened(const struct rates *rates, const struct model *model)
{
	const double requests = or_zero(change_of(model, COUNTER_EMBRYONIC_RSTS).a_second);
	const double failed = rates->value[RATE_FAILED];

	return failed < requests ? 0 : failed - requests;
}

/* How many more a second are in SYN-SENT: opened, but neither established nor failed. */
static double
waiting_more(struct rates *rates, const struct model *model, double seconds)
{
	const uint32_t now = model->sockets.by_state[0][TCP_STATE_SYN_SENT];
	const double more = (double)now - (double)rates->syn_sent;

	rates->syn_sent = now;
	return seconds > 0 ? more / seconds : 0;
}

/*
 * The kernel counts no closings. A connection that was opened, did not fail, and is neither in
 * SYN-SENT nor established has left these states: it is closed, also when it lived shorter than a
 * refresh. SYN-SENT is counted in the table, a moment before the counters are read; what comes out
 * below 0 for that reason is made up for in the next sample.
 */
static double
closed_of(struct rates *rates, const struct model *model, double seconds)
{
	const double opened = rates->value[RATE_OPENED];
	const double closed = opened - failed_of_opened(rates, model) -
			      change_of(model, COUNTER_CURR_ESTAB).a_second -
			      waiting_more(rates, model, seconds);
	const double paid = closed + rates->owed;

	if (isnan(closed))
		return closed;
	rates->owed = closed < 0 ? fmax(closed, -1 - opened) : 0;
	return paid > 0 ? paid : 0;
}

/* OutSegs does not count what is retransmitted. */
static double
share_of_retransmitted(const struct model *model)
{
	const double again = change_of(model, COUNTER_RETRANS_SEGS).count;
	const double sent = again + change_of(model, COUNTER_OUT_SEGS).count;

	return sent >= RATE_SEGMENTS_LEAST ? 100 * again / sent : (double)NAN;
}

void
rate_update(struct rates *rates, const struct model *model)
{
	const uint64_t before_ns = rates->monotonic_ns;

	if (rates->sequence == model->complete_sequence)
		return;
	rates->sequence = model->complete_sequence;
	update_captured(rates, model);
	for (size_t i = 0; i < RATE_COUNT; i++) {
		const struct change change = sum_of(model, (enum rate)i);

		rates->value[i] = change.a_second;
		rates->total[i] += or_zero(change.count);
	}
	rates->value[RATE_CLOSED] = closed_of(
		rates, model, (double)(rates->monotonic_ns - before_ns) / (double)CLOCK_NS_PER_S);
	rates->retransmitted_percent = share_of_retransmitted(model);
	if (!isnan(rates->value[RATE_OPENED]))
		add_sample(rates, rates->value[RATE_OPENED]);
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
