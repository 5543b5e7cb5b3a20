/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of TCP rows by their endpoints; see tuple_index.h. */
#include <config.h>
#include <netinet/in.h>

#include "tuple_index.h"

#include <sockwatch/base/map.h>

/* It matters which end is ours: each end of a connection within the box has a row. */
static uint64_t
key_of(uint16_t netns, uint32_t ifindex, const struct address *local, uint16_t local_port,
	const struct address *remote, uint16_t remote_port)
{
	const uint64_t rest = (uint64_t)netns << 32 | (uint32_t)local_port << 16 | remote_port;

	return map_hash_16(
		remote, map_hash_16(local, rest) + address_link_of(local, remote, ifindex));
}

static uint64_t
key_of_row(const struct socket_row *row)
{
	return key_of(row->netns, row->ifindex, &row->local, row->local_port, &row->remote,
		row->remote_port);
}

void
tuple_index_add(struct model *model, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&model->sockets, id);

	/* Without memory it is not found: its events have no owner then. */
	if (model->own->has_tuple_index && row->protocol == IPPROTO_TCP)
		map_set(&model->own->tuple_index, key_of_row(row), id);
}

void
tuple_index_remove(struct model *model, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&model->sockets, id);
	uint64_t key;
	uint32_t found;

	if (!model->own->has_tuple_index || row->protocol != IPPROTO_TCP)
		return;
	key = key_of_row(row);
	if (map_find(&model->own->tuple_index, key, &found) && found == id)
		map_remove(&model->own->tuple_index, key);
}

void
tuple_index_keep(struct model *model)
{
	if (model->own->has_tuple_index)
		return;
	model->own->has_tuple_index = true;
	for (uint32_t id = 0; id < model->sockets.used; id++)
		if (!(socket_table_row(&model->sockets, id)->flags & SOCKET_FREE))
			tuple_index_add(model, id);
}

uint32_t
tuple_index_find(const struct model *model, uint16_t netns, uint32_t ifindex,
	const struct address *local, uint16_t local_port, const struct address *remote,
	uint16_t remote_port)
{
	const struct socket_row *row;
	uint32_t id;

	if (!map_find(&model->own->tuple_index,
		    key_of(netns, ifindex, local, local_port, remote, remote_port), &id))
		return SOCKET_NONE;
	row = socket_table_row(&model->sockets, id);
	if (row->netns != netns || row->local_port != local_port ||
		row->remote_port != remote_port || address_compare(&row->local, local) != 0 ||
		address_compare(&row->remote, remote) != 0 ||
		address_link_of(local, remote, row->ifindex) !=
			address_link_of(local, remote, ifindex))
		return SOCKET_NONE;
	return id;
}

uint32_t
tuple_index_listener(const struct model *model, uint16_t netns, uint32_t ifindex,
	const struct address *local, uint16_t local_port)
{
	static const struct address any_6;
	static const uint8_t zeros[4];
	const struct address any_4 = address_from_v4(zeros);
	const struct address *const any = address_is_v4(local) ? &any_4 : &any_6;
	uint32_t id = tuple_index_find(model, netns, ifindex, local, local_port, any, 0);

	if (id == SOCKET_NONE)
		id = tuple_index_find(model, netns, ifindex, any, local_port, any, 0);
	if (id == SOCKET_NONE)
		id = tuple_index_find(model, netns, ifindex, &any_6, local_port, &any_6, 0);
	return id;
}
