/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP segments from the wire with libpcap, one capture a namespace: the kernel filters, the headers
 * are passed on as they came, nothing is interpreted. What the kernel dropped is counted and told.
 */
#ifndef COLLECTOR_PACKET_CAPTURE_H
#define COLLECTOR_PACKET_CAPTURE_H

#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

struct capture;

/* The expression for the wish: SYN, FIN and RST of IPv4 and IPv6; all segments; one connection's
 * too. */
int capture_expression(
	const struct message_wish *wish, uint32_t netns, unsigned ifindex, char *out, size_t size);

/*
 * Opens in the namespace in which the thread stands. Tells the stream when it cannot, and why; then
 * it is there, but captures nothing. NULL: out of memory. loop and writer must outlive it.
 */
struct capture *capture_open(struct loop *loop, struct stream_writer *writer, uint32_t netns,
	const struct message_wish *wish);
void capture_close(struct capture *capture);

/* Another filter from now on, when the wish asks for one. */
void capture_wish(struct capture *capture, const struct message_wish *wish);
/* Tells the counts when they moved. Once a refresh. */
void capture_tell(struct capture *capture);
/* Looks into the ring again after the stream had been full. */
void capture_resume(struct capture *capture);

#endif
