/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loss as pathping reports it. A router that answers few probes loses nothing that passes through
 * it: what reaches a later hop has passed this one. So a hop that loses more than hops beyond it is
 * reluctant, and left out; of the others the loss of the path up to each is what fits best and
 * never falls on the way (isotonic regression, each hop with the weight of its probes, for routers
 * are probed less often than the target); steps that may be chance are levelled. The loss of a
 * link is what that grows by.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "path_private.h"

/*
 * In standard errors: a step that is less may be chance; a difference that is more is none. Where
 * loss has begun already there is much chance in how it goes on, and many hops to be wrong about.
 */
static const double level_errors = 1.5, level_errors_in_loss = 2.5;
static const double begin_errors = 2, begin_errors_in_loss = 3;
static const double reluctant_errors = 2;
/* Among many hops some differ by chance, but not by so much. */
static const double reluctant_factor = 1.5;

/* Loss of the path up to a hop, and how many probes that rests on. */
struct reach {
	double loss;
	double probes;
};

/* A run of hops up to which the path loses the same. */
struct run {
	struct reach reach;
	unsigned last; /* hop */
};

/* Probes that went out. What could not be sent says nothing about any hop. */
static uint32_t
decided(const struct hop *hop)
{
	return hop->sent - hop->pending - hop->unsent;
}

static double
loss_of(uint32_t received, uint32_t n)
{
	if (n == 0)
		return (double)NAN;
	return received >= n ? 0 : (double)(n - received) / n;
}

/* Of the probes that went out. */
static double
wire_loss(const struct hop *hop)
{
	return loss_of(hop->received, decided(hop));
}

/*
 * Upper end of Wilson's score interval (two standard errors) for a loss seen in n probes: routers
 * are probed less often than the target, and none lost of five says less than one of fifty.
 */
static double
at_most(double loss, uint32_t n)
{
	const double z = 2, share = z * z / n;

	return (loss + share / 2 + z * sqrt(loss * (1 - loss) / n + share / n / 4)) / (1 + share);
}

/* ICMP codes by which a firewall says no (RFC 1812 section 5.2.7.1, RFC 4443 section 3.1). */
static bool
prohibited(const struct path *path, const struct hop *hop)
{
	if (address_is_v4(&path->start.target))
		return hop->error_type == 3 &&
		       (hop->error_code == 9 || hop->error_code == 10 || hop->error_code == 13);
	return hop->error_type == 1 && (hop->error_code == 1 || hop->error_code == 5);
}

/* The same router at an earlier ttl, with another between. */
static bool
loops(const struct path *path, unsigned i)
{
	const struct hop *hop = &path->hops[i];
	if (hop->address_count == 0 || hop->target)
		return false;
	for (unsigned k = 0; k + 1 < i; k++)
		if (path->hops[k].address_count != 0 &&
			address_compare(&path->hops[k].addresses[0].address,
				&hop->addresses[0].address) == 0)
			return true;
	return false;
}

/* Standard errors that lie between the losses of two samples, by what they are together. */
static double
apart(const struct reach *less, const struct reach *more)
{
	const double both = (less->loss * less->probes + more->loss * more->probes) /
			    (less->probes + more->probes);
	const double error = sqrt(both * (1 - both) * (1 / less->probes + 1 / more->probes));

	return more->loss <= less->loss || error <= 0 ? 0 : (more->loss - less->loss) / error;
}

static struct reach
reach_of(const struct hop *hop)
{
	return (struct reach){.loss = wire_loss(hop), .probes = decided(hop)};
}

/* Loses much more than what passed through it does, and not by chance. */
static bool
is_reluctant(const struct hop *hop, const struct hop *beyond)
{
	const struct reach here = reach_of(hop), there = reach_of(beyond);

	return here.loss > reluctant_factor * there.loss &&
	       apart(&there, &here) >= reluctant_errors;
}

/* Of hops that answer, the one beyond each that surely loses least; NULL: none does. */
static void
find_beyond(const struct path *path, const struct hop *beyond[PATH_TTL_MAX])
{
	const struct hop *best = NULL;
	double least = 2;

	for (unsigned i = path->hop_count; i-- > 0;) {
		const struct hop *hop = &path->hops[i];
		beyond[i] = best;
		if (hop->received > 0 && at_most(wire_loss(hop), decided(hop)) <= least) {
			best = hop;
			least = at_most(wire_loss(hop), decided(hop));
		}
	}
}

/* Joins run i and the next. Returns how many are left. */
static size_t
join(struct run *runs, size_t i, size_t count)
{
	struct run *const run = &runs[i];
	const struct run *const next = &runs[i + 1];
	const double probes = run->reach.probes + next->reach.probes;

	run->reach.loss =
		(run->reach.loss * run->reach.probes + next->reach.loss * next->reach.probes) /
		probes;
	run->reach.probes = probes;
	run->last = next->last;
	memmove(&runs[i + 1], &runs[i + 2], (count - i - 2) * sizeof runs[0]);
	return count - 1;
}

/* How far above what counts as a step from this run to the next one is; below 0: it may be chance.
 */
static double
step(const struct run *run)
{
	return apart(&run[0].reach, &run[1].reach) -
	       (run[0].reach.loss > 0 ? level_errors_in_loss : level_errors);
}

