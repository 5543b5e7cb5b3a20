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

uint64_t
target_time_next_ns(const struct target *target)
{
	const uint64_t next_ns = probe_schedule_next_ns(&target->schedule);

	if (target->method == NULL || target->error != 0)
		return 0; /* to be freed */
	if (target->method->send != NULL && target->method->is_busy(target))
		return target->method->next_ns(target);
	if (next_ns != PROBE_SCHEDULE_NEVER)
		return next_ns;
	/* The end of sending is reported at once. */
	return target->is_running ? 0 : target_time_end_ns(target);
}
