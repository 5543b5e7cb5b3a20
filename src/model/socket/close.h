/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How rows end: first closed, shown for linger_ms, then removed.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_CLOSE_H
#define SOCKWATCH_MODEL_SOCKET_CLOSE_H

#include "model/model_private.h"

/*
 * The socket is no more. True when a connection ended by it; false when it was closed, when another
 * row goes on, or when that end was counted before.
 */
bool close_row(struct model *model, uint32_t id);
/* The same of a live row that leaves nothing to another one. */
void close_row_alone(struct model *model, uint32_t id);
/* Closes the rows of a namespace and protocol that its current full dump did not list. */
void close_sweep(struct model *model, const struct netns_row *netns, unsigned int protocol);
/* Closes all rows of a namespace. */
void close_netns(struct model *model, const struct netns_row *netns);
/* Removes closed rows whose time is over. */
void close_expire(struct model *model);
/* Removes all rows at once: what comes is of another boot. */
void close_all(struct model *model);

#endif
