/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The age of a socket, as a number and as a field. */
#include <config.h>

#include <sockwatch/analysis/socket_age.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/wire.h>

#include "socket_getters.h"
#include "value.h"

static uint64_t
row_ns(const struct model *model, uint32_t ms)
{
	return (model->epoch_ms + ms) * CLOCK_NS_PER_MS;
}

static bool
is_closed(const struct socket_row *row)
{
	return (row->flags & SOCKET_CLOSED) != 0;
}

/*
 * The SYN, which is earlier than the table's first look. A connection that was there before the
 * capture has none, and a SYN after that look belongs to a later one of the same ends.
 */
static bool
find_birth(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation, uint64_t *born_ns)
{
	const uint64_t listed_ns = row_ns(model, row->first_ms);

	*born_ns = listed_ns;
	if (conversation == NULL || conversation->syn_ns == 0 || conversation->mid_stream)
		return socket_birth_is_seen(row);
	if (!socket_birth_is_seen(row) && !is_closed(row))
		return false;
	if (conversation->syn_ns < listed_ns || is_closed(row))
		*born_ns = conversation->syn_ns;
	return true;
}

static uint64_t
find_end(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation)
{
	if (!is_closed(row))
		return model->now_ns;
	if (conversation != NULL && conversation->outcome != CONVERSATION_OUTCOME_NONE &&
		conversation->ended_ns != 0)
		return conversation->ended_ns;
	return row_ns(model, row->closed_ms);
}

/* Milliseconds that the kernel reported, and the time since then. */
static uint64_t
past_ms(const struct model *model, const struct socket_row *row, enum tcp_info_member member)
{
	const struct field_context context = {.model = model};
	uint64_t ms;

	if (!socket_has_past(row) || row->state == TCP_STATE_LISTEN ||
		!tcp_info_get(&row->tcp, member, &ms))
		return 0;
	return ms + socket_elapsed_ms(&context, row, row->seen_ms);
}

/* The kernel sets these times when a connection is established: none is longer than its life. */
static uint64_t
least_ms(const struct model *model, const struct socket_row *row)
{
	static const enum tcp_info_member members[] = {
		TCP_INFO_last_data_sent, TCP_INFO_last_data_recv, TCP_INFO_last_ack_recv};
	uint64_t most = 0;

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		const uint64_t ms = past_ms(model, row, members[i]);

		most = ms > most ? ms : most;
	}
	return most;
}

void
socket_age(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation, struct socket_age *age)
{
	const uint64_t end_ns = find_end(model, row, conversation);
	const uint64_t least_ns = least_ms(model, row) * CLOCK_NS_PER_MS;
	uint64_t born_ns;

	age->at_least = !find_birth(model, row, conversation, &born_ns);
	age->ns = end_ns > born_ns ? end_ns - born_ns : 0;
	if (age->ns < least_ns)
		age->ns = least_ns;
	age->born_ns = end_ns > age->ns ? end_ns - age->ns : 0;
}

bool
socket_idle_ms(const struct model *model, const struct socket_row *row, uint64_t *idle_ms)
{
	uint64_t sent, received;

	if (!socket_has_past(row) || row->state == TCP_STATE_LISTEN ||
		!tcp_info_get(&row->tcp, TCP_INFO_last_data_sent, &sent) ||
		!tcp_info_get(&row->tcp, TCP_INFO_last_data_recv, &received))
		return false;
	sent = past_ms(model, row, TCP_INFO_last_data_sent);
	received = past_ms(model, row, TCP_INFO_last_data_recv);
	*idle_ms = sent < received ? sent : received;
	return true;
}

/*
 * The kernel does not report when a socket was made. The age is known if it appeared while we
 * looked; if it was there before, there is a lower bound (argument 1: give that; 0: leave it
 * unknown). A closed row has microseconds too: a short life is not "0s". For an open one they would
 * claim more than one look each refresh can know.
 */
void
socket_get_age(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const struct conversation *const conversation =
		context->model->wire == NULL || wire_slots(context->model->wire) == 0
			? NULL
			: model_socket_conversation(context->model, row);
	struct socket_age age;

	socket_age(context->model, row, conversation, &age);
	/* Only its end was ever heard of: "at least 0" would be no bound. */
	if (age.at_least && (field->argument == 0 || (is_closed(row) && age.ns == 0))) {
		value_set_unknown(value);
		return;
	}
	value_set_unsigned(value, age.ns / CLOCK_NS_PER_S);
	value->at_least = age.at_least;
	if (!age.at_least && is_closed(row))
		value->second =
			VALUE_HAS_US | (uint32_t)(age.ns % CLOCK_NS_PER_S / CLOCK_NS_PER_US);
}
