/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens between the dumps: in each namespace that is looked at a capture and a listener for
 * ended sockets, and the processes that open and close connections, as far as subscribed to.
 */
#ifndef SOCKWATCH_COLLECTOR_PACKET_PACKET_H
#define SOCKWATCH_COLLECTOR_PACKET_PACKET_H

#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

#include "collector/netns/namespaces.h"

/* Namespaces beyond these have no capture; a notice says so. */
enum { PACKET_NAMESPACES_MAX = 64 };

struct packet;

/* NULL (errno): out of memory, or of descriptors. All must outlive it. */
struct packet *packet_new(struct loop *loop, struct stream_writer *writer, uint64_t *losses);
void packet_free(struct packet *packet);

/* Takes effect with the next packet_sync. */
void packet_subscribe(struct packet *packet, const struct message_subscription *subscription);
/*
 * Opens what is missing in these namespaces, closes what is not wanted, reports counts. Call it
 * once a refresh. 0, or -ENOTRECOVERABLE: the thread could not come back.
 */
int packet_sync(struct packet *packet, const struct namespaces *namespaces);
/* The stream has room again. */
void packet_resume(struct packet *packet);

#endif
