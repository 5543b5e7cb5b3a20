/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leads from an event to its connection, and makes a row for one whose socket was never seen. */
#include <config.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <sockwatch/analysis/wire_history.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

/* Where both ends are here, or none: the one that has a socket, or the one that opened it. */
static uint8_t
our_side(const struct model *model, const struct conversation *conversation)
{
	if (conversation->local_side != CONVERSATION_SIDE_UNKNOWN)
		return conversation->local_side;
	return model_conversation_end(model, conversation, 0) == SOCKET_NONE &&
	       model_conversation_end(model, conversation, 1) != SOCKET_NONE;
}

bool
wire_history_identify(
	const struct model *model, const struct event *event, struct identity *identity)
{
	const struct segment *const segment = &event->segment;
	const struct conversation *const conversation =
		wire_find(model->wire, segment->netns, segment->ifindex, &segment->source,
			segment->source_port, &segment->destination, segment->destination_port);
	const struct netns_row *const netns = model_netns_of_stream(model, segment->netns);
	uint32_t socket;
	uint8_t us;

	if (conversation == NULL || netns == NULL)
		return false;
	us = our_side(model, conversation);
	socket = model_conversation_end(model, conversation, us);
	if (socket != SOCKET_NONE)
		identity_take(identity, model, socket);
	else
		*identity = (struct identity){
			.socket = SOCKET_NONE,
			.netns = netns->index,
			.ifindex = conversation->link,
			.protocol = IPPROTO_TCP,
			.local = conversation->address[us],
			.remote = conversation->address[us ^ 1],
			.local_port = conversation->port[us],
			.remote_port = conversation->port[us ^ 1],
		};
	return true;
}

static uint32_t
to_ms(const struct model *model, uint64_t ns)
{
	const uint64_t ms = ns / CLOCK_NS_PER_MS;

	return ms > model->epoch_ms ? (uint32_t)(ms - model->epoch_ms) : 0;
}

void
wire_history_row(const struct wire_history *history, const struct model *model,
	const struct identity *identity, struct socket_row *row)
{
	const struct conversation *const conversation = &history->conversation;

	*row = (struct socket_row){
		.local = identity->local,
		.remote = identity->remote,
		.local_port = identity->local_port,
		.remote_port = identity->remote_port,
		.netns = identity->netns,
		.protocol = IPPROTO_TCP,
		.family = address_is_v4(&identity->local) ? AF_INET : AF_INET6,
		.state = TCP_STATE_UNKNOWN,
	};
	if (!history->known)
		return;
	row->state = conversation->side[history->us].state;
	row->first_ms = row->changed_ms = to_ms(model, conversation->first_ns);
	row->seen_ms = to_ms(model, conversation->side[history->us].last_ns);
	if (conversation->syn_ns != 0)
		row->flags |= SOCKET_BIRTH_SEEN;
	if (conversation->outcome == CONVERSATION_OUTCOME_NONE)
		return;
	row->flags |= SOCKET_CLOSED;
	row->closed_ms = to_ms(model, conversation->ended_ns);
	row->last_pid = conversation->owner[history->us].pid;
}
