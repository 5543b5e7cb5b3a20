/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives up being traced, dumped, and holding a directory. */
#include <config.h>

#include <sockwatch/privilege/lock.h>

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

int
lock_tracing(void)
{
#ifdef SANITIZERS
	return 0;
#else
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ? -errno : 0;
#endif
}

void
lock_directory(void)
{
	if (chdir("/") != 0)
		return; /* it is no danger, only a mount that stays busy */
}
