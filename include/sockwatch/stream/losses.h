/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be lost on the way from the kernel to the viewer. Each kind is counted. */
#ifndef SOCKWATCH_STREAM_LOSSES_H
#define SOCKWATCH_STREAM_LOSSES_H

enum loss {
	LOSS_NETLINK,   /* datagrams: receive buffer overrun */
	LOSS_TRUNCATED, /* netlink datagrams larger than our buffer */
	LOSS_PROCESSES, /* processes not read: vanished, no right */
	LOSS_PACKETS,   /* segments that the capture dropped */
	LOSS_CLOSINGS,  /* destroy events: receive buffer overrun */
	LOSS_BOUNDED,   /* refused: a bound of ours was reached */
	LOSS_CALLERS,   /* callers of connections: the tracing program had no room */
	LOSS_REQUESTS,  /* of the viewer that are beyond what it may ask for: refused */
	LOSS_COUNT,
};

#endif
