/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps in mind which socket is meant while the tables change. The kernel tells sockets apart by
 * their cookies, but one that enters TIME-WAIT gets another cookie; for a person it is still the
 * same. So its addresses are kept as well.
 */
#ifndef SOCKWATCH_ANALYSIS_IDENTITY_H
#define SOCKWATCH_ANALYSIS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/model/model.h>

struct identity {
	uint32_t socket; /* id when it was last found, or SOCKET_NONE */
	uint16_t netns;
	uint8_t protocol;
	uint16_t local_port, remote_port;
	uint32_t ifindex;
	uint64_t cookie;
	struct address local, remote;
};

/* socket: an id, or SOCKET_NONE. */
void identity_take(struct identity *identity, const struct model *model, uint32_t socket);
/* Its id now, or SOCKET_NONE when it is gone without a successor in TIME-WAIT. */
uint32_t identity_find(struct identity *identity, const struct model *model);
/* The stream's number of the row's network namespace; 1 is the collector's own. */
uint32_t identity_netns(const struct model *model, const struct socket_row *row);

#endif
