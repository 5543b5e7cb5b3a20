/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library that is loaded before libc: the wall clock of the program is two hours ahead while the
 * file $SOCKWATCH_TEST_STEP holds '+', five hours behind while it holds '-', and right otherwise.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile char *sign;
static int (*real_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void
begin(void)
{
	const char *const path = getenv("SOCKWATCH_TEST_STEP");
	const int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	*(void **)&real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
	if (fd < 0)
		return;
	sign = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
}

int
clock_gettime(clockid_t id, struct timespec *now)
{
	const int result = real_gettime(id, now);

	if (id == CLOCK_REALTIME && sign != NULL && sign != MAP_FAILED)
		now->tv_sec += *sign == '+' ? 2 * 3600 : *sign == '-' ? -5 * 3600 : 0;
	return result;
}
