/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probing of paths: starts and stops targets, and runs all of them by one timer. From the top down:
 *
 *	target.c         one target from start to end
 *	send.c           sends all probes that are due by one call
 *	receive.c        reads answers, ICMP errors and transmit stamps from a socket
 *	method/          the sockets by which probes go out; method.h says how to add a method
 *	in_flight.c      the probes of a target that were sent and may still be answered
 *	router_rate.c    spares the routers of a target
 *	probe_report.c   the messages of a target to the stream
 *	engine.c         what all targets share: stream, timer, waiting for answers
 *	target_time.c    when a target wants to run next
 *	probe_schedule.c which ttl of which flow is probed when
 *	rate_limit.c     how often a router may be made to answer
 *	probe_wire.c     the bytes of probes and answers
 */
#include <config.h>

#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>

#include "collector/probe/method/route_watch.h"
#include "engine.h"
#include "probe_report.h"
#include "receive.h"
#include "send.h"
#include "target_time.h"

static void
end_target(struct probe_engine *engine, size_t i)
{
	const uint32_t netns = engine->targets[i]->start.netns;

	target_free(engine->targets[i]);
	engine->targets[i] = engine->targets[--engine->count];
	route_watch_drop(engine, netns);
}

/* Level triggered: what does not fit comes with the next call. */
static void
read_answers(const struct probe_engine *engine)
{
	struct epoll_event ready[PROBE_TARGETS_MAX];
	const int count = epoll_wait(engine->answers, ready, PROBE_TARGETS_MAX, 0);

	for (int i = 0; i < count; i++)
		receive_ready(ready[i].data.ptr, (ready[i].events & EPOLLERR) != 0,
			(ready[i].events & EPOLLIN) != 0);
}

static void
on_answers(void *context, unsigned events)
{
	(void)events;
	read_answers(context);
}

/* What the budget does not reach for all of them is reached for each in rotation. */
static void
rotate(struct probe_engine *engine)
{
	struct target *last;

	if (engine->count < 2)
		return;
	last = engine->targets[engine->count - 1];
	memmove(engine->targets + 1, engine->targets,
		(engine->count - 1) * sizeof *engine->targets);
	engine->targets[0] = last;
}

static void
on_timer(void *context, uint64_t times)
{
	struct probe_engine *const engine = context;
	const uint64_t now_ns = clock_monotonic_ns();

	(void)times;
	read_answers(engine);
	if (engine->is_short)
		rotate(engine);
	engine->is_short = false;
	for (size_t i = engine->count; i-- > 0;) {
		struct target *const target = engine->targets[i];
		/* A stamp that has not come by now may never come. */
		in_flight_report_sent(target);
		if (target_time_next_ns(target) > now_ns)
			continue;
		target_run(target, now_ns);
		if (target->is_over)
			end_target(engine, i);
	}
	engine_arm(engine);
}

/* The rooms are large; one of each serves all targets. */
static int
make_rooms(struct probe_engine *engine)
{
	engine->room = calloc(1, sizeof *engine->room);
	engine->send_room = calloc(1, sizeof *engine->send_room);
	engine->answers = epoll_create1(EPOLL_CLOEXEC);
	if (engine->room == NULL || engine->send_room == NULL || engine->answers < 0)
		return -errno;
	engine->answers_source = loop_add(engine->loop, engine->answers, 0, on_answers, engine);
	if (engine->answers_source != NULL)
		engine->timer = loop_add_timer(engine->loop, on_timer, engine);
	return engine->timer == NULL ? -errno : 0;
}

