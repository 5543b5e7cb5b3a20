/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states that both sides of a connection went through, from the wire and from the socket. */
#include <config.h>

#include "explain_private.h"

#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

static const char *
why(const struct conversation *conversation, uint8_t side)
{
	switch ((enum conversation_outcome)conversation->outcome) {
	case CONVERSATION_OUTCOME_REFUSED:
		return conversation->ended_by == side ? "sent RST: refused" : "got RST: refused";
	case CONVERSATION_OUTCOME_RESET:
		return conversation->ended_by == side ? "sent RST" : "got RST";
	case CONVERSATION_OUTCOME_TIMEOUT: return "no answer came";
	case CONVERSATION_OUTCOME_GONE:
		return side == 0 && conversation_is_given_up(conversation) ? "given up" : "gone";
	case CONVERSATION_OUTCOME_NONE:
	case CONVERSATION_OUTCOME_CLOSED: break;
	}
	return NULL;
}

static void
add_wire(const struct conversation *conversation, uint8_t side, struct diagram_side *out)
{
	const bool first = out->count == 0;

	for (uint8_t i = 0; i < conversation->path_len[side]; i++) {
		const enum tcp_state state = (enum tcp_state)conversation->path[i][side];
		/* It was in this state all the time before. */
		const bool begin =
			first && i == 0 && (state == TCP_STATE_CLOSED || state == TCP_STATE_LISTEN);

		diagram_enter(out, state, begin ? 0 : conversation->path_ns[i][side]);
	}
	diagram_enter(out, (enum tcp_state)conversation->side[side].state, 0);
	out->why = why(conversation, side);
}

static uint64_t
row_ns(const struct model *model, uint32_t ms)
{
	return (model->epoch_ms + ms) * CLOCK_NS_PER_MS;
}

static bool
has_been(const struct diagram_side *side, enum tcp_state state)
{
	for (size_t i = 0; i < side->count; i++) {
		if (side->steps[i].state == state)
			return true;
	}
	return false;
}

/* Only its end was seen; the state before that is known from the kernel. */
static bool
is_end_only(const struct conversation *conversation, uint8_t side)
{
	return conversation->path_len[side] == 1 &&
	       conversation->path[0][side] == TCP_STATE_CLOSED && conversation->syn_ns == 0 &&
	       conversation->outcome != CONVERSATION_OUTCOME_NONE;
}

/* The kernel knows our side's state, also where no segment was seen. */
static void
add_row(const struct model *model, const struct socket_row *row, struct diagram_side *side)
{
	const bool closed = (row->flags & SOCKET_CLOSED) != 0;
	const bool seen = socket_birth_is_seen(row);

	if (side->count == 0 && row->previous_state != TCP_STATE_UNKNOWN)
		diagram_enter(side, (enum tcp_state)row->previous_state,
			seen ? row_ns(model, row->first_ms) : 0);
	/* The segments are newer than the last dump. */
	if (!has_been(side, (enum tcp_state)row->state))
		diagram_enter(side, (enum tcp_state)row->state,
			side->count > 0 || seen ? row_ns(model, row->changed_ms) : 0);
	if (closed && side->steps[side->count - 1].state != TCP_STATE_LISTEN)
		diagram_enter(side, TCP_STATE_CLOSED, row_ns(model, row->closed_ms));
	if (row->state == TCP_STATE_LISTEN || closed)
		side->over = true;
	if (side->why == NULL)
		side->why = closed ? "gone" : NULL;
}

static void
write_title(const struct wire_history *history, bool ours, struct diagram_side *side)
{
	snprintf(side->title, sizeof side->title, "%s%s", ours ? "us" : "peer",
		wire_history_part(history, ours));
}

static uint64_t
first_time(const struct diagram *diagram)
{
	uint64_t first = 0;

	for (size_t i = 0; i < 2; i++) {
		for (size_t step = 0; step < diagram->sides[i].count; step++) {
			const uint64_t ns = diagram->sides[i].steps[step].ns;

			if (ns != 0 && (first == 0 || ns < first))
				first = ns;
		}
	}
	return first;
}

void
wire_history_states(const struct wire_history *history, const struct model *model,
	const struct socket_row *row, struct diagram *diagram)
{
	struct diagram_side *const us = &diagram->sides[0];
	struct diagram_side *const peer = &diagram->sides[1];

	*diagram = (struct diagram){.now_ns = model->now_ns};
	if (history->known) {
		if (row != NULL && is_end_only(&history->conversation, history->us)) {
			diagram_enter(us, (enum tcp_state)row->previous_state, 0);
			diagram_enter(us, (enum tcp_state)row->state, 0);
		}
		add_wire(&history->conversation, history->us, us);
		add_wire(&history->conversation, history->us ^ 1, peer);
	}
	if (row != NULL)
		add_row(model, row, us);
	write_title(history, true, us);
	if (row == NULL || row->state != TCP_STATE_LISTEN)
		write_title(history, false, peer);
	if (us->count > 0 && us->steps[us->count - 1].state == TCP_STATE_CLOSED)
		us->over = true;
	if (peer->count > 0 && peer->steps[peer->count - 1].state == TCP_STATE_CLOSED)
		peer->over = true;
	diagram->begin_ns = first_time(diagram);
}
