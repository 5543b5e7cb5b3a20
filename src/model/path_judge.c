/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loss as pathping tells it. A router that answers few probes loses nothing that passes through it:
 * what reaches a later hop has passed this one. So the loss of the path up to a hop is the least
 * loss of that hop and all beyond, and the loss of a link is what that grows by.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "path_private.h"

/* Loss of the path up to a hop, and how many probes that rests on. */
struct reach {
	double loss;
	double at_most; /* as far as so many probes can tell */
	uint32_t decided;
};

static uint32_t
decided(const struct hop *hop)
{
	return hop->sent - hop->pending;
}

static double
hop_loss(const struct hop *hop)
{
	const uint32_t n = decided(hop);
	if (n == 0)
		return (double)NAN;
	return hop->received >= n ? 0 : (double)(n - hop->received) / n;
}

/* Twice the binomial error of a loss seen in n probes: less than that is chance. */
static double
chance(double loss, uint32_t n)
{
	return n == 0 ? 1 : 2 * sqrt(loss * (1 - loss) / n) + 1.0 / n;
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

static enum hop_verdict
judge(const struct path *path, unsigned i, struct reach here, struct reach before, bool beyond)
{
	const struct hop *hop = &path->hops[i];
	if (hop->error_type != 0 && prohibited(path, hop))
		return HOP_VERDICT_PROHIBITED;
	if (hop->error_type != 0 && !hop->target)
		return HOP_VERDICT_UNREACHABLE;
	if (loops(path, i))
		return HOP_VERDICT_LOOP;
	if (hop->received == 0)
		return beyond && decided(hop) > 0 ? HOP_VERDICT_SILENT : HOP_VERDICT_NONE;
	if (beyond && hop->loss - here.loss > chance(here.loss, decided(hop)))
		return HOP_VERDICT_RATE_LIMITED;
	if (here.loss - before.loss > chance(before.loss, here.decided))
		return HOP_VERDICT_LOSS;
	return HOP_VERDICT_NONE;
}

void
path_judge(struct path *path)
{
	struct reach reach[PATH_TTL_MAX];
	struct reach best = {.loss = 1, .at_most = 2, .decided = 0};
	bool answered_beyond[PATH_TTL_MAX];
	bool answered = false;

	for (unsigned i = path->hop_count; i-- > 0;) {
		struct hop *hop = &path->hops[i];
		hop->loss = hop_loss(hop);
		answered_beyond[i] = answered;
		if (hop->received > 0 && at_most(hop->loss, decided(hop)) <= best.at_most)
			best = (struct reach){.loss = hop->loss,
				.at_most = at_most(hop->loss, decided(hop)),
				.decided = decided(hop)};
		answered = answered || hop->received > 0;
		reach[i] = best;
	}
	struct reach before = {.loss = 0};
	for (unsigned i = 0; i < path->hop_count; i++) {
		struct hop *hop = &path->hops[i];
		hop->link_loss = (double)NAN;
		if (hop->received > 0 || answered_beyond[i])
			hop->link_loss =
				before.loss < 1 ? 1 - (1 - reach[i].loss) / (1 - before.loss) : 0;
		if (hop->link_loss < 0)
			hop->link_loss = 0;
		hop->verdict = judge(path, i, reach[i], before, answered_beyond[i]);
		if (hop->received > 0 || answered_beyond[i])
			before = reach[i];
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
	qsort(sorted, count, sizeof(sorted[0]), compare_us);
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
