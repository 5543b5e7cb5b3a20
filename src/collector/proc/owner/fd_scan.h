/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the descriptors of one process, in portions, and reports what changed since the last
 * reading. The cost is in the kernel, which makes an inode for each descriptor (2 us). So the
 * portions are small, and a process with 100,000 of them may be read over several refreshes.
 *
 * The kernel lists descriptors in ascending order and so they are kept: they are compared with the
 * holds before while they are read.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_FD_SCAN_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_FD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "holders.h"

struct fd_scan_events {
	/* The holder began to hold a socket, or released it. */
	void (*change)(void *context, struct holder *holder, uint64_t hold, bool held);
	/* Asked now and then: true makes fd_scan_continue return. */
	bool (*pause)(void *context);
	void *context;
};

struct fd_scan {
	struct holder *holder; /* being read, or NULL */
	int proc;              /* of /proc */
	int directory;
	uint32_t table, tables; /* of the leader, then of holder->tids */
	uint32_t descriptors;   /* when it was opened */
	uint32_t listed;        /* descriptors of the leader's table, so far */
	bool remember;          /* false: only report, keep nothing */
	char *buffer;           /* of directory entries */
	size_t at, filled;
	uint64_t *fresh; /* what it holds now, as far as it was read */
	size_t fresh_count, fresh_capacity;
	size_t old_next; /* first of holder->held that was not yet compared */
};

int fd_scan_init(struct fd_scan *scan);
void fd_scan_fini(struct fd_scan *scan);

/* Opens the holder's descriptors. 0, or negative errno (-EACCES: no right; -ENOENT: gone). */
int fd_scan_start(struct fd_scan *scan, int proc, struct holder *holder, bool remember);

/*
 * Goes on. 1: paused; 0: all read, holder->held is what it holds now; negative errno: the scan is
 * over (-EACCES: listed, but not readable). After an error the holder is as it was before, though
 * changes may have been reported.
 */
int fd_scan_continue(struct fd_scan *scan, const struct fd_scan_events *events);
void fd_scan_abort(struct fd_scan *scan);

/* "socket:[N]" of len bytes: N, or 0 for anything else (no socket has inode 0). */
uint32_t fd_scan_parse_link(const char *link, size_t len);

/* The next descriptor in ascending order; inode 0: not a socket. 0, or -ENOMEM. */
int fd_scan_saw(
	struct fd_scan *scan, const struct fd_scan_events *events, uint32_t fd, uint32_t inode);
/* The end: reports the remaining holds as released and gives the holder its new table. */
int fd_scan_complete(struct fd_scan *scan, const struct fd_scan_events *events);

#endif
