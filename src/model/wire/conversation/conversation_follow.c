/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a segment in its conversation: FIN, ACK and data. SYN is in conversation_open.c, RST in
 * conversation_reset.c. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

enum {
	/* The least time after which Linux repeats a FIN that was not acknowledged. */
	REPEAT_MS = 200,
	DELAYED_ACK_NS = 200000000,
};

/*
 * Both sides must be past the handshake, seen or not, except where a FIN comes before its end, and
 * where the data of a SYN is answered, and perhaps all is said, before its ACK comes.
 */
static void
assume_established(struct step *step, bool first_fin)
{
	struct conversation *const conversation = step->conversation;
	const bool may_be_early =
		conversation->fast_open || (first_fin && conversation->simultaneous);
	const bool early = may_be_early && step->from->state == TCP_STATE_SYN_RECEIVED;

	if (!early)
		conversation_assume_established(conversation, step->side);
	conversation_assume_established(conversation, step->side ^ 1);
}

/*
 * The client's first ACK after the SYN-ACK. The server may have answered the data of the SYN
 * meanwhile, which it acknowledges too (RFC 7413 section 4.2).
 */
static bool
is_fast_open_ack(const struct step *step)
{
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;

	return step->side == 0 && step->to->syn_ack &&
	       sequence_distance(segment->ack, step->to->isn) > 0 &&
	       (!from->isn_known || sequence_distance(segment->seq, from->isn) > 0);
}

/*
 * The ACK itself, or data that carries it: an ACK is delayed by at most 200 ms (the kernel's
 * TCP_DELACK_MAX). Where only SYN, FIN and RST were captured before, data comes much later.
 */
static bool
is_handshake_ack(const struct step *step)
{
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;
	const uint64_t syn_ack_ns = step->conversation->syn_ack_ns;
	const bool is_next = segment->ack == step->to->isn + 1 &&
			     (!from->isn_known || segment->seq == from->isn + 1);

	if (segment_has(segment, SEGMENT_FIN) ||
		!(step->conversation->fast_open ? is_fast_open_ack(step) : is_next))
		return false;
	return segment->len == 0 || segment->time_ns - syn_ack_ns <= DELAYED_ACK_NS;
}

/*
 * Packets wait for their block of the ring to be read, so the socket table may have shown the
 * connection as established before. An ACK with these numbers that is younger answers a keepalive.
 */
static bool
is_late_ack(const struct step *step)
{
	const struct conversation *const conversation = step->conversation;

	return conversation->socket_established_ns != 0 && conversation->established_ns == 0 &&
	       step->segment->time_ns <= conversation->socket_established_ns && step->to->syn_ack &&
	       step->from->isn_known && is_handshake_ack(step);
}

static void
date_established(const struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const uint8_t other = step->side ^ 1;

	conversation->established_ns = step->segment->time_ns;
	for (uint8_t i = 0; i < conversation->path_len[other]; i++) {
		if (conversation->path[i][other] == TCP_STATE_ESTABLISHED &&
			conversation->path_ns[i][other] == 0)
			conversation->path_ns[i][other] = step->segment->time_ns;
	}
}

/* Its receiver had sent data and FIN in answer to the data of the SYN. */
static bool
is_ack_after_fin(const struct step *step)
{
	const struct conversation *const conversation = step->conversation;

	return conversation->fast_open && step->to->fin && conversation->established_ns == 0 &&
	       conversation->socket_established_ns == 0 && is_handshake_ack(step);
}

/* The segment acknowledges the SYN of its receiver. True: that ends the handshake. */
static bool
complete_handshake(struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const struct conversation_side *const to = step->to;
	const bool is_ack = is_handshake_ack(step);

	if (!segment_has(step->segment, SEGMENT_ACK) || !to->isn_known ||
		sequence_distance(step->segment->ack, to->isn) <= 0)
		return false;
	if (to->state != TCP_STATE_SYN_RECEIVED) {
		if (!is_late_ack(step) && !is_ack_after_fin(step))
			return false;
		conversation->established = true;
		date_established(step);
		return true;
	}
	/* Any other segment shows that it was completed, not when. */
	if (!is_ack)
		conversation->now_ns = 0;
	conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_ACK_OF_SYN);
	conversation->now_ns = step->segment->time_ns;
	conversation->established = true;
	if (is_ack)
		conversation->established_ns = step->segment->time_ns;
	return is_ack;
}

