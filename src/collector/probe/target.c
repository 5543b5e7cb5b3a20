/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One target from start to end: holds its order to the bounds, opens a method, sends what is due.
 */
#include <config.h>

#include "target.h"

#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>

#include "collector/probe/method/method.h"
#include "collector/probe/method/mtu_probe.h"
#include "collector/probe/method/probe_socket.h"
#include "collector/probe/method/reopen.h"
#include "engine.h"
#include "probe_report.h"
#include "router_rate.h"
#include "send.h"
#include "target_time.h"

enum {
	INTERVAL_MIN_MS = 20,
	INTERVAL_MAX_MS = 3600 * 1000,
	TIMEOUT_MIN_MS = 50,
	TIMEOUT_MAX_MS = 60 * 1000,
	ROUTER_RATE_MAX = 1000,
	ROUTE_LOOK_EACH = 10, /* cycles */
};

static uint32_t
bound(uint32_t value, uint32_t min, uint32_t max)
{
	return value < min ? min : value > max ? max : value;
}

static void
hold_to_bounds(struct message_probe_start *start)
{
	if (start->protocol > PROBE_PROTOCOL_TCP)
		start->protocol = PROBE_PROTOCOL_ICMP;
	start->flows = (uint8_t)bound(start->flows, 1, PROBE_SCHEDULE_FLOWS_MAX);
	start->first_ttl = (uint8_t)bound(start->first_ttl, 1, PROBE_SCHEDULE_TTL_MAX);
	start->max_ttl = (uint8_t)bound(start->max_ttl, start->first_ttl, PROBE_SCHEDULE_TTL_MAX);
	start->interval_ms = bound(start->interval_ms, INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	start->timeout_ms = start->timeout_ms == 0
				    ? (uint32_t)PROBE_TIMEOUT_MS
				    : bound(start->timeout_ms, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
	if (start->dont_fragment > PROBE_FRAGMENT_SEARCH)
		start->dont_fragment = PROBE_FRAGMENT_NEVER;
	start->size = (uint16_t)bound(start->size, WIRE_PAYLOAD_MIN, WIRE_PAYLOAD_MAX);
	start->router_rate = (uint16_t)bound(start->router_rate, 1, ROUTER_RATE_MAX);
	if (start->protocol == PROBE_PROTOCOL_TCP && start->port == 0)
		start->port = TARGET_TCP_PORT;
}

/* One that is to be probed until it is stopped waits for its way; others end at once. */
static void
open_target(struct target *target)
{
	target->reopened_ns = clock_monotonic_ns();
	target->is_running = method_open(target) && engine_listen(target);
	if (target->is_running || target->start.cycles != 0 || !reopen_may_help(target->error))
		return;
	target->is_running = target->is_blocked = true;
}

struct target *
target_new(struct probe_engine *engine, const struct message_probe_start *start, uint32_t rotation)
{
	struct target *const target = calloc(1, sizeof *target);
	uint64_t chance;

	if (target == NULL)
		return NULL;
	target->engine = engine;
	target->start = *start;
	hold_to_bounds(&target->start);
	target->is_v4 = address_is_v4(&start->target);
	target->fd = target->any_fd = target->route_fd = -1;
	for (unsigned i = 0; i < PROBE_SCHEDULE_FLOWS_MAX; i++)
		target->reserved[i] = -1;
	target->size = target->start.size;
	target->key_base = 1;
	chance = map_hash(clock_realtime_ns() ^ start->id);
	target->id = (uint16_t)chance;
	target->number = (uint32_t)(chance >> 16);
	target->label = (uint32_t)(chance >> 40);
	if (router_rate_init(target) != 0) {
		free(target);
		return NULL;
	}
	probe_schedule_init(&target->schedule, &target->start, rotation, clock_monotonic_ns());
	open_target(target);
	return target;
}

void
target_free(struct target *target)
{
	if (target->method != NULL && target->method->close != NULL)
		target->method->close(target);
	probe_socket_close(target);
	if (target->route_fd >= 0)
		close(target->route_fd);
	router_rate_fini(target);
	free(target);
}

/* All that is due fails, while nothing can be sent. */
static void
fail_due(struct target *target, uint64_t now_ns)
{
	struct probe_schedule_step step;

	while (probe_schedule_take(&target->schedule, now_ns, &step))
		if (router_rate_may_send(target, &step, now_ns))
			in_flight_send_failed(
				target, in_flight_create(target, &step), target->error);
}

/* All that is due, for methods that send many by one call. */
static void
send_many(struct target *target, uint64_t now_ns)
{
	const uint32_t cycle = target->schedule.cycle;

	send_due(target, now_ns);
	if (target->schedule.cycle != cycle && target->schedule.cycle % ROUTE_LOOK_EACH == 0 &&
		probe_socket_look_route(target))
		probe_report_state(target);
}

static void
send_step(struct target *target, const struct probe_schedule_step *step)
{
	struct in_flight *const probe = in_flight_create(target, step);
	int error = target->is_blocked ? target->error : target->method->send(target, step, probe);

	/* The source address or the route may be another one now. */
	if (!target->is_blocked && reopen_may_help(error) &&
		reopen_is_due(target, target->last_sent_ns) && reopen_target(target))
		error = target->method->send(target, step, probe);
	if (error != 0)
		in_flight_send_failed(target, probe, error);
}

/* For methods that send by themselves, one probe at a time. */
static void
send_one(struct target *target, uint64_t now_ns)
{
	struct probe_schedule_step step;

	target->method->tick(target, now_ns);
	while (!target_time_is_busy(target) && engine_take_step(target, 0, now_ns, &step)) {
		if (!router_rate_may_send(target, &step, now_ns))
			continue;
		engine_spend(target, 1);
		send_step(target, &step);
	}
}

static void
send_all(struct target *target, uint64_t now_ns)
{
	if (target->is_blocked && reopen_is_due(target, now_ns))
		(void)reopen_target(target);
	if (target->is_blocked)
		fail_due(target, now_ns);
	else if (target->method->send != NULL)
		send_one(target, now_ns);
	else
		send_many(target, now_ns);
}

void
target_run(struct target *target, uint64_t now_ns)
{
	if (target_time_is_failed(target)) {
		target->is_over = true;
		return;
	}
	send_all(target, now_ns);
	mtu_probe_run(target, now_ns);
	if (target_time_search_ns(target) != UINT64_MAX ||
		probe_schedule_next_ns(&target->schedule) != PROBE_SCHEDULE_NEVER ||
		target_time_is_busy(target))
		return;
	if (target->is_running) {
		in_flight_report_sent(target);
		target->is_running = false;
		probe_report_state(target);
	}
	target->is_over = now_ns >= target_time_end_ns(target);
}
