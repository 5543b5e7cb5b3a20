/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the filter that make_filters.c made of the table of system calls. */
#include <config.h>

#include "syscall_filter.h"

#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filters.h"

static_assert(sizeof filters / sizeof *filters == SANDBOX_ROLES, "a role has no filter");

int
syscall_filter_load(enum sandbox_role role)
{
	const struct filter *const filter = &filters[role];
	/* The kernel only reads it. */
	struct sock_fprog program = {
		.len = filter->count, .filter = (struct sock_filter *)(uintptr_t)filter->steps};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
		return 0;
	/* A kernel without filters refuses them as an argument that it does not know. */
	return errno == EINVAL ? -ENOSYS : -errno;
}
