/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet, seen more than once: on a bridge and its port, a VLAN and the card below it, both
 * ends of a veth pair, on its way in and out of a router, out of and into a loopback, or copied by
 * a mirroring switch. It differs from a packet that was sent again:
 *
 *   - Every sender has a home, the interface and direction where its newest segment was first seen.
 *     Elsewhere, a segment that brings nothing new is the copy of one that was seen at home shortly
 *     before. One that brings something new moves the home.
 *   - At home, the kernel shows a packet once. But a network may deliver it twice, a file without
 *     interfaces may hold copies, and two captures may see it at one and the same time. Then all of
 *     it is the same: numbers, flags, window, options byte for byte, and the IP header's id, which
 *     is another one when a packet is sent again. Where there is no id, data that comes again
 *     before its receiver has sent anything was not repeated: no time-out is that short; but where
 *     the first filled a hole, its sender may have heard of that before. Nor was
 *     what has the same timestamp, where the way to the sender and back takes longer.
 */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

enum {
	COPY_ELSEWHERE_MS = 500, /* forwarded, queued; less than any first time-out but of TLP */
	COPY_WITH_ID_US = 5000,
	COPY_OF_DATA_US = 1000,
	COPY_WITHOUT_ID_US = 2, /* two SYN-ACKs can be 20 us apart, and neither has an id */
};

static uint64_t
apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static bool
is_news(const struct step *step)
{
	const struct conversation_side *const from = step->from;
	const struct conversation_side *const to = step->to;
	const struct segment *const segment = step->segment;

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
	if (sequence_distance(segment_end(segment), from->next) > 0 ||
		holes_contain(&step->shared->holes, step->conversation, step->side, segment->seq,
			segment_end(segment)))
		return true;
	if ((segment->flags & SEGMENT_FIN) != 0 && !from->fin)
		return true;
	return (segment->flags & SEGMENT_ACK) != 0 &&
	       (!to->ack_known || sequence_distance(segment->ack, to->acked) > 0);
}

/*
 * Two segments with one TSval were sent within a millisecond or a few (RFC 7323 section 5.4): not
 * for the receiver's sake, if its ACK takes longer to the sender.
 */
static bool
was_sent_at_once(const struct step *step)
{
	return resend_loop(step) >= COPY_WITH_ID_US * (uint64_t)CLOCK_NS_PER_US &&
	       resend_timestamp(step->segment) != 0;
}

/* For how many nanoseconds what equals the segment is its copy; both are at home. */
static uint64_t
copy_span(const struct step *step, uint64_t seen_ns)
{
	const struct segment *const segment = step->segment;
	const bool is_timed = !segment_has(segment, SEGMENT_SYN) &&
			      (segment->len != 0 || segment_has(segment, SEGMENT_FIN));

	if (segment->ip_id != 0 || (is_timed && was_sent_at_once(step)))
		return COPY_WITH_ID_US * (uint64_t)CLOCK_NS_PER_US;
	if (is_timed && step->to->last_ns <= seen_ns && !resend_may_repeat(step))
		return COPY_OF_DATA_US * (uint64_t)CLOCK_NS_PER_US;
	return segment->ifindex != 0 ? 0 : COPY_WITHOUT_ID_US * (uint64_t)CLOCK_NS_PER_US;
}

static bool
is_copy_at_home(const struct step *step, uint64_t sighting)
{
	const uint64_t seen_ns = sightings_find(&step->shared->sightings, sighting);

	return seen_ns != 0 && step->from->segments != 0 &&
	       apart(step->segment->time_ns, seen_ns) <= copy_span(step, seen_ns);
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
duplicate_check(const struct step *step, uint64_t sighting)
{
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;
	const bool home = segment->ifindex == from->home_ifindex &&
			  segment->direction == from->home_direction;
	bool is_copy;

	if (home || from->segments == 0)
		is_copy = is_copy_at_home(step, sighting);
	else
		is_copy = !is_news(step) && apart(segment->time_ns, from->last_ns) <=
						    COPY_ELSEWHERE_MS * CLOCK_NS_PER_MS;
	learn_side(step->conversation, step->side, segment, is_copy);
	return is_copy;
}

void
duplicate_remember(const struct step *step, uint64_t sighting)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;

	from->home_ifindex = segment->ifindex;
	from->home_direction = segment->direction;
	from->last_seq = segment->seq;
	sightings_add(&step->shared->sightings, sighting, segment->time_ns);
}
