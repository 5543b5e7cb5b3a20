/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads small files of a process in /proc, parses /proc/PID/stat and limits, lists all processes.
 */
#include <config.h>

#include "pid_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/number.h>

void
pid_file_path(uint32_t pid, const char *name, char *path)
{
	size_t len = number_write_unsigned(pid, path);
	const size_t name_len = strnlen(name, 16);

	if (name_len != 0)
		path[len++] = '/';
	memcpy(path + len, name, name_len);
	path[len + name_len] = '\0';
}

ssize_t
pid_file_read(int proc, uint32_t pid, const char *name, char *out, size_t size)
{
	char path[PID_FILE_PATH_SIZE];
	size_t len = 0;
	int fd;

	pid_file_path(pid, name, path);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* The kernel may return a page at a time: a short read is not the end. */
	while (len < size) {
		const ssize_t got = read(fd, out + len, size - len);

		if (got < 0) {
			const int error = errno;

			close(fd);
			return -error;
		}
		if (got == 0)
			break;
		len += (size_t)got;
	}
	close(fd);
	return (ssize_t)len;
}

/* Reads the number at *cursor, which moves past it and one blank. A minus sign is ignored. */
static int
take_number(const char **cursor, const char *end, uint64_t *number)
{
	const char *at = *cursor;
	uint64_t value = 0;
	const char *digits;

	if (at < end && *at == '-')
		at++;
	for (digits = at; at < end && *at >= '0' && *at <= '9'; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	if (at == digits)
		return -EINVAL;
	if (at < end && (*at == ' ' || *at == '\n'))
		at++;
	*cursor = at;
	*number = value;
	return 0;
}

int
pid_stat_parse(struct text text, struct pid_stat *stat)
{
	const char *const end = text.data + text.len;
	const char *open, *close, *cursor;
	uint64_t number;

	if (text.len == 0)
		return -EINVAL;
	/* A process may be named ") R 1 (": the first '(' and the last ')' are the kernel's. */
	open = memchr(text.data, '(', text.len);
	close = memrchr(text.data, ')', text.len);
	if (open == NULL || close == NULL || close < open || end - close < 4)
		return -EINVAL;
	stat->comm = (struct text){open + 1, (size_t)(close - open - 1)};
	/* ") S " and then field 4 (ppid) to 22 (starttime). */
	cursor = close + 4;
	for (int field = 4; field <= 22; field++) {
		if (take_number(&cursor, end, &number) != 0)
			return -EINVAL;
		if (field == 9)
			stat->flags = (uint32_t)number;
	}
	stat->start_ticks = number;
	return 0;
}

/* Columns are padded with blanks: name, soft limit, hard limit, unit. */
int
pid_limits_parse_files(struct text text, uint32_t *limit)
{
	static const char name[] = "Max open files ";
	const size_t name_len = sizeof name - 1;
	struct text line;

	while (text_next_line(&text, &line)) {
		const char *cursor = line.data + name_len;
		const char *const end = line.data + line.len;
		uint64_t number;

		if (line.len < name_len || memcmp(line.data, name, name_len) != 0)
			continue;
		while (cursor < end && *cursor == ' ')
			cursor++;
		/* It cannot be unlimited: the kernel bounds it by fs.nr_open. */
		if (take_number(&cursor, end, &number) != 0 || number > UINT32_MAX)
			return -EINVAL;
		*limit = (uint32_t)number;
		return 0;
	}
	return -EINVAL;
}

static int
compare_pids(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* The pid in the name of a directory in /proc, or 0. */
static uint32_t
name_to_pid(const char *name)
{
	uint32_t pid = 0;

	for (; *name >= '0' && *name <= '9'; name++) {
		if (pid > UINT32_MAX / 10 - 1)
			return 0;
		pid = pid * 10 + (uint32_t)(*name - '0');
	}
	return *name == '\0' ? pid : 0;
}

static int
add_pid(uint32_t pid, uint32_t **pids, size_t *capacity, size_t count)
{
	if (count == *capacity) {
		const size_t larger = *capacity != 0 ? *capacity * 2 : 512;
		uint32_t *const grown = reallocarray(*pids, larger, sizeof **pids);

		if (grown == NULL)
			return -ENOMEM;
		*pids = grown;
		*capacity = larger;
	}
	(*pids)[count] = pid;
	return 0;
}

ssize_t
pid_list(int directory, uint32_t **pids, size_t *capacity)
{
	_Alignas(struct dirent64) char buffer[32768];
	size_t count = 0;
	bool ascending = true;

	if (lseek(directory, 0, SEEK_SET) < 0)
		return -errno;
	for (;;) {
		const ssize_t got = getdents64(directory, buffer, sizeof buffer);

		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *const entry = (const void *)(buffer + at);
			const uint32_t pid = name_to_pid(entry->d_name);

			at += entry->d_reclen;
			if (pid == 0)
				continue;
			if (add_pid(pid, pids, capacity, count) != 0)
				return -ENOMEM;
			ascending = ascending && (count == 0 || (*pids)[count - 1] < pid);
			count++;
		}
	}
	/* The kernel lists pids in order, but does not promise it. */
	if (!ascending)
		qsort(*pids, count, sizeof **pids, compare_pids);
	return (ssize_t)count;
}
