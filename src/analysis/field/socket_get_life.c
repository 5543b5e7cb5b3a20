/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: how a connection began and ended, as far as captured packets showed it. */
#include <config.h>

#include "socket_getters.h"

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/wire.h>

#include "value.h"

/* The conversation of the row, or NULL; *us is the side that is the row's own. */
static const struct conversation *
find(const struct field_context *context, const struct socket_row *row, uint8_t *us)
{
	const struct conversation *const conversation =
		wire_slots(context->model->wire) == 0
			? NULL
			: model_socket_conversation(context->model, row);

	if (conversation != NULL)
		*us = conversation_side_of(conversation, &row->local, row->local_port);
	return conversation;
}

/*
 * Until the connection was established on our side: at the opener that is the SYN-ACK (the time
 * that connect took), at the other end the ACK.
 */
void
socket_get_handshake(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	uint8_t us = 0;
	const struct conversation *const conversation = find(context, data, &us);
	uint64_t end_ns = 0;

	(void)field;
	if (conversation != NULL)
		end_ns = us == 0 ? conversation->syn_ack_ns : conversation->established_ns;
	if (conversation == NULL || conversation->syn_ns == 0 || end_ns < conversation->syn_ns)
		value_set_unknown(value);
	else
		value_set_unsigned(value, (end_ns - conversation->syn_ns) / CLOCK_NS_PER_US);
}

static const char *
opener(const struct conversation *conversation, uint8_t us)
{
	if (conversation->mid_stream || conversation->syn_ns == 0)
		return "";
	if (conversation->simultaneous)
		return "both";
	return us == 0 ? "us" : "peer";
}

/* The side that sent the RST that ended it, or else the first FIN. */
static const char *
closer(const struct conversation *conversation, uint8_t us)
{
	const bool reset = conversation->outcome == CONVERSATION_OUTCOME_RESET ||
			   conversation->outcome == CONVERSATION_OUTCOME_REFUSED;
	const uint8_t side = reset ? conversation->ended_by : conversation->first_fin;

	if (side == CONVERSATION_SIDE_UNKNOWN)
		return "";
	if (!reset && conversation->both_closed)
		return "both";
	return side == us ? "us" : "peer";
}

void
socket_get_life(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	uint8_t us = 0;
	const struct conversation *const conversation = find(context, data, &us);
	const char *word = "";

	if (conversation == NULL) {
		value_set_unknown(value);
		return;
	}
	switch ((enum socket_life_fact)field->argument) {
	case SOCKET_LIFE_OPENED_BY: word = opener(conversation, us); break;
	case SOCKET_LIFE_CLOSED_BY: word = closer(conversation, us); break;
	case SOCKET_LIFE_CLOSE_REASON:
		if (conversation->outcome != CONVERSATION_OUTCOME_NONE)
			word = conversation_outcome_name(
				(enum conversation_outcome)conversation->outcome);
		break;
	}
	value_set_text(value, text_of(word));
}
