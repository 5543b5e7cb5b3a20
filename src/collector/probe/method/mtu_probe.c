/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends echo requests of the sizes that the search asks for, all the way to the target. They are
 * beside the probes of the schedule, and do not count as loss.
 */
#include <config.h>

#include "mtu_probe.h"

#include <sockwatch/base/clock.h>

#include "collector/probe/engine.h"
#include "collector/probe/probe_report.h"
#include "collector/probe/send.h"
#include "collector/probe/target_time.h"

enum {
	FLOOR_V4 = 68, /* RFC 791: every link takes that */
	FLOOR_V6 = 1280,
	LIMIT_MAX = WIRE_PAYLOAD_MAX,
	LIMIT_DEFAULT = 1500,
	ROUND_MIN_MS = 250,
	ROUND_FACTOR = 4, /* of the longest round-trip time */
};

static uint64_t
round_ns(const struct target *target)
{
	const uint64_t most_ns = target->start.timeout_ms * CLOCK_NS_PER_MS;
	const uint64_t least_ns = ROUND_MIN_MS * CLOCK_NS_PER_MS;
	const uint64_t wanted_ns = target->longest_ns * ROUND_FACTOR;

	return wanted_ns > most_ns ? most_ns : wanted_ns < least_ns ? least_ns : wanted_ns;
}

/* What passed is all that passes, unless we try no more: the state says so. */
static void
end_search(struct target *target)
{
	const uint16_t passed = target->search.passed;

	if (passed == 0 || passed == target->mtu || passed == LIMIT_MAX)
		return;
	target->mtu = target->search.passed;
	probe_report_state(target);
}

void
mtu_probe_run(struct target *target, uint64_t now_ns)
{
	uint16_t limit = target->mtu;
	size_t count;

	if (target_time_search_ns(target) == UINT64_MAX || now_ns < target->search_ns ||
		!engine_may_send(target, MTU_SEARCH_SIZES))
		return;
	if (limit == 0 || limit > LIMIT_MAX)
		limit = limit == 0 ? (uint16_t)LIMIT_DEFAULT : (uint16_t)LIMIT_MAX;
	if (target->search.failed == 0)
		mtu_search_init(&target->search,
			target->is_v4 ? (uint16_t)FLOOR_V4 : (uint16_t)FLOOR_V6, limit);
	count = mtu_search_next(&target->search);
	if (count == 0) {
		end_search(target);
		return;
	}
	engine_spend(target, count);
	send_sizes(target, target->start.max_ttl, target->search.sizes, count);
	target->search_ns = now_ns + round_ns(target);
}
