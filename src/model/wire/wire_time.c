/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes conversations without a segment: by time, and by what the socket table knows. A tick
 * looks at some slots only; the next goes on from there.
 */
#include <config.h>

#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/socket.h>

#include "model/wire/conversation/conversation_private.h"
#include "wire_private.h"

enum {
	TICK_SLOTS = 4096,
	GONE_S = 1,  /* packets come later than the destroy event: they may show how it ended */
	QUIET_S = 1, /* after which a FIN would have been repeated: so it was acknowledged */
	TIME_WAIT_S = 60, /* TCP_TIMEWAIT_LEN */
	TRY_MAX_S = 120,  /* TCP_RTO_MAX */
	KEEP_UNCONFIRMED_S = 60,
	KEEP_ENDED_S = 600,
	BORN_SLACK_NS = 2000000, /* rows count in milliseconds */
};

static bool
passed(uint64_t now_ns, uint64_t since_ns, uint64_t seconds)
{
	return now_ns > since_ns && now_ns - since_ns > seconds * CLOCK_NS_PER_S;
}

/* Each try waits twice as long as the one before; a margin, and it was the last one. */
static uint64_t
give_up_s(const struct conversation_side *side)
{
	const unsigned tries = side->syn_retransmits + 1U;

	return (tries < 7 ? UINT64_C(1) << tries : TRY_MAX_S) + 2;
}

static void
end(struct conversation *conversation, enum conversation_outcome outcome, uint64_t ended_ns)
{
	conversation->outcome = (uint8_t)outcome;
	conversation->ended_ns = ended_ns;
}

/* SYN-ACKs are given up only when one was repeated: otherwise the ACK may have come without being
 * in the capture. */
static void
expire_handshake(struct conversation *conversation, uint64_t now_ns)
{
	struct conversation_side *const opener = &conversation->side[0];
	struct conversation_side *const other = &conversation->side[1];
	const bool no_answer = opener->state == TCP_STATE_SYN_SENT && other->segments == 0;
	const bool no_ack = other->state == TCP_STATE_SYN_RECEIVED && !conversation->established &&
			    other->syn_ack && other->syn_retransmits != 0;
	const struct conversation_side *const waits = no_answer ? opener : other;

	if ((!no_answer && !no_ack) || !passed(now_ns, waits->last_ns, give_up_s(waits)))
		return;
	end(conversation, CONVERSATION_OUTCOME_TIMEOUT, now_ns);
	conversation_input(conversation, 0, CONVERSATION_WAITED);
	conversation_input(conversation, 1, CONVERSATION_WAITED);
}

static void
settle_side(struct conversation *conversation, uint8_t side, uint64_t now_ns)
{
	const uint8_t state = conversation->side[side].state;
	uint64_t wait_s = TIME_WAIT_S;

	if (state == TCP_STATE_LAST_ACK || state == TCP_STATE_CLOSING)
		wait_s = QUIET_S;
	if (!passed(now_ns, conversation->side[side].last_ns, wait_s) ||
		!passed(now_ns, conversation->side[side ^ 1].last_ns, wait_s))
		return;
	/* It is inferred that the last ACK came; nobody saw when. */
	conversation->now_ns = state == TCP_STATE_TIME_WAIT ? now_ns : 0;
	conversation_input(conversation, side, CONVERSATION_WAITED);
}

/* A connection from outside that was not let in. Refused ones of ours are kept: people look for
 * them. */
static bool
is_unconfirmed(const struct conversation *conversation)
{
	return conversation->half_open && conversation->local_side == 1;
}

/* False: it is not worth keeping. */
static bool
age(struct conversation *conversation, uint64_t now_ns)
{
	conversation->now_ns = now_ns;
	if (conversation->outcome == CONVERSATION_OUTCOME_NONE) {
		if (conversation->gone_ns != 0 && passed(now_ns, conversation->gone_ns, GONE_S))
			end(conversation, CONVERSATION_OUTCOME_GONE, conversation->gone_ns);
		else
			expire_handshake(conversation, now_ns);
		return true;
	}
	if (conversation->outcome == CONVERSATION_OUTCOME_CLOSED) {
		settle_side(conversation, 0, now_ns);
		settle_side(conversation, 1, now_ns);
	}
	return !passed(now_ns, conversation->ended_ns,
		is_unconfirmed(conversation) ? KEEP_UNCONFIRMED_S : KEEP_ENDED_S);
}

void
wire_tick(struct wire *wire, uint64_t now_ns)
{
	const uint32_t count = wire->used < TICK_SLOTS ? wire->used : TICK_SLOTS;

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t slot = wire->tick_cursor < wire->used ? wire->tick_cursor : 0;
		struct conversation *const conversation = &wire->conversations[slot];
		const uint8_t outcome = conversation->outcome;

		wire->tick_cursor = slot + 1;
		if (conversation->list == WIRE_LIST_FREE)
			continue;
		if (!age(conversation, now_ns))
			wire_slot_remove(wire, slot);
		else if (conversation->outcome != outcome)
			wire_slot_touch(wire, slot);
	}
}

