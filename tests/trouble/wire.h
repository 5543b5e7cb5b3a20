/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wire of the lab of troubles: a process that carries packets between two TUN devices and
 * spoils some of them. It spoils only those whose far address is in the bad net (lab.h); the rest
 * passes at once, so that healthy traffic stands beside every trouble.
 */
#ifndef SOCKWATCH_TESTS_TROUBLE_WIRE_H
#define SOCKWATCH_TESTS_TROUBLE_WIRE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { WIRE_PACKET_MAX = 2048, WIRE_BAD_NET4 = 51, WIRE_BAD_NET6 = 0x51 };

/* What the wire does to packets of the bad net. It is in shared memory: changes are in force at
 * once. */
struct wire_rules {
	_Atomic uint32_t delay_us; /* each way */
	_Atomic bool cut_to_far, cut_to_near;
	_Atomic uint32_t max_bytes_to_far; /* larger ones vanish; 0: none */
	_Atomic uint32_t loss_to_far;      /* of 10,000 */
	_Atomic uint32_t syn_loss_to_far;  /* of 10,000: SYNs only */
	_Atomic uint32_t rate_to_far;      /* bytes a second; 0: no bound */
	_Atomic uint32_t queue_to_far_ms;  /* with a rate: what waits longer is lost */
};

/* Starts the process. near and far: TUN devices; it ends when we do. Gives its pid and the rules.
 */
pid_t wire_start(int near, int far, struct wire_rules **rules);

#endif
