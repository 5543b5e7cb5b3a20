/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all targets share: writes to the stream, waits for answers, arms the one timer. */
#include <config.h>

#include "engine.h"

#include <errno.h>
#include <sys/epoll.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>

#include "collector/notice.h"
#include "target_time.h"

enum {
	/*
	 * With more targets than these, and none in its first cycle, answers are not waited for but
	 * read now and then: the kernel has stamped them.
	 */
	EAGER_MAX = 4,
	READ_EACH_MS = 25,
	/* What waits for the budget goes out in batches of so many. */
	SHORT_BATCH = 32,
	REPORT_EACH_S = 60,
	HEADERS_MAX = 60,
};

void
engine_write(const struct probe_engine *engine, enum message_type type, const void *body)
{
	if (stream_write_message(engine->writer, type, body) != 0)
		engine->losses[LOSS_BOUNDED]++;
}

static uint64_t
bytes_of(const struct target *target, size_t count)
{
	return (uint64_t)count * (target->size + (unsigned)HEADERS_MAX);
}

static void
report_short(struct probe_engine *engine, uint64_t now_ns)
{
	struct error sentence;

	engine->is_short = true;
	if (engine->reported_ns != 0 &&
		now_ns < engine->reported_ns + REPORT_EACH_S * CLOCK_NS_PER_S)
		return;
	engine->reported_ns = now_ns;
	error_set(&sentence,
		"the probes of all targets are more than %d packets or %d MB a second, so they go out more slowly than was asked; fewer targets or flows, or a longer interval, keep the time",
		PROBE_PACKETS_PER_S, PROBE_BYTES_PER_S / 1000000);
	notice_write(engine->writer, SEVERITY_WARNING, sentence.text);
}

bool
engine_may_send(const struct target *target, size_t count)
{
	struct probe_engine *const engine = target->engine;
	const uint64_t now_ns = clock_monotonic_ns();

	if (budget_left(&engine->packets, now_ns) >= count &&
		budget_left(&engine->bytes, now_ns) >= bytes_of(target, count))
		return true;
	report_short(engine, now_ns);
	return false;
}

bool
engine_take_step(
	struct target *target, size_t count, uint64_t now_ns, struct probe_schedule_step *step)
{
	/* Only what is due can be short of the budget. */
	return probe_schedule_next_ns(&target->schedule) <= now_ns &&
	       engine_may_send(target, count + 1) &&
	       probe_schedule_take(&target->schedule, now_ns, step);
}

void
engine_spend(const struct target *target, size_t count)
{
	struct probe_engine *const engine = target->engine;
	const uint64_t now_ns = clock_monotonic_ns();

	(void)budget_take(&engine->packets, count, now_ns);
	(void)budget_take(&engine->bytes, bytes_of(target, count), now_ns);
}

/* When what waited for the budget can go on. */
static uint64_t
funded_ns(struct probe_engine *engine, uint64_t now_ns)
{
	const uint64_t packets_ns = budget_ready_ns(&engine->packets, SHORT_BATCH, now_ns);
	const uint64_t bytes_ns = budget_ready_ns(
		&engine->bytes, SHORT_BATCH * (WIRE_PAYLOAD_MAX + (unsigned)HEADERS_MAX), now_ns);

	return packets_ns > bytes_ns ? packets_ns : bytes_ns;
}

bool
engine_is_eager(const struct probe_engine *engine)
{
	for (size_t i = 0; i < engine->count; i++)
		if (engine->targets[i]->schedule.cycle <= 1)
			return true;
	return engine->count <= EAGER_MAX;
}

bool
engine_listen(struct target *target)
{
	const int fds[] = {target->fd, target->any_fd};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = target};

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0 &&
			epoll_ctl(target->engine->answers, EPOLL_CTL_ADD, fds[i], &event) != 0)
			target->error = errno;
	return target->error == 0;
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
	const uint64_t least_ns = engine->is_short ? funded_ns(engine, now_ns) : 0;
	uint64_t next_ns = is_eager ? PROBE_SCHEDULE_NEVER : next_read_ns(engine, now_ns);

	for (size_t i = 0; i < engine->count; i++) {
		const uint64_t wanted_ns = target_time_next_ns(engine->targets[i]);
		const uint64_t target_ns = wanted_ns > least_ns ? wanted_ns : least_ns;
		if (target_ns < next_ns)
			next_ns = target_ns;
	}
	(void)loop_change(engine->answers_source, is_eager ? LOOP_READ : 0);
	if (next_ns == PROBE_SCHEDULE_NEVER)
		loop_arm(engine->timer, 0, 0);
	else
		loop_arm(engine->timer, next_ns > now_ns ? next_ns - now_ns : 1, 0);
}
