/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of a dump, and what vanished. A row ends when the collector says so, or when a complete
 * full dump lacks it; an interrupted dump ends nothing.
 */
#include <config.h>
#include <netinet/in.h>

#include "apply.h"

#include "model/socket/close.h"
#include "model/socket/protocol.h"
#include "model/socket/timewait.h"
#include "netns_private.h"

void
apply_dump_begin(struct model *model, const union message_body *body)
{
	const struct message_dump_begin *const begin = &body->dump_begin;
	struct netns_row *const netns = netns_get(model, begin->netns);
	unsigned int protocol;

	model->own->dump = NULL;
	if (netns == NULL || !(begin->protocols & (PROTOCOL_TCP | PROTOCOL_UDP))) {
		model->bad_records++;
		return;
	}
	model->own->dump = netns;
	model->own->dump_protocol = begin->protocols & PROTOCOL_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	model->own->dump_full = begin->full != 0;
	model->own->dump_visited = 0;
	model->own->dump_number++;
	protocol = socket_protocol_index(model->own->dump_protocol);
	netns->own->dump[protocol] = (struct dump_mark){
		.monotonic_ns = begin->monotonic_ns,
		.ms = model_now_ms(model),
		.number = model->own->dump_number,
	};
	if (model->own->dump_full)
		netns->own->visit[protocol]++;
	/* Of a table that begins with changes we have what changed since, no more. */
	netns->own->has_begun[protocol] |= model->own->dump_full;
	netns->own->is_partial[protocol] = !netns->own->has_begun[protocol];
	if (model->own->dump_protocol == IPPROTO_TCP)
		timewait_begin_dump(model);
}

/* Rates of rows that no message named fall to 0, and those of new rows become known: both show. */
static void
settle_rates(struct model *model, struct netns_row *netns, unsigned int protocol)
{
	if (netns->own->settling[protocol] != 0) {
		model->socket_changes++;
		model->changes++;
	}
	netns->own->settling[protocol] = netns->own->settling_next[protocol];
	netns->own->settling_next[protocol] = 0;
}

static void
end_complete(struct model *model, struct netns_row *netns, unsigned int protocol, uint32_t listed)
{
	netns->own->complete[protocol] = netns->own->dump[protocol];
	if (netns->own->listed[protocol] != listed) {
		netns->sockets += listed - netns->own->listed[protocol];
		netns->own->listed[protocol] = listed;
		model->changes++;
	}
	if (model->own->dump_full && model->own->dump_visited != netns->own->rows[protocol])
		close_sweep(model, netns, protocol);
	settle_rates(model, netns, protocol);
	if (model->own->dump_protocol == IPPROTO_TCP)
		timewait_end_dump(model, netns);
}

void
apply_dump_end(struct model *model, const union message_body *body)
{
	const struct message_dump_end *const end = &body->dump_end;
	struct netns_row *const netns = netns_find(model, end->netns);
	const unsigned int protocol = socket_protocol_index(model->own->dump_protocol);

	if (netns == NULL || model->own->dump != netns) {
		model->bad_records++;
		return;
	}
	netns->own->last[protocol] = netns->own->dump[protocol];
	if (end->complete != 0 && end->error == 0)
		end_complete(model, netns, protocol, end->listed);
	if (netns->dump_error != end->error) {
		netns->dump_error = end->error;
		model->changes++;
	}
	model->own->dump = NULL;
}

void
apply_gone(struct model *model, const union message_body *body)
{
	const struct message_gone *const gone = &body->gone;
	const struct netns_row *const netns = netns_find(model, gone->netns);

	if (netns == NULL) {
		model->bad_records++;
		return;
	}
	for (size_t i = 0; i < gone->cookies.count; i++) {
		const uint32_t id = socket_table_find(
			&model->sockets, netns->index, array_u64(gone->cookies, i));

		if (id != SOCKET_NONE && close_row(model, id))
			model->closed++;
	}
}