/* Levels the least step, again and again, while it may be chance. */
static size_t
level(struct run *runs, size_t count)
{
	while (count > 1) {
		size_t least = 0;
		for (size_t i = 1; i + 1 < count; i++)
			if (step(&runs[i]) < step(&runs[least]))
				least = i;
		if (step(&runs[least]) >= 0)
			break;
		count = join(runs, least, count);
	}
	return count;
}

/* Loss up to each hop. Hops that are silent or reluctant have that of the hop before. */
static void
fit(const struct path *path, const struct hop *const beyond[PATH_TTL_MAX],
	struct reach reach[PATH_TTL_MAX])
{
	struct run runs[PATH_TTL_MAX];
	bool is_taken[PATH_TTL_MAX] = {false};
	size_t count = 0, at = 0;
	struct reach now = {.loss = 0, .probes = 0};

	for (unsigned i = 0; i < path->hop_count; i++) {
		const struct hop *hop = &path->hops[i];
		if (hop->received == 0 || (beyond[i] != NULL && is_reluctant(hop, beyond[i])))
			continue;
		is_taken[i] = true;
		runs[count++] = (struct run){.reach = reach_of(hop), .last = i};
		while (count > 1 && runs[count - 2].reach.loss > runs[count - 1].reach.loss)
			count = join(runs, count - 2, count);
	}
	count = level(runs, count);
	for (unsigned i = 0; i < path->hop_count; i++) {
		while (at < count && i > runs[at].last)
			at++;
		if (is_taken[i])
			now = runs[at].reach;
		reach[i] = now;
	}
}

/* More than chance lies between the two. */
static bool
is_more(const struct reach *here, const struct reach *before)
{
	const double before_error =
		before->probes > 0 ? before->loss * (1 - before->loss) / before->probes : 0;
	const double error = here->loss * (1 - here->loss) / here->probes;
	const double errors = before->loss > 0 ? begin_errors_in_loss : begin_errors;

	return here->probes > 0 &&
	       here->loss - before->loss > errors * sqrt(error + before_error) + 1 / here->probes;
}

/* What is to be said of a hop besides that loss begins there. */
static enum hop_verdict
judge(const struct path *path, unsigned i, const struct hop *beyond)
{
	const struct hop *hop = &path->hops[i];
	if (hop->error_type != 0 && prohibited(path, hop))
		return HOP_VERDICT_PROHIBITED;
	if (hop->error_type != 0 && !hop->target)
		return HOP_VERDICT_UNREACHABLE;
	if (loops(path, i))
		return HOP_VERDICT_LOOP;
	if (hop->received == 0)
		return beyond != NULL && decided(hop) > 0 ? HOP_VERDICT_SILENT : HOP_VERDICT_NONE;
	if (beyond != NULL && is_reluctant(hop, beyond))
		return HOP_VERDICT_RATE_LIMITED;
	return HOP_VERDICT_NONE;
}

void
path_judge(struct path *path)
{
	const struct hop *beyond[PATH_TTL_MAX];
	struct reach reach[PATH_TTL_MAX];
	struct reach reported = {
		.loss = 0, .probes = 0}; /* where loss was last reported to begin */
	double before = 0;

	for (unsigned i = 0; i < PATH_TTL_MAX; i++)
		path->hops[i].loss =
			loss_of(path->hops[i].received, path->hops[i].sent - path->hops[i].pending);
	find_beyond(path, beyond);
	fit(path, beyond, reach);
	for (unsigned i = 0; i < path->hop_count; i++) {
		struct hop *hop = &path->hops[i];
		hop->link_loss = (double)NAN;
		if (hop->received > 0 || beyond[i] != NULL)
			hop->link_loss = before < 1 ? 1 - (1 - reach[i].loss) / (1 - before) : 0;
		before = reach[i].loss;
		hop->verdict = judge(path, i, beyond[i]);
		if (!is_more(&reach[i], &reported))
			continue;
		reported = reach[i];
		if (hop->verdict == HOP_VERDICT_NONE)
			hop->verdict = HOP_VERDICT_LOSS;
	}
}

static int
compare_us(const void *a, const void *b)
{
	const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

bool
hop_percentile(const struct hop *hop, unsigned percent, uint64_t *us)
{
	int32_t sorted[PATH_HISTORY];
	size_t count = 0;
	for (size_t i = 0; i < PATH_HISTORY; i++)
		if (hop->history_us[i] >= 0)
			sorted[count++] = hop->history_us[i];
	if (count == 0)
		return false;
	qsort(sorted, count, sizeof sorted[0], compare_us);
	/* Nearest rank. */
	size_t rank = (percent * count + 99) / 100;
	*us = (uint64_t)sorted[rank == 0 ? 0 : rank - 1];
	return true;
}

const char *
hop_verdict_name(enum hop_verdict verdict)
{
	static const char *const names[] = {
		[HOP_VERDICT_NONE] = "",
		[HOP_VERDICT_SILENT] = "silent",
		[HOP_VERDICT_RATE_LIMITED] = "rate-limited",
		[HOP_VERDICT_LOSS] = "loss begins here",
		[HOP_VERDICT_LOOP] = "loop",
		[HOP_VERDICT_PROHIBITED] = "prohibited",
		[HOP_VERDICT_UNREACHABLE] = "unreachable",
	};
	return names[verdict];
}
