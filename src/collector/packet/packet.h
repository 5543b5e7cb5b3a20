/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What passes between the dumps: a capture and a listener for ended sockets in each namespace that
 * is looked at, and the callers of all of them, as far as somebody needs them.
 */
#ifndef SOCKWATCH_COLLECTOR_PACKET_PACKET_H
#define SOCKWATCH_COLLECTOR_PACKET_PACKET_H

#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

/* Namespaces beyond these have no capture; that is said. */
enum { PACKET_NAMESPACES_MAX = 64 };

struct packet;

/* NULL: out of memory. All must outlive it. */
struct packet *packet_new(struct loop *loop, struct stream_writer *writer, uint64_t *losses);
void packet_free(struct packet *packet);

/* What is subscribed to from now on: opened and closed by the next packet_sync. */
void packet_subscribe(struct packet *packet, const struct message_subscription *subscription);
/*
 * Opens what is missing in these namespaces and closes what is not wanted; tells counts. Once a
 * refresh. 0, or -ENOTRECOVERABLE: the thread could not come home.
 */
int packet_sync(struct packet *packet, const struct namespaces *namespaces);
/* The stream has room again. */
void packet_resume(struct packet *packet);

#endif
