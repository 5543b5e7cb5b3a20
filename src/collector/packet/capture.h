/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP segments from the wire with libpcap, one capture a namespace. The kernel filters; the headers
 * are passed on as they came and nothing is interpreted. What the kernel dropped is counted.
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

/* Packets of all captures of one namespace, one after the other. */
struct capture_counts {
	uint64_t received; /* from the kernel */
	uint64_t refused;  /* those of them that the stream had no room for */
	uint64_t dropped;  /* by the kernel, also before this filter; or left in a ring that was
			      closed */
	uint64_t cut;      /* those received that still had payload, which was cut off here */
};

/*
 * expression.c: the filter for the subscription: SYN, FIN and RST; or all segments; or also those
 * of one connection. 0, or -ENOSPC.
 */
int capture_expression(const struct message_subscription *subscription, uint32_t netns,
	unsigned ifindex, char *out, size_t size);

/*
 * Opens in the thread's current namespace. When that fails, the stream gets the reason, and the
 * capture exists but does not run. ring_bytes: of the kernel's memory. NULL: out of memory. loop,
 * writer, callers and counts, to which it adds, must outlive it.
 */
struct capture *capture_open(struct loop *loop, struct stream_writer *writer,
	struct bpf_callers *callers, uint32_t netns, unsigned ring_bytes,
	struct capture_counts *counts, const struct message_subscription *subscription);
/* At once: what the ring can give now is passed on, what it still keeps back counts as dropped. */
void capture_close(struct capture *capture);

/* Tries again to open it, in its namespace, unless a right is missing. */
void capture_retry(struct capture *capture, const struct message_subscription *subscription);
/*
 * Ends it in order: what the kernel saw up to now is still passed on, then the last counts are
 * reported. That takes as long as the kernel may keep a packet back.
 */
void capture_end(struct capture *capture);
bool capture_is_running(const struct capture *capture);
unsigned capture_ring_bytes(const struct capture *capture);
bool capture_is_ending(const struct capture *capture);

/* Changes the filter when the subscription asks for another one. */
void capture_subscribe(struct capture *capture, const struct message_subscription *subscription);
/* Reports the counts when they changed. Call it once a refresh. */
void capture_report(struct capture *capture);
/* Reads the ring again after the stream was full. */
void capture_resume(struct capture *capture);

#endif
