/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rights that a process has, as /proc shows them: for `sockwatch --rights`, which prints what
 * was found, not what was meant, and to verify that rights were given up.
 */
#ifndef SOCKWATCH_PRIVILEGE_PROCESS_RIGHTS_H
#define SOCKWATCH_PRIVILEGE_PROCESS_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <sockwatch/base/buffer.h>

struct process_rights {
	pid_t parent;
	uint32_t uid, gid;  /* effective */
	uint32_t groups;    /* others that it is in */
	bool has_other_ids; /* real or saved ids are others: it could change */
	uint64_t permitted, effective, inheritable, bounding, ambient; /* bits of capabilities */
	bool has_no_new_privs;
	int seccomp;  /* 0: none, 1: strict, 2: filters; -1: this kernel has none */
	int filters;  /* how many; -1: the kernel does not report it (before Linux 5.9) */
	int dumpable; /* may be traced and leaves a core; 0: no; -1: /proc does not show it of root
		       */
};

/* pid: of a process; 0: this one. 0, or negative errno: -EPROTO when a set of capabilities is
 * missing. */
int process_rights_read(pid_t pid, struct process_rights *rights);
/* The names of these capabilities, in lower case, with spaces between. */
void process_rights_name(uint64_t capabilities, struct buffer *out);

#endif