/* The sender of this FIN did not yet know the other's: they crossed. */
static void
cross(struct step *step)
{
	struct conversation *const conversation = step->conversation;

	conversation->both_closed = true;
	if (step->from->state == TCP_STATE_CLOSE_WAIT) {
		conversation_leave(conversation, step->side);
		conversation_input(conversation, step->side, CONVERSATION_SENDS_FIN);
		conversation_input(conversation, step->side, CONVERSATION_GETS_FIN);
	}
	conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_FIN);
}

static void
close_second(struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const uint64_t waited_ns = step->segment->time_ns - conversation->fin_ns;

	step->kind = EVENT_FIN_ACK;
	conversation_end(step, CONVERSATION_OUTCOME_CLOSED, conversation->first_fin);
	if (!step->to->fin_acked) {
		cross(step);
		return;
	}
	conversation_input(conversation, step->side, CONVERSATION_SENDS_FIN);
	/* Had its ACK not come before, the first FIN would have been repeated meanwhile. */
	if (step->to->state == TCP_STATE_FIN_WAIT_1 && step->to->fin_retransmits == 0 &&
		waited_ns >= REPEAT_MS * CLOCK_NS_PER_MS)
		conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_ACK_OF_FIN);
	conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_FIN_AND_ACK);
}

/* A FIN that was under way when the connection was reset does not end it once more. */
static bool
has_been_reset(const struct conversation *conversation)
{
	return conversation->outcome == CONVERSATION_OUTCOME_RESET ||
	       conversation->outcome == CONVERSATION_OUTCOME_REFUSED;
}

static void
close_side(struct step *step)
{
	struct conversation *const conversation = step->conversation;

	step->from->fin = true;
	if (has_been_reset(conversation)) {
		step->kind = EVENT_FIN;
		phrase_text(&step->words, "after the end");
		return;
	}
	if (step->to->fin) {
		close_second(step);
		return;
	}
	step->kind = EVENT_FIN;
	conversation->first_fin = step->side;
	conversation->fin_ns = step->segment->time_ns;
	conversation_input(conversation, step->side, CONVERSATION_SENDS_FIN);
	conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_FIN);
}

/* One octet or none, just below what was sent last and acknowledged: it asks for an ACK. */
static bool
is_probe(const struct step *step)
{
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;

	if (segment->len > 1 || from->segments == 0 || segment->seq + 1 != from->next || from->fin)
		return false;
	return segment->len == 0 || (from->ack_known && from->acked == from->next);
}

static void
count_retransmit(struct step *step)
{
	step->kind = EVENT_RETRANSMIT;
	if (step->from->retransmits != UINT16_MAX)
		step->from->retransmits++;
	if (segment_has(step->segment, SEGMENT_FIN) && step->from->fin_retransmits != UINT8_MAX)
		step->from->fin_retransmits++;
}

/* The window of a SYN is never scaled (RFC 7323 section 2.2), so it can be another number. */
static bool
is_wider(const struct step *step)
{
	const bool is_scaled = step->from->wscale != CONVERSATION_WSCALE_UNKNOWN &&
			       step->to->wscale != CONVERSATION_WSCALE_UNKNOWN;

	if (step->from->segments == 0 || (!step->from->window_known && is_scaled))
		return false;
	return step->segment->window > step->window;
}

static void
judge_late(struct step *step)
{
	switch (resend_check(step)) {
	case RESEND_OVERTAKEN: break;
	case RESEND_AGAIN: step->repeated = true; break;
	case RESEND_UNDECIDED:
		step->undecided = true;
		if (step->from->undecided != UINT16_MAX)
			step->from->undecided++;
		break;
	}
}

