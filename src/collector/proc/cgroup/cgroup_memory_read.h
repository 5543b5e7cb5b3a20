/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of one cgroup's memory. */
#ifndef SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_MEMORY_READ_H
#define SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_MEMORY_READ_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/text.h>
#include <sockwatch/stream/message.h>

/*
 * Reads the numbers of a cgroup (path without the first slash) into *out; known says which could be
 * had. Without a limit only that is read: the rest costs more and limits nobody. 0; -ENOENT: the
 * cgroup is gone, or has no memory controller.
 */
int cgroup_memory_read(int mount, int version, const char *path, struct message_cgroup_memory *out);

/* The number in the line "name number" of a file such as memory.stat. */
bool cgroup_memory_find(struct text text, const char *name, uint64_t *number);

#endif
