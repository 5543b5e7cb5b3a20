/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection that lived between two dumps is told of twice: by its destroy event, and by the
 * TIME-WAIT that it leaves in a dump, under a cookie of its own. The two come by different ways,
 * either first. Here each finds the other, so that the connection counts once. Written and read by
 * apply*.c and ending.c alone.
 *
 * Kept per namespace until two complete dumps have gone by: then what could be listed was. What
 * waits for its event waits as long as its row is there.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_AFTERLIFE_H
#define SOCKWATCH_MODEL_SOCKET_AFTERLIFE_H

#include <stdbool.h>

#include "model/model_private.h"

/* Of all namespaces together; what is beyond counts as LOSS_BOUNDED and may count twice. */
enum { AFTERLIFE_MAX = 1 << 20 };

/*
 * A new row of a socket that is destroyed and that no dump had listed. True when it is to be
 * counted as opened, false when its TIME-WAIT was.
 */
bool afterlife_of_event(struct model *model, struct netns_row *netns, const struct socket_row *row);

/* A TIME-WAIT that a dump lists for the first time. True when it is what such a socket left. */
bool afterlife_of_listed(struct model *model, struct netns_row *netns, uint32_t id);

/* A request that a dump lists for the first time: the socket that came of it may have lived by
 * then. */
void afterlife_of_request(struct model *model, uint32_t id);

/*
 * The row, of a request, goes on as a socket after all: it was another connection between the same
 * endpoints that had ended.
 */
void afterlife_deny(struct model *model, struct socket_row *row);

/* A TCP row that ends, or has no life left but as a heir: more may be told of its socket. */
void afterlife_depart(struct model *model, const struct socket_row *row, bool destroyed);
/* A row of that cookie has ended. */
bool afterlife_departed(const struct netns_row *netns, uint64_t cookie);
/* It ended by a destroy event: a dump that lists it read it before. */
bool afterlife_destroyed(const struct netns_row *netns, uint64_t cookie);

/* The row of a TIME-WAIT or request that was counted and whose event may still come, or
 * SOCKET_NONE. */
uint32_t afterlife_wait(const struct model *model, uint64_t hash);
/* The row is no more what afterlife_of_listed was told of. */
void afterlife_forget(struct model *model, const struct socket_row *row);
/* A complete dump of TCP has ended. */
void afterlife_turn(struct model *model, struct netns_row *netns);
void afterlife_fini(struct model *model, struct netns_row *netns);

#endif
