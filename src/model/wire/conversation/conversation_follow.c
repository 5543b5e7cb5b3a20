/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A segment moves its conversation: RST, FIN, ACK and data. SYN is in conversation_open.c. */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "conversation_private.h"

enum {
	/* Out of order rather than sent again: no stack repeats that soon. */
	LATE_MS = 3,
	/* The least time after which Linux repeats a FIN that was not acknowledged. */
	REPEAT_MS = 200,
	DELAYED_ACK_NS = 200000000,
};

static void
end(struct turn *turn, enum conversation_outcome outcome, uint8_t by)
{
	struct conversation *const conversation = turn->conversation;

	conversation->outcome = (uint8_t)outcome;
	conversation->ended_by = by;
	conversation->ended_ns = turn->segment->time_ns;
}

/*
 * Where the ACK of the SYN-ACK is not captured: a program that aborts sends RST with ACK, and a RST
 * behind data has passed some. A scanner's kernel, that does not know the connection, sends a bare
 * RST.
 */
static bool
was_established(const struct turn *turn)
{
	const struct conversation_side *const from = turn->from;

	if (turn->conversation->full || turn->conversation->syn_ack_ns == 0 || !from->isn_known)
		return false;
	return segment_has(turn->segment, SEGMENT_ACK) ||
	       sequence_distance(turn->segment->seq, from->isn + 1) > 0;
}

/* RST. */
static void
reset(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const bool refused = turn->side == 1 && turn->to->state == TCP_STATE_SYN_SENT &&
			     turn->from->state == TCP_STATE_UNKNOWN;

	turn->from->rst = true;
	turn->kind = EVENT_RST;
	if (conversation->outcome != CONVERSATION_OUTCOME_NONE)
		return;
	if (!refused && was_established(turn)) {
		conversation_assume_established(conversation, 0);
		conversation_assume_established(conversation, 1);
		conversation->established = true;
	}
	if (!refused)
		conversation_numbers(turn);
	turn->kind = refused ? EVENT_REFUSED : EVENT_RST;
	end(turn, refused ? CONVERSATION_OUTCOME_REFUSED : CONVERSATION_OUTCOME_RESET, turn->side);
	conversation_input(conversation, 0, CONVERSATION_RESETS);
	conversation_input(conversation, 1, CONVERSATION_RESETS);
}

/* Who reset says no more; if it does, somebody else had sent that RST. */
static void
revive(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;

	if (conversation->outcome != CONVERSATION_OUTCOME_RESET ||
		conversation->ended_by != turn->side || !turn->new_ack || turn->repeated ||
		turn->segment->time_ns < conversation->ended_ns)
		return;
	conversation->outcome = CONVERSATION_OUTCOME_NONE;
	conversation->ended_by = CONVERSATION_SIDE_UNKNOWN;
	conversation->ended_ns = 0;
	conversation_leave(conversation, 0);
	conversation_leave(conversation, 1);
}

/*
 * Both sides must be past the handshake, seen or not, except where a FIN comes before its end, and
 * where the data of a SYN is answered before its ACK comes.
 */
static void
assume_established(struct turn *turn, bool first_fin)
{
	struct conversation *const conversation = turn->conversation;
	const bool may_be_early = segment_has(turn->segment, SEGMENT_FIN)
					  ? first_fin && conversation->simultaneous
					  : conversation->fast_open;
	const bool early = may_be_early && turn->from->state == TCP_STATE_SYN_RECEIVED;

	if (!early)
		conversation_assume_established(conversation, turn->side);
	conversation_assume_established(conversation, turn->side ^ 1);
}

/*
 * The ACK itself, or data that carries it: an ACK is delayed by at most 200 ms (the kernel's
 * TCP_DELACK_MAX). Where only SYN, FIN and RST were captured before, data comes much later.
 */
static bool
is_handshake_ack(const struct turn *turn)
{
	const struct segment *const segment = turn->segment;
	const struct conversation_side *const from = turn->from;
	const uint64_t syn_ack_ns = turn->conversation->syn_ack_ns;
	/* The SYN-ACK may have acknowledged data of the SYN. */
	const bool fast_open = turn->conversation->fast_open && from->ack_known;
	const uint32_t seq = fast_open ? from->acked : from->isn + 1;

	if (segment_has(segment, SEGMENT_FIN) || segment->ack != turn->to->isn + 1 ||
		(from->isn_known && segment->seq != seq))
		return false;
	return segment->len == 0 || segment->time_ns - syn_ack_ns <= DELAYED_ACK_NS;
}

