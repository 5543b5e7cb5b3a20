/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides when a run of `sockwatch probe` has heard all that it can expect to hear. */
#include <config.h>

#include <errno.h>

#include <sockwatch/base/clock.h>

#include "probe_run.h"

enum {
	/* The wait after the last probe, in longest round-trip times. */
	SETTLE_FACTOR = 4,
	SETTLE_MIN_MS = 250,
	NAMES_WAIT_MS = 1000,
};

static bool
has_open(const struct path *path)
{
	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].pending != 0)
			return true;
	return false;
}

/* A hop whose first answer may still be on its way, for longer than others took. */
static bool
has_first_open(const struct path *path)
{
	for (unsigned i = 0; i < path->hop_count; i++) {
		const struct hop *const hop = &path->hops[i];

		if (hop->pending != 0 && hop->pending == hop->sent - hop->unsent)
			return true;
	}
	return false;
}

static uint64_t
settle_ns(const struct path *path)
{
	uint64_t worst_us = 0, ns;
	const uint64_t most_ns = path->start.timeout_ms * CLOCK_NS_PER_MS;

	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].worst_us > worst_us)
			worst_us = path->hops[i].worst_us;
	ns = worst_us * SETTLE_FACTOR * CLOCK_NS_PER_US;
	if (ns < SETTLE_MIN_MS * CLOCK_NS_PER_MS)
		ns = SETTLE_MIN_MS * CLOCK_NS_PER_MS;
	/* A target that has not answered yet may be at any distance. */
	return !path->ended || has_first_open(path) || ns > most_ns ? most_ns : ns;
}

/* Every answer of this target that can be expected has come. */
static bool
is_target_settled(struct probe_run *run, size_t i, uint64_t now_ns)
{
	const struct path *const path = probe_run_path(run, i);
	struct probe_target *const target = &run->targets[i];

	if (path == NULL)
		return false;
	if (path->running || (run->screen.tui != NULL && tui_is_probe_paused(run->screen.tui))) {
		target->last_sent_ns = 0;
		return false;
	}
	if (target->last_sent_ns == 0)
		target->last_sent_ns = now_ns;
	if (path->method == PROBE_METHOD_NONE || (path->ended && !has_open(path)))
		return true;
	return now_ns >= target->last_sent_ns + settle_ns(path);
}

/* Looks at each target, so that the clock of each begins when its last probe is sent. */
static bool
is_settled(struct probe_run *run, uint64_t now_ns)
{
	bool all = true;

	for (size_t i = 0; i < run->count; i++)
		all &= is_target_settled(run, i, now_ns);
	return all;
}

static void
ask_for_names(struct probe_run *run, const struct path *path)
{
	for (unsigned i = 0; path != NULL && i < path->hop_count; i++)
		for (unsigned k = 0; k < path->hops[i].address_count; k++)
			(void)resolver_name(run->resolver, &path->hops[i].addresses[k].address);
}

/* Whether the names of the hops have come, or were waited for long enough. */
static bool
has_names(struct probe_run *run, uint64_t now_ns)
{
	if (!probe_run_wants_names(run))
		return true;
	for (size_t i = 0; i < run->count; i++)
		ask_for_names(run, probe_run_path(run, i));
	return resolver_busy(run->resolver) == 0 ||
	       now_ns >= run->settled_ns + NAMES_WAIT_MS * CLOCK_NS_PER_MS;
}

void
probe_end_check(struct probe_run *run)
{
	const uint64_t now_ns = clock_monotonic_ns();

	if (run->is_source_ended) {
		loop_stop(run->loop, -EPIPE);
		return;
	}
	if (!run->is_stopped && !is_settled(run, now_ns))
		return;
	if (run->settled_ns == 0)
		run->settled_ns = now_ns;
	if (run->is_stopped || has_names(run, now_ns))
		loop_stop(run->loop, 0);
}
