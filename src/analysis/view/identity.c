/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the socket that is meant again after the tables have changed. */
#include <config.h>

#include <sockwatch/analysis/identity.h>

#include <sockwatch/model/netns.h>

static const struct socket_row *
row_of(const struct model *model, uint32_t socket)
{
	const struct socket_row *row;

	if (socket >= model->sockets.used)
		return NULL;
	row = socket_table_row(&model->sockets, socket);
	return (row->flags & SOCKET_FREE) == 0 ? row : NULL;
}

void
identity_take(struct identity *identity, const struct model *model, uint32_t socket)
{
	const struct socket_row *const row = row_of(model, socket);

	*identity = (struct identity){.socket = SOCKET_NONE};
	if (row == NULL)
		return;
	identity->socket = socket;
	identity->netns = row->netns;
	identity->protocol = row->protocol;
	identity->local_port = row->local_port;
	identity->remote_port = row->remote_port;
	identity->ifindex = row->ifindex;
	identity->cookie = row->cookie;
	identity->local = row->local;
	identity->remote = row->remote;
}

static bool
is_same(const struct identity *identity, const struct socket_row *row)
{
	return row->netns == identity->netns && row->protocol == identity->protocol &&
	       row->ifindex == identity->ifindex && row->local_port == identity->local_port &&
	       row->remote_port == identity->remote_port &&
	       address_compare(&row->local, &identity->local) == 0 &&
	       address_compare(&row->remote, &identity->remote) == 0;
}

/* One pass over the table, when the socket has just gone. */
static uint32_t
find_successor(const struct identity *identity, const struct model *model)
{
	if (identity->remote_port == 0)
		return SOCKET_NONE; /* listeners and unconnected sockets have none */
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0 && is_same(identity, row))
			return id;
	}
	return SOCKET_NONE;
}

uint32_t
identity_find(struct identity *identity, const struct model *model)
{
	const struct socket_row *row;

	if (identity->socket == SOCKET_NONE)
		return SOCKET_NONE;
	row = row_of(model, identity->socket);
	if (row != NULL && row->cookie == identity->cookie && row->netns == identity->netns)
		return identity->socket;
	identity->socket = socket_table_find(&model->sockets, identity->netns, identity->cookie);
	if (identity->socket == SOCKET_NONE) {
		const uint32_t successor = find_successor(identity, model);

		if (successor != SOCKET_NONE)
			identity_take(identity, model, successor);
	}
	return identity->socket;
}

uint32_t
identity_netns(const struct model *model, const struct socket_row *row)
{
	const struct netns_row *const netns = model_netns(model, row->netns);

	return netns != NULL && netns->id != 0 ? netns->id : 1;
}