/* How far along a state is; the table may be older than the wire, so it only leads on. */
static const uint8_t progress[TCP_STATE_COUNT] = {
	[TCP_STATE_LISTEN] = 1,
	[TCP_STATE_SYN_SENT] = 2,
	[TCP_STATE_SYN_RECEIVED] = 3,
	[TCP_STATE_ESTABLISHED] = 4,
	[TCP_STATE_FIN_WAIT_1] = 5,
	[TCP_STATE_CLOSE_WAIT] = 5,
	[TCP_STATE_FIN_WAIT_2] = 6,
	[TCP_STATE_CLOSING] = 6,
	[TCP_STATE_LAST_ACK] = 6,
	[TCP_STATE_TIME_WAIT] = 7,
	[TCP_STATE_CLOSED] = 8,
};

static void
advance(struct conversation *conversation, uint8_t side, enum tcp_state state)
{
	if (conversation->outcome != CONVERSATION_OUTCOME_NONE || state >= TCP_STATE_COUNT ||
		state == TCP_STATE_CLOSED)
		return;
	if (progress[state] >= progress[TCP_STATE_ESTABLISHED]) {
		conversation_assume_established(conversation, 0);
		conversation_assume_established(conversation, 1);
		conversation->side[0].hears = conversation->side[1].hears = true;
	}
	if (progress[state] > progress[conversation->side[side].state])
		conversation_enter(conversation, side, state);
}

static void
note_owner(struct conversation_owner *owner, const struct wire_socket *socket)
{
	size_t len;

	owner->pid = socket->pid;
	if (socket->comm == NULL)
		return;
	len = strnlen(socket->comm, sizeof owner->comm - 1);
	memcpy(owner->comm, socket->comm, len);
	owner->comm[len] = '\0';
}

static void
join(struct conversation *conversation, const struct wire_socket *socket, uint8_t side)
{
	conversation->socket = socket->socket;
	conversation->cookie = socket->cookie;
	if (!address_is_loopback(&socket->local) &&
		address_compare(&socket->local, &socket->remote) != 0)
		conversation->local_side = side;
	if (socket->pid != 0)
		note_owner(&conversation->owner[side], socket);
}

/* The socket is the rest of an earlier connection between the same endpoints. */
static bool
is_older(const struct conversation *conversation, const struct wire_socket *socket)
{
	if (socket->destroyed)
		return conversation->cookie != 0 && conversation->cookie != socket->cookie;
	return socket->seen_ns < conversation->first_ns ||
	       (socket->born_ns != 0 && conversation->syn_ns != 0 &&
		       socket->born_ns + BORN_SLACK_NS < conversation->syn_ns);
}

static void
live(struct conversation *conversation, const struct wire_socket *socket, uint8_t side)
{
	/* The destroy event came late and was that of an earlier connection. */
	if (conversation->gone_ns != 0 && socket->seen_ns > conversation->gone_ns &&
		socket->state != TCP_STATE_TIME_WAIT) {
		conversation->gone_ns = 0;
		if (conversation->outcome == CONVERSATION_OUTCOME_GONE)
			conversation->outcome = CONVERSATION_OUTCOME_NONE;
	}
	advance(conversation, side, socket->state);
	if (conversation->socket_established_ns == 0 && socket->state < TCP_STATE_COUNT &&
		progress[socket->state] >= progress[TCP_STATE_ESTABLISHED])
		conversation->socket_established_ns = socket->seen_ns;
}

void
wire_note_socket(struct wire *wire, const struct wire_socket *socket)
{
	const struct wire_ends ends = {.a = &socket->local,
		.b = &socket->remote,
		.netns = socket->netns,
		.link = address_link_of(&socket->local, &socket->remote, socket->ifindex),
		.a_port = socket->local_port,
		.b_port = socket->remote_port};
	struct conversation *conversation;
	uint8_t side;
	const uint32_t slot = wire_slot_get(wire, wire_key_hash(&ends), &ends, &side);

	if (slot == CONVERSATION_NONE)
		return;
	conversation = &wire->conversations[slot];
	if (is_older(conversation, socket))
		return;
	/* The table has the state, not since when. */
	conversation->now_ns = socket->destroyed ? socket->seen_ns : 0;
	if (socket->destroyed)
		conversation->gone_ns = socket->seen_ns;
	else
		live(conversation, socket, side);
	if ((socket->state != TCP_STATE_TIME_WAIT && socket->socket != SOCKET_NONE) ||
		conversation->socket == SOCKET_NONE)
		join(conversation, socket, side);
	wire_slot_touch(wire, slot);
}
