/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Closed rows wait in a ring, so that a tick looks at the oldest and not at the table. An entry
 * that fits no row any more (the socket was listed again, the row is gone) is passed over.
 */
#include <config.h>

#include "close.h"

#include <stdlib.h>

#include "closed_cookies.h"
#include "model/apply.h"
#include "model/socket/protocol.h"
#include "timewait.h"
#include "tuple_index.h"

static void
remove_row(struct model *model, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&model->sockets, id);
	struct netns_row *const netns = model->netns[row->netns];

	if (!(row->flags & SOCKET_CLOSED))
		netns->own->rows[socket_protocol_index(row->protocol)]--;
	netns->own->references--;
	timewait_forget(model, row);
	tuple_index_remove(model, id);
	socket_table_remove(&model->sockets, id);
	model->changes++;
	model->socket_changes++;
}

static void
drop_oldest(struct model *model)
{
	const struct model_closed entry = model->own->closed_queue[model->own->closed_first];
	const struct socket_row *const row = socket_table_row(&model->sockets, entry.socket);

	model->own->closed_first = (model->own->closed_first + 1) % MODEL_CLOSED_MAX;
	model->own->closed_count--;
	if (row->flags & SOCKET_CLOSED && row->closed_ms == entry.closed_ms)
		remove_row(model, entry.socket);
}

static void
enqueue(struct model *model, uint32_t id)
{
	uint32_t last;

	if (model->own->closed_queue == NULL && model->linger_ms != 0)
		model->own->closed_queue =
			calloc(MODEL_CLOSED_MAX, sizeof *model->own->closed_queue);
	if (model->own->closed_queue == NULL || model->linger_ms == 0) {
		remove_row(model, id);
		return;
	}
	if (model->own->closed_count == MODEL_CLOSED_MAX)
		drop_oldest(model);
	last = (model->own->closed_first + model->own->closed_count++) % MODEL_CLOSED_MAX;
	model->own->closed_queue[last] = (struct model_closed){
		.socket = id,
		.closed_ms = socket_table_row(&model->sockets, id)->closed_ms,
	};
}

void
close_row_alone(struct model *model, uint32_t id)
{
	struct socket_row *const row = socket_table_row(&model->sockets, id);
	const struct owner *const owner = process_table_owner(&model->processes, row->inode);

	row->last_pid = owner != NULL ? owner->pid : 0;
	row->closed_ms = model_now_ms(model);
	socket_table_set_closed(&model->sockets, row);
	model->netns[row->netns]->own->rows[socket_protocol_index(row->protocol)]--;
	model->changes++;
	model->socket_changes++;
	enqueue(model, id);
}

bool
close_row(struct model *model, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&model->sockets, id);
	const bool counts = !(row->flags & SOCKET_COUNTED);

	if (row->flags & (SOCKET_CLOSED | SOCKET_FREE))
		return false;
	apply_note_last(model, id); /* while its owner is known */
	closed_cookies_add(model, row, false);
	if (timewait_succeed(model, row)) {
		remove_row(model, id);
		return false;
	}
	close_row_alone(model, id);
	return counts;
}

void
close_sweep(struct model *model, const struct netns_row *netns, unsigned int protocol)
{
	for (uint32_t id = 0; id < model->sockets.used && netns->own->rows[protocol] != 0; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if (!(row->flags & (SOCKET_FREE | SOCKET_CLOSED)) && row->netns == netns->index &&
			socket_protocol_index(row->protocol) == protocol &&
			row->visit != netns->own->visit[protocol])
			close_row(model, id);
	}
}

void
close_netns(struct model *model, const struct netns_row *netns)
{
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		if (netns->own->rows[0] == 0 && netns->own->rows[1] == 0)
			return;
		if (socket_table_row(&model->sockets, id)->netns == netns->index)
			close_row(model, id);
	}
}

void
close_expire(struct model *model)
{
	const uint32_t now_ms = model_now_ms(model);

	while (model->own->closed_count != 0) {
		const struct model_closed *const entry =
			&model->own->closed_queue[model->own->closed_first];

		/* When the clock was set back the difference wraps, and the row ends early. */
		if (now_ms - entry->closed_ms < model->linger_ms)
			return;
		drop_oldest(model);
	}
}

void
close_all(struct model *model)
{
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		if (!(socket_table_row(&model->sockets, id)->flags & SOCKET_FREE))
			remove_row(model, id);
	}
	for (uint32_t i = 0; i < model->netns_count; i++)
		timewait_fini(model, model->netns[i]);
	model->own->closed_count = 0;
}
