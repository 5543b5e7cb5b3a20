/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One TCP handshake as a test: how long it took by the kernel's own measure, or which error ended
 * it and which host sent that. The connection is reset at once. It needs no right.
 */
#ifndef SOCKWATCH_COLLECTOR_HANDSHAKE_H
#define SOCKWATCH_COLLECTOR_HANDSHAKE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/loop.h>

struct handshake_options {
	struct address target;
	struct address source; /* :: lets the kernel choose */
	uint16_t port;
	uint32_t interface; /* index of the one to send by; 0: as routed */
	uint32_t timeout_ms;
};

struct handshake_result {
	int error;        /* errno, positive; 0: connected */
	uint64_t took_us; /* until it was decided */
	uint64_t rtt_us;  /* between SYN and SYN-ACK, by the kernel; 0: not known */
	uint32_t repeats; /* SYNs sent again */
	struct address local;
	uint16_t local_port; /* 0: none was bound */
	/* The ICMP error that ended it. */
	bool has_icmp;
	uint8_t icmp_type, icmp_code;
	struct address icmp_from;
};

struct handshake;

/* Calls done once, from the loop; then the handshake is gone. NULL with errno: it does not. */
struct handshake *handshake_start(struct loop *loop, const struct handshake_options *options,
	void (*done)(void *context, const struct handshake_result *result), void *context);

#endif
