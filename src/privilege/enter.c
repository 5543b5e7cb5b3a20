/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a socket or a capture inside another network namespace. */
#include <config.h>

#include <sockwatch/privilege/enter.h>

#include <errno.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

int
enter_and_open(int socket, int home, int (*open)(void *context), void *context)
{
	struct stat there_status, home_status;
	const int there = ioctl(socket, SIOCGSKNS);
	int result;

	if (there < 0)
		return -errno;
	if (fstat(there, &there_status) == 0 && fstat(home, &home_status) == 0 &&
		there_status.st_ino == home_status.st_ino) {
		close(there);
		return open(context);
	}
	result = setns(there, CLONE_NEWNET) != 0 ? -errno : 0;
	close(there);
	if (result != 0)
		return result;
	result = open(context);
	return setns(home, CLONE_NEWNET) != 0 ? -ENOTRECOVERABLE : result;
}
