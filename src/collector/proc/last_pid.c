/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the number of the process made last. */
#include <config.h>

#include "last_pid.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "proc_view.h"

enum { LOADAVG_SIZE = 128 };

/* A file system in user space (lxcfs) may stand in for the file, and is seconds late. */
static bool
is_kernels(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

void
last_pid_open(struct last_pid *last, int proc)
{
	*last = (struct last_pid){.fd = -1};
	if (!proc_view_is_own(proc))
		return;
	last->fd = openat(proc, "loadavg", O_RDONLY | O_CLOEXEC);
	if (last->fd >= 0 && !is_kernels(last->fd))
		last_pid_close(last);
}

void
last_pid_close(struct last_pid *last)
{
	if (last->fd >= 0)
		close(last->fd);
	*last = (struct last_pid){.fd = -1};
}

uint32_t
last_pid_parse(struct text text)
{
	uint64_t number = 0;
	size_t begin;

	while (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	for (begin = text.len; begin > 0; begin--)
		if (text.data[begin - 1] < '0' || text.data[begin - 1] > '9')
			break;
	if (begin == 0 || text.data[begin - 1] != ' ')
		return 0;
	for (size_t i = begin; i < text.len && number <= UINT32_MAX; i++)
		number = number * 10 + (uint64_t)(text.data[i] - '0');
	return number <= UINT32_MAX ? (uint32_t)number : 0;
}

bool
last_pid_moved(struct last_pid *last)
{
	char data[LOADAVG_SIZE];
	const ssize_t len = last->fd < 0 ? -1 : pread(last->fd, data, sizeof data, 0);
	const uint32_t number = len > 0 ? last_pid_parse((struct text){data, (size_t)len}) : 0;
	const bool moved = number == 0 || number != last->number;

	last->number = number;
	return moved;
}
