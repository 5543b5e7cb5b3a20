/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's account of TCP sockets that end (SKNLGRP_INET_TCP_DESTROY and its IPv6 twin,
 * linux/sock_diag.h): the final tcp_info of each, also of sockets that lived between two dumps. It
 * is passed on as it came. Joining needs no right, but slows down the fastest storm of connections,
 * so it is done only when subscribed to.
 */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_CLOSINGS_H
#define SOCKWATCH_COLLECTOR_NETLINK_CLOSINGS_H

#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

struct closings;

/* Opens in the thread's current namespace. NULL: errno. losses: LOSS_CLOSINGS is counted there. */
struct closings *closings_open(
	struct loop *loop, struct stream_writer *writer, uint32_t netns, uint64_t *losses);
void closings_close(struct closings *closings);
/* Reads what has come and counts what was lost. Call it once a refresh, besides its own timer. */
void closings_read(struct closings *closings);

#endif
