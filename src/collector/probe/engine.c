/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all targets share: writes to the stream, waits for answers, arms the one timer. */
#include <config.h>

#include "engine.h"

#include <errno.h>
#include <sys/epoll.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>

#include "target_time.h"

enum {
	/*
	 * With more targets than these, and none in its first cycle, answers are not waited for but
	 * read now and then: the kernel has stamped them.
	 */
	EAGER_MAX = 4,
	READ_EACH_MS = 25,
};

void
engine_write(const struct probe_engine *engine, enum message_type type, const void *body)
{
	if (stream_write_message(engine->writer, type, body) != 0)
		engine->losses[LOSS_BOUNDED]++;
}

bool
engine_is_eager(const struct probe_engine *engine)
{
	for (size_t i = 0; i < engine->count; i++)
		if (engine->targets[i]->schedule.cycle <= 1)
			return true;
	return engine->count <= EAGER_MAX;
}

int
engine_listen(const struct probe_engine *engine, struct target *target)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = target};

	return epoll_ctl(engine->answers, EPOLL_CTL_ADD, target->fd, &event) == 0 ? 0 : errno;
}

/* When answers are to be read next, though nobody waits for them. */
static uint64_t
next_read_ns(const struct probe_engine *engine, uint64_t now_ns)
{
	const uint64_t each_ns = READ_EACH_MS * CLOCK_NS_PER_MS;

	for (size_t i = 0; i < engine->count; i++)
		if (!target_time_is_quiet(engine->targets[i], now_ns))
			return now_ns + each_ns - now_ns % each_ns;
	return PROBE_SCHEDULE_NEVER;
}

void
engine_arm(struct probe_engine *engine)
{
	const uint64_t now_ns = clock_monotonic_ns();
	const bool is_eager = engine_is_eager(engine);
	uint64_t next_ns = is_eager ? PROBE_SCHEDULE_NEVER : next_read_ns(engine, now_ns);

	for (size_t i = 0; i < engine->count; i++) {
		const uint64_t target_ns = target_time_next_ns(engine->targets[i]);
		if (target_ns < next_ns)
			next_ns = target_ns;
	}
	(void)loop_change(engine->answers_source, is_eager ? LOOP_READ : 0);
	if (next_ns == PROBE_SCHEDULE_NEVER)
		loop_arm(engine->timer, 0, 0);
	else
		loop_arm(engine->timer, next_ns > now_ns ? next_ns - now_ns : 1, 0);
}
