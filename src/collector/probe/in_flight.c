/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the probes of a target from sending to answer, in a ring by sequence number. */
#include <config.h>

#include "in_flight.h"

#include <errno.h>

#include <sockwatch/base/clock.h>

#include "collector/probe/method/probe_socket.h"
#include "probe_report.h"
#include "router_rate.h"
#include "target.h"

enum {
	HEADERS_V4 = 28, /* IPv4 and UDP or ICMP */
	HEADERS_V6 = 48,
	/* Where a router does not say what fits: what every path takes. */
	MTU_SAFE_V4 = 576,
	MTU_SAFE_V6 = 1280,
};

/* The probe with this sequence number, or NULL when it is not remembered. */
static struct in_flight *
find(struct target *target, uint32_t sequence)
{
	struct in_flight *const probe = &target->in_flight[sequence % TARGET_IN_FLIGHT_MAX];

	return sequence != 0 && probe->sequence == sequence ? probe : NULL;
}

void
in_flight_report_sent(struct target *target)
{
	while (target->reported != target->sequence) {
		struct in_flight *const probe = find(target, ++target->reported);
		if (probe != NULL && !probe->is_reported)
			probe_report_sent(target, probe, 0);
	}
}

static struct in_flight *
create(struct target *target, const struct probe_schedule_step *step)
{
	/* 0 means "none"; no run lasts for 2^32 probes. */
	const uint32_t sequence = ++target->sequence;
	struct in_flight *const probe = &target->in_flight[sequence % TARGET_IN_FLIGHT_MAX];

	*probe = (struct in_flight){.sent_ns = clock_realtime_ns(),
		.sequence = sequence,
		.cycle = target->schedule.cycle,
		.ttl = step->ttl,
		.flow = step->flow};
	target->last_sent_ns = clock_monotonic_ns();
	return probe;
}

struct in_flight *
in_flight_create(struct target *target, const struct probe_schedule_step *step)
{
	probe_schedule_sent(&target->schedule, step);
	return create(target, step);
}

struct in_flight *
in_flight_create_search(struct target *target, uint8_t ttl, uint16_t payload)
{
	struct in_flight *const probe =
		create(target, &(struct probe_schedule_step){.ttl = ttl, .flow = 0});

	probe->is_search = true;
	probe->payload = payload;
	return probe;
}

void
in_flight_send_failed(struct target *target, struct in_flight *probe, int error)
{
	if (!probe->is_search)
		probe_report_sent(target, probe, error);
	else if (error == EMSGSIZE)
		mtu_search_too_big(&target->search, probe->size, target->mtu);
	*probe = (struct in_flight){0};
}

void
in_flight_stamped(struct target *target, uint32_t sequence, uint64_t sent_ns)
{
	struct in_flight *const probe = find(target, sequence);

	if (probe == NULL || probe->is_stamped || probe->is_answered)
		return;
	probe->sent_ns = sent_ns;
	probe->is_stamped = true;
	probe_report_sent(target, probe, 0);
}

static bool
is_too_big(const struct target *target, const struct answer *answer)
{
	if (answer->kind != PROBE_ANSWER_ICMP)
		return false;
	return target->is_v4 ? answer->icmp_type == 3 && answer->icmp_code == 4
			     : answer->icmp_type == 2;
}

/* A step of the wall clock between the two is no round-trip time. */
static void
note_time(struct target *target, const struct in_flight *probe, const struct answer *answer)
{
	const uint64_t most_ns = target->start.timeout_ms * CLOCK_NS_PER_MS;
	const uint64_t took_ns = answer->received_ns - probe->sent_ns;

	if (answer->received_ns > probe->sent_ns && took_ns < most_ns &&
		took_ns > target->longest_ns)
		target->longest_ns = took_ns;
}

static void
take_size(struct target *target, const struct in_flight *probe, const struct answer *answer)
{
	if (answer->kind == PROBE_ANSWER_ECHO)
		mtu_search_passed(&target->search, probe->size);
	else if (is_too_big(target, answer))
		mtu_search_too_big(&target->search, probe->size, answer->info);
}

void
in_flight_answered(struct target *target, uint32_t sequence, const struct answer *answer)
{
	struct in_flight *const probe = find(target, sequence);
	struct probe_schedule_step step;

	if (probe == NULL || probe->is_answered)
		return;
	step = (struct probe_schedule_step){.ttl = probe->ttl, .flow = probe->flow};
	if (!probe->is_reported)
		probe_report_sent(target, probe, 0);
	probe->is_answered = true;
	probe_report_answer(target, sequence, answer);
	note_time(target, probe, answer);
	if (probe->is_search) {
		take_size(target, probe, answer);
		return;
	}
	target->has_echo |= answer->kind == PROBE_ANSWER_ECHO;
	if (is_too_big(target, answer)) {
		router_rate_undecided(target, &step);
		in_flight_too_big(target, answer->info, probe->size);
		return;
	}
	router_rate_answered(target, &step, answer);
}

void
in_flight_too_big(struct target *target, uint32_t mtu, uint32_t size)
{
	const uint32_t headers = target->is_v4 ? HEADERS_V4 : HEADERS_V6;
	const uint32_t safe = target->is_v4 ? MTU_SAFE_V4 : MTU_SAFE_V6;

	/* Old routers do not say what fits, and none can say that what it dropped does. */
	if (mtu < headers + WIRE_PAYLOAD_MIN || mtu >= size)
		mtu = safe;
	if (mtu < target->size + headers)
		target->size = (uint16_t)(mtu - headers);
	if (probe_socket_look_route(target))
		probe_report_state(target);
}
