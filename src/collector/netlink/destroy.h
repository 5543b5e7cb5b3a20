/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closing one socket in the kernel (SOCK_DESTROY). */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_DESTROY_H
#define SOCKWATCH_COLLECTOR_NETLINK_DESTROY_H

#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/stream/message.h>

/*
 * diag: a NETLINK_SOCK_DIAG socket of its namespace on which no dump runs. The answer is there at
 * once. 0 or negative errno; a sentence in either case.
 */
int destroy_socket(
	int diag, const struct message_destroy *target, uint32_t sequence, struct error *sentence);

#endif
