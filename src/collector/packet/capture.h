/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP segments from the wire with libpcap, one capture a namespace: the kernel filters, the headers
 * are passed on as they came, nothing is interpreted. What the kernel dropped is counted and told.
 */
#ifndef SOCKWATCH_COLLECTOR_PACKET_CAPTURE_H
#define SOCKWATCH_COLLECTOR_PACKET_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/stream/stream.h>

struct bpf_callers;
struct capture;

/* The expression for the subscription: SYN, FIN and RST of IPv4 and IPv6; all segments; one
 * connection's too. */
int capture_expression(const struct message_subscription *subscription, uint32_t netns,
	unsigned ifindex, char *out, size_t size);

/*
 * Opens in the namespace in which the thread stands. Tells the stream when it cannot, and why; then
 * it is there, but captures nothing. NULL: out of memory. loop, writer and
 * callers must outlive it.
 */
struct capture *capture_open(struct loop *loop, struct stream_writer *writer,
	struct bpf_callers *callers, uint32_t netns,
	const struct message_subscription *subscription);
void capture_close(struct capture *capture);

/* Tries again, in its namespace, what did not work; but not what needs a right. */
void capture_retry(struct capture *capture, const struct message_subscription *subscription);
/*
 * Ends it in order: what was seen up to now is still passed on, then its last counts are told and
 * it runs no more. That takes as long as the kernel may keep a packet back.
 */
void capture_end(struct capture *capture);
bool capture_is_running(const struct capture *capture);
bool capture_is_ending(const struct capture *capture);

/* Another filter from now on, when the subscription asks for one. */
void capture_subscribe(struct capture *capture, const struct message_subscription *subscription);
/* Tells the counts when they moved. Once a refresh. */
void capture_tell(struct capture *capture);
/* Looks into the ring again after the stream had been full. */
void capture_resume(struct capture *capture);

#endif
