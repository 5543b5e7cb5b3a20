/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model of a small box, filled by hand: sockets and who holds them. */
#ifndef SOCKWATCH_TESTS_UNIT_SOCKETS_H
#define SOCKWATCH_TESTS_UNIT_SOCKETS_H

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/model/model.h>

#include "model/model_private.h"
#include "model/netns_private.h"

enum { SOCKETS_MAX = 100000, SOCKETS_EPOCH_S = 1000 };

/* limit: sockets at most; bounds: of its wire, or NULL. */
static inline struct model *
sockets_model_of(uint32_t limit, const struct wire_options *bounds)
{
	struct model *const model = model_new_wired(limit, bounds);

	if (model == NULL || !netns_get(model, 1))
		abort();
	model->epoch_ms = SOCKETS_EPOCH_S * UINT64_C(1000);
	model->now_ns = (SOCKETS_EPOCH_S + 600) * UINT64_C(1000000000);
	return model;
}

static inline struct model *
sockets_model(void)
{
	return sockets_model_of(SOCKETS_MAX, NULL);
}

static inline struct address
sockets_address(const char *text)
{
	struct address address;

	if (address_parse(text, strlen(text), &address, NULL))
		abort();
	return address;
}

/* Appeared 600 s ago; known to be there since the start. */
static inline struct socket_row *
sockets_add(struct model *model, int protocol, enum tcp_state state, const char *local,
	uint16_t local_port, const char *remote, uint16_t remote_port)
{
	static uint64_t cookie;
	const uint32_t id = socket_table_add(&model->sockets, 0, ++cookie);
	struct socket_row *row;

	if (id == SOCKET_NONE)
		abort();
	row = socket_table_row(&model->sockets, id);
	row->protocol = (uint8_t)protocol;
	row->local = sockets_address(local);
	row->remote = sockets_address(remote);
	row->family = address_is_v4(&row->local) ? AF_INET : AF_INET6;
	row->local_port = local_port;
	row->remote_port = remote_port;
	socket_table_set_state(&model->sockets, row, state);
	model->socket_changes++;
	model->changes++;
	return row;
}

static inline struct socket_row *
sockets_connection(struct model *model, enum tcp_state state, const char *remote, uint16_t port)
{
	return sockets_add(model, IPPROTO_TCP, state, "10.0.0.1", 443, remote, port);
}

/* A process that holds the row; the inode is made up if the row has none. */
static inline void
sockets_hold(struct model *model, struct socket_row *row, uint32_t pid, const char *comm)
{
	static uint32_t inode = 1000;
	struct process_row *const process = process_table_get(&model->processes, pid);

	if (process == NULL)
		abort();
	process->comm = intern_add(model->texts, text_of(comm));
	if (!row->inode)
		row->inode = ++inode;
	process_table_hold(&model->processes, pid, row->inode, 3);
}

static inline void
sockets_name_user(struct model *model, uint32_t uid, const char *name)
{
	if (map_set(&model->own->users, uid, intern_add(model->texts, text_of(name))))
		abort();
}

/* Facts as of a kernel that sends all that is kept. */
static inline void
sockets_tcp_info(struct socket_row *row, uint32_t rtt_us, uint32_t retrans)
{
	row->tcp =
		(struct tcp_info_kept){.rtt = rtt_us, .total_retrans = retrans, .known_bytes = 236};
}

static inline const struct field *
sockets_field(const char *name)
{
	const struct field *const field = field_find(&socket_fields, name, strlen(name));

	if (field == NULL) {
		fprintf(stderr, "no field of a socket has the name %s\n", name);
		abort();
	}
	return field;
}

#endif
