/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP rows by their endpoints, listeners among them with a remote end of zeros. Costs 16 to 32
 * bytes a socket, so it is kept only from when packets or destroy events come. When several rows
 * have the same endpoints (a socket and its TIME-WAIT), the newest is found.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_TUPLE_INDEX_H
#define SOCKWATCH_MODEL_SOCKET_TUPLE_INDEX_H

#include "model/model_private.h"

/* From now on it is kept. */
void tuple_index_keep(struct model *model);
void tuple_index_add(struct model *model, uint32_t id);
void tuple_index_remove(struct model *model, uint32_t id);
/* SOCKET_NONE when there is none. netns: our index; ifindex matters only where an address is
 * link-local. */
uint32_t tuple_index_find(const struct model *model, uint16_t netns, uint32_t ifindex,
	const struct address *local, uint16_t local_port, const struct address *remote,
	uint16_t remote_port);
/* The listener of that address, or of all of its family, or of all; SOCKET_NONE: none. */
uint32_t tuple_index_listener(const struct model *model, uint16_t netns, uint32_t ifindex,
	const struct address *local, uint16_t local_port);

#endif
