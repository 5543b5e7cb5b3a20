/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file changed since it was read, judged as glibc does for resolv.conf. */
#ifndef SOCKWATCH_RESOLVER_FILE_MARK_H
#define SOCKWATCH_RESOLVER_FILE_MARK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* All zero: there was no look yet. */
struct file_mark {
	struct timespec changed;
	int64_t bytes; /* -1: there is no file */
	uint64_t inode;
	uint64_t checked_ns;
};

/*
 * Looks at most once a second; now_ns: a monotonic clock. True: read the file. The look comes
 * before the reading, so the next look finds a change in between. The first look is true.
 */
bool file_mark_changed(struct file_mark *mark, const char *path, uint64_t now_ns);
/* The next look is true, whatever it sees. */
void file_mark_doubt(struct file_mark *mark);

#endif
