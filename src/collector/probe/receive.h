/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages from a probing socket: answers, ICMP errors, and transmit stamps. */
#ifndef COLLECTOR_PROBE_RECEIVE_H
#define COLLECTOR_PROBE_RECEIVE_H

#include "target.h"

enum receive_kind {
	RECEIVE_NOTHING,
	RECEIVE_STAMP,  /* of transmission: key, time_ns */
	RECEIVE_ERROR,  /* an ICMP error: answer, and data is what it quotes */
	RECEIVE_LOCAL,  /* an error of this host: error, answer.info */
	RECEIVE_PACKET, /* data */
	RECEIVE_OTHER,  /* to be passed over */
};

enum { RECEIVE_SIZE = 2048 };

struct received {
	enum receive_kind kind;
	uint32_t key;
	int error;            /* errno, positive */
	struct answer answer; /* its data points into bytes */
	size_t len;
	uint8_t bytes[RECEIVE_SIZE];
};

/* The next message of the error queue (or, not from_errors, the receive queue). */
enum receive_kind receive_next(int fd, bool from_errors, struct received *received);

/* All that waits, to the target. */
void receive_all(struct target *target);

#endif
