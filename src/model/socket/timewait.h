/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connection can be two sockets for the kernel. When it enters TIME-WAIT (or, orphaned,
 * FIN-WAIT-2 as a mini-socket), or when a request becomes a socket, it gets a new cookie and keeps
 * its addresses. Two things follow:
 *
 *   - The row with the new cookie is the successor of the old row: it takes over the old one's
 *     past, and the connection does not end. New rows of that kind are expected successors until
 *     the next dump begins.
 *   - A connection that lived between two dumps is reported twice: by its destroy event, and by the
 *     TIME-WAIT that a dump lists. Either can come first. Each finds the other here, so that the
 *     connection counts once.
 *
 * What is kept for that is kept per namespace until two complete dumps have gone by: then what
 * could be listed was. A row that waits for its event waits as long as it is there. Used by the
 * writers of rows alone.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_TIMEWAIT_H
#define SOCKWATCH_MODEL_SOCKET_TIMEWAIT_H

#include <stdbool.h>

#include "model/model_private.h"

/* This new row may be the successor of one that vanishes. */
void timewait_expect(struct model *model, uint32_t id);
/* True: a successor of this ending row took over. Forget the row then. */
bool timewait_succeed(struct model *model, const struct socket_row *old);
/* A dump of TCP begins: the rows that are expected to be successors are no more. */
void timewait_begin_dump(struct model *model);

/*
 * A new row of a socket that is destroyed and that no dump had listed. True when it is to be
 * counted as opened, false when its TIME-WAIT was.
 */
bool timewait_on_event(struct model *model, struct netns_row *netns, const struct socket_row *row);
/* A TIME-WAIT that a dump lists for the first time. True when such a socket left it. */
bool timewait_on_listed(struct model *model, struct netns_row *netns, uint32_t id);
/* A request that a dump lists for the first time: its socket may have lived by then. */
void timewait_on_request(struct model *model, uint32_t id);
/*
 * The row, of a request, goes on as a socket after all: it was another connection between the same
 * endpoints that had ended.
 */
void timewait_deny(struct model *model, struct socket_row *row);
/* The row is no more what it was for timewait_on_listed or timewait_on_request. */
void timewait_forget(struct model *model, const struct socket_row *row);

/* A complete dump of TCP has ended. */
void timewait_end_dump(struct model *model, struct netns_row *netns);
/* Forgets what is kept for a namespace. */
void timewait_fini(struct model *model, struct netns_row *netns);

#endif
