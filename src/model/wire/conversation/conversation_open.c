/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SYN and SYN-ACK: the handshake, either way round, and a new connection of the same endpoints. A
 * SYN into an established connection may be forged: only the other side's SYN-ACK makes it a new
 * one.
 */
#include <config.h>

#include <stddef.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/socket.h>

#include "conversation_private.h"

enum { SYN_SPAN_MAX_S = 3600, SYN_UNSEEN_MS = 1000 };

#define STANDS "into a connection that stands"

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

/* The conversation begins again with this segment; its sender may be the other side now. */
static void
restart(struct step *step, uint8_t opener)
{
	struct conversation *const conversation = step->conversation;

	conversation_clear(conversation);
	conversation->now_ns = step->segment->time_ns;
	if (opener == 1)
		swap_sides(conversation);
	step->side = step->side == opener ? 0 : 1;
	step->from = &conversation->side[step->side];
	step->to = &conversation->side[step->side ^ 1];
	conversation->first_ns = step->segment->time_ns;
}

/* Applies the SYN that was pending, with the time at which it came. */
static void
take_pending(struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const uint64_t pending_ns = conversation->pending_ns;
	const uint32_t isn = conversation->pending_isn;
	struct conversation_side *opener;

	restart(step, conversation->pending_side);
	opener = &conversation->side[0];
	conversation->first_ns = conversation->syn_ns = conversation->answered_ns = pending_ns;
	opener->isn = isn;
	opener->next = isn + 1;
	opener->isn_known = opener->numbered = true;
	opener->segments = 1;
	opener->last_ns = pending_ns;
	conversation->now_ns = pending_ns;
	conversation_input(conversation, 0, CONVERSATION_SENDS_SYN);
	conversation->now_ns = step->segment->time_ns;
}

static bool
is_assured(const struct conversation *conversation)
{
	return conversation->outcome == CONVERSATION_OUTCOME_NONE && conversation->side[0].hears &&
	       conversation->side[1].hears;
}

static bool
acknowledges_syn(const struct step *step)
{
	const struct conversation_side *const to = step->to;

	return to->isn_known && sequence_distance(step->segment->ack, to->isn) > 0 &&
	       sequence_distance(step->segment->ack, to->next) <= 0;
}

/*
 * The opener is waiting for the answer to another SYN, and resets what this is of (RFC 9293 section
 * 3.10.7.3). After a while a later SYN may have passed unseen.
 */
static bool
answers_no_syn(const struct step *step)
{
	const struct conversation_side *const to = step->to;

	return !acknowledges_syn(step) && step->side == 1 && to->isn_known &&
	       to->state == TCP_STATE_SYN_SENT && step->conversation->syn_ns != 0 &&
	       step->segment->time_ns < to->last_ns + SYN_UNSEEN_MS * CLOCK_NS_PER_MS;
}

/* The SYN-ACK before this one had another number: it is not repeated, the last SYN is answered. */
static void
forget_syn_ack(struct step *step)
{
	step->from->numbered = step->from->isn_known = step->from->syn_ack = false;
	if (step->side == 1)
		step->conversation->answered_ns = step->to->last_ns;
}

/* True: the conversation goes on without it. */
static bool
reopen_by_syn_ack(struct step *step)
{
	const struct conversation *const conversation = step->conversation;
	struct conversation_side *const from = step->from;

	if (conversation->pending_side == (step->side ^ 1) &&
		step->segment->ack == conversation->pending_isn + 1) {
		take_pending(step);
		return false;
	}
	if (is_assured(conversation)) {
		step->kind = EVENT_SYN_ACK;
		phrase_text(&step->words, STANDS);
		return from->isn_known || conversation->mid_stream;
	}
	if (answers_no_syn(step)) {
		step->kind = EVENT_SYN_ACK;
		phrase_text(&step->words, "ignored: does not acknowledge the SYN");
		return true;
	}
	if (!acknowledges_syn(step)) /* it answers a SYN that was not seen */
		restart(step, step->side ^ 1);
	else if (from->isn_known) /* SYN cookies: another number for each try */
		forget_syn_ack(step);
	return false;
}

bool
conversation_reopen(struct step *step)
{
	struct conversation *const conversation = step->conversation;
	const struct segment *const segment = step->segment;
	const struct conversation_side *const from = step->from;

	if (from->isn_known && segment->seq == from->isn)
		return false; /* again, or the SYN-ACK of a simultaneous open */
	if (segment_has(segment, SEGMENT_ACK))
		return reopen_by_syn_ack(step);
	if (!from->numbered && step->to->state == TCP_STATE_SYN_SENT)
		return false; /* simultaneous open */
	if (step->from->segments + step->to->segments == 0)
		return false; /* it has just begun */
	if (!is_assured(conversation)) {
		restart(step, step->side);
		return false;
	}
	conversation->pending_ns = segment->time_ns;
	conversation->pending_isn = segment->seq;
	conversation->pending_side = step->side;
	step->kind = EVENT_SYN;
	phrase_text(&step->words, STANDS);
	return true;
}

static void
open_simultaneously(struct step *step)
{
	struct conversation *const conversation = step->conversation;

	step->kind = EVENT_SIMULTANEOUS_SYN;
	conversation->simultaneous = true;
	conversation_input(conversation, 1, CONVERSATION_SENDS_SYN);
	conversation_input(conversation, 1, CONVERSATION_GETS_SYN);
	conversation_input(conversation, 0, CONVERSATION_GETS_SYN);
}

