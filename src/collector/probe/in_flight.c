/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the probes of a target from sending to answer, in a ring by sequence number. */
#include <config.h>

#include "in_flight.h"

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

struct in_flight *
in_flight_create(struct target *target, const struct probe_schedule_step *step)
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
	probe_schedule_sent(&target->schedule, step);
	return probe;
}

void
in_flight_send_failed(struct target *target, struct in_flight *probe, int error)
{
	probe_report_sent(target, probe, error);
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
	if (is_too_big(target, answer)) {
		router_rate_undecided(target, &step);
		in_flight_too_big(target, answer->info);
		return;
	}
	router_rate_answered(target, &step, answer);
}

void
in_flight_too_big(struct target *target, uint32_t mtu)
{
	const uint32_t headers = target->is_v4 ? HEADERS_V4 : HEADERS_V6;
	const uint32_t safe = target->is_v4 ? MTU_SAFE_V4 : MTU_SAFE_V6;

	if (mtu < headers + WIRE_PAYLOAD_MIN || mtu >= target->size + headers)
		mtu = safe;
	if (mtu - headers < target->size)
		target->size = (uint16_t)(mtu - headers);
	if (probe_socket_look_route(target))
		probe_report_state(target);
}
