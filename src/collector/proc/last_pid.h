/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a process or thread was made since the last look: /proc/loadavg ends with the number that
 * the kernel gave last. While it stays equal, no listing of /proc is needed. It does not change for
 * a process made with a chosen number (clone3 with set_tid, as CRIU does).
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_LAST_PID_H
#define SOCKWATCH_COLLECTOR_PROC_LAST_PID_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/text.h>

struct last_pid {
	int fd;          /* of /proc/loadavg; negative: it tells nothing of this /proc */
	uint32_t number; /* at the last look; 0: none */
};

/* proc: a descriptor of /proc, which must be of our own PID namespace, as loadavg is. */
void last_pid_open(struct last_pid *last, int proc);
void last_pid_close(struct last_pid *last);

/* Whether there may be new ones since the call before. True where it is not known. */
bool last_pid_moved(struct last_pid *last);

/* The last number in the text of /proc/loadavg (proc_loadavg(5)); 0: there is none. */
uint32_t last_pid_parse(struct text text);

#endif