/* The opener goes on trying, so what had seemed to be the end was none. */
static void
retry(struct step *step)
{
	struct conversation *const conversation = step->conversation;

	if (conversation->outcome == CONVERSATION_OUTCOME_NONE || conversation->established)
		return;
	conversation->outcome = CONVERSATION_OUTCOME_NONE;
	conversation->ended_by = CONVERSATION_SIDE_UNKNOWN;
	conversation->ended_ns = 0;
	conversation_leave(conversation, step->side);
	step->to->rst = false;
	step->to->state = TCP_STATE_UNKNOWN;
	conversation->path_len[step->side ^ 1] = 0;
}

static void
keep_timestamp(struct conversation *conversation, const struct segment_options *options)
{
	if (conversation->syn_timestamp == 0)
		conversation->syn_timestamp = options->timestamp;
	conversation->last_syn_timestamp = options->timestamp;
}

static void
open_syn(struct step *step, const struct segment_options *options)
{
	struct conversation *const conversation = step->conversation;
	const uint64_t now_ns = step->segment->time_ns;

	step->kind = EVENT_SYN;
	if (step->repeated) {
		step->kind = EVENT_RETRANSMIT;
		step->from->syn_retransmits += step->from->syn_retransmits != UINT8_MAX;
		retry(step);
	} else if (step->side == 1 && step->to->state == TCP_STATE_SYN_SENT) {
		open_simultaneously(step);
	}
	if (step->side != 0)
		return;
	conversation->fast_open |= step->segment->len != 0;
	if (conversation->syn_ns == 0)
		conversation->syn_ns = now_ns;
	if (conversation->syn_ack_ns == 0 || conversation->answered_ns == 0)
		conversation->answered_ns = now_ns;
	if (conversation->syn_ack_ns == 0)
		keep_timestamp(conversation, options);
	if (step->from->state == TCP_STATE_UNKNOWN)
		conversation_input(conversation, 0, CONVERSATION_SENDS_SYN);
}

/*
 * The SYN that the SYN-ACK answers: TSecr is its TSval (RFC 7323 section 3.2). Those between the
 * first and the last are not kept, but the opener's clock runs evenly.
 */
static void
date_answered(struct conversation *conversation, const struct segment_options *options)
{
	const uint32_t ticks = conversation->last_syn_timestamp - conversation->syn_timestamp;
	const uint32_t answered = options->timestamp_echo - conversation->syn_timestamp;
	const uint64_t span_ns = conversation->answered_ns - conversation->syn_ns;

	if ((options->has & SEGMENT_HAS_TIMESTAMPS) == 0 || options->timestamp_echo == 0 ||
		conversation->syn_timestamp == 0 || conversation->syn_ns == 0 ||
		conversation->answered_ns < conversation->syn_ns || answered >= ticks ||
		span_ns / CLOCK_NS_PER_S > SYN_SPAN_MAX_S)
		return;
	conversation->answered_ns = conversation->syn_ns + span_ns / ticks * answered +
				    span_ns % ticks * answered / ticks;
}

static void
open_syn_ack(struct step *step, const struct segment_options *options)
{
	struct conversation *const conversation = step->conversation;
	const struct conversation_side *const to = step->to;
	const bool again = step->from->syn_ack;

	step->from->syn_ack = true;
	step->kind = again ? EVENT_RETRANSMIT : EVENT_SYN_ACK;
	if (again) {
		step->from->syn_retransmits += step->from->syn_retransmits != UINT8_MAX;
		return;
	}
	if (!conversation->simultaneous) {
		conversation->syn_ack_ns = step->segment->time_ns;
		date_answered(conversation, options);
	}
	conversation_input(conversation, step->side, CONVERSATION_SENDS_SYN_ACK);
	if (to->state == TCP_STATE_UNKNOWN) /* its SYN was not seen */
		conversation_input(conversation, step->side ^ 1, CONVERSATION_SENDS_SYN);
	if (!to->isn_known || sequence_distance(step->segment->ack, to->isn) > 0)
		conversation_input(conversation, step->side ^ 1, CONVERSATION_GETS_SYN_ACK);
	if (conversation->simultaneous && step->from->state == TCP_STATE_ESTABLISHED &&
		to->state == TCP_STATE_ESTABLISHED) {
		step->kind = EVENT_HANDSHAKE_DONE;
		conversation->established = true;
		conversation->established_ns = step->segment->time_ns;
	}
	/* We asked, and got the answer: the kernel completes it, whether its ACK is seen or not. */
	if (step->side == 1 && conversation->local_side == 0 && step->from->hears) {
		step->to->hears = true;
		conversation->established = true;
	}
}

void
conversation_open(struct step *step)
{
	struct segment_options options;

	conversation_numbers(step);
	segment_read_options(step->segment, &options);
	if ((options.has & SEGMENT_HAS_WSCALE) != 0)
		step->from->wscale = options.wscale;
	if (segment_has(step->segment, SEGMENT_ACK))
		open_syn_ack(step, &options);
	else
		open_syn(step, &options);
	if (step->kind == EVENT_RETRANSMIT && step->from->retransmits != UINT16_MAX)
		step->from->retransmits++;
}
