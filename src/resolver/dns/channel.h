/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One c-ares channel in the event loop that asks one server only: then it is known which server
 * answered and how long it took. The resolver decides what to do when it does not answer.
 */
#ifndef SOCKWATCH_RESOLVER_DNS_CHANNEL_H
#define SOCKWATCH_RESOLVER_DNS_CHANNEL_H

#include <ares.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/loop.h>

#include "servers.h"

/* New versions of c-ares take a socket for each question: as many as are open at once. */
enum { CHANNEL_SOCKETS_MAX = 256 };

struct channel_socket {
	int fd;
	struct channel *channel;
	struct loop_source *source;
};

struct channel {
	ares_channel ares;
	struct loop *loop;
	struct loop_source *timer;
	struct channel_socket sockets[CHANNEL_SOCKETS_MAX];
	char server[SERVERS_TEXT_SIZE]; /* "192.0.2.1:53" */
	int interface;                  /* index of the link of its zone, or 0 */
	uint64_t refused_sockets;       /* sockets beyond CHANNEL_SOCKETS_MAX */
};

struct channel_settings {
	uint32_t timeout_ms; /* a try */
	uint32_t tries;
	bool by_tcp;
	bool edns; /* RFC 6891: answers of more than 512 bytes */
};

/* ARES_SUCCESS or a c-ares status; fini is safe after any init. */
int channel_init(struct channel *channel, struct loop *loop, const struct servers_one *server,
	const struct channel_settings *settings);
/* Questions that are open are answered with ARES_EDESTRUCTION. */
void channel_fini(struct channel *channel);
/* Sets the timer to what c-ares wants next: call after each new question. */
void channel_arm(struct channel *channel);

#endif
