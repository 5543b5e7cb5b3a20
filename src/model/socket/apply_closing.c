/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's destroy events carry the last tcp_info of a connection. A socket that a dump has
 * listed takes it over; it ends when the next dump lacks it, so that a TIME-WAIT that follows can
 * be its successor. A socket that no dump listed has lived between two of them: it becomes a closed
 * row at once, and nothing more is known of it than what was seen on the wire.
 *
 * A connection that its own program aborted, that was refused, or that nobody accepted has been
 * disconnected before it is destroyed (tcp_disconnect): the event still has the peer's address, but
 * no port, and its tcp_info has been cleared. Such an event is counted and used for nothing else.
 */
#include <config.h>
#include <netinet/in.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>

#include "close.h"
#include "closed_cookies.h"
#include "diag.h"
#include "disconnected.h"
#include "model/apply.h"
#include "model/socket/protocol.h"
#include "model/wire/wire_input.h"
#include "timewait.h"
#include "tuple_index.h"

static void
note_closed(struct model *model, const struct netns_row *netns, const struct diag_socket *from)
{
	const struct wire_socket note = {
		.local = from->local,
		.remote = from->remote,
		.local_port = from->local_port,
		.remote_port = from->remote_port,
		.netns = netns->id,
		.ifindex = from->ifindex,
		.socket = SOCKET_NONE,
		.cookie = from->cookie,
		.seen_ns = model->now_ns,
		.state = TCP_STATE_CLOSED,
		.destroyed = true,
	};

	wire_note_socket(model->wire, &note);
}

static void
add_closed(struct model *model, struct netns_row *netns, const struct diag_socket *from)
{
	const uint32_t id = apply_new_row(model, netns, IPPROTO_TCP, from);
	struct socket_row *row;

	if (id == SOCKET_NONE)
		return;
	row = socket_table_row(&model->sockets, id);
	apply_birth(model, row);
	apply_note(model, id);
	/* A disconnected socket leaves no TIME-WAIT. */
	if (row->remote_port == 0 || timewait_on_event(model, netns, row))
		model->opened++;
	closed_cookies_add(model, row, true);
	close_row_alone(model, id);
	if (from->remote_port == 0)
		disconnected_add(model, id);
	model->closed++;
	model->closed_unlisted++;
}

void
apply_closing(struct model *model, struct netns_row *netns, const struct diag_socket *from)
{
	const bool listed_all =
		netns->own->complete[socket_protocol_index(IPPROTO_TCP)].number != 0;
	struct diag_socket forgetful;
	struct socket_row *row;
	uint32_t id;

	/* A listener, or a socket that was not connected, never had a peer. */
	if (from->protocol != IPPROTO_TCP ||
		(from->remote_port == 0 && address_is_any(&from->remote)))
		return;
	if (from->remote_port == 0) {
		forgetful = *from;
		forgetful.info = NULL;
		forgetful.receive_queue = forgetful.send_queue = 0;
		from = &forgetful;
	}
	tuple_index_keep(model);
	model->closings++;
	model->changes++;
	if (from->remote_port != 0)
		note_closed(model, netns, from);
	id = socket_table_find(&model->sockets, netns->index, from->cookie);
	if (id == SOCKET_NONE) {
		/* One that was listed may have ended, or left all to a TIME-WAIT, before this came.
		 */
		if (listed_all && !closed_cookies_has(netns, from->cookie))
			add_closed(model, netns, from);
		return;
	}
	row = socket_table_row(&model->sockets, id);
	if (!(row->flags & SOCKET_CLOSED))
		timewait_deny(model, row);
	if (from->info != NULL) {
		tcp_info_read(&row->tcp, from->info, from->info_len);
		model->socket_changes++;
	}
}
