/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the viewer and the processes that it forks have in common: datagrams with descriptors, over
 * a pair of sockets, and the wait for an answer and for an end.
 */
#ifndef SOCKWATCH_PRIVILEGE_EXCHANGE_H
#define SOCKWATCH_PRIVILEGE_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { EXCHANGE_FDS_MAX = 2 };

/* Sends a datagram, which is only read, with so many descriptors, 0 to EXCHANGE_FDS_MAX. 0, or
 * negative errno. */
int exchange_send(int to, void *data, size_t len, const int *fds, size_t count);
/*
 * Takes a datagram of this length, without waiting. How many descriptors came with it: count, which
 * are the caller's now, or 0. Negative errno: -EAGAIN: none has come yet; -EPIPE: the other side
 * has ended, or it is of another length; -EMFILE: it was taken, but this process has no room for
 * its descriptors.
 */
int exchange_receive(int from, void *data, size_t len, int *fds, size_t count);
/* Waits for a datagram. 0, -ETIMEDOUT, or another negative errno. */
int exchange_wait(int from, int timeout_ms);
/*
 * Waits for the end of a child, not for ever: somebody may have stopped it. So many pauses, of
 * which the first is 0.1 ms and each twice as long as the one before. False: it has not ended.
 */
bool exchange_wait_end(pid_t pid, unsigned pauses);

#endif
