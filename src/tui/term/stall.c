/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounds how long is waited for a terminal that takes no output. ncurses waits in write(), whatever
 * interrupts it, so a timer's signal makes room: it has the kernel throw away what waits. A
 * pseudo-terminal is then empty, and the write goes on.
 */
#include <config.h>

#include "stall.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

enum {
	LOOK_US = 150000,
	/* Looks until it is called stuck: where the user wants something, and where nobody does. */
	LOOKS_ASKED = 2,
	LOOKS = 14,
};

static struct {
	volatile sig_atomic_t looks, has_lost;
	int waiting; /* bytes that a slow line still had to send at the last look */
} stall;

static bool
is_ready(int fd, short events)
{
	struct pollfd look = {.fd = fd, .events = events};

	return poll(&look, 1, 0) > 0;
}

bool
stall_is_over(void)
{
	return is_ready(STDOUT_FILENO, POLLOUT);
}

void
stall_discard(void)
{
	(void)tcflush(STDOUT_FILENO, TCOFLUSH);
}

static void
set_timer(suseconds_t us)
{
	const struct itimerval each = {.it_interval.tv_usec = us, .it_value.tv_usec = us};

	(void)setitimer(ITIMER_REAL, &each, NULL);
}

void
stall_begin(void)
{
	stall.looks = stall.has_lost = 0;
	set_timer(LOOK_US);
}

bool
stall_end(void)
{
	set_timer(0);
	return stall.has_lost != 0;
}

/* The loop takes these signals, which has to wait until all is written. */
static bool
is_end_asked(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 ||
		       sigismember(&pending, SIGHUP) == 1);
}

/* A serial line is slow, and not stuck. A pseudo-terminal always has 0. */
static bool
is_sending(void)
{
	const int before = stall.waiting;

	if (ioctl(STDOUT_FILENO, TIOCOUTQ, &stall.waiting) != 0)
		stall.waiting = 0;
	return stall.waiting != 0 && stall.waiting != before;
}

static bool
is_stuck(void)
{
	const bool is_line_alive = is_sending();

	if (stall_is_over())
		return false;
	stall.looks++;
	if (is_end_asked())
		return stall.looks >= LOOKS_ASKED;
	if (is_line_alive)
		return false;
	return stall.looks >= (is_ready(STDIN_FILENO, POLLIN) ? LOOKS_ASKED : LOOKS);
}

void
stall_on_timer(void)
{
	const int error = errno;

	if (is_stuck()) {
		stall_discard();
		stall.looks = 0;
		stall.has_lost = 1;
	}
	errno = error;
}
