/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file of /etc is another one than when it was read; as glibc does for resolv.conf. */
#ifndef SOCKWATCH_RESOLVER_FILE_MARK_H
#define SOCKWATCH_RESOLVER_FILE_MARK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* All zero: nothing was looked at yet. */
struct file_mark {
	struct timespec changed;
	int64_t bytes; /* -1: there is none */
	uint64_t inode;
	uint64_t checked_ns;
};

/*
 * Looks at most once a second of now_ns, a monotonic clock. True: to be read (again), before which
 * it is looked at, so that a change in between is found the next time. The first look is true.
 */
bool file_mark_changed(struct file_mark *mark, const char *path, uint64_t now_ns);

#endif
