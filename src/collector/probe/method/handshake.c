/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One TCP handshake by connect(): measures it, takes the error that ended it, resets it. */
#include <config.h>

#include <sockwatch/collector/handshake.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "collector/probe/receive.h"
#include "sockaddr.h"

struct handshake {
	struct loop *loop;
	struct handshake_options options;
	void (*done)(void *context, const struct handshake_result *result);
	void *context;
	struct loop_source *source, *timer;
	int fd;
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	int error;         /* result when the timer ends it: ETIMEDOUT, or an error of the start */
};

static void
free_all(struct handshake *handshake)
{
	loop_remove(handshake->source);
	loop_remove(handshake->timer);
	if (handshake->fd >= 0)
		close(handshake->fd);
	free(handshake);
}

static void
read_kernel(const struct handshake *handshake, struct handshake_result *result)
{
	struct sockaddr_storage address = {0};
	socklen_t address_len = sizeof address;
	struct tcp_info info = {0};
	socklen_t len = sizeof info;

	if (getsockopt(handshake->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0) {
		result->repeats = info.tcpi_total_retrans;
		/* After a repeated SYN the kernel cannot know which one was answered. */
		if (result->error == 0 && info.tcpi_total_retrans == 0)
			result->rtt_us = info.tcpi_rtt;
	}
	if (getsockname(handshake->fd, (struct sockaddr *)&address, &address_len) != 0)
		return;
	result->local = sockaddr_address(&address, address_len);
	result->local_port = sockaddr_port(&address);
}

static bool
take_icmp(void *context, struct received *received)
{
	struct handshake_result *const result = context;

	if (received->kind != RECEIVE_ERROR)
		return true;
	result->has_icmp = true;
	result->icmp_type = received->answer.icmp_type;
	result->icmp_code = received->answer.icmp_code;
	result->icmp_from = received->answer.from;
	return true;
}

static void
decide(struct handshake *handshake, int error)
{
	struct handshake_result result = {
		.error = error,
		.took_us = (clock_monotonic_ns() - handshake->start_ns) / CLOCK_NS_PER_US,
	};
	struct receive_room room;
	void (*const done)(void *context, const struct handshake_result *result) = handshake->done;
	void *const context = handshake->context;

	if (handshake->fd >= 0) {
		receive_errors(handshake->fd, &room, take_icmp, &result);
		read_kernel(handshake, &result);
	}
	free_all(handshake);
	done(context, &result);
}

static void
on_ready(void *context, unsigned events)
{
	struct handshake *const handshake = context;
	int error = 0;
	socklen_t len = sizeof error;

	(void)events;
	(void)getsockopt(handshake->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	decide(handshake, error);
}

static void
on_timeout(void *context, uint64_t times)
{
	struct handshake *const handshake = context;

	(void)times;
	decide(handshake, handshake->error);
}

/* 0, -EINPROGRESS, or the error that it failed with at once. */
static int
begin(struct handshake *handshake)
{
	const struct handshake_options *const options = &handshake->options;
	const bool is_v4 = address_is_v4(&options->target);
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	const int on = 1;
	struct sockaddr_storage address;
	socklen_t len;
	int result;

	handshake->fd = socket(is_v4 ? AF_INET : AF_INET6,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (handshake->fd < 0)
		return -errno;
	/* The error queue shows which host refused. A reset leaves no TIME-WAIT. */
	(void)setsockopt(handshake->fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6,
		is_v4 ? IP_RECVERR : IPV6_RECVERR, &on, sizeof on);
	(void)setsockopt(handshake->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	result = sockaddr_set_interface(handshake->fd, options->interface);
	if (result != 0)
		return result;
	len = sockaddr_fill(&options->source, is_v4, 0, &address);
	if (!address_is_any(&options->source) &&
		bind(handshake->fd, (const struct sockaddr *)&address, len) != 0)
		return -errno;
	len = sockaddr_fill(&options->target, is_v4, options->port, &address);
	handshake->start_ns = clock_monotonic_ns();
	return connect(handshake->fd, (const struct sockaddr *)&address, len) == 0 ? 0 : -errno;
}

struct handshake *
handshake_start(struct loop *loop, const struct handshake_options *options,
	void (*done)(void *context, const struct handshake_result *result), void *context)
{
	struct handshake *const handshake = calloc(1, sizeof *handshake);
	int result;

	if (handshake == NULL)
		return NULL;
	*handshake = (struct handshake){.loop = loop,
		.options = *options,
		.done = done,
		.context = context,
		.fd = -1,
		.error = ETIMEDOUT,
		.start_ns = clock_monotonic_ns()};
	handshake->timer = loop_add_timer(loop, on_timeout, handshake);
	if (handshake->timer == NULL) {
		free_all(handshake);
		return NULL;
	}
	loop_arm(handshake->timer, options->timeout_ms * CLOCK_NS_PER_MS, 0);
	result = begin(handshake);
	if (result == -EINPROGRESS) {
		handshake->source =
			loop_add(loop, handshake->fd, LOOP_READ | LOOP_WRITE, on_ready, handshake);
		if (handshake->source != NULL)
			return handshake;
		result = -errno;
	}
	handshake->error = -result;
	loop_arm(handshake->timer, 1, 0);
	return handshake;
}
