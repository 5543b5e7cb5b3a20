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
	FULL_SEGMENT = 1500,    /* longer ones were put together, or are not yet cut */
	BEFORE_START = 1 << 20, /* octets before the first that was seen which may still come */
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
	from->before_start = false;
	holes_clear(&step->shared->holes, step->conversation, step->side);
}

int32_t
conversation_window(const struct conversation_side *receiver)
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
		sequence_distance(from->next, segment->seq) <= conversation_window(step->to))
		return;
	from->bytes += segment->seq - from->next;
	from->next = segment->seq;
	from->ack_known = false;
	holes_clear(&step->shared->holes, step->conversation, step->side);
}

static void
open_hole(struct step *step, uint8_t side, const struct hole *hole)
{
	holes_open(&step->shared->holes, step->conversation, side, hole);
}

/* All that the sender sent is captured: its data, or from the handshake on. */
static bool
is_followed(const struct step *step)
{
	return step->from->data ||
	       (step->from->isn_known && step->conversation->established_ns != 0);
}

/* Data that passed unseen counts as sent; but it may only be late. */
static void
advance(struct step *step, uint32_t ahead, bool first_fin)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;
	const uint32_t flags = (segment_has(segment, SEGMENT_SYN) ? 1 : 0) + (first_fin ? 1 : 0);

	if (sequence_distance(segment->seq, from->next) > 0 && is_followed(step)) {
		struct hole hole = {.begin = from->next, .end = segment->seq};

		resend_begin(step, &hole);
		open_hole(step, step->side, &hole);
	}
	if (step->conversation->hole_set != 0)
		holes_follow(&step->shared->holes, step->conversation, step->side,
			1 + segment->len / FULL_SEGMENT);
	from->bytes += ahead > flags ? ahead - flags : 0;
	from->next += ahead;
	from->next_from_ack = false;
}

/* An ACK carries its sender's position: data before it was sent, and is lost or late. */
static void
note_position(struct step *step)
{
	const struct conversation_side *const from = step->from;
	const int32_t ahead = sequence_distance(step->segment->seq, from->next);

	/* The octet of a window probe may count there. */
	if (ahead <= (step->to->zero_ns != 0) || ahead > conversation_window(step->to))
		return;
	if (is_followed(step))
		advance(step, (uint32_t)ahead, false);
}

/* What was sent before the first segment that was seen may come after it, once. */
static void
open_before_start(struct step *step)
{
	struct conversation_side *const from = step->from;
	const uint32_t start = from->isn + 1, seq = step->segment->seq;

	if (from->isn_known || from->before_start || sequence_distance(seq, start) >= 0 ||
		sequence_distance(start, seq) > BEFORE_START)
		return;
	from->before_start = true;
	open_hole(step, step->side,
		&(struct hole){.begin = start - BEFORE_START,
			.end = start,
			.since_ns = step->conversation->first_ns,
			.acknowledged = from->ack_known && from->acked == start});
}

/*
 * `old` numbers of the segment, from its first on, are not beyond the highest. None of what was
 * overtaken was seen before; a window probe may have brought the first octet.
 */
static void
judge_old(struct step *step, uint32_t old)
{
	const uint32_t seq = step->segment->seq, span = segment_end(step->segment) - seq;
	uint32_t seen;

	open_before_start(step);
	seen = old - holes_fill(&step->shared->holes, step->conversation, step->side, seq,
			     seq + old, &step->hole);
	step->late = seen != old;
	step->last = seq + span == step->from->next;
	/* The other's ACK may have come before it was seen itself. */
	if (step->from->segments != 0)
		step->repeated =
			seen == span || seen > 1 || segment_has(step->segment, SEGMENT_SYN);
}

/*
 * A receiver without room does not take the octet of a window probe: it is sent until it is
 * acknowledged (RFC 9293 section 3.8.6.1).
 */
static bool
is_probe_octet(const struct step *step)
{
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;

	return segment->len == 1 && step->to->zero_ns != 0 &&
	       (segment->flags & (SEGMENT_SYN | SEGMENT_FIN)) == 0 &&
	       (segment->seq == from->next || (from->ack_known && segment->seq == from->acked));
}

static void
count_fin(struct conversation_side *from, uint32_t end)
{
	from->fin_seq = end - 1;
	/* The capture may have swapped a FIN and its ACK. */
	from->fin_acked = from->ack_known && sequence_distance(from->acked, end) >= 0;
}

static void
count_sent(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;
	const uint32_t end = segment_end(segment), span = end - segment->seq;
	const bool first_fin = segment_has(segment, SEGMENT_FIN) && !from->fin;
	const uint32_t ahead = end - from->next;
	/* Where no data is captured the first FIN is ahead by all that was sent, however much. */
	const bool is_ahead =
		(int32_t)ahead > 0 || (first_fin && !step->conversation->full && ahead != 0);

	step->probe = is_probe_octet(step);
	if (span == 0)
		note_position(step);
	if (span == 0 || step->probe)
		return;
	if (!is_ahead)
		judge_old(step, span);
	else if (ahead < span)
		judge_old(step, span - ahead);
	if (is_ahead)
		advance(step, ahead, first_fin);
	if (first_fin) {
		step->repeated = false;
		count_fin(from, end);
	}
	if (segment->len != 0)
		from->data = true;
}

/* RFC 5681 section 2: something came to its sender, but not what is next. */
static bool
is_duplicate_ack(const struct step *step)
{
	const struct conversation_side *const to = step->to;

	return step->segment->len == 0 && step->segment->ack == to->acked && to->next != to->acked;
}

static void
count_same_ack(struct step *step)
{
	if (is_duplicate_ack(step) && step->from->same_acks != UINT8_MAX)
		step->from->same_acks++;
}

/*
 * What is acknowledged may be seen after that, where all is captured. Where only the receiver is,
 * that may be once, not with each of its ACKs.
 */
static bool
may_be_late(const struct step *step)
{
	const struct conversation_side *const to = step->to;

	return step->conversation->full && (to->data || !to->ack_known || to->acked == to->isn + 1);
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
		if (may_be_late(step))
			open_hole(step, step->side ^ 1,
				&(struct hole){.begin = to->next,
					.end = ack,
					.since_ns = step->segment->time_ns,
					.acknowledged = true});
		to->bytes += (uint32_t)ahead;
		to->next = ack;
		to->next_from_ack = true;
	}
	if (to->ack_known && sequence_distance(ack, to->acked) <= 0) {
		count_same_ack(step);
		return;
	}
	step->new_ack = true;
	step->from->same_acks = 0;
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
	if (step->conversation->hole_set != 0 &&
		holes_await(&step->shared->holes, step->conversation, step->side ^ 1))
		holes_report(&step->shared->holes, step->conversation, step->side ^ 1,
			segment->time_ns, resend_timestamp(segment), is_duplicate_ack(step));
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
