/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SYN and SYN-ACK: the handshake, either way round, and a new connection of the same endpoints. A
 * SYN into a connection that stands may be a lie: only the other side's SYN-ACK makes it one.
 */
#include <config.h>

#include <stddef.h>
#include <string.h>

#include <sockwatch/model/socket.h>

#include "conversation_private.h"

static void
swap_sides(struct conversation *conversation)
{
	const struct address address = conversation->address[0];
	const uint16_t port = conversation->port[0];

	conversation->address[0] = conversation->address[1];
	conversation->address[1] = address;
	conversation->port[0] = conversation->port[1];
	conversation->port[1] = port;
	if (conversation->local_side != CONVERSATION_SIDE_UNKNOWN)
		conversation->local_side ^= 1;
}

void
conversation_clear(struct conversation *conversation)
{
	const size_t from = offsetof(struct conversation, outcome);

	memset((char *)conversation + from, 0, sizeof *conversation - from);
	conversation->generation++;
	conversation->ended_by = CONVERSATION_SIDE_UNKNOWN;
	conversation->first_fin = CONVERSATION_SIDE_UNKNOWN;
	conversation->pending_side = CONVERSATION_SIDE_UNKNOWN;
	conversation->socket = SOCKET_NONE;
	conversation->side[0].wscale = CONVERSATION_WSCALE_UNKNOWN;
	conversation->side[1].wscale = CONVERSATION_WSCALE_UNKNOWN;
}

/* The conversation begins anew with this segment; who sent it may be the other side now. */
static void
restart(struct turn *turn, uint8_t opener)
{
	struct conversation *const conversation = turn->conversation;

	conversation_clear(conversation);
	conversation->now_ns = turn->segment->time_ns;
	if (opener == 1)
		swap_sides(conversation);
	turn->side = turn->side == opener ? 0 : 1;
	turn->from = &conversation->side[turn->side];
	turn->to = &conversation->side[turn->side ^ 1];
	conversation->first_ns = turn->segment->time_ns;
}

/* Takes the SYN back that was pending, as if it had come when it came. */
static void
take_pending(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const uint64_t pending_ns = conversation->pending_ns;
	const uint32_t isn = conversation->pending_isn;
	struct conversation_side *opener;

	restart(turn, conversation->pending_side);
	opener = &conversation->side[0];
	conversation->first_ns = conversation->syn_ns = conversation->answered_ns = pending_ns;
	opener->isn = isn;
	opener->next = isn + 1;
	opener->isn_known = opener->numbered = true;
	opener->segments = 1;
	opener->last_ns = pending_ns;
	conversation->now_ns = pending_ns;
	conversation_input(conversation, 0, CONVERSATION_SENDS_SYN);
	conversation->now_ns = turn->segment->time_ns;
}

static bool
is_assured(const struct conversation *conversation)
{
	return conversation->outcome == CONVERSATION_OUTCOME_NONE && conversation->side[0].hears &&
	       conversation->side[1].hears;
}

static bool
acknowledges_syn(const struct turn *turn)
{
	const struct conversation_side *const to = turn->to;

	return to->isn_known && sequence_distance(turn->segment->ack, to->isn) > 0 &&
	       sequence_distance(turn->segment->ack, to->next) <= 0;
}

static void
reopen_by_syn_ack(struct turn *turn)
{
	const struct conversation *const conversation = turn->conversation;
	struct conversation_side *const from = turn->from;

	if (conversation->pending_side == (turn->side ^ 1) &&
		turn->segment->ack == conversation->pending_isn + 1) {
		take_pending(turn);
		return;
	}
	if (is_assured(conversation))
		return;
	if (!acknowledges_syn(turn)) /* it answers a SYN that was not seen */
		restart(turn, turn->side ^ 1);
	else if (from->isn_known) /* SYN cookies: another number for each try */
		from->numbered = from->isn_known = false;
}

bool
conversation_reopen(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const struct segment *const segment = turn->segment;
	const struct conversation_side *const from = turn->from;

	if (from->isn_known && segment->seq == from->isn)
		return false; /* again, or the SYN-ACK of a simultaneous open */
	if (segment_has(segment, SEGMENT_ACK)) {
		reopen_by_syn_ack(turn);
		return false;
	}
	if (!from->numbered && turn->to->state == TCP_STATE_SYN_SENT)
		return false; /* simultaneous open */
	if (turn->from->segments + turn->to->segments == 0)
		return false; /* it has just begun */
	if (!is_assured(conversation)) {
		restart(turn, turn->side);
		return false;
	}
	conversation->pending_ns = segment->time_ns;
	conversation->pending_isn = segment->seq;
	conversation->pending_side = turn->side;
	turn->kind = EVENT_SYN;
	phrase_text(&turn->words, "into a connection that stands");
	return true;
}

