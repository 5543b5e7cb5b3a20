/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the sockets of a target again when its source address, route or interface has changed. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_REOPEN_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_REOPEN_H

#include <stdbool.h>

#include "collector/probe/target.h"

/* A positive errno that says that there is no way at present, not that memory or buffers lack. */
bool reopen_may_help(int error);
/* The last time is long enough ago. */
bool reopen_is_due(const struct target *target, uint64_t now_ns);
/*
 * Closes and opens the sockets; the target goes on with its numbers, and with its source ports
 * where they are free. False: nothing can be sent at present, is_blocked is set. Reports either.
 */
bool reopen_target(struct target *target);
/* After a notice of the kernel: opens again what has another source address or was blocked. */
void reopen_check(struct target *target);

#endif
