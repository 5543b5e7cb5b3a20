/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence numbers: what is new, what is repeated, how much was sent. Bytes follow from the numbers
 * alone, so they are right too when only SYN and FIN were captured (modulo 4 GiB then).
 */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

enum {
	ACK_AHEAD_MAX = 1 << 30,
	WSCALE_MAX = 14, /* RFC 7323 section 2.3 */
	SILENCE_MS = 1000,
};

static void
number_sender(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;
	const bool syn = segment_has(segment, SEGMENT_SYN);

	/* It continues where the other side acknowledged, so that side had received it. */
	if (from->next_from_ack && !syn && segment->seq == from->next)
		step->to->hears = true;
	if (from->numbered && !(syn && !from->isn_known))
		return;
	from->isn = syn ? segment->seq : segment->seq - 1;
	from->isn_known = syn;
	from->next = segment->seq;
	from->numbered = true;
}

/* The widest window that the receiver can ever have offered. */
static int32_t
widest_window(const struct conversation_side *receiver)
{
	const unsigned unscaled = receiver->isn_known ? 0 : WSCALE_MAX;
	const unsigned shift =
		receiver->wscale == CONVERSATION_WSCALE_UNKNOWN ? unscaled : receiver->wscale;

	return UINT16_MAX << (shift < WSCALE_MAX ? shift : WSCALE_MAX);
}

/*
 * Gigabytes may pass unseen, before the capture begins and in between: then the numbers have gone
 * more than half round, and all that comes seems to be known. But what is sent again lies within a
 * window.
 */
static void
resume(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;

	if (from->segments == 0 || segment_has(segment, SEGMENT_SYN) ||
		segment->time_ns < from->last_ns + SILENCE_MS * CLOCK_NS_PER_MS ||
		sequence_distance(from->next, segment->seq) <= widest_window(step->to))
		return;
	from->bytes += segment->seq - from->next;
	from->next = segment->seq;
	from->ack_known = false;
}

/* Data that passed unseen counts as sent; but it may only be late. */
static void
advance(struct step *step, uint32_t ahead, bool first_fin)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;
	const uint32_t flags = (segment_has(segment, SEGMENT_SYN) ? 1 : 0) + (first_fin ? 1 : 0);

	if (from->data && sequence_distance(segment->seq, from->next) > 0) {
		from->hole_begin = from->next;
		from->hole_end = segment->seq;
	}
	from->bytes += ahead > flags ? ahead - flags : 0;
	from->next += ahead;
	from->next_from_ack = false;
}

static void
count_sent(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;
	const uint32_t end = segment_end(segment);
	const bool first_fin = segment_has(segment, SEGMENT_FIN) && !from->fin;
	const uint32_t ahead = end - from->next;

	if (end == segment->seq)
		return;
	/* Where no data is captured the first FIN is ahead by all that was sent, however much. */
	if ((int32_t)ahead > 0 || (first_fin && !step->conversation->full && ahead != 0)) {
		advance(step, ahead, first_fin);
	} else if (from->hole_begin != from->hole_end &&
		   sequence_distance(segment->seq, from->hole_begin) >= 0 &&
		   sequence_distance(end, from->hole_end) <= 0) {
		step->late = true;
		from->hole_begin = end;
	} else {
		/* The other's ACK may have come before it was seen itself. */
		step->repeated = from->segments != 0 && !first_fin;
	}
	if (first_fin) {
		from->fin_seq = end - 1;
		/* The capture may have swapped a FIN and its ACK. */
		from->fin_acked = from->ack_known && sequence_distance(from->acked, end) >= 0;
	}
	if (segment->len != 0)
		from->data = true;
}

/* Counts what `to` must have sent according to the ACK. */
static void
count_acknowledged(struct step *step)
{
	const uint32_t ack = step->segment->ack;
	struct conversation_side *const to = step->to;
	const int32_t ahead = sequence_distance(ack, to->next);

	if (ahead > ACK_AHEAD_MAX || (ahead > 0 && (to->fin || to->state == TCP_STATE_SYN_SENT)))
		return; /* it acknowledges what cannot have been sent */
	if (ahead > 0) {
		to->bytes += (uint32_t)ahead;
		to->next = ack;
		to->next_from_ack = true;
	}
	if (to->ack_known && sequence_distance(ack, to->acked) <= 0)
		return;
	step->new_ack = true;
	to->acked = ack;
	to->ack_known = true;
	if (to->fin && !to->fin_acked && sequence_distance(ack, to->fin_seq) > 0) {
		to->fin_acked = true;
		step->acks_fin = true;
	}
}

static void
read_ack(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const to = step->to;

	if (!to->numbered) {
		to->isn = segment->ack - 1;
		to->next = to->acked = segment->ack;
		to->numbered = to->ack_known = to->next_from_ack = true;
		/* A SYN-ACK answers a SYN: its number is certain, unless the SYN had data. */
		to->isn_known = segment_has(segment, SEGMENT_SYN);
		return;
	}
	if (to->segments != 0 && sequence_distance(segment->ack, to->isn) > 0 &&
		sequence_distance(segment->ack, to->next) <= 0)
		step->from->hears = true;
	count_acknowledged(step);
}

/*
 * A RST carries the sender's position, which shows how much it had sent where data is not captured.
 * Where data is captured, a RST that is ahead is forged.
 */
static void
read_reset(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;

	if (!from->numbered || from->segments == 0)
		return;
	if (step->conversation->full)
		return;
	if (!from->fin && sequence_distance(segment->seq, from->next) > 0) {
		from->bytes += segment->seq - from->next;
		from->next = segment->seq;
	}
	if (segment_has(segment, SEGMENT_ACK) && step->to->numbered)
		count_acknowledged(step);
}

void
conversation_numbers(struct step *step)
{
	if (segment_has(step->segment, SEGMENT_RST)) {
		read_reset(step);
		return;
	}
	if ((step->segment->flags & (SEGMENT_SYN | SEGMENT_FIN)) == 0)
		step->conversation->full = true;
	number_sender(step);
	resume(step);
	count_sent(step);
	if (segment_has(step->segment, SEGMENT_ACK))
		read_ack(step);
}
