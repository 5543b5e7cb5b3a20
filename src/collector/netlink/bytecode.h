/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions of a subscription as INET_DIAG bytecode, which the kernel runs for each socket of a
 * dump before it answers. What cannot be expressed in bytecode is left out: more sockets come,
 * never fewer.
 */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_BYTECODE_H
#define SOCKWATCH_COLLECTOR_NETLINK_BYTECODE_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/message_subscription.h>

/*
 * Each condition at most: an address comparison of 4 + 8 + 16 bytes, or two port comparisons of 8,
 * and a jump of 4.
 */
enum { BYTECODE_MAX = SUBSCRIPTION_CONDITIONS_MAX * 32 };

/* Bytes written to out (4-aligned room for BYTECODE_MAX); 0: there is nothing to filter. */
size_t bytecode_compile(struct array conditions, void *out);

#endif
