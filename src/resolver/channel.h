/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One c-ares channel in the event loop that asks one server only: then it is known which server
 * answered and how long it took. The resolver decides what to do when it does not answer.
 */
#ifndef SOCKWATCH_RESOLVER_CHANNEL_H
#define SOCKWATCH_RESOLVER_CHANNEL_H

#include <ares.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/loop.h>

enum { CHANNEL_SOCKETS_MAX = 16, CHANNEL_SERVER_SIZE = ADDRESS_PORT_SIZE };

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
	char server[CHANNEL_SERVER_SIZE]; /* "192.0.2.1:53" */
	uint64_t refused_sockets;         /* sockets beyond CHANNEL_SOCKETS_MAX */
};

/* ARES_SUCCESS or a c-ares status; fini is safe after any init. */
int channel_init(struct channel *channel, struct loop *loop, const char *server,
	uint32_t timeout_ms, uint32_t tries);
/* Queries that are open are called back with ARES_EDESTRUCTION. */
void channel_fini(struct channel *channel);
/* Sets the timer to what c-ares wants next: call after each new query. */
void channel_arm(struct channel *channel);

#endif
