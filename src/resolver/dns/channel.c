/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs one c-ares channel in the event loop: its sockets, its timer. In this room is what DNS asks
 * and answers:
 *
 *	servers.c          the servers
 *	question_record.c  one question, by the calls of c-ares since 1.28
 *	question_bytes.c   the same by the calls before
 *	answer.c           reads a reply
 */
#include <config.h>

#include "channel.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <sockwatch/base/clock.h>

#include "question.h"

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

/* Old versions of c-ares know no zone: the socket is bound to its link. It needs no right (Linux
 * 5.7). */
static int
on_socket_made(ares_socket_t fd, int type, void *context)
{
	const struct channel *const channel = context;

	(void)type;
	return channel->interface == 0 ||
			       setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &channel->interface,
				       sizeof channel->interface) == 0
		       ? 0
		       : -1;
}

static int
set_server(struct channel *channel, const struct servers_one *server)
{
	char text[SERVERS_TEXT_SIZE], zone[IF_NAMESIZE];

	channel->interface = (int)server->interface;
	address_format_port(&server->address, server->port, text, sizeof text);
	if (server->interface != 0 && if_indextoname(server->interface, zone) != NULL)
		question_add_zone(text, sizeof text, zone);
	ares_set_socket_configure_callback(channel->ares, on_socket_made, channel);
	return ares_set_servers_ports_csv(channel->ares, text);
}

int
channel_init(struct channel *channel, struct loop *loop, const struct servers_one *server,
	const struct channel_settings *settings)
{
	char lookups[] = "b"; /* DNS only: the resolver itself reads /etc/hosts */
	char nothing[] = "/dev/null";
	/*
	 * NOCHECKRESP: without it c-ares drops SERVFAIL, NOTIMP and REFUSED, asks again and reports
	 * no answer. It checks the id of a reply in any case; the caller checks the question.
	 */
	struct ares_options options = {.flags = ARES_FLAG_NOCHECKRESP |
						(settings->by_tcp ? ARES_FLAG_USEVC : 0) |
						(settings->edns ? ARES_FLAG_EDNS : 0),
		.timeout = (int)settings->timeout_ms,
		.tries = (int)settings->tries,
		.lookups = lookups,
		.resolvconf_path = nothing, /* resolv_conf.c reads it */
		.sock_state_cb = on_socket_state,
		.sock_state_cb_data = channel};
	int status;

	memset(channel, 0, sizeof *channel);
	channel->loop = loop;
	servers_format(server, channel->server, sizeof channel->server);
	channel->timer = loop_add_timer(loop, on_expire, channel);
	if (channel->timer == NULL)
		return ARES_ENOMEM;
	status = ares_init_options(&channel->ares, &options,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
			ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_STATE_CB | question_options(&options));
	if (status != ARES_SUCCESS) {
		channel->ares = NULL;
		return status;
	}
	return set_server(channel, server);
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