/*
 * Packets wait for their block of the ring to be read, so the socket table may have told already
 * that it stands. An ACK with these numbers that is younger than that answers a keepalive.
 */
static bool
is_ack_told_of(const struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;

	return conversation->told_ns != 0 && conversation->established_ns == 0 &&
	       turn->segment->time_ns <= conversation->told_ns && turn->to->syn_ack &&
	       turn->from->isn_known && is_handshake_ack(turn);
}

static void
date_established(const struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const uint8_t other = turn->side ^ 1;

	conversation->established_ns = turn->segment->time_ns;
	for (uint8_t i = 0; i < conversation->path_len[other]; i++) {
		if (conversation->path[i][other] == TCP_STATE_ESTABLISHED &&
			conversation->path_ns[i][other] == 0)
			conversation->path_ns[i][other] = turn->segment->time_ns;
	}
}

/* The segment acknowledges the SYN of who gets it. True: that ends the handshake. */
static bool
complete_handshake(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const struct conversation_side *const to = turn->to;
	const bool is_ack = is_handshake_ack(turn);

	if (!segment_has(turn->segment, SEGMENT_ACK) || !to->isn_known ||
		sequence_distance(turn->segment->ack, to->isn) <= 0)
		return false;
	if (to->state != TCP_STATE_SYN_RECEIVED) {
		if (!is_ack_told_of(turn))
			return false;
		date_established(turn);
		return true;
	}
	/* Anything else says that it was, not when. */
	if (!is_ack)
		conversation->now_ns = 0;
	conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_ACK_OF_SYN);
	conversation->now_ns = turn->segment->time_ns;
	conversation->established = true;
	if (is_ack)
		conversation->established_ns = turn->segment->time_ns;
	return is_ack;
}

/* The other's FIN was not yet known to who sends this one: they crossed. */
static void
cross(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;

	conversation->both_closed = true;
	if (turn->from->state == TCP_STATE_CLOSE_WAIT) {
		conversation_leave(conversation, turn->side);
		conversation_input(conversation, turn->side, CONVERSATION_SENDS_FIN);
		conversation_input(conversation, turn->side, CONVERSATION_GETS_FIN);
	}
	conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_FIN);
}

static void
close_second(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const uint64_t waited_ns = turn->segment->time_ns - conversation->fin_ns;

	turn->kind = EVENT_FIN_ACK;
	end(turn, CONVERSATION_OUTCOME_CLOSED, conversation->first_fin);
	if (!turn->to->fin_acked) {
		cross(turn);
		return;
	}
	conversation_input(conversation, turn->side, CONVERSATION_SENDS_FIN);
	/* Had its ACK not come before, the first FIN would have been repeated meanwhile. */
	if (turn->to->state == TCP_STATE_FIN_WAIT_1 && turn->to->fin_retransmits == 0 &&
		waited_ns >= REPEAT_MS * CLOCK_NS_PER_MS)
		conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_ACK_OF_FIN);
	conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_FIN_AND_ACK);
}

static void
close_side(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;

	turn->from->fin = true;
	turn->repeated = false;
	if (turn->to->fin) {
		close_second(turn);
		return;
	}
	turn->kind = EVENT_FIN;
	conversation->first_fin = turn->side;
	conversation->fin_ns = turn->segment->time_ns;
	conversation_input(conversation, turn->side, CONVERSATION_SENDS_FIN);
	conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_FIN);
}

/* One octet or none, just below what was sent last and acknowledged: it asks for an ACK. */
static bool
is_probe(const struct turn *turn)
{
	const struct segment *const segment = turn->segment;
	const struct conversation_side *const from = turn->from;

	if (segment->len > 1 || from->segments == 0 || segment->seq + 1 != from->next || from->fin)
		return false;
	return segment->len == 0 || (from->ack_known && from->acked == from->next);
}