static void
judge_repeated(struct step *step)
{
	const enum resend resend = resend_repeat(step);

	step->overtaken = resend == RESEND_OVERTAKEN;
	step->undecided = resend == RESEND_UNDECIDED;
	step->repeated = resend == RESEND_AGAIN;
}

/* A segment that is neither SYN, FIN nor RST, and completes no handshake. */
static void
judge_rest(struct step *step)
{
	const struct segment *const segment = step->segment;
	const bool same_ack = !step->new_ack;

	if (step->late)
		judge_late(step);
	else if (step->repeated && segment->len != 0)
		judge_repeated(step);
	if (step->probe || is_probe(step))
		step->kind = step->to->zero_ns != 0 ? EVENT_WINDOW_PROBE : EVENT_KEEPALIVE;
	else if (step->repeated)
		count_retransmit(step);
	else if (step->acks_fin)
		step->kind = EVENT_FIN_ACK;
	else if (segment->window == 0 && step->zero_ns == 0)
		step->kind = EVENT_ZERO_WINDOW;
	else if (segment->len != 0)
		step->kind = EVENT_DATA;
	else if (same_ack && is_wider(step) && segment->seq == step->from->next)
		step->kind = EVENT_WINDOW_UPDATE;
	else
		step->kind = EVENT_ACK;
}

/* RFC 5961 section 4: a connection that stood before answers the SYN with its own numbers. */
static bool
is_challenge(const struct step *step)
{
	const struct conversation_side *const to = step->to;
	const uint32_t ack = step->segment->ack;

	return to->state == TCP_STATE_SYN_SENT && to->isn_known &&
	       (sequence_distance(ack, to->isn) <= 0 || sequence_distance(ack, to->next) > 0);
}

static void
follow_plain(struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const bool fin = segment_has(step->segment, SEGMENT_FIN);
	bool completes;

	if (is_challenge(step)) {
		step->kind = EVENT_ACK;
		phrase_text(&step->words, "of an older connection");
		return;
	}
	conversation->mid_stream |=
		conversation->syn_ns == 0 && conversation->syn_ack_ns == 0 &&
		conversation->side[0].segments + conversation->side[1].segments == 0;
	conversation_numbers(step);
	conversation_revive(step);
	completes = complete_handshake(step);
	assume_established(step, fin && !step->from->fin);
	if (step->acks_fin && !(fin && !step->from->fin))
		conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_ACK_OF_FIN);
	if (fin && !step->from->fin)
		close_side(step);
	else if (fin && step->repeated)
		count_retransmit(step);
	else if (completes)
		step->kind = EVENT_HANDSHAKE_DONE;
	else
		judge_rest(step);
}

/* Keeps window and times, after all else was judged by the old ones. */
static void
remember(struct step *step)
{
	const struct segment *const segment = step->segment;
	struct conversation_side *const from = step->from;

	from->segments++;
	from->last_ns = segment->time_ns;
	if ((segment->flags & SEGMENT_RST) != 0)
		return;
	resend_remember(from, segment->ip_id);
	from->window = segment->window;
	from->window_known = (segment->flags & SEGMENT_SYN) == 0;
	if (segment->window != 0)
		from->zero_ns = 0;
	else if (from->zero_ns == 0 && (segment->flags & SEGMENT_SYN) == 0)
		from->zero_ns = segment->time_ns;
}

void
conversation_follow(struct step *step)
{
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;

	step->conversation->now_ns = segment->time_ns;
	if (step->conversation->first_ns == 0)
		step->conversation->first_ns = segment->time_ns;
	step->since_ns = segment->time_ns > from->last_ns ? segment->time_ns - from->last_ns : 0;
	step->window = from->window;
	step->zero_ns = from->zero_ns;
	if (segment_flags_illegal(segment->flags)) {
		step->kind = EVENT_ILLEGAL;
	} else if ((segment->flags & SEGMENT_RST) != 0) {
		conversation_reset(step);
	} else if ((segment->flags & SEGMENT_SYN) == 0) {
		follow_plain(step);
	} else {
		if (conversation_reopen(step))
			return; /* it does not change the established conversation */
		conversation_open(step);
	}
	conversation_words(step);
	if (!step->is_ignored)
		remember(step);
}
