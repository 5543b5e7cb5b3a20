/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes the viewer's terminal and files in a process that is forked from it. */
#include <config.h>

#include "closing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int
closing_all_but(int one, int other)
{
	const unsigned low = (unsigned)(one < other ? one : other);
	const unsigned high = (unsigned)(one < other ? other : one);
	int nothing;

	/* main() sees to it that 0 to 2 are open, so that low is above them. */
	if (low > STDERR_FILENO + 1)
		(void)syscall(SYS_close_range, STDERR_FILENO + 1, low - 1, 0);
	if (high > low + 1)
		(void)syscall(SYS_close_range, low + 1, high - 1, 0);
	(void)syscall(SYS_close_range, high + 1, ~0U, 0);
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nothing < 0)
		return -errno;
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (dup2(nothing, fd) < 0)
			return -errno;
	}
	if (nothing > STDERR_FILENO)
		close(nothing);
	return 0;
}