static void
open_simultaneously(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;

	turn->kind = EVENT_SIMULTANEOUS_SYN;
	conversation->simultaneous = true;
	conversation_input(conversation, 1, CONVERSATION_SENDS_SYN);
	conversation_input(conversation, 1, CONVERSATION_GETS_SYN);
	conversation_input(conversation, 0, CONVERSATION_GETS_SYN);
}

/* It goes on trying, whatever had seemed to be the end. */
static void
retry(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;

	if (conversation->outcome == CONVERSATION_OUTCOME_NONE || conversation->established)
		return;
	conversation->outcome = CONVERSATION_OUTCOME_NONE;
	conversation->ended_by = CONVERSATION_SIDE_UNKNOWN;
	conversation->ended_ns = 0;
	conversation_leave(conversation, turn->side);
	turn->to->rst = false;
	turn->to->state = TCP_STATE_UNKNOWN;
	conversation->path_len[turn->side ^ 1] = 0;
}

static void
open_syn(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const uint64_t now_ns = turn->segment->time_ns;

	turn->kind = EVENT_SYN;
	if (turn->repeated) {
		turn->kind = EVENT_RETRANSMIT;
		turn->from->syn_retransmits += turn->from->syn_retransmits != UINT8_MAX;
		retry(turn);
	} else if (turn->side == 1 && turn->to->state == TCP_STATE_SYN_SENT) {
		open_simultaneously(turn);
	}
	if (turn->side != 0)
		return;
	conversation->fast_open |= turn->segment->len != 0;
	if (conversation->syn_ns == 0)
		conversation->syn_ns = now_ns;
	if (conversation->syn_ack_ns == 0 || conversation->answered_ns == 0)
		conversation->answered_ns = now_ns;
	if (turn->from->state == TCP_STATE_UNKNOWN)
		conversation_input(conversation, 0, CONVERSATION_SENDS_SYN);
}

static void
open_syn_ack(struct turn *turn)
{
	struct conversation *const conversation = turn->conversation;
	const struct conversation_side *const to = turn->to;
	const bool again = turn->from->syn_ack;

	turn->from->syn_ack = true;
	turn->kind = again ? EVENT_RETRANSMIT : EVENT_SYN_ACK;
	if (again) {
		turn->from->syn_retransmits += turn->from->syn_retransmits != UINT8_MAX;
		return;
	}
	if (!conversation->simultaneous)
		conversation->syn_ack_ns = turn->segment->time_ns;
	conversation_input(conversation, turn->side, CONVERSATION_SENDS_SYN_ACK);
	if (to->state == TCP_STATE_UNKNOWN) /* its SYN was not seen */
		conversation_input(conversation, turn->side ^ 1, CONVERSATION_SENDS_SYN);
	if (!to->isn_known || sequence_distance(turn->segment->ack, to->isn) > 0)
		conversation_input(conversation, turn->side ^ 1, CONVERSATION_GETS_SYN_ACK);
	if (conversation->simultaneous && turn->from->state == TCP_STATE_ESTABLISHED &&
		to->state == TCP_STATE_ESTABLISHED) {
		turn->kind = EVENT_HANDSHAKE_DONE;
		conversation->established = true;
		conversation->established_ns = turn->segment->time_ns;
	}
	/* We asked, and got the answer: the kernel completes it, whether its ACK is seen or not. */
	if (turn->side == 1 && conversation->local_side == 0 && turn->from->hears) {
		turn->to->hears = true;
		conversation->established = true;
	}
}

void
conversation_open(struct turn *turn)
{
	struct segment_options options;

	conversation_numbers(turn);
	segment_read_options(turn->segment, &options);
	if ((options.has & SEGMENT_HAS_WSCALE) != 0)
		turn->from->wscale = options.wscale;
	if (segment_has(turn->segment, SEGMENT_ACK))
		open_syn_ack(turn);
	else
		open_syn(turn);
	if (turn->kind == EVENT_RETRANSMIT && turn->from->retransmits != UINT16_MAX)
		turn->from->retransmits++;
}
