/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the kernel's messages about ended TCP sockets and passes them on: every 50 ms while there
 * are some, so that many are read at once, and not at all while there are none.
 */
#include <config.h>

#include "closings.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>

enum {
	RECEIVE_BYTES = 16 * 1024 * 1024, /* an event costs 1,280 bytes of it: 26,000 in 100 ms */
	RHYTHM_MS = 50,
	BATCH = 64,
	EVENT_MAX = 1024,
	PENDING_MAX = 4 * 1024 * 1024,
};

struct closings {
	struct loop_source *timer; /* of the rhythm; it does not run while the socket is watched */
	struct loop_source *watch; /* on the socket */
	struct stream_writer *writer;
	uint64_t *losses;
	int fd;
	uint32_t netns;
	uint32_t last_drops;
	uint8_t events[BATCH][EVENT_MAX] __attribute__((aligned(8)));
};

/* SO_MEMINFO's drops are exact; ENOBUFS comes once for many. */
static void
count_drops(struct closings *closings)
{
	uint32_t memory[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof memory;

	if (getsockopt(closings->fd, SOL_SOCKET, SO_MEMINFO, memory, &len) != 0)
		return;
	closings->losses[LOSS_CLOSINGS] += memory[SK_MEMINFO_DROPS] - closings->last_drops;
	closings->last_drops = memory[SK_MEMINFO_DROPS];
}

/* Reads one batch. Returns how many events it had. */
static int
read_batch(struct closings *closings)
{
	struct iovec vectors[BATCH];
	struct mmsghdr headers[BATCH];
	int count;

	for (int i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){.iov_base = closings->events[i], .iov_len = EVENT_MAX};
		headers[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[i], .msg_iovlen = 1}};
	}
	do {
		count = recvmmsg(closings->fd, headers, BATCH, MSG_DONTWAIT, NULL);
	} while (count < 0 && (errno == EINTR || errno == ENOBUFS));
	if (count <= 0)
		return 0;
	stream_diag_begin(closings->writer, clock_realtime_ns(), closings->netns);
	for (int i = 0; i < count; i++) {
		if ((headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0)
			closings->losses[LOSS_TRUNCATED]++;
		else if (stream_diag_add(
				 closings->writer, closings->events[i], headers[i].msg_len) != 0)
			closings->losses[LOSS_CLOSINGS]++;
	}
	stream_diag_end(closings->writer);
	return count;
}

/* Whether there was something; also when it has to wait because nobody takes the stream. */
static bool
read_all(struct closings *closings)
{
	bool any = false;
	int count = BATCH;

	while (count == BATCH && stream_pending(closings->writer) < PENDING_MAX) {
		count = read_batch(closings);
		any = any || count > 0;
	}
	count_drops(closings);
	return any || count == BATCH;
}

void
closings_read(struct closings *closings)
{
	(void)read_all(closings);
}

static void
on_timer(void *context, uint64_t times)
{
	struct closings *const closings = context;

	(void)times;
	if (read_all(closings))
		loop_arm(closings->timer, RHYTHM_MS * CLOCK_NS_PER_MS, 0);
	else
		(void)loop_change(closings->watch, LOOP_READ);
}

static void
on_first(void *context, unsigned ready)
{
	struct closings *const closings = context;

	(void)ready;
	(void)loop_change(closings->watch, 0);
	loop_arm(closings->timer, RHYTHM_MS * CLOCK_NS_PER_MS, 0);
}

/* Binds first: the kernel passes over a socket without an address of its own. */
static int
join(int fd)
{
	static const int groups[] = {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY};
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK};

	if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		return -1;
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			    sizeof groups[i]) != 0)
			return -1;
	}
	return 0;
}

static int
open_socket(void)
{
	const int bytes = RECEIVE_BYTES;
	const int on = 1;
	const int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);

	if (fd < 0)
		return -1;
	/* The second call needs no right and goes as far as rmem_max. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	/* Without it one overrun drops all that comes until everything was read. Drops are counted
	 * in either case. */
	setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
	if (join(fd) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct closings *
closings_open(struct loop *loop, struct stream_writer *writer, uint32_t netns, uint64_t *losses)
{
	struct closings *const closings = calloc(1, sizeof *closings);

	if (closings == NULL)
		return NULL;
	closings->writer = writer;
	closings->netns = netns;
	closings->losses = losses;
	closings->fd = open_socket();
	closings->timer = closings->fd < 0 ? NULL : loop_add_timer(loop, on_timer, closings);
	closings->watch = closings->timer == NULL
				  ? NULL
				  : loop_add(loop, closings->fd, LOOP_READ, on_first, closings);
	if (closings->watch == NULL) {
		closings_close(closings);
		return NULL;
	}
	return closings;
}

void
closings_close(struct closings *closings)
{
	if (closings == NULL)
		return;
	if (closings->timer != NULL)
		loop_remove(closings->timer);
	if (closings->watch != NULL)
		loop_remove(closings->watch);
	if (closings->fd >= 0)
		close(closings->fd);
	free(closings);
}
