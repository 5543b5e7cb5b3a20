/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a target wants to run next: the schedule, the method's own deadline, or its end. */
#include <config.h>

#include "target_time.h"

#include <sockwatch/base/clock.h>

#include "collector/probe/method/method.h"

uint64_t
target_time_end_ns(const struct target *target)
{
	return target->last_sent_ns + (target->start.timeout_ms + 1) * CLOCK_NS_PER_MS;
}

bool
target_time_is_quiet(const struct target *target, uint64_t now_ns)
{
	return target->fd < 0 || now_ns >= target_time_end_ns(target);
}

bool
target_time_is_failed(const struct target *target)
{
	return !target->is_blocked && (target->method == NULL || target->error != 0);
}

bool
target_time_is_busy(const struct target *target)
{
	return !target->is_blocked && target->method->send != NULL &&
	       target->method->is_busy(target);
}

uint64_t
target_time_search_ns(const struct target *target)
{
	const bool is_wanted = target->start.dont_fragment == PROBE_FRAGMENT_SEARCH &&
			       target->start.protocol == PROBE_PROTOCOL_ICMP &&
			       !target->is_blocked && target->has_echo && !target->search.is_over;

	return is_wanted ? target->search_ns : UINT64_MAX;
}

uint64_t
target_time_next_ns(const struct target *target)
{
	const uint64_t step_ns = probe_schedule_next_ns(&target->schedule);
	const uint64_t search_ns = target_time_search_ns(target);
	const uint64_t next_ns = search_ns < step_ns ? search_ns : step_ns;

	if (target_time_is_failed(target))
		return 0; /* to be freed */
	if (target_time_is_busy(target))
		return target->method->next_ns(target);
	if (next_ns != PROBE_SCHEDULE_NEVER)
		return next_ns;
	/* The end of sending is reported at once. */
	return target->is_running ? 0 : target_time_end_ns(target);
}
