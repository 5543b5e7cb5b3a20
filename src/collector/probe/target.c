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
#include "collector/probe/method/probe_socket.h"
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
	TIMEOUT_DEFAULT_MS = 3000,
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
				    ? (uint32_t)TIMEOUT_DEFAULT_MS
				    : bound(start->timeout_ms, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
	start->size = (uint16_t)bound(start->size, WIRE_PAYLOAD_MIN, WIRE_PAYLOAD_MAX);
	start->router_rate = (uint16_t)bound(start->router_rate, 1, ROUTER_RATE_MAX);
	if (start->protocol == PROBE_PROTOCOL_TCP && start->port == 0)
		start->port = TARGET_TCP_PORT;
}

static void
open_target(struct target *target)
{
	method_open(target);
	if (target->method == NULL)
		return;
	if (target->fd >= 0)
		target->error = engine_listen(target->engine, target);
	target->is_running = target->error == 0;
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
	target->fd = target->route_fd = -1;
	for (unsigned i = 0; i < PROBE_SCHEDULE_FLOWS_MAX; i++)
		target->reserved[i] = -1;
	target->size = target->start.size;
	target->key_base = 1;
	chance = map_hash(clock_realtime_ns() ^ start->id);
	target->id = (uint16_t)chance;
	target->number = (uint32_t)(chance >> 16);
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

/* For methods that send by themselves, one probe at a time. */
static void
send_one(struct target *target, uint64_t now_ns)
{
	struct probe_schedule_step step;

	target->method->tick(target, now_ns);
	while (!target->method->is_busy(target) &&
		probe_schedule_take(&target->schedule, now_ns, &step))
		if (router_rate_may_send(target, &step, now_ns))
			target->method->send(target, &step);
}

void
target_run(struct target *target, uint64_t now_ns)
{
	if (target->method == NULL || target->error != 0) {
		target->is_over = true;
		return;
	}
	if (target->method->send != NULL)
		send_one(target, now_ns);
	else
		send_many(target, now_ns);
	if (probe_schedule_next_ns(&target->schedule) != PROBE_SCHEDULE_NEVER ||
		(target->method->send != NULL && target->method->is_busy(target)))
		return;
	if (target->is_running) {
		in_flight_report_sent(target);
		target->is_running = false;
		probe_report_state(target);
	}
	target->is_over = now_ns >= target_time_end_ns(target);
}
