/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the conversation of a socket, and the socket and the owner of a conversation. */
#include <config.h>
#include <netinet/in.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/wire.h>

#include "model/model_private.h"
#include "model/socket/ownerless.h"
#include "model/socket/tuple_index.h"

/* Packets and snapshots arrive separately. */
enum { SLACK_MS = 2000 };

const struct conversation *
model_socket_conversation(const struct model *model, const struct socket_row *row)
{
	const struct conversation *conversation;

	if (row->protocol != IPPROTO_TCP || row->remote_port == 0)
		return NULL;
	conversation = wire_find(model->wire, model->netns[row->netns]->id, row->ifindex,
		&row->local, row->local_port, &row->remote, row->remote_port);
	/* It is a later connection between the same endpoints. */
	if (conversation != NULL && row->flags & SOCKET_CLOSED &&
		conversation->first_ns / CLOCK_NS_PER_MS >
			model->epoch_ms + row->closed_ms + SLACK_MS)
		return NULL;
	return conversation;
}

/* The row that was joined, if it is still that socket's. */
static uint32_t
joined(const struct model *model, const struct conversation *conversation)
{
	const struct socket_row *row;

	if (conversation->socket >= model->sockets.used)
		return SOCKET_NONE;
	row = socket_table_row(&model->sockets, conversation->socket);
	if (row->flags & SOCKET_FREE || row->cookie != conversation->cookie)
		return SOCKET_NONE;
	return conversation->socket;
}

uint32_t
model_conversation_end(
	const struct model *model, const struct conversation *conversation, uint8_t side)
{
	const struct netns_row *const netns = model_netns_of_stream(model, conversation->netns);

	if (netns == NULL)
		return SOCKET_NONE;
	return tuple_index_find(model, netns->index, conversation->link,
		&conversation->address[side], conversation->port[side],
		&conversation->address[side ^ 1], conversation->port[side ^ 1]);
}

uint32_t
model_conversation_socket(const struct model *model, const struct conversation *conversation)
{
	uint32_t id = joined(model, conversation);

	for (uint8_t side = 0; side < 2 && id == SOCKET_NONE; side++)
		id = model_conversation_end(model, conversation, side);
	return id;
}

static uint32_t
find_listener(const struct model *model, const struct conversation *conversation)
{
	const struct netns_row *const netns = model_netns_of_stream(model, conversation->netns);

	if (netns == NULL || conversation->mid_stream || conversation->local_side == 0)
		return SOCKET_NONE;
	return tuple_index_listener(model, netns->index, conversation->link,
		&conversation->address[1], conversation->port[1]);
}

static bool
owner_of_row(const struct model *model, uint32_t id, uint32_t *pid, const char **comm)
{
	const struct process_row *const process =
		id != SOCKET_NONE
			? model_socket_process(model, socket_table_row(&model->sockets, id))
			: NULL;

	if (process == NULL)
		return false;
	*pid = process->pid;
	*comm = model_text(model, process->comm);
	return true;
}

/* The caller at that end. */
static const struct caller_row *
find_caller(const struct model *model, const struct conversation *conversation, uint8_t side)
{
	const struct caller_row *const caller = caller_table_find(
		&model->own->callers, &(struct caller_end){
					      .local = conversation->address[side],
					      .remote = conversation->address[side ^ 1],
					      .local_port = conversation->port[side],
					      .remote_port = conversation->port[side ^ 1],
					      .netns = conversation->netns,
				      });

	/* It must not be that of an earlier connection between the same ends. */
	if (caller == NULL || caller->time_ns + SLACK_MS * CLOCK_NS_PER_MS < conversation->first_ns)
		return NULL;
	return caller;
}

/* The process that holds or held that end. */
static bool
find_holder(const struct model *model, const struct conversation *conversation, uint8_t side,
	uint32_t *pid, const char **comm)
{
	const struct caller_row *caller;

	if (owner_of_row(model, model_conversation_end(model, conversation, side), pid, comm))
		return true;
	if (conversation->owner[side].pid != 0) {
		*pid = conversation->owner[side].pid;
		*comm = conversation->owner[side].comm;
		return true;
	}
	caller = find_caller(model, conversation, side);
	if (caller != NULL) {
		*pid = caller->pid;
		*comm = caller->comm;
		return true;
	}
	return false;
}

/* At the end on this box; where that is both ends, or not known, at the opener's first. */
static bool
find_any_holder(const struct model *model, const struct conversation *conversation, uint32_t *pid,
	const char **comm)
{
	const uint8_t first = conversation->local_side == 1 ? 1 : 0;

	if (find_holder(model, conversation, first, pid, comm))
		return true;
	return conversation->local_side == CONVERSATION_SIDE_UNKNOWN &&
	       find_holder(model, conversation, first ^ 1, pid, comm);
}

bool
model_conversation_owner(const struct model *model, const struct conversation *conversation,
	uint32_t *pid, const char **comm)
{
	return find_any_holder(model, conversation, pid, comm) ||
	       owner_of_row(model, find_listener(model, conversation), pid, comm);
}

bool
model_conversation_owner_at(const struct model *model, const struct conversation *conversation,
	uint8_t side, uint32_t *pid, const char **comm)
{
	return find_holder(model, conversation, side, pid, comm) ||
	       (side == 1 && owner_of_row(model, find_listener(model, conversation), pid, comm));
}

bool
model_conversation_listens_at(
	const struct model *model, const struct conversation *conversation, uint8_t side)
{
	const char *comm;
	uint32_t pid;

	return side == 1 && !find_holder(model, conversation, side, &pid, &comm) &&
	       owner_of_row(model, find_listener(model, conversation), &pid, &comm);
}

static bool
is_opened_here(const struct conversation *conversation)
{
	const struct address *const opener = &conversation->address[0];

	return conversation->local_side == 0 || address_is_loopback(opener) ||
	       address_compare(opener, &conversation->address[1]) == 0;
}

/* It is over, and one of ours. A connection that we refused or never let in had no process. */
static bool
has_had_owner(const struct conversation *conversation)
{
	if (conversation->gone_ns != 0)
		return true;
	if (conversation->outcome == CONVERSATION_OUTCOME_NONE)
		return false;
	return is_opened_here(conversation) ||
	       (conversation->local_side == 1 && conversation->established);
}

const char *
model_conversation_ownerless(
	const struct model *model, const struct conversation *conversation, const char **long_text)
{
	const struct socket_row *row;
	const char *comm;
	uint32_t id, pid;

	/* Nobody looked at processes, so none could be seen: a capture file. */
	if (model->processes.count == 0 || model->complete_sequence == 0 ||
		!has_had_owner(conversation) ||
		model_conversation_owner(model, conversation, &pid, &comm))
		return NULL;
	id = model_conversation_socket(model, conversation);
	row = id != SOCKET_NONE ? socket_table_row(&model->sockets, id) : NULL;
	if (row != NULL && row->inode != 0 && !(row->flags & SOCKET_CLOSED))
		return model_socket_ownerless(model, row, long_text);
	if (long_text != NULL)
		*long_text = OWNERLESS_BRIEF_SENTENCE;
	return OWNERLESS_BRIEF;
}
