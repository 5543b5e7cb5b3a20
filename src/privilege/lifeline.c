/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signal-driven I/O (fcntl(2), F_SETSIG): the kernel sends the signal when the peer of a socket
 * closes, and asks the rights of the process that chose its owner, which is the process itself.
 */
#include <config.h>

#include "lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

int
lifeline_make(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
}

int
lifeline_hold(int end, int signal)
{
	struct pollfd gone = {.fd = end};

	if (fcntl(end, F_SETOWN, getpid()) != 0 || fcntl(end, F_SETSIG, signal) != 0 ||
		fcntl(end, F_SETFL, O_ASYNC | O_NONBLOCK) != 0)
		return -errno;
	/* Closed before anybody watched. */
	return poll(&gone, 1, 0) > 0 ? -EPIPE : 0;
}
