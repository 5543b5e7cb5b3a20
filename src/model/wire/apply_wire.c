/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives the wire packets, and what the socket table knows of their connections. */
#include <config.h>
#include <netinet/in.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/stream/stream.h>

#include "model/apply.h"
#include "model/model_clock.h"
#include "model/model_private.h"
#include "model/socket/tuple_index.h"
#include "wire_input.h"

enum { STEADIED = 32 /* packets at once */ };

/* The wire knows nothing of clocks that are set: it gets the times of the model. */
static void
take_steadied(struct model *model, const struct record *records, size_t count)
{
	struct record steadied[STEADIED];

	while (count != 0) {
		const size_t some = count < STEADIED ? count : STEADIED;

		memcpy(steadied, records, some * sizeof *records);
		for (size_t i = 0; i < some; i++)
			steadied[i].time_ns = model_clock_steady(model, records[i].time_ns);
		wire_packets(model->wire, steadied, some);
		records += some;
		count -= some;
	}
}

void
apply_packets(struct model *model, const struct record *records, size_t count)
{
	tuple_index_keep(model);
	if (model->own->clock_steps.count == 0)
		wire_packets(model->wire, records, count);
	else
		take_steadied(model, records, count);
	model->changes += count;
}

static void
note_row(struct model *model, uint32_t id, uint64_t seen_ns)
{
	const struct socket_row *const row = socket_table_row(&model->sockets, id);
	const struct process_row *process;
	struct wire_socket note;

	if (!model->own->has_tuple_index || row->protocol != IPPROTO_TCP || row->remote_port == 0)
		return;
	process = model_socket_process(model, row);
	note = (struct wire_socket){
		.local = row->local,
		.remote = row->remote,
		.local_port = row->local_port,
		.remote_port = row->remote_port,
		.netns = model->netns[row->netns]->id,
		.ifindex = row->ifindex,
		.socket = id,
		.cookie = row->cookie,
		.seen_ns = seen_ns,
		.born_ns = (model->epoch_ms + row->first_ms) * CLOCK_NS_PER_MS,
		.state = (enum tcp_state)row->state,
		.pid = process != NULL ? process->pid : 0,
		.comm = process != NULL ? model_text(model, process->comm) : NULL,
	};
	wire_note_socket(model->wire, &note);
}

void
apply_note(struct model *model, uint32_t id)
{
	note_row(model, id, model->now_ns);
}

void
apply_note_last(struct model *model, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&model->sockets, id);
	const struct conversation *const conversation = model_socket_conversation(model, row);
	const bool is_reported = conversation != NULL && conversation->gone_ns != 0 &&
				 (conversation->cookie == 0 || conversation->cookie == row->cookie);

	note_row(model, id, is_reported ? conversation->gone_ns : model->now_ns);
}
