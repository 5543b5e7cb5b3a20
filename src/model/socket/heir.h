/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection that enters TIME-WAIT (or, orphaned, FIN-WAIT-2 as a mini-socket) becomes another
 * socket for the kernel: new cookie, same addresses. The new row inherits the old one's past, and
 * the old one does not end. So does a request that a dump lists while the kernel makes its socket.
 * New rows of that kind are expected heirs until the next dump begins.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_HEIR_H
#define SOCKWATCH_MODEL_SOCKET_HEIR_H

#include "model/model_private.h"

void heir_expect(struct model *model, uint32_t id);
/* An heir of this ending row took over: true. Forget the row then. */
bool heir_take(struct model *model, const struct socket_row *old);
void heir_clear(struct model *model);

/* Same addresses, protocol and namespace; the hash of them. Ours and theirs are not exchanged. */
bool heir_is_same(const struct socket_row *one, const struct socket_row *other);
uint64_t heir_hash(const struct socket_row *row);

#endif
