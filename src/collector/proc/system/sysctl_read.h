/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the sysctls of network namespaces and of the machine (include/sockwatch/stream/sysctl.h has
 * their table) and passes on what changed. proc.h has the functions for other rooms.
 *
 * A file of /proc/sys/net shows the namespace of the thread that opens it, so the caller enters the
 * namespace first. To read all of them costs about 0.1 ms a namespace.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_SYSTEM_SYSCTL_READ_H
#define SOCKWATCH_COLLECTOR_PROC_SYSTEM_SYSCTL_READ_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/stream/stream.h>

struct sysctl_read {
	int directory;       /* of /proc/sys, or -1 */
	struct map reported; /* netns << 8 | enum sysctl to a hash of what was reported last */
	struct map due;      /* netns to when it is read next, CLOCK_MONOTONIC in ms (wraps) */
};

void sysctl_read_init(struct sysctl_read *sysctls);
void sysctl_read_fini(struct sysctl_read *sysctls);
void sysctl_read_lost_netns(struct sysctl_read *sysctls, uint32_t netns);

/* All are due, and the next report has them, changed or not. */
void sysctl_read_forget_sent(struct sysctl_read *sysctls);

/* netns may be PROC_MACHINE: the sysctls that the machine has once. */
bool sysctl_read_is_due(const struct sysctl_read *sysctls, uint32_t netns);
/* Reads those of the namespace that the thread is in, which is this one, and reports changes. */
void sysctl_read_report(struct sysctl_read *sysctls, struct stream_writer *writer, uint32_t netns);

#endif
