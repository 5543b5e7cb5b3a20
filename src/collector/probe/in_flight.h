/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probes of a target that were sent and may still be answered. A probe is reported when its
 * transmit stamp came, which on most links is at once; otherwise with the time at which it was
 * handed over, and again when the stamp comes. An answer is always reported after its probe.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_IN_FLIGHT_H
#define SOCKWATCH_COLLECTOR_PROBE_IN_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/stream/message.h>

#include "probe_schedule.h"

struct target;

struct in_flight {
	uint64_t sent_ns; /* CLOCK_REALTIME */
	uint32_t sequence, cycle;
	uint16_t size; /* bytes of the IP packet; 0: not known */
	uint8_t ttl, flow;
	uint16_t payload; /* bytes of it */
	bool is_search;   /* for the path MTU; not a step of the schedule */
	bool is_reported, is_stamped, is_answered;
};

/* What came back: an ICMP error, a packet, or the result of a connect. */
struct answer {
	enum probe_answer kind;
	uint8_t icmp_type, icmp_code;
	uint8_t ttl;
	bool is_stamped;
	uint16_t extension;
	uint32_t info;
	uint64_t received_ns; /* CLOCK_REALTIME */
	struct address from;
	struct text data;
};

/* A new probe, not reported yet. It is about to be sent. */
struct in_flight *in_flight_create(struct target *target, const struct probe_schedule_step *step);
/* The same for the search of the path MTU, by flow 0. */
struct in_flight *in_flight_create_search(struct target *target, uint8_t ttl, uint16_t payload);
/* Sending failed: the probe is reported with the error and forgotten. */
void in_flight_send_failed(struct target *target, struct in_flight *probe, int error);
/* The kernel's transmit stamp came. */
void in_flight_stamped(struct target *target, uint32_t sequence, uint64_t sent_ns);
void in_flight_answered(struct target *target, uint32_t sequence, const struct answer *answer);
/* Reports all that were sent and are not reported yet: no stamp came at once. */
void in_flight_report_sent(struct target *target);
/* A probe of so many bytes was too big for the path; mtu: what fits, or 0. Later ones are smaller.
 */
void in_flight_too_big(struct target *target, uint32_t mtu, uint32_t size);

#endif
