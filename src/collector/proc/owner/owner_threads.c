/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the threads of a process that have a descriptor table of their own. */
#include <config.h>

#include "owner_threads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockwatch/base/number.h>

#include "collector/proc/pid_file.h"

enum {
	/* Threads of one process that are compared in one reading, about 1 us each. */
	COMPARED_MAX = 4096,
	BUFFER_SIZE = 8192,
	LINKS_BESIDE_THREADS = 2, /* of /proc/PID/task: "." and ".." */
};

struct look {
	int proc;
	struct holder *holder;
	uint32_t tids[OWNER_THREADS_TABLES_MAX];
	uint32_t count, compared;
};

size_t
owner_threads_path(const struct holder *holder, uint32_t table, char *path)
{
	size_t len = number_write_unsigned(holder->pid, path);

	if (table != 0) {
		memcpy(path + len, "/task/", 6);
		len += 6;
		len += number_write_unsigned(holder->tids[table - 1], path + len);
	}
	memcpy(path + len, "/fd", sizeof "/fd");
	return len + 3;
}

/* Open descriptors of a thread's table, or UINT32_MAX: it is gone, or may not be seen. */
static uint32_t
count_open(int proc, const struct holder *holder, uint32_t tid)
{
	const struct holder one = {.pid = holder->pid, .tids = &tid};
	char path[OWNER_THREADS_PATH_SIZE];
	struct stat status;

	owner_threads_path(&one, tid == holder->pid ? 0 : 1, path);
	return fstatat(proc, path, &status, 0) == 0 ? (uint32_t)status.st_size : UINT32_MAX;
}

/* Whether two threads share their descriptor table. */
static bool
share_table(const struct look *look, uint32_t first, uint32_t second)
{
	const long order = syscall(SYS_kcmp, (pid_t)first, (pid_t)second, KCMP_FILES, 0UL, 0UL);

	if (order >= 0)
		return order == 0;
	/* Not built in, or not permitted: tables of different sizes are different ones. */
	return errno == ESRCH || count_open(look->proc, look->holder, first) ==
					 count_open(look->proc, look->holder, second);
}

static void
take_thread(struct look *look, uint32_t tid)
{
	if (share_table(look, look->holder->pid, tid))
		return;
	for (uint32_t i = 0; i < look->count; i++)
		if (share_table(look, look->tids[i], tid))
			return;
	if (look->count < OWNER_THREADS_TABLES_MAX)
		look->tids[look->count++] = tid;
}

static uint32_t
name_to_tid(const char *name)
{
	uint32_t tid = 0;

	for (; *name >= '0' && *name <= '9'; name++)
		tid = tid * 10 + (uint32_t)(*name - '0');
	return *name == '\0' ? tid : 0;
}

static void
take_entries(struct look *look, int directory)
{
	_Alignas(struct dirent64) char buffer[BUFFER_SIZE];
	ssize_t got;

	while ((got = getdents64(directory, buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *const entry = (const void *)(buffer + at);
			const uint32_t tid = name_to_tid(entry->d_name);

			at += entry->d_reclen;
			if (tid == 0 || tid == look->holder->pid)
				continue;
			if (look->compared++ == COMPARED_MAX)
				return;
			take_thread(look, tid);
		}
	}
}

/* Without memory the tables stay unread until the next look. */
static void
keep(struct holder *holder, const uint32_t *tids, uint32_t count)
{
	uint32_t *kept = NULL;

	if (count != 0 && (kept = malloc(count * sizeof *kept)) != NULL)
		memcpy(kept, tids, count * sizeof *kept);
	free(holder->tids);
	holder->tids = kept;
	holder->tid_count = kept != NULL ? count : 0;
}

void
owner_threads_look(int proc, struct holder *holder)
{
	struct look look = {.proc = proc, .holder = holder};
	char path[PID_FILE_PATH_SIZE];
	struct stat status;
	int directory = -1;

	pid_file_path(holder->pid, "task", path);
	if (fstatat(proc, path, &status, 0) == 0 && status.st_nlink > LINKS_BESIDE_THREADS + 1)
		directory = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0) {
		take_entries(&look, directory);
		close(directory);
	}
	if (look.count != 0 || holder->tids != NULL)
		keep(holder, look.tids, look.count);
}

uint32_t
owner_threads_count(int proc, const struct holder *holder)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < holder->tid_count; i++) {
		const uint32_t open = count_open(proc, holder, holder->tids[i]);

		sum += open != UINT32_MAX ? open : 0;
	}
	return sum;
}