static void
count_retransmit(struct turn *turn)
{
	turn->kind = EVENT_RETRANSMIT;
	if (turn->from->retransmits != UINT16_MAX)
		turn->from->retransmits++;
	if (segment_has(turn->segment, SEGMENT_FIN) && turn->from->fin_retransmits != UINT8_MAX)
		turn->from->fin_retransmits++;
}

/* What is neither SYN, FIN nor RST, nor completes a handshake. */
static void
judge_rest(struct turn *turn)
{
	const struct segment *const segment = turn->segment;
	const bool same_ack = !turn->new_ack;

	if (turn->late && turn->since_ns >= LATE_MS * CLOCK_NS_PER_MS)
		turn->repeated = true;
	if (is_probe(turn))
		turn->kind = turn->to->zero_ns != 0 ? EVENT_WINDOW_PROBE : EVENT_KEEPALIVE;
	else if (turn->repeated)
		count_retransmit(turn);
	else if (turn->acks_fin)
		turn->kind = EVENT_FIN_ACK;
	else if (segment->window == 0 && turn->zero_ns == 0)
		turn->kind = EVENT_ZERO_WINDOW;
	else if (segment->len != 0)
		turn->kind = EVENT_DATA;
	else if (same_ack && segment->window > turn->window && segment->seq == turn->from->next)
		turn->kind = EVENT_WINDOW_UPDATE;
	else
		turn->kind = EVENT_ACK;
}

/* RFC 5961 section 4: a connection that stood before answers the SYN with its own numbers. */
static bool
is_challenge(const struct turn *turn)
{
	const struct conversation_side *const to = turn->to;
	const uint32_t ack = turn->segment->ack;

	return to->state == TCP_STATE_SYN_SENT && to->isn_known &&
	       (sequence_distance(ack, to->isn) <= 0 || sequence_distance(ack, to->next) > 0);
}

static void
follow_plain(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const bool fin = segment_has(turn->segment, SEGMENT_FIN);
	bool completes;

	if (is_challenge(turn)) {
		turn->kind = EVENT_ACK;
		phrase_text(&turn->words, "of an older connection");
		return;
	}
	conversation->mid_stream |=
		conversation->syn_ns == 0 && conversation->syn_ack_ns == 0 &&
		conversation->side[0].segments + conversation->side[1].segments == 0;
	conversation_numbers(turn);
	revive(turn);
	completes = complete_handshake(turn);
	assume_established(turn, fin && !turn->from->fin);
	if (turn->acks_fin && !(fin && !turn->from->fin))
		conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_ACK_OF_FIN);
	if (fin && !turn->from->fin)
		close_side(turn);
	else if (fin && turn->repeated)
		count_retransmit(turn);
	else if (completes)
		turn->kind = EVENT_HANDSHAKE_DONE;
	else
		judge_rest(turn);
}

/* Window and times, after all else was judged by the old ones. */
static void
remember(struct turn *turn)
{
	const struct segment *const segment = turn->segment;
	struct conversation_side *const from = turn->from;

	from->segments++;
	from->last_ns = segment->time_ns;
	if ((segment->flags & SEGMENT_RST) != 0)
		return;
	from->window = segment->window;
	if (segment->window != 0)
		from->zero_ns = 0;
	else if (from->zero_ns == 0 && (segment->flags & SEGMENT_SYN) == 0)
		from->zero_ns = segment->time_ns;
}

void
conversation_follow(struct turn *turn)
{
	const struct segment *const segment = turn->segment;
	const struct conversation_side *const from = turn->from;

	turn->conversation->now_ns = segment->time_ns;
	if (turn->conversation->first_ns == 0)
		turn->conversation->first_ns = segment->time_ns;
	turn->since_ns = segment->time_ns > from->last_ns ? segment->time_ns - from->last_ns : 0;
	turn->window = from->window;
	turn->zero_ns = from->zero_ns;
	if (segment_flags_illegal(segment->flags)) {
		turn->kind = EVENT_ILLEGAL;
	} else if ((segment->flags & SEGMENT_RST) != 0) {
		reset(turn);
	} else if ((segment->flags & SEGMENT_SYN) == 0) {
		follow_plain(turn);
	} else {
		if (conversation_reopen(turn))
			return; /* it says nothing of the conversation that stands */
		conversation_open(turn);
	}
	conversation_words(turn);
	remember(turn);
}
