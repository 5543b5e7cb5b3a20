/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the connection of a socket that was destroyed after its addresses were; see disconnected.h.
 */
#include <config.h>

#include "disconnected.h"

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/wire.h>

#include "model/apply.h"
#include "tuple_index.h"

enum {
	EVENTS_MAX = 1024, /* looked at each time, the newest */
	WAIT_MS = 3000,
	SLACK_MS = 2000, /* packets and destroy events arrive separately */
	HELD_MS = 60000, /* a program may close it long after it failed */
};

void
disconnected_add(struct model *model, uint32_t id)
{
	model->own->disconnected[model->own->disconnected_end++ % MODEL_DISCONNECTED_MAX] =
		(struct model_closed){
			.socket = id,
			.closed_ms = socket_table_row(&model->sockets, id)->closed_ms,
		};
}

/* The i-th row that waits, or NULL: it waits no longer. */
static const struct socket_row *
waiting(const struct model *model, unsigned i)
{
	const struct model_closed *const entry = &model->own->disconnected[i];
	const struct socket_row *row;

	if (i >= model->own->disconnected_end || entry->socket >= model->sockets.used)
		return NULL;
	row = socket_table_row(&model->sockets, entry->socket);
	if (row->flags & SOCKET_FREE || !(row->flags & SOCKET_CLOSED) || row->remote_port != 0 ||
		row->closed_ms != entry->closed_ms ||
		model_now_ms(model) - row->closed_ms > WAIT_MS)
		return NULL;
	return row;
}

/* Does what the kernel still knew fit this side of the conversation? */
static bool
fits(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation, unsigned side)
{
	const uint64_t closed_ms = model->epoch_ms + row->closed_ms;
	const uint64_t ended_ms = conversation->ended_ns / CLOCK_NS_PER_MS;

	return row->local_port == conversation->port[side] &&
	       address_compare(&row->remote, &conversation->address[side ^ 1]) == 0 &&
	       model->netns[row->netns]->id == conversation->netns &&
	       ended_ms <= closed_ms + SLACK_MS && ended_ms + HELD_MS >= closed_ms;
}

static void
adopt(struct model *model, uint32_t id, const struct conversation *conversation, unsigned side)
{
	struct socket_row *const row = socket_table_row(&model->sockets, id);

	tuple_index_remove(model, id);
	row->local = conversation->address[side];
	row->remote_port = conversation->port[side ^ 1];
	tuple_index_add(model, id);
	apply_birth(model, row);
	model->socket_changes++;
	model->changes++;
}

/* Gives the end of a connection to the row that fits, if no row has it yet. */
static void
offer(struct model *model, const struct conversation *conversation)
{
	for (unsigned i = 0; i < MODEL_DISCONNECTED_MAX; i++) {
		const struct socket_row *const row = waiting(model, i);

		for (unsigned side = 0; side < 2 && row != NULL; side++) {
			if (!fits(model, row, conversation, side) ||
				model_conversation_end(model, conversation, (uint8_t)side) !=
					SOCKET_NONE)
				continue;
			adopt(model, model->own->disconnected[i].socket, conversation, side);
			return;
		}
	}
}

static bool
has_waiting(const struct model *model)
{
	for (unsigned i = 0; i < MODEL_DISCONNECTED_MAX; i++)
		if (waiting(model, i) != NULL)
			return true;
	return false;
}

void
disconnected_join(struct model *model)
{
	const struct event *event;

	if (!has_waiting(model))
		return;
	event = wire_flag_before(model->wire, UINT64_MAX);
	for (unsigned i = 0; event != NULL && i < EVENTS_MAX; i++) {
		const struct conversation *const conversation =
			event->kind == EVENT_REFUSED || event->kind == EVENT_RST
				? wire_conversation(
					  model->wire, event->conversation, event->generation)
				: NULL;

		if (conversation != NULL)
			offer(model, conversation);
		event = wire_flag_before(model->wire, event->number);
	}
}
