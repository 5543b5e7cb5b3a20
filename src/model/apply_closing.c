/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's destroy events carry the last tcp_info of a connection. A socket that a dump has
 * listed takes it over; it ends when the next dump lacks it, so that a TIME-WAIT that follows can
 * be its heir. One that no dump listed has lived between two of them: it becomes a closed row at
 * once, and that is all that is ever known of it but for what was seen on the wire.
 */
#include <config.h>

#include <sockwatch/base/clock.h>

#include "apply.h"
#include "diag.h"
#include "ending.h"
#include "endpoints.h"

static void
tell_wire(struct model *model, const struct netns_row *netns, const struct diag_socket *from)
{
	const struct wire_socket note = {
		.local = from->local,
		.remote = from->remote,
		.local_port = from->local_port,
		.remote_port = from->remote_port,
		.netns = netns->id,
		.socket = SOCKET_NONE,
		.cookie = from->cookie,
		.seen_ns = model->now_ns,
		.state = TCP_STATE_CLOSED,
		.destroyed = true,
	};

	wire_note_socket(model->wire, &note);
}

/* Its first packet says when it began; without one that is not known. */
static void
set_birth(struct model *model, struct socket_row *row)
{
	const struct conversation *const conversation = model_socket_conversation(model, row);

	if (conversation == NULL || conversation->syn_ns / CLOCK_NS_PER_MS < model->epoch_ms)
		return;
	row->first_ms = (uint32_t)(conversation->syn_ns / CLOCK_NS_PER_MS - model->epoch_ms);
	row->known |= SOCKET_BIRTH_SEEN;
}

static void
add_closed(struct model *model, struct netns_row *netns, const struct diag_socket *from)
{
	const uint32_t id = socket_table_add(&model->sockets, netns->index, from->cookie);
	struct socket_row *row;

	if (id == SOCKET_NONE)
		return;
	row = socket_table_row(&model->sockets, id);
	row->protocol = IPPROTO_TCP;
	row->first_ms = row->changed_ms = model_now_ms(model);
	socket_table_set_state(&model->sockets, row, TCP_STATE_CLOSED);
	apply_facts(model, row, from);
	set_birth(model, row);
	netns->rows[socket_protocol_index(IPPROTO_TCP)]++;
	netns->references++;
	endpoints_add(model, id);
	model->opened++;
	model->short_lives++;
	if (ending_close(model, id))
		model->closed++;
}

void
apply_closing(struct model *model, struct netns_row *netns, const struct diag_socket *from)
{
	const bool listed_all = netns->complete[socket_protocol_index(IPPROTO_TCP)].number != 0;
	uint32_t id;

	/* Without a remote end it was no connection, or one that nobody accepted. */
	if (from->protocol != IPPROTO_TCP || from->remote_port == 0)
		return;
	endpoints_keep(model);
	model->closings++;
	model->changes++;
	tell_wire(model, netns, from);
	id = socket_table_find(&model->sockets, netns->index, from->cookie);
	if (id == SOCKET_NONE) {
		if (listed_all)
			add_closed(model, netns, from);
	} else if (from->info != NULL) {
		tcp_info_read(
			&socket_table_row(&model->sockets, id)->tcp, from->info, from->info_len);
		model->socket_changes++;
	}
}
