/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of system calls as a filter in the kernel (seccomp). */
#ifndef SOCKWATCH_PRIVILEGE_SANDBOX_SYSCALL_FILTER_H
#define SOCKWATCH_PRIVILEGE_SANDBOX_SYSCALL_FILTER_H

#include <sockwatch/privilege/sandbox.h>

/* In force from now on for this process and its children. 0; -ENOSYS: this build or kernel has no
 * such filters; or another negative errno. */
int syscall_filter_load(enum sandbox_role role);

#endif
