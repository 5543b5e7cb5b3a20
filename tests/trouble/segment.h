/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single TCP segments from invented senders, which no kernel's TCP would send. */
#ifndef SOCKWATCH_TESTS_TROUBLE_SEGMENT_H
#define SOCKWATCH_TESTS_TROUBLE_SEGMENT_H

#include "lab.h"

enum {
	SEGMENT_FIN = 1,
	SEGMENT_SYN = 2,
	SEGMENT_RST = 4,
	SEGMENT_PSH = 8,
	SEGMENT_ACK = 16,
	SEGMENT_URG = 32
};

/* Comes in at the near interface, from the host of the void, for the port of the near address. */
void segment_inject(
	const struct lab *lab, unsigned host, uint16_t from_port, uint16_t port, unsigned flags);

#endif
