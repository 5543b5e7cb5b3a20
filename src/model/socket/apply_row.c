/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message of the kernel says of a socket, written into its row; and new rows. */
#include <config.h>
#include <netinet/in.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>

#include "diag.h"
#include "model/apply.h"
#include "model/mptcp.h"
#include "model/socket/protocol.h"
#include "model/texts.h"
#include "tuple_index.h"

/* Flags that no message carries and that the row remembers. */
enum {
	REMEMBERED = SOCKET_BIRTH_SEEN | SOCKET_KEEPALIVE_ON | SOCKET_COUNTED | SOCKET_END_SEEN,
};

static bool
is_orphan(const struct diag_socket *from)
{
	return from->inode == 0 &&
	       (from->state == TCP_STATE_FIN_WAIT_1 || from->state == TCP_STATE_FIN_WAIT_2 ||
		       from->state == TCP_STATE_CLOSING || from->state == TCP_STATE_LAST_ACK);
}

static void
set_tcp_info(struct socket_row *row, const struct diag_socket *from)
{
	/* The kernel fills in next to nothing for a listener, and its queue stands elsewhere. */
	if (from->info == NULL || from->state == TCP_STATE_LISTEN) {
		row->tcp = (struct tcp_info_kept){0};
		return;
	}
	tcp_info_read(&row->tcp, from->info, from->info_len);
	if (from->state == TCP_STATE_SYN_SENT || from->state == TCP_STATE_SYN_RECEIVED) {
		/* Nothing was sent yet: the kernel counts from the clock's zero. */
		row->tcp.last_data_sent = UINT32_MAX;
		row->tcp.last_data_recv = UINT32_MAX;
		row->tcp.last_ack_recv = UINT32_MAX;
	}
}

static void
set_memory(struct socket_row *row, const struct diag_socket *from)
{
	if (from->memory == NULL) {
		row->mem_receive = row->mem_send = row->drops = 0;
		row->receive_buffer = row->send_buffer = 0;
		return;
	}
	row->mem_receive = diag_memory(from, DIAG_MEMORY_RECEIVE);
	row->mem_send = diag_memory(from, DIAG_MEMORY_SEND);
	row->receive_buffer = diag_memory(from, DIAG_MEMORY_RECEIVE_BUFFER);
	row->send_buffer = diag_memory(from, DIAG_MEMORY_SEND_BUFFER);
	row->drops = diag_memory(from, DIAG_MEMORY_DROPS);
}

void
apply_facts(struct model *model, struct socket_row *row, const struct diag_socket *from)
{
	row->local = from->local;
	row->remote = from->remote;
	row->local_port = from->local_port;
	row->remote_port = from->remote_port;
	row->ifindex = from->ifindex;
	row->inode = from->inode;
	row->uid = from->uid;
	row->family = from->family;
	row->timer = from->timer;
	row->timer_retries = from->timer_retries;
	row->timer_ms = from->timer_ms;
	row->receive_queue = from->receive_queue;
	row->send_queue = from->send_queue;
	row->shutdown = from->shutdown;
	row->tos = from->tos;
	row->mark = from->mark;
	row->has = (uint8_t)((row->has & SOCKET_HAS_KEEPALIVE) | from->has);
	row->flags = (uint16_t)((row->flags & REMEMBERED) | from->flags);
	if (row->protocol == IPPROTO_TCP && from->is_request)
		row->flags |= SOCKET_REQUEST;
	if (row->protocol == IPPROTO_TCP && is_orphan(from))
		row->flags |= SOCKET_ORPHAN;
	row->congestion = from->congestion.len != 0 ? texts_congestion(model, from->congestion) : 0;
	row->cgroup = from->has & SOCKET_HAS_CGROUP ? texts_cgroup(model, from->cgroup) : 0;
	set_memory(row, from);
	set_tcp_info(row, from);
	mptcp_set_queues(model, row);
	row->seen_ms = model_now_ms(model);
}

uint32_t
apply_new_row(struct model *model, struct netns_row *netns, uint8_t protocol,
	const struct diag_socket *from)
{
	const uint32_t id = socket_table_add(&model->sockets, netns->index, from->cookie);
	struct socket_row *row;

	if (id == SOCKET_NONE)
		return id;
	row = socket_table_row(&model->sockets, id);
	row->protocol = protocol;
	row->first_ms = row->changed_ms = model_now_ms(model);
	socket_table_set_state(&model->sockets, row, from->state);
	apply_facts(model, row, from);
	netns->own->rows[socket_protocol_index(protocol)]++;
	netns->own->references++;
	tuple_index_add(model, id);
	return id;
}

void
apply_birth(struct model *model, struct socket_row *row)
{
	const struct conversation *const conversation = model_socket_conversation(model, row);

	if (conversation == NULL || conversation->syn_ns / CLOCK_NS_PER_MS < model->epoch_ms)
		return;
	row->first_ms = (uint32_t)(conversation->syn_ns / CLOCK_NS_PER_MS - model->epoch_ms);
	row->flags |= SOCKET_BIRTH_SEEN;
}
