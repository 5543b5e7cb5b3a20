/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet, seen more than once: on a bridge and its port, a VLAN and the card below it, both
 * ends of a veth pair, on its way in and out of a router, out of and into a loopback, or copied by
 * a mirroring switch. It differs from a packet that was sent again:
 *
 *   - Every sender has a home, the interface and direction where its newest segment was first seen.
 *     Elsewhere, a segment that brings nothing new is the copy of one that was seen at home shortly
 *     before. One that brings something new moves the home.
 *   - At home, the kernel shows no packet twice (but two captures may, at one and the same time). A
 *     file without interfaces may hold copies: then the IP header's id decides, which
 *     differs when a packet is sent again, and without one the time alone.
 */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

enum {
	COPY_ELSEWHERE_MS = 500, /* forwarded, queued; less than any first time-out but of TLP */
	COPY_WITH_ID_US = 100,
	COPY_WITHOUT_ID_US = 2, /* two SYN-ACKs can be 20 us apart, and neither has an id */
};

static uint64_t
apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static bool
is_news(const struct conversation_side *from, const struct conversation_side *to,
	const struct segment *segment)
{
	if (from->segments == 0)
		return true;
	/* A refusing RST carries no sequence number of its own. */
	if ((segment->flags & SEGMENT_RST) != 0)
		return !from->rst || segment->seq != from->last_seq;
	if (!from->numbered)
		return true;
	/* Another connection of the same endpoints. */
	if ((segment->flags & SEGMENT_SYN) != 0 && segment->seq != from->isn)
		return segment->seq != from->last_seq;
	if (sequence_distance(segment_end(segment), from->next) > 0)
		return true;
	if ((segment->flags & SEGMENT_FIN) != 0 && !from->fin)
		return true;
	return (segment->flags & SEGMENT_ACK) != 0 &&
	       (!to->ack_known || sequence_distance(segment->ack, to->acked) > 0);
}

static uint32_t
timestamp_of(const struct segment *segment)
{
	struct segment_options options;

	segment_read_options(segment, &options);
	return options.timestamp;
}

static bool
is_same(const struct conversation_side *from, const struct segment *segment)
{
	return from->segments != 0 && segment->seq == from->last_seq &&
	       segment->ack == from->last_ack && segment->flags == from->last_flags &&
	       segment->ip_id == from->last_ip_id &&
	       (segment->window == from->window || (segment->flags & SEGMENT_RST) != 0) &&
	       timestamp_of(segment) == from->last_timestamp;
}

static bool
is_copy_at_home(const struct conversation_side *from, const struct segment *segment)
{
	const uint64_t apart_ns = apart(segment->time_ns, from->last_ns);

	if (!is_same(from, segment))
		return false;
	if (segment->ifindex != 0)
		return apart_ns == 0;
	return apart_ns <= (segment->ip_id != 0 ? COPY_WITH_ID_US : COPY_WITHOUT_ID_US) *
				   (uint64_t)CLOCK_NS_PER_US;
}

/* The first sighting shows which end is here; a later one shows that it only passes through. */
static void
learn_side(struct conversation *conversation, uint8_t side, const struct segment *segment,
	bool is_copy)
{
	const struct conversation_side *const from = &conversation->side[side];

	if (is_copy) {
		if (from->home_direction == SEGMENT_IN && segment->direction == SEGMENT_OUT)
			conversation->local_side = CONVERSATION_SIDE_UNKNOWN;
		return;
	}
	if (from->segments != 0 || conversation->side[side ^ 1].segments != 0)
		return;
	conversation->local_side = CONVERSATION_SIDE_UNKNOWN;
	if (address_is_loopback(&segment->source) ||
		address_compare(&segment->source, &segment->destination) == 0)
		return;
	if (segment->direction == SEGMENT_OUT)
		conversation->local_side = side;
	if (segment->direction == SEGMENT_IN)
		conversation->local_side = side ^ 1;
}

bool
duplicate_check(struct conversation *conversation, uint8_t side, const struct segment *segment)
{
	const struct conversation_side *const from = &conversation->side[side];
	const bool home = segment->ifindex == from->home_ifindex &&
			  segment->direction == from->home_direction;
	bool is_copy;

	if (home || from->segments == 0)
		is_copy = is_copy_at_home(from, segment);
	else
		is_copy = !is_news(from, &conversation->side[side ^ 1], segment) &&
			  apart(segment->time_ns, from->last_ns) <=
				  COPY_ELSEWHERE_MS * CLOCK_NS_PER_MS;
	learn_side(conversation, side, segment, is_copy);
	return is_copy;
}

void
duplicate_remember(struct conversation_side *from, const struct segment *segment)
{
	from->home_ifindex = segment->ifindex;
	from->home_direction = segment->direction;
	from->last_seq = segment->seq;
	from->last_ack = segment->ack;
	from->last_flags = segment->flags;
	from->last_ip_id = segment->ip_id;
	from->last_timestamp = timestamp_of(segment);
}
