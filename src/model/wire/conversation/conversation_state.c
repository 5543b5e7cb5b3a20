/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine of RFC 9293 (figure 5), as an onlooker sees it: a segment is an input to its
 * sender and to its receiver. A segment is taken to arrive; conversation_follow corrects that when
 * a later segment shows otherwise. A state that the table does not name for an input stays.
 */
#include <config.h>

#include "conversation_private.h"

#define S(name) TCP_STATE_##name
#define I(name) [CONVERSATION_##name]

static const uint8_t next_state[TCP_STATE_COUNT][CONVERSATION_INPUT_COUNT] = {
	[S(UNKNOWN)] = {I(SENDS_SYN) = S(SYN_SENT), I(SENDS_SYN_ACK) = S(SYN_RECEIVED),
		I(RESETS) = S(CLOSED)},
	[S(CLOSED)] = {I(SENDS_SYN) = S(SYN_SENT)},
	[S(LISTEN)] = {I(SENDS_SYN) = S(SYN_SENT), I(SENDS_SYN_ACK) = S(SYN_RECEIVED)},
	[S(SYN_SENT)] = {I(GETS_SYN) = S(SYN_RECEIVED), I(SENDS_SYN_ACK) = S(SYN_RECEIVED),
		I(GETS_SYN_ACK) = S(ESTABLISHED), I(RESETS) = S(CLOSED), I(WAITED) = S(CLOSED)},
	[S(SYN_RECEIVED)] = {I(GETS_SYN_ACK) = S(ESTABLISHED), I(GETS_ACK_OF_SYN) = S(ESTABLISHED),
		I(SENDS_FIN) = S(FIN_WAIT_1), I(RESETS) = S(CLOSED), I(WAITED) = S(CLOSED)},
	[S(ESTABLISHED)] = {I(SENDS_FIN) = S(FIN_WAIT_1), I(GETS_FIN) = S(CLOSE_WAIT),
		I(RESETS) = S(CLOSED)},
	[S(FIN_WAIT_1)] = {I(GETS_FIN) = S(CLOSING), I(GETS_ACK_OF_FIN) = S(FIN_WAIT_2),
		I(GETS_FIN_AND_ACK) = S(TIME_WAIT), I(RESETS) = S(CLOSED)},
	[S(FIN_WAIT_2)] = {I(GETS_FIN) = S(TIME_WAIT), I(GETS_FIN_AND_ACK) = S(TIME_WAIT),
		I(RESETS) = S(CLOSED)},
	[S(CLOSE_WAIT)] = {I(SENDS_FIN) = S(LAST_ACK), I(RESETS) = S(CLOSED)},
	[S(CLOSING)] = {I(GETS_ACK_OF_FIN) = S(TIME_WAIT), I(RESETS) = S(CLOSED),
		I(WAITED) = S(TIME_WAIT)},
	[S(LAST_ACK)] = {I(GETS_ACK_OF_FIN) = S(CLOSED), I(RESETS) = S(CLOSED),
		I(WAITED) = S(CLOSED)},
	[S(TIME_WAIT)] = {I(RESETS) = S(CLOSED), I(WAITED) = S(CLOSED)},
};

#undef S
#undef I

void
conversation_enter(struct conversation *conversation, uint8_t side, enum tcp_state state)
{
	const uint8_t len = conversation->path_len[side];

	conversation->side[side].state = (uint8_t)state;
	if (len == CONVERSATION_PATH_MAX)
		return;
	conversation->path[len][side] = (uint8_t)state;
	conversation->path_ns[len][side] = conversation->now_ns;
	conversation->path_len[side]++;
}

/* It is known that the side is in its last state, not since when. */
static void
forget_time(struct conversation *conversation, uint8_t side)
{
	const uint8_t len = conversation->path_len[side];

	if (len > 0 && conversation->path[len - 1][side] == conversation->side[side].state)
		conversation->path_ns[len - 1][side] = 0;
}

void
conversation_leave(struct conversation *conversation, uint8_t side)
{
	if (conversation->path_len[side] < 2)
		return;
	conversation->path_len[side]--;
	conversation->side[side].state = conversation->path[conversation->path_len[side] - 1][side];
}

/* A request that comes to nothing leaves the listener as it was. */
static bool
is_passive(const struct conversation *conversation, uint8_t side)
{
	return conversation->path_len[side] != 0 && conversation->path[0][side] == TCP_STATE_LISTEN;
}

void
conversation_input(struct conversation *conversation, uint8_t side, enum conversation_input input)
{
	const uint8_t state = conversation->side[side].state;
	uint8_t next = next_state[state][input];

	if (next == TCP_STATE_UNKNOWN)
		return;
	if (state == TCP_STATE_UNKNOWN && input == CONVERSATION_SENDS_SYN)
		conversation_enter(conversation, side, TCP_STATE_CLOSED);
	if (state == TCP_STATE_UNKNOWN && input == CONVERSATION_SENDS_SYN_ACK)
		conversation_enter(conversation, side, TCP_STATE_LISTEN);
	if (state == TCP_STATE_SYN_RECEIVED && next == TCP_STATE_CLOSED &&
		is_passive(conversation, side))
		next = TCP_STATE_LISTEN;
	conversation_enter(conversation, side, (enum tcp_state)next);
}

void
conversation_assume_established(struct conversation *conversation, uint8_t side)
{
	switch ((enum tcp_state)conversation->side[side].state) {
	case TCP_STATE_UNKNOWN:
	case TCP_STATE_LISTEN:
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_SYN_RECEIVED:
		conversation_enter(conversation, side, TCP_STATE_ESTABLISHED);
		forget_time(conversation, side);
		conversation->established = true;
		break;
	case TCP_STATE_ESTABLISHED:
	case TCP_STATE_FIN_WAIT_1:
	case TCP_STATE_FIN_WAIT_2:
	case TCP_STATE_TIME_WAIT:
	case TCP_STATE_CLOSED:
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSING:
	case TCP_STATE_COUNT: break;
	}
}
