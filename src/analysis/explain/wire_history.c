/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects what the wire shows of one connection: its conversation and its segments. */
#include <config.h>

#include <sockwatch/analysis/wire_history.h>

#include <netinet/in.h>

#include <sockwatch/model/event.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

void
wire_history_begin(struct wire_history *history)
{
	history->known = false;
	history->next = 0;
	ladder_clear(&history->ladder);
}

static const struct conversation *
find(const struct model *model, const struct identity *identity)
{
	const struct netns_row *const netns = model_netns(model, identity->netns);

	if (identity->protocol != IPPROTO_TCP || identity->remote_port == 0 || netns == NULL)
		return NULL;
	return wire_find(model->wire, netns->id, identity->ifindex, &identity->local,
		identity->local_port, &identity->remote, identity->remote_port);
}

/* A later connection between the same ends is another one, unless the socket lives on. */
static void
take(struct wire_history *history, const struct conversation *found,
	const struct identity *identity, bool alive)
{
	const bool other = history->known && found->generation != history->conversation.generation;

	if (other && !alive)
		return;
	if (other)
		wire_history_begin(history);
	history->known = true;
	history->conversation = *found;
	history->us = conversation_side_of(found, &identity->local, identity->local_port);
	/* On loopback both ends are local: ours is the one that the page is open for. */
	history->conversation.local_side = history->us;
}

static void
collect(struct wire_history *history, const struct wire *wire, const struct conversation *found)
{
	const struct event *event;

	for (; (event = wire_event_from(wire, history->next)) != NULL;
		history->next = event->number + 1) {
		if (event->generation == history->conversation.generation &&
			wire_conversation(wire, event->conversation, event->generation) == found)
			ladder_add(&history->ladder, event);
	}
}

void
wire_history_update(struct wire_history *history, const struct model *model,
	const struct identity *identity, const struct socket_row *row)
{
	const struct conversation *const found = find(model, identity);

	if (found == NULL)
		return;
	take(history, found, identity, row != NULL && (row->flags & SOCKET_CLOSED) == 0);
	if (found->generation == history->conversation.generation)
		collect(history, model->wire, found);
}

const char *
wire_history_part(const struct wire_history *history, bool ours)
{
	const uint8_t which = ours ? history->us : history->us ^ 1;

	if (!history->known || history->conversation.mid_stream ||
		(history->conversation.syn_ns == 0 && history->conversation.syn_ack_ns == 0))
		return "";
	return which == 0 ? ", the client" : ", the server";
}
