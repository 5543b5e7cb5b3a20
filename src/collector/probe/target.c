/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One target. A probe is told when its transmit stamp came, which on most links is at once; else
 * with the time at which it was handed over, and again when the stamp comes. An answer is always
 * told after its probe.
 */
#include <config.h>

#include "target.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>

#include "collector/probe/method/method.h"
#include "engine.h"
#include "receive.h"
#include "send.h"

enum {
	INTERVAL_MIN_MS = 20,
	INTERVAL_MAX_MS = 3600 * 1000,
	TIMEOUT_MIN_MS = 50,
	TIMEOUT_MAX_MS = 60 * 1000,
	TIMEOUT_DEFAULT_MS = 3000,
	ROUTER_RATE_MAX = 1000,
	ROUTE_LOOK_EACH = 10, /* cycles */
	HEADERS_V4 = 28,      /* IPv4 and UDP or ICMP */
	HEADERS_V6 = 48,
	/* Where a router does not say what fits: what every path takes. */
	MTU_SAFE_V4 = 576,
	MTU_SAFE_V6 = 1280,
};

static uint32_t
bound(uint32_t value, uint32_t min, uint32_t max)
{
	return value < min ? min : value > max ? max : value;
}

static void
hold_to_bounds(struct message_probe_start *start)
{
	start->protocol = start->protocol <= PROBE_PROTOCOL_TCP ? start->protocol
								: (uint8_t)PROBE_PROTOCOL_ICMP;
	start->flows = (uint8_t)bound(start->flows, 1, PLAN_FLOWS_MAX);
	start->first_ttl = (uint8_t)bound(start->first_ttl, 1, PLAN_TTL_MAX);
	start->max_ttl = (uint8_t)bound(start->max_ttl, start->first_ttl, PLAN_TTL_MAX);
	start->interval_ms = bound(start->interval_ms, INTERVAL_MIN_MS, INTERVAL_MAX_MS);
	start->timeout_ms = start->timeout_ms == 0
				    ? (uint32_t)TIMEOUT_DEFAULT_MS
				    : bound(start->timeout_ms, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
	start->size = (uint16_t)bound(start->size, WIRE_PAYLOAD_MIN, WIRE_PAYLOAD_MAX);
	start->router_rate = (uint16_t)bound(start->router_rate, 1, ROUTER_RATE_MAX);
	if (start->protocol == PROBE_PROTOCOL_TCP && start->port == 0)
		start->port = TARGET_TCP_PORT;
}

/* Linux pays twice for a route that refuses (ip_error, icmp_send), and nothing is had for half. */
static uint64_t
period_ns(const struct target *target, bool is_refusing)
{
	const uint64_t period_ns = CLOCK_NS_PER_S / target->start.router_rate;

	return is_refusing ? period_ns * 22 / 10 : period_ns;
}

static void
open_target(struct target *target)
{
	open_method(target);
	if (target->method == NULL)
		return;
	if (target->fd >= 0)
		target->error = engine_listen(target->engine, target);
	target->is_running = target->error == 0;
}

struct target *
target_new(struct probe_engine *engine, const struct message_probe_start *start, uint32_t turn)
{
	struct target *const target = calloc(1, sizeof(*target));
	uint64_t chance;

	if (target == NULL)
		return NULL;
	target->engine = engine;
	target->start = *start;
	hold_to_bounds(&target->start);
	target->is_v4 = address_is_v4(&start->target);
	target->fd = target->route_fd = -1;
	for (unsigned i = 0; i < PLAN_FLOWS_MAX; i++)
		target->reserved[i] = -1;
	target->size = target->start.size;
	target->key_base = 1;
	chance = map_hash(clock_realtime_ns() ^ start->id);
	target->id = (uint16_t)chance;
	target->number = (uint32_t)(chance >> 16);
	target->slots = calloc(
		(size_t)target->start.flows * target->start.max_ttl, sizeof(target->slots[0]));
	if (target->slots == NULL) {
		free(target);
		return NULL;
	}
	for (size_t i = 0; i < (size_t)target->start.flows * target->start.max_ttl; i++)
		target->slots[i].period_ns = period_ns(target, false);
	probe_schedule_init(&target->schedule, &target->start, turn, clock_monotonic_ns());
	open_target(target);
	return target;
}

void
target_free(struct target *target)
{
	const size_t slots = (size_t)target->start.flows * target->start.max_ttl;

	if (target->method != NULL && target->method->close != NULL)
		target->method->close(target);
	open_undo(target);
	if (target->route_fd >= 0)
		close(target->route_fd);
	for (size_t i = 0; i < slots; i++)
		rate_limit_forget(&target->engine->limit, &target->slots[i]);
	free(target->slots);
	free(target);
}

static struct rate_limit_slot *
slot_of(struct target *target, const struct probe_schedule_step *step)
{
	return &target->slots[(size_t)step->flow * target->start.max_ttl + step->ttl - 1];
}

void
target_tell_state(const struct target *target)
{
	const struct message_probe_state state = {.id = target->start.id,
		.running = target->is_running,
		.method = target->method == NULL ? (uint8_t)PROBE_METHOD_NONE
						 : (uint8_t)target->method->number,
		.error = target->error,
		.text = text_of(target->text),
		.cycle = target->schedule.cycle,
		.source = target->local,
		.mtu = target->mtu};

	engine_write(target->engine, MESSAGE_PROBE_STATE, &state);
}

/* The probe with this sequence, if it is remembered. */
static struct flight *
find(struct target *target, uint32_t sequence)
{
	struct flight *flight = &target->flights[sequence % TARGET_FLIGHTS];

	return sequence != 0 && flight->sequence == sequence ? flight : NULL;
}

static void
tell_sent(struct target *target, struct flight *flight, int error)
{
	const struct message_probe_sent sent = {.id = target->start.id,
		.sequence = flight->sequence,
		.cycle = flight->cycle,
		.ttl = flight->ttl,
		.flow = flight->flow,
		.sent_ns = flight->sent_ns,
		.kernel_stamp = flight->is_stamped,
		.error = error};

	flight->is_told = true;
	engine_write(target->engine, MESSAGE_PROBE_SENT, &sent);
}

void
target_tell_sent(struct target *target)
{
	while (target->told != target->sequence) {
		struct flight *flight = find(target, ++target->told);
		if (flight != NULL && !flight->is_told)
			tell_sent(target, flight, 0);
	}
}

struct flight *
target_take_off(struct target *target, const struct probe_schedule_step *step)
{
	/* 0 says "none"; no run lasts for so many. */
	const uint32_t sequence = ++target->sequence;
	struct flight *flight = &target->flights[sequence % TARGET_FLIGHTS];

	*flight = (struct flight){.sent_ns = clock_realtime_ns(),
		.sequence = sequence,
		.cycle = target->schedule.cycle,
		.ttl = step->ttl,
		.flow = step->flow};
	target->last_sent_ns = clock_monotonic_ns();
	probe_schedule_sent(&target->schedule, step);
	return flight;
}

void
target_crashed(struct target *target, struct flight *flight, int error)
{
	tell_sent(target, flight, error);
	*flight = (struct flight){0};
}

void
target_stamped(struct target *target, uint32_t sequence, uint64_t sent_ns)
{
	struct flight *flight = find(target, sequence);

	if (flight == NULL || flight->is_stamped || flight->is_answered)
		return;
	flight->sent_ns = sent_ns;
	flight->is_stamped = true;
	tell_sent(target, flight, 0);
}

/* Beyond whom nothing comes: everything unreachable but what is only too big. RFC 792, RFC 4443. */
static bool
ends_path(const struct target *target, const struct answer *answer)
{
	if (answer->kind != PROBE_ANSWER_ICMP)
		return true;
	if (target->is_v4)
		return answer->icmp_type == 3 && answer->icmp_code != 4;
	return answer->icmp_type == 1;
}

static bool
is_too_big(const struct target *target, const struct answer *answer)
{
	if (answer->kind != PROBE_ANSWER_ICMP)
		return false;
	return target->is_v4 ? answer->icmp_type == 3 && answer->icmp_code == 4
			     : answer->icmp_type == 2;
}

static void
tell_answer(const struct target *target, uint32_t sequence, const struct answer *answer)
{
	const struct message_probe_answer told = {.id = target->start.id,
		.sequence = sequence,
		.kind = (uint8_t)answer->kind,
		.icmp_type = answer->icmp_type,
		.icmp_code = answer->icmp_code,
		.ttl = answer->ttl,
		.received_ns = answer->received_ns,
		.kernel_stamp = answer->is_stamped,
		.from = answer->from,
		.info = answer->info,
		.extension = answer->extension,
		.data = answer->data};

	engine_write(target->engine, MESSAGE_PROBE_ANSWER, &told);
}

/* What lies beyond the end is probed no more. */
static void
forget_beyond(struct target *target, const struct probe_schedule_step *end)
{
	for (struct probe_schedule_step step = *end; step.ttl < target->start.max_ttl;) {
		step.ttl++;
		rate_limit_forget(&target->engine->limit, slot_of(target, &step));
	}
}

static void
note_pace(
	struct target *target, const struct probe_schedule_step *step, const struct answer *answer)
{
	struct rate_limit *const limit = &target->engine->limit;
	const struct probe_schedule_flow *const flow = &target->schedule.flow[step->flow];
	const struct address *const router =
		answer->kind == PROBE_ANSWER_ICMP ? &answer->from : NULL;
	const uint64_t now_ns = clock_monotonic_ns();
	const uint8_t end_before = flow->end;

	probe_schedule_answered(&target->schedule, step, ends_path(target, answer));
	slot_of(target, step)->period_ns =
		period_ns(target, router != NULL && ends_path(target, answer) &&
					  address_compare(router, &target->start.target) != 0);
	if (flow->end == 0 || step->ttl <= flow->end)
		rate_limit_answered(
			limit, slot_of(target, step), router, target->start.netns, now_ns);
	else if (router != NULL)
		rate_limit_charge(
			limit, slot_of(target, step), router, target->start.netns, now_ns);
	if (flow->end != end_before && flow->end == step->ttl)
		forget_beyond(target, step);
}

void
target_answered(struct target *target, uint32_t sequence, const struct answer *answer)
{
	struct flight *flight = find(target, sequence);
	struct probe_schedule_step step;

	if (flight == NULL || flight->is_answered)
		return;
	step = (struct probe_schedule_step){.ttl = flight->ttl, .flow = flight->flow};
	if (!flight->is_told)
		tell_sent(target, flight, 0);
	flight->is_answered = true;
	tell_answer(target, sequence, answer);
	if (is_too_big(target, answer)) {
		/* Of its hop it says nothing. */
		slot_of(target, &step)->is_open = false;
		target_too_big(target, answer->info);
		return;
	}
	note_pace(target, &step, answer);
}

void
target_too_big(struct target *target, uint32_t mtu)
{
	const uint32_t headers = target->is_v4 ? HEADERS_V4 : HEADERS_V6;
	const uint32_t safe = target->is_v4 ? MTU_SAFE_V4 : MTU_SAFE_V6;

	if (mtu < headers + WIRE_PAYLOAD_MIN || mtu >= target->size + headers)
		mtu = safe;
	if (mtu - headers < target->size)
		target->size = (uint16_t)(mtu - headers);
	if (open_look_route(target))
		target_tell_state(target);
}

bool
target_may_send(struct target *target, const struct probe_schedule_step *step, uint64_t now_ns)
{
	const struct rate_limit_slot *const slot = slot_of(target, step);
	const bool has_missed = slot->is_open || slot->misses != 0;
	const uint8_t end = has_missed ? probe_schedule_may_be_end(&target->schedule, step) : 0;
	/* Flows mostly share their routers, so what the first one found is assumed for the others.
	 */
	const struct probe_schedule_step like = {
		.ttl = end != 0 ? end : step->ttl, .flow = end != 0 ? step->flow : 0};

	return rate_limit_take(&target->engine->limit, slot_of(target, step),
		like.ttl == step->ttl && like.flow == step->flow ? NULL : slot_of(target, &like),
		now_ns, probe_schedule_is_before_end(&target->schedule, step));
}

static void
send_some(struct target *target, uint64_t now_ns)
{
	const uint32_t cycle = target->schedule.cycle;

	send_due(target, now_ns);
	if (target->schedule.cycle != cycle && target->schedule.cycle % ROUTE_LOOK_EACH == 0 &&
		open_look_route(target))
		target_tell_state(target);
}

static void
send_one(struct target *target, uint64_t now_ns)
{
	struct probe_schedule_step step;

	target->method->tick(target, now_ns);
	while (!target->method->is_busy(target) &&
		probe_schedule_take(&target->schedule, now_ns, &step))
		if (target_may_send(target, &step, now_ns))
			target->method->send(target, &step);
}

static uint64_t
end_ns(const struct target *target)
{
	return target->last_sent_ns + (target->start.timeout_ms + 1) * CLOCK_NS_PER_MS;
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
		send_some(target, now_ns);
	if (probe_schedule_next_ns(&target->schedule) != PLAN_NEVER ||
		(target->method->send != NULL && target->method->is_busy(target)))
		return;
	if (target->is_running) {
		target_tell_sent(target);
		target->is_running = false;
		target_tell_state(target);
	}
	target->is_over = now_ns >= end_ns(target);
}

bool
target_is_quiet(const struct target *target, uint64_t now_ns)
{
	return target->fd < 0 || now_ns >= end_ns(target);
}

uint64_t
target_next_ns(const struct target *target)
{
	uint64_t next_ns = probe_schedule_next_ns(&target->schedule);

	if (target->method == NULL || target->error != 0)
		return 0; /* to be freed */
	if (target->method->send != NULL && target->method->is_busy(target))
		return target->method->next_ns(target);
	if (next_ns != PLAN_NEVER)
		return next_ns;
	/* That no more will be sent is told at once. */
	return target->is_running ? 0 : end_ns(target);
}
