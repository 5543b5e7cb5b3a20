/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel reports the end of a socket whose connection was refused or aborted, but has forgotten
 * its own address and the port of its peer by then (tcp_disconnect). The wire shows which
 * connection it was.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_DISCONNECTED_H
#define SOCKWATCH_MODEL_SOCKET_DISCONNECTED_H

#include "model/model_private.h"

/* A closed row without the port of its peer; the oldest is given up when too many wait. */
void disconnected_add(struct model *model, uint32_t id);
/* At the end of a snapshot, by when the packets of those before have come. */
void disconnected_join(struct model *model);

#endif