struct probe_engine *
probe_engine_new(struct loop *loop, struct stream_writer *writer,
	const struct namespaces *namespaces, uint64_t *losses)
{
	struct probe_engine *const engine = calloc(1, sizeof *engine);
	int cause;

	if (engine == NULL)
		return NULL;
	engine->loop = loop;
	engine->writer = writer;
	engine->namespaces = namespaces;
	engine->losses = losses;
	rate_limit_init(&engine->limit);
	budget_init(
		&engine->packets, PROBE_PACKETS_PER_S, PROBE_PACKETS_PER_S, clock_monotonic_ns());
	budget_init(&engine->bytes, PROBE_BYTES_PER_S, PROBE_BYTES_PER_S, clock_monotonic_ns());
	if (make_rooms(engine) == 0)
		return engine;
	cause = errno;
	probe_engine_free(engine);
	errno = cause;
	return NULL;
}

void
probe_engine_free(struct probe_engine *engine)
{
	if (engine == NULL)
		return;
	while (engine->count > 0)
		end_target(engine, engine->count - 1);
	loop_remove(engine->timer);
	loop_remove(engine->answers_source);
	if (engine->answers >= 0)
		close(engine->answers);
	rate_limit_fini(&engine->limit);
	free(engine->room);
	free(engine->send_room);
	free(engine);
}

static size_t
find(const struct probe_engine *engine, uint32_t id)
{
	size_t i = 0;

	while (i < engine->count && engine->targets[i]->start.id != id)
		i++;
	return i;
}

static void
refuse(const struct probe_engine *engine, const struct message_probe_start *start, int error,
	const char *text)
{
	const struct message_probe_state state = {
		.id = start->id, .error = error, .text = text_of(text)};

	engine_write(engine, MESSAGE_PROBE_START, start);
	engine_write(engine, MESSAGE_PROBE_STATE, &state);
}

/* Its socket, the one that hears all, the one that shows the route, and one for each flow. */
static size_t
descriptors_of(const struct message_probe_start *start)
{
	const uint8_t flows = start->flows < PROBE_SCHEDULE_FLOWS_MAX
				      ? start->flows
				      : (uint8_t)PROBE_SCHEDULE_FLOWS_MAX;

	return 3U + (flows == 0 ? 1U : flows);
}

static size_t
descriptors(const struct probe_engine *engine)
{
	size_t sum = 0;

	for (size_t i = 0; i < engine->count; i++)
		sum += descriptors_of(&engine->targets[i]->start);
	return sum;
}

/* False, and it is reported why: what is probed already leaves no room for it. */
static bool
has_room(const struct probe_engine *engine, const struct message_probe_start *start)
{
	char text[120];

	if (engine->count == PROBE_TARGETS_MAX)
		snprintf(text, sizeof text, "not probed: at most %d targets at once",
			PROBE_TARGETS_MAX);
	else if (descriptors(engine) + descriptors_of(start) > PROBE_DESCRIPTORS_MAX)
		snprintf(text, sizeof text,
			"not probed: at most %d descriptors for all targets; fewer flows or targets take less",
			PROBE_DESCRIPTORS_MAX);
	else
		return true;
	engine->losses[LOSS_REQUESTS]++;
	refuse(engine, start, EBUSY, text);
	return false;
}

void
probe_engine_start(struct probe_engine *engine, const struct message_probe_start *start)
{
	const size_t known = find(engine, start->id);
	struct target *target;

	if (known < engine->count)
		end_target(engine, known);
	if (!has_room(engine, start))
		return;
	target = target_new(engine, start, engine->started++);
	if (target == NULL) {
		refuse(engine, start, ENOMEM, "not probed: out of memory");
		return;
	}
	engine->targets[engine->count++] = target;
	route_watch_add(engine, target->start.netns);
	engine_write(engine, MESSAGE_PROBE_START, &target->start);
	probe_report_state(target);
	engine_arm(engine);
}

void
probe_engine_stop(struct probe_engine *engine, uint32_t id)
{
	const size_t i = find(engine, id);

	if (i == engine->count)
		return;
	engine->targets[i]->is_running = false;
	probe_report_state(engine->targets[i]);
	end_target(engine, i);
	engine_arm(engine);
}
