/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of the ends of connections. */
#include <config.h>

#include "ends.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include <sockwatch/base/clock.h>

#include "../program.h"

enum { BUFFER_SIZE = 65536 };

static char buffer[BUFFER_SIZE];

void
ends_add(struct ends *ends, int fd)
{
	if (ends->count == ends->capacity) {
		ends->capacity = ends->capacity != 0 ? 2 * ends->capacity : 64;
		ends->items = realloc(ends->items, ends->capacity * sizeof *ends->items);
		check(ends->items != NULL, "realloc");
	}
	ends->items[ends->count++] = (struct end){.fd = fd, .since_ns = clock_monotonic_ns()};
}

void
ends_accept(struct ends *ends, int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		ends_add(ends, fd);
}

unsigned
ends_in_state(const struct ends *ends, int state)
{
	unsigned count = 0;

	for (unsigned i = 0; i < ends->count; i++) {
		struct tcp_info info;
		socklen_t len = sizeof info;

		if (getsockopt(ends->items[i].fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
			count += info.tcpi_state == state;
	}
	return count;
}

void
ends_close(struct ends *ends)
{
	for (unsigned i = 0; i < ends->count; i++)
		close(ends->items[i].fd);
	ends->count = 0;
}

static void
close_end(const struct end *end, bool reset)
{
	const struct linger linger = {.l_onoff = reset};

	setsockopt(end->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close(end->fd);
}

void
ends_close_older(struct ends *ends, uint64_t age_ns, bool reset)
{
	const uint64_t now_ns = clock_monotonic_ns();
	unsigned kept = 0;

	for (unsigned i = 0; i < ends->count; i++)
		if (now_ns - ends->items[i].since_ns > age_ns)
			close_end(&ends->items[i], reset);
		else
			ends->items[kept++] = ends->items[i];
	ends->count = kept;
}

static bool
has_ended(int fd)
{
	ssize_t got;

	while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0)
		;
	/* ENOTCONN and EAGAIN: a connection that is not there yet, or is quiet. */
	return got == 0 || (errno != EAGAIN && errno != ENOTCONN && errno != EINTR);
}

void
ends_close_ended(struct ends *ends)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < ends->count; i++)
		if (has_ended(ends->items[i].fd))
			close(ends->items[i].fd);
		else
			ends->items[kept++] = ends->items[i];
	ends->count = kept;
}

void
ends_read(const struct ends *ends)
{
	for (unsigned i = 0; i < ends->count; i++)
		while (recv(ends->items[i].fd, buffer, sizeof buffer, 0) > 0)
			;
}

void
ends_write(const struct ends *ends, size_t bytes)
{
	for (unsigned i = 0; i < ends->count; i++)
		for (size_t left = bytes; left != 0;) {
			const size_t part = left < sizeof buffer ? left : sizeof buffer;
			const ssize_t sent = send(ends->items[i].fd, buffer, part, MSG_NOSIGNAL);

			if (sent <= 0)
				break;
			left -= (size_t)sent;
		}
}

void
ends_fill(const struct ends *ends)
{
	ends_write(ends, SIZE_MAX);
}

void
ends_echo(const struct ends *ends)
{
	ssize_t got;

	for (unsigned i = 0; i < ends->count; i++)
		while ((got = recv(ends->items[i].fd, buffer, sizeof buffer, 0)) > 0)
			if (send(ends->items[i].fd, buffer, (size_t)got, MSG_NOSIGNAL) < 0)
				break;
}
