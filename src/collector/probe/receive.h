/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages from a probing socket: answers, ICMP errors, and transmit stamps. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_RECEIVE_H
#define SOCKWATCH_COLLECTOR_PROBE_RECEIVE_H

#include <sys/socket.h>

#include "target.h"

enum receive_kind {
	RECEIVE_STAMP,  /* of transmission: key, answer.received_ns */
	RECEIVE_ERROR,  /* an ICMP error: answer; bytes: what it quotes */
	RECEIVE_LOCAL,  /* an error of this host: error, answer.info */
	RECEIVE_PACKET, /* answer.from, bytes */
	RECEIVE_OTHER,  /* to be ignored */
};

enum { RECEIVE_SIZE = 2048, RECEIVE_CONTROL_SIZE = 512, RECEIVE_BATCH = 16 };

struct received {
	enum receive_kind kind;
	uint32_t key;
	int error;            /* errno, positive */
	struct answer answer; /* its data points into bytes */
	size_t len;
	const uint8_t *bytes;
};

/* Memory for the messages of one call. */
struct receive_room {
	struct mmsghdr messages[RECEIVE_BATCH];
	struct receive_message {
		struct sockaddr_storage from;
		struct iovec data;
		_Alignas(struct cmsghdr) char control[RECEIVE_CONTROL_SIZE];
		uint8_t bytes[RECEIVE_SIZE];
	} parts[RECEIVE_BATCH];
};

/* Hands all that waits on the error queue of a socket to take(), until that returns false. */
void receive_errors(int fd, struct receive_room *room,
	bool (*take)(void *context, struct received *received), void *context);

/* Notes the extensions of an error that does not say where they are. */
void receive_find_extension(const struct target *target, struct received *received);
/* Reads all that waits on these queues of the target's socket. */
void receive_ready(struct target *target, bool has_errors, bool has_packets);
void receive_all(struct target *target);

#endif
