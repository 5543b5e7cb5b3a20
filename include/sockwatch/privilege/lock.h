/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every process can give up that no list of system calls takes away. */
#ifndef SOCKWATCH_PRIVILEGE_LOCK_H
#define SOCKWATCH_PRIVILEGE_LOCK_H

/*
 * No debugger of the same user may enter this process, and it leaves no core: PR_SET_DUMPABLE 0.
 * Call it after the last change of user, at which the kernel takes fs.suid_dumpable in its place. A
 * build with sanitizers, whose leak detector traces its own process, stays as it is. 0, or negative
 * errno.
 */
int lock_tracing(void);
/* The working directory becomes /, so that no mount is kept busy. */
void lock_directory(void);

#endif
