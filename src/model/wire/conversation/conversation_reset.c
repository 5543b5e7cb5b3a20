/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RST: a receiver obeys it only when its numbers are right, and so does an onlooker. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

/* More than that no path carries in that time: 20 Gbit/s. */
enum { REACH_MS = 100, REACH_BYTES = 256 * 1024 * 1024 };

void
conversation_end(struct step *step, enum conversation_outcome outcome, uint8_t by)
{
	struct conversation *const conversation = step->conversation;

	conversation->outcome = (uint8_t)outcome;
	conversation->ended_by = by;
	conversation->ended_ns = step->segment->time_ns;
}

/*
 * Where the ACK of the SYN-ACK is not captured: a program that aborts sends RST with ACK, and a RST
 * after data has passed some. A scanner's kernel, that does not know the connection, sends a bare
 * RST.
 */
static bool
was_established(const struct step *step)
{
	const struct conversation_side *const from = step->from;

	if (step->conversation->full || step->conversation->syn_ack_ns == 0 || !from->isn_known)
		return false;
	return segment_has(step->segment, SEGMENT_ACK) ||
	       sequence_distance(step->segment->seq, from->isn + 1) > 0;
}

/* A SYN is refused by a RST that acknowledges it (RFC 9293 section 3.10.7.3). */
static const char *
why_not_refused(const struct step *step)
{
	const struct conversation_side *const to = step->to;
	const uint32_t ack = step->segment->ack;

	if (!segment_has(step->segment, SEGMENT_ACK))
		return "ignored: acknowledges no SYN";
	return sequence_distance(ack, to->isn) > 0 && sequence_distance(ack, to->next) <= 0
		       ? NULL
		       : "ignored: does not acknowledge the SYN";
}

/* What the receiver offered last, in bytes. */
static int32_t
window_of(const struct conversation_side *receiver)
{
	if (!receiver->window_known)
		return receiver->window;
	if (receiver->wscale == CONVERSATION_WSCALE_UNKNOWN && !receiver->isn_known)
		return conversation_window(receiver);
	return receiver->window << (receiver->wscale <= 14 ? receiver->wscale : 0);
}

/*
 * Where data is not captured, the number may be ahead by all that was sent; but soon after the
 * SYN-ACK that is not much.
 */
static bool
is_beyond_reach(const struct step *step)
{
	const uint64_t syn_ack_ns = step->conversation->syn_ack_ns;
	const int32_t ahead = sequence_distance(step->segment->seq, step->from->acked);

	return syn_ack_ns != 0 && step->segment->time_ns >= syn_ack_ns &&
	       step->segment->time_ns - syn_ack_ns < REACH_MS * CLOCK_NS_PER_MS &&
	       (ahead < 0 || ahead > REACH_BYTES);
}

/* Its number is outside what the receiver takes (RFC 9293 section 3.10.7.4). */
static bool
is_outside(const struct step *step)
{
	const struct conversation_side *const from = step->from;
	const uint32_t seq = step->segment->seq;
	const int32_t window = window_of(step->to);

	if (!from->numbered || !from->ack_known || step->to->segments == 0)
		return false;
	if (!step->conversation->full)
		return is_beyond_reach(step);
	return sequence_distance(seq, from->acked) < 0 ||
	       (sequence_distance(seq, from->acked) > window &&
		       sequence_distance(seq, from->next) > 0);
}

/* Why the receiver does not obey the RST, or NULL. */
static const char *
why_ignored(const struct step *step)
{
	const struct conversation_side *const from = step->from;

	if (step->to->state == TCP_STATE_SYN_SENT && step->to->isn_known)
		return why_not_refused(step);
	/* The opener answers the challenge to its SYN, and goes on (RFC 9293 section 3.5.1). */
	if (from->state == TCP_STATE_SYN_SENT && step->to->state == TCP_STATE_UNKNOWN &&
		step->segment->seq != from->next)
		return "of an older connection";
	return is_outside(step) ? "ignored: outside the window" : NULL;
}

/* RST that is obeyed. */
static void
obey_reset(struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const bool refused = step->side == 1 && step->to->state == TCP_STATE_SYN_SENT &&
			     step->from->state == TCP_STATE_UNKNOWN;

	if (!refused && was_established(step)) {
		conversation_assume_established(conversation, 0);
		conversation_assume_established(conversation, 1);
		conversation->established = true;
	}
	if (!refused)
		conversation_numbers(step);
	step->kind = refused ? EVENT_REFUSED : EVENT_RST;
	conversation_end(step, refused ? CONVERSATION_OUTCOME_REFUSED : CONVERSATION_OUTCOME_RESET,
		step->side);
	conversation_input(conversation, 0, CONVERSATION_RESETS);
	conversation_input(conversation, 1, CONVERSATION_RESETS);
}

void
conversation_reset(struct step *step)
{
	const char *why;

	step->from->rst = true;
	step->kind = EVENT_RST;
	if (step->conversation->outcome != CONVERSATION_OUTCOME_NONE)
		return;
	why = why_ignored(step);
	if (why == NULL) {
		obey_reset(step);
		return;
	}
	step->is_ignored = true;
	phrase_text(&step->words, why);
}

void
conversation_revive(struct step *step)
{
	struct conversation *const conversation = step->conversation;

	if (conversation->outcome != CONVERSATION_OUTCOME_RESET ||
		conversation->ended_by != step->side || !step->new_ack || step->repeated ||
		step->segment->time_ns < conversation->ended_ns)
		return;
	conversation->outcome = CONVERSATION_OUTCOME_NONE;
	conversation->ended_by = CONVERSATION_SIDE_UNKNOWN;
	conversation->ended_ns = 0;
	conversation_leave(conversation, 0);
	conversation_leave(conversation, 1);
}
