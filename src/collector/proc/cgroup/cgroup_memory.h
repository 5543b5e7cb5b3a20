/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of sockets in the cgroups of processes that hold some, and the limits on it, which may
 * also stand in a cgroup above. Version 1 counts TCP's memory by itself (memory.kmem.tcp.*),
 * version 2 as a part of all memory of the cgroup (memory.stat, memory.max). cgroups(7), the
 * kernel's Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_MEMORY_H
#define SOCKWATCH_COLLECTOR_PROC_CGROUP_CGROUP_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/stream.h>

/* More cgroups than this are counted, and not looked at. */
enum { CGROUP_MEMORY_MAX = 256 };

struct cgroup_memory_row;

struct cgroup_memory {
	int mount;   /* of the hierarchy that has the memory controller, or -1 */
	int version; /* 1 or 2 */
	struct cgroup_memory_row *rows;
	size_t count;
	uint64_t due_ns;     /* CLOCK_MONOTONIC: all are read again */
	struct map left_out; /* hashes of the paths beyond the bound */
	uint32_t reported_left_out;
};

/* Finds the hierarchy in the text of /proc/PID/mountinfo and opens it. Without one there is nothing
 * to read. */
void cgroup_memory_init(struct cgroup_memory *memory, struct text mountinfo);
void cgroup_memory_fini(struct cgroup_memory *memory);

/* The path of the memory controller in the text of /proc/PID/cgroup; "" when there is none. It
 * points into the text. */
struct text cgroup_memory_path(const struct cgroup_memory *memory, struct text text);

/* A process that holds sockets is in the cgroup with this path. */
void cgroup_memory_saw(struct cgroup_memory *memory, struct text path);

/* The next report has all of them, changed or not. */
void cgroup_memory_forget_sent(struct cgroup_memory *memory);

/* Reads the files, those of known cgroups when it is time to, and reports what changed. 0, or
 * negative errno. */
int cgroup_memory_report(struct cgroup_memory *memory, struct stream_writer *writer);

#endif
