/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes the descriptors that whoever started us left open. */
#include <config.h>

#include <sockwatch/privilege/inherited.h>

#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FIRST = STDERR_FILENO + 1,
	NOTED = 1024, /* shells use low numbers; what is above is closed at once */
	WORD_BITS = 64,
};

static uint64_t noted[NOTED / WORD_BITS];

/* poll() takes no more than we may have open. */
static int
count_looked_at(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= NOTED)
		return NOTED;
	return limit.rlim_cur > FIRST ? (int)limit.rlim_cur : FIRST;
}

void
inherited_note(void)
{
	const int count = count_looked_at();
	struct pollfd looks[NOTED];

	for (int fd = 0; fd < count; fd++)
		looks[fd] = (struct pollfd){.fd = fd};
	/* One call tells which are open. */
	if (poll(looks, (nfds_t)count, 0) < 0)
		return;
	for (int fd = FIRST; fd < count; fd++) {
		if ((looks[fd].revents & POLLNVAL) == 0)
			noted[fd / WORD_BITS] |= UINT64_C(1) << fd % WORD_BITS;
	}
	(void)syscall(SYS_close_range, count, UINT_MAX, 0);
}

void
inherited_close(void)
{
	for (int i = 0; i < NOTED / WORD_BITS; i++) {
		for (; noted[i] != 0; noted[i] &= noted[i] - 1)
			(void)close(i * WORD_BITS + __builtin_ctzll(noted[i]));
	}
}
