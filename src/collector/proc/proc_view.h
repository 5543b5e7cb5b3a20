/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What our /proc leaves out. Sockets belong to a network namespace, which processes of several PID
 * namespaces may share, while a mount of /proc shows one PID namespace and those below it. With the
 * mount option hidepid it lists only the processes that the reader may look into.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROC_VIEW_H
#define SOCKWATCH_COLLECTOR_PROC_PROC_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <sockwatch/base/text.h>

/* Limits (enum proc_limit) of the /proc behind this descriptor. */
uint32_t proc_view_limits(int proc);

/* Whether it is mounted in our own PID namespace: then /proc/self is what getpid says. */
bool proc_view_is_own(int proc);

/*
 * Whether a line of /proc/self/mountinfo mounts /proc; then *is_hiding is set when it hides
 * processes from somebody who is in these groups.
 */
bool proc_view_parse_mount(struct text line, const gid_t *groups, size_t count, bool *is_hiding);

#endif
