/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of a process in /proc, read whole into the caller's memory, and the fields of
 * /proc/PID/stat and /proc/PID/limits. proc is a descriptor of /proc.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_PID_FILE_H
#define SOCKWATCH_COLLECTOR_PROC_PID_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <sockwatch/base/text.h>

/* "4194304/cgroup" fits. */
enum { PID_FILE_PATH_SIZE = 32 };

/* Writes "PID/name" (or "PID" for "") to path, PID_FILE_PATH_SIZE bytes; name: at most 16 bytes. */
void pid_file_path(uint32_t pid, const char *name, char *path);

/* Reads at most size bytes. Bytes read, or negative errno; a dead process is -ENOENT or -ESRCH. */
ssize_t pid_file_read(int proc, uint32_t pid, const char *name, char *out, size_t size);

struct pid_stat {
	struct text comm; /* points into the text that was parsed */
	uint32_t flags;   /* PF_* of the kernel */
	uint64_t start_ticks;
};

/* PF_KTHREAD of linux/sched.h: the kernel prints it, but no header for programs has it. */
#define PID_STAT_KERNEL_THREAD UINT32_C(0x00200000)

/* Text of /proc/PID/stat (proc_pid_stat(5)). 0, or -EINVAL. */
int pid_stat_parse(struct text text, struct pid_stat *stat);

/* The soft limit of "Max open files" in the text of /proc/PID/limits. 0, or -EINVAL. */
int pid_limits_parse_files(struct text text, uint32_t *limit);

/*
 * Lists all processes in ascending order. directory: a descriptor of /proc for this alone, because
 * its position moves. *pids grows as needed (*capacity). How many, or negative errno.
 */
ssize_t pid_list(int directory, uint32_t **pids, size_t *capacity);

#endif
