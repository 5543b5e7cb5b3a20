/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dump lists subflows; the bytes that a program has not read wait in the queue of the MPTCP
 * connection, which has the same inode. ss -M shows those.
 */
#include <config.h>

#include "mptcp.h"

#include <netinet/in.h>

#include <sockwatch/model/socket.h>
#include <sockwatch/stream/message.h>

#include "model/apply.h"
#include "model/netns_private.h"

/* MAP_EMPTY is no value: a queue is never that long. */
static void
fill(struct map *map, struct array queues)
{
	map_clear(map);
	for (size_t i = 0; i < queues.count; i++) {
		const uint64_t queue = array_u64(queues, i);

		if ((uint32_t)queue != MAP_EMPTY)
			(void)map_set(map, queue >> 32, (uint32_t)queue);
	}
}

void
mptcp_set_queues(const struct model *model, struct socket_row *row)
{
	const struct netns_private *const own = model->netns[row->netns]->own;
	uint32_t receive, send;

	if (own->mptcp_receive.count == 0 || row->protocol != IPPROTO_TCP || row->inode == 0 ||
		row->state == TCP_STATE_LISTEN)
		return;
	if (map_find(&own->mptcp_receive, row->inode, &receive) &&
		map_find(&own->mptcp_send, row->inode, &send)) {
		row->receive_queue = receive;
		row->send_queue = send;
	}
}

/* One pass over the rows, only where there are such connections. */
void
apply_mptcp(struct model *model, const union message_body *body)
{
	struct netns_row *const netns = netns_get(model, body->mptcp.netns);

	if (netns == NULL)
		return;
	fill(&netns->own->mptcp_receive, body->mptcp.receive);
	fill(&netns->own->mptcp_send, body->mptcp.send);
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0 && row->netns == netns->index)
			mptcp_set_queues(model, row);
	}
	model->changes++;
	model->socket_changes++;
}
