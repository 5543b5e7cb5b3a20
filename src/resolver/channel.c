/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs one c-ares channel in the event loop: its sockets, its timer. */
#include <config.h>

#include "channel.h"

#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include <sockwatch/base/clock.h>

/* c-ares may close sockets in this call, which removes them from the loop. */
static void
on_ready(void *context, unsigned events)
{
	struct channel_socket *socket = context;
	struct channel *channel = socket->channel;
	const int fd = socket->fd;

	ares_process_fd(channel->ares, events & (LOOP_READ | LOOP_HANGUP) ? fd : ARES_SOCKET_BAD,
		events & LOOP_WRITE ? fd : ARES_SOCKET_BAD);
	channel_arm(channel);
}

static void
on_expire(void *context, uint64_t times)
{
	struct channel *channel = context;

	(void)times;
	ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	channel_arm(channel);
}

static struct channel_socket *
find_socket(struct channel *channel, int fd)
{
	for (size_t i = 0; i < CHANNEL_SOCKETS_MAX; i++)
		if (channel->sockets[i].source != NULL && channel->sockets[i].fd == fd)
			return &channel->sockets[i];
	return NULL;
}

static struct channel_socket *
free_socket(struct channel *channel)
{
	for (size_t i = 0; i < CHANNEL_SOCKETS_MAX; i++)
		if (channel->sockets[i].source == NULL)
			return &channel->sockets[i];
	return NULL;
}

/* c-ares says what it waits for on a socket. Neither: it is about to close it. */
static void
on_socket_state(void *context, ares_socket_t fd, int readable, int writable)
{
	struct channel *channel = context;
	const unsigned events = (readable ? LOOP_READ : 0u) | (writable ? LOOP_WRITE : 0u);
	struct channel_socket *socket = find_socket(channel, fd);

	if (events == 0) {
		if (socket != NULL) {
			loop_remove(socket->source);
			socket->source = NULL;
		}
	} else if (socket != NULL) {
		loop_change(socket->source, events);
	} else if ((socket = free_socket(channel)) != NULL) {
		socket->fd = fd;
		socket->channel = channel;
		socket->source = loop_add(channel->loop, fd, events, on_ready, socket);
	} else {
		channel->refused_sockets++; /* its query times out */
	}
}

void
channel_arm(struct channel *channel)
{
	struct timeval wait;
	uint64_t ns;

	if (ares_timeout(channel->ares, NULL, &wait) == NULL) {
		loop_arm(channel->timer, 0, 0);
		return;
	}
	ns = (uint64_t)wait.tv_sec * CLOCK_NS_PER_S + (uint64_t)wait.tv_usec * CLOCK_NS_PER_US;
	loop_arm(channel->timer, ns == 0 ? CLOCK_NS_PER_MS : ns, 0);
}

int
channel_init(struct channel *channel, struct loop *loop, const char *server, uint32_t timeout_ms,
	uint32_t tries)
{
	char lookups[] = "b"; /* DNS only: the resolver itself reads /etc/hosts */
	/*
	 * NOCHECKRESP: without it c-ares drops SERVFAIL, NOTIMP and REFUSED, asks again and reports
	 * no answer. It checks the id of a reply in any case; the caller checks the question.
	 */
	struct ares_options options = {.flags = ARES_FLAG_NOCHECKRESP,
		.timeout = (int)timeout_ms,
		.tries = (int)tries,
		.lookups = lookups,
		.sock_state_cb = on_socket_state,
		.sock_state_cb_data = channel};
	int status;

	memset(channel, 0, sizeof *channel);
	channel->loop = loop;
	channel->timer = loop_add_timer(loop, on_expire, channel);
	if (channel->timer == NULL)
		return ARES_ENOMEM;
	status = ares_init_options(&channel->ares, &options,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
			ARES_OPT_SOCK_STATE_CB);
	if (status != ARES_SUCCESS) {
		channel->ares = NULL;
		return status;
	}
	snprintf(channel->server, sizeof channel->server, "%s", server);
	return ares_set_servers_ports_csv(channel->ares, channel->server);
}

void
channel_fini(struct channel *channel)
{
	if (channel->ares != NULL)
		ares_destroy(channel->ares);
	for (size_t i = 0; i < CHANNEL_SOCKETS_MAX; i++)
		if (channel->sockets[i].source != NULL)
			loop_remove(channel->sockets[i].source);
	if (channel->timer != NULL)
		loop_remove(channel->timer);
	memset(channel, 0, sizeof *channel);
}
