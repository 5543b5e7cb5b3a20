/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares time, size and inode of a file with those of the last look. */
#include <config.h>

#include "file_mark.h"

#include <sys/stat.h>

#include <sockwatch/base/clock.h>

bool
file_mark_changed(struct file_mark *mark, const char *path, uint64_t now_ns)
{
	const struct file_mark before = *mark;
	struct stat status;

	if (before.checked_ns != 0 && now_ns < before.checked_ns + CLOCK_NS_PER_S)
		return false;
	*mark = (struct file_mark){.bytes = -1, .checked_ns = now_ns};
	if (stat(path, &status) == 0) {
		mark->changed = status.st_mtim;
		mark->bytes = status.st_size;
		mark->inode = status.st_ino;
	}
	return before.checked_ns == 0 || mark->bytes != before.bytes ||
	       mark->inode != before.inode || mark->changed.tv_sec != before.changed.tv_sec ||
	       mark->changed.tv_nsec != before.changed.tv_nsec;
}

void
file_mark_doubt(struct file_mark *mark)
{
	mark->bytes = -2; /* of no file */
}
