/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "life.h"

#include <netinet/in.h>
#include <stdio.h>

#include <sockwatch/base/clock.h>

void
life_begin(struct life *life)
{
	life->known = false;
	life->next = 0;
	ladder_clear(&life->ladder);
}

static const struct conversation *
find(const struct model *model, const struct identity *identity)
{
	const struct netns_row *const netns = model_netns(model, identity->netns);

	if (identity->protocol != IPPROTO_TCP || identity->remote_port == 0 || netns == NULL)
		return NULL;
	return wire_find(model->wire, netns->id, &identity->local, identity->local_port,
		&identity->remote, identity->remote_port);
}

/* Another connection of the same endpoints is not this one, unless the socket lives on. */
static void
take(struct life *life, const struct conversation *found, const struct identity *identity,
	bool alive)
{
	const bool other = life->known && found->generation != life->conversation.generation;

	if (other && !alive)
		return;
	if (other)
		life_begin(life);
	life->known = true;
	life->conversation = *found;
	life->us = conversation_side_of(found, &identity->local, identity->local_port);
	/* On loopback both ends are local: here, who looks decides. */
	life->conversation.local_side = life->us;
}

static void
collect(struct life *life, const struct wire *wire, const struct conversation *found)
{
	const struct event *event;

	for (; (event = wire_event_from(wire, life->next)) != NULL;
		life->next = event->number + 1) {
		if (event->generation == life->conversation.generation &&
			wire_conversation(wire, event->conversation, event->generation) == found)
			ladder_add(&life->ladder, event);
	}
}

void
life_update(struct life *life, const struct model *model, const struct identity *identity,
	const struct socket_row *row)
{
	const struct conversation *const found = find(model, identity);

	if (found == NULL)
		return;
	take(life, found, identity, row != NULL && (row->known & SOCKET_CLOSED) == 0);
	if (found->generation == life->conversation.generation)
		collect(life, model->wire, found);
}

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
		/* Where it stood all the time before. */
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

/* All that was seen of it is its end: where it stood before, the kernel has told. */
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
	const bool closed = (row->known & SOCKET_CLOSED) != 0;
	const bool seen = socket_birth_is_seen(row);

	if (side->count == 0 && row->previous_state != TCP_STATE_UNKNOWN)
		diagram_enter(side, (enum tcp_state)row->previous_state,
			seen ? row_ns(model, row->first_ms) : 0);
	/* What the wire shows is newer than the last dump. */
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

const char *
life_part(const struct life *life, bool ours)
{
	const uint8_t which = ours ? life->us : life->us ^ 1;

	if (!life->known || life->conversation.mid_stream ||
		(life->conversation.syn_ns == 0 && life->conversation.syn_ack_ns == 0))
		return "";
	return which == 0 ? ", the client" : ", the server";
}

static void
write_title(const struct life *life, bool ours, struct diagram_side *side)
{
	snprintf(side->title, sizeof side->title, "%s%s", ours ? "us" : "peer",
		life_part(life, ours));
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
life_diagram(const struct life *life, const struct model *model, const struct socket_row *row,
	struct diagram *diagram)
{
	struct diagram_side *const us = &diagram->sides[0];
	struct diagram_side *const peer = &diagram->sides[1];

	*diagram = (struct diagram){.now_ns = model->now_ns};
	if (life->known) {
		if (row != NULL && is_end_only(&life->conversation, life->us)) {
			diagram_enter(us, (enum tcp_state)row->previous_state, 0);
			diagram_enter(us, (enum tcp_state)row->state, 0);
		}
		add_wire(&life->conversation, life->us, us);
		add_wire(&life->conversation, life->us ^ 1, peer);
	}
	if (row != NULL)
		add_row(model, row, us);
	write_title(life, true, us);
	if (row == NULL || row->state != TCP_STATE_LISTEN)
		write_title(life, false, peer);
	if (us->count > 0 && us->steps[us->count - 1].state == TCP_STATE_CLOSED)
		us->over = true;
	if (peer->count > 0 && peer->steps[peer->count - 1].state == TCP_STATE_CLOSED)
		peer->over = true;
	diagram->begin_ns = first_time(diagram);
}
