/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One TCP handshake, to see whether it can be made: how long it took by the kernel's own measure,
 * or which error it came to and who said so. The connection is reset at once. Needs no right.
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
	uint64_t rtt_us;  /* of SYN and SYN-ACK, by the kernel; 0: it has none */
	uint32_t repeats; /* SYNs sent again */
	struct address local;
	uint16_t local_port; /* 0: it came to none */
	/* The ICMP error behind it. */
	bool has_icmp;
	uint8_t icmp_type, icmp_code;
	struct address icmp_from;
};

struct handshake;

/* done is called once, from the loop; the handshake is gone then. NULL with errno: it is not
 * called.
 */
struct handshake *handshake_start(struct loop *loop, const struct handshake_options *options,
	void (*done)(void *context, const struct handshake_result *result), void *context);

#endif
