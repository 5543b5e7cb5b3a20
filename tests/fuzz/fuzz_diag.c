/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_apply: datagrams of sock_diag and messages of ours in any order. An input is records, each
 * of four bytes (kind: 0 datagram, 1 message, else none; tenths of a second that pass before it;
 * length, two bytes, little end first) and its bytes. Afterwards the counts are made again and
 * compared, and all that a view may ask of a row is asked.
 */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/model/caller.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/history.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/stream.h>

#include "fuzz.h"
#include "model/model_private.h"
#include "model/socket/protocol.h"

enum { HEADER = 4, NETNS = 1, SOCKETS = 100, LINGER_MS = 1000, INDEX_OF_UDP = 1 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
touch(const char *text)
{
	require(text != NULL && strlen(text) < MESSAGE_TEXT_MAX + 1);
}

static void
ask(const struct model *model, const struct socket_row *row)
{
	const struct process_row *const process = model_socket_process(model, row);
	const struct caller_row *const caller = model_socket_caller(model, row);
	const char *sentence = NULL;
	double send = 0, receive = 0;
	uint64_t value;

	touch(socket_state_name(row));
	touch(model_text(model, row->congestion));
	touch(model_text(model, row->cgroup));
	if (model_socket_rates(model, row, &send, &receive))
		require(send >= 0 && receive >= 0);
	for (int member = 0; member < TCP_INFO_COUNT; member++)
		tcp_info_get(&row->tcp, (enum tcp_info_member)member, &value);
	if (process != NULL) {
		touch(model_text(model, process->comm));
		touch(model_text(model, process->cmdline));
		require(model_socket_ownerless(model, row, &sentence) == NULL);
	} else if (caller != NULL) {
		require(caller->pid != 0 && row->flags & SOCKET_CLOSED);
		require(model_socket_ownerless(model, row, &sentence) == NULL);
	} else {
		touch(model_socket_ownerless(model, row, &sentence));
		touch(sentence);
	}
}

static void
check_sockets(const struct model *model)
{
	const struct socket_table *const table = &model->sockets;
	uint32_t by_state[2][TCP_STATE_COUNT] = {{0}};
	uint32_t count = 0, closed = 0;

	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);

		if (row->flags & SOCKET_FREE)
			continue;
		count++;
		require(socket_table_find(table, row->netns, row->cookie) == id);
		require(model_netns(model, row->netns) != NULL);
		if (row->flags & SOCKET_CLOSED)
			closed++;
		else
			by_state[socket_protocol_index(row->protocol)][row->state]++;
		ask(model, row);
	}
	require(count == table->count && closed == table->closed);
	require(memcmp(by_state, table->by_state, sizeof by_state) == 0);
}

static void
check_netns(const struct model *model, const struct netns_row *netns)
{
	uint32_t rows[2] = {0}, references = 0;

	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if (row->flags & SOCKET_FREE || row->netns != netns->index)
			continue;
		references++;
		if (!(row->flags & SOCKET_CLOSED))
			rows[socket_protocol_index(row->protocol)]++;
	}
	require(rows[0] == netns->own->rows[0]);
	require(rows[INDEX_OF_UDP] == netns->own->rows[INDEX_OF_UDP]);
	require(references == netns->own->references);
}

static void
check_processes(const struct model *model)
{
	const struct process_table *const table = &model->processes;
	uint64_t held = 0;
	uint32_t hidden = 0, owners = 0;

	for (uint32_t i = 0; i < table->count; i++) {
		require(process_table_find(table, table->rows[i].pid) == &table->rows[i]);
		require(!table->rows[i].dying);
		held += table->rows[i].held;
		hidden += table->rows[i].fd_error != 0;
	}
	for (uint32_t i = 0; i < table->owner_used; i++) {
		const struct owner *const owner = &table->owners[i];

		if (owner->inode == 0)
			continue;
		owners++;
		require(process_table_owner(table, owner->inode) != NULL);
		require(process_table_find(table, owner->pid) != NULL);
	}
	require(held == table->owner_count && owners == table->owner_count);
	require(hidden == table->hidden);
}

static void
check_callers(const struct caller_table *table)
{
	require(table->by_ends.count == table->count && table->count <= CALLER_ROWS_MAX);
	for (uint32_t i = 0; i < table->count; i++) {
		const struct caller_row *const row = &table->rows[i];

		require(caller_table_find(table, &row->end) == row);
		require(row->pid != 0 && row->end.local_port != 0 && row->end.remote_port != 0);
		require(memchr(row->comm, '\0', sizeof row->comm) != NULL);
	}
}

static void
check(const struct model *model)
{
	struct history history;
	double rate;

	check_sockets(model);
	check_processes(model);
	check_callers(&model->own->callers);
	touch(model->trace.text);
	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct netns_row *const netns = model->netns[i];

		require(netns->index == i);
		touch(model_text(model, netns->name));
		check_netns(model, netns);
		for (int counter = 0; counter < COUNTER_COUNT; counter++)
			counters_rate(&netns->counters, (enum counter)counter, &rate);
	}
	history_start(&history, model, 0);
	history_get(&history, HISTORY_RTT_US, 0);
}

/* A copy of the exact size, so that reading past the end is seen. */
static void
give(struct model *model, uint8_t kind, uint64_t time_ns, const uint8_t *data, size_t len)
{
	uint8_t *const copy = malloc(len != 0 ? len : 1);
	const struct record record = {
		.time_ns = time_ns,
		.kind = kind == 0 ? RECORD_DIAG : RECORD_MESSAGE,
		.netns = NETNS,
		.data = copy,
		.len = len,
		.wire_len = len,
	};

	require(copy != NULL);
	if (len != 0)
		memcpy(copy, data, len);
	if (kind <= 1)
		model_apply(model, &record);
	model_tick(model, time_ns);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct model *const model = model_new(SOCKETS);
	uint64_t time_ns = UINT64_C(1700000000) * 1000000000;

	require(model != NULL);
	model->linger_ms = LINGER_MS;
	while (len >= HEADER) {
		const uint8_t kind = data[0];
		size_t record_len = data[2] | (size_t)data[3] << 8;

		time_ns += data[1] * UINT64_C(100000000);
		data += HEADER;
		len -= HEADER;
		if (record_len > len)
			record_len = len;
		give(model, kind, time_ns, data, record_len);
		data += record_len;
		len -= record_len;
	}
	check(model);
	model_free(model);
	return 0;
}
