/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/loop.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "unit.h"

/* What a test's callbacks share. */
struct bench {
	struct loop *loop;
	struct loop_source *first, *second;
	int pipe[2];
	unsigned calls, after_calls, idle_calls, idle_wanted;
	unsigned events;
	uint64_t times;
	int signal;
};

static int
set_up(void **state)
{
	static struct bench bench;

	bench = (struct bench){.loop = loop_new()};
	*state = &bench;
	return bench.loop == NULL || pipe(bench.pipe) != 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
	struct bench *const bench = *state;

	loop_free(bench->loop);
	close(bench->pipe[0]);
	close(bench->pipe[1]);
	return 0;
}

static void
read_and_stop(void *context, unsigned events)
{
	struct bench *const bench = context;
	char byte;

	bench->calls++;
	bench->events = events;
	if ((events & LOOP_READ) != 0 && read(bench->pipe[0], &byte, 1) < 0)
		fail();
	loop_stop(bench->loop, 5);
}

static void
count_and_stop(void *context, unsigned events)
{
	struct bench *const bench = context;

	bench->calls++;
	bench->events = events;
	loop_stop(bench->loop, 0);
}

static void
reads(void **state)
{
	struct bench *const bench = *state;

	assert_non_null(loop_add(bench->loop, bench->pipe[0], LOOP_READ, read_and_stop, bench));
	assert_int_equal(write(bench->pipe[1], "x", 1), 1);
	assert_int_equal(loop_run(bench->loop), 5);
	assert_int_equal(bench->calls, 1);
	assert_int_equal(bench->events, LOOP_READ);
}

static void
level_triggered(void **state)
{
	struct bench *const bench = *state;

	assert_non_null(loop_add(bench->loop, bench->pipe[0], LOOP_READ, read_and_stop, bench));
	assert_int_equal(write(bench->pipe[1], "xyz", 3), 3);
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_equal(loop_run(bench->loop), 5);
		assert_int_equal(bench->calls, i);
	}
}

static void
writes(void **state)
{
	struct bench *const bench = *state;

	assert_non_null(loop_add(bench->loop, bench->pipe[1], LOOP_WRITE, count_and_stop, bench));
	assert_int_equal(loop_run(bench->loop), 0);
	assert_int_equal(bench->events, LOOP_WRITE);
}

static void
reports_the_end(void **state)
{
	struct bench *const bench = *state;

	assert_non_null(loop_add(bench->loop, bench->pipe[0], LOOP_READ, read_and_stop, bench));
	assert_int_equal(write(bench->pipe[1], "x", 1), 1);
	close(bench->pipe[1]);
	bench->pipe[1] = -1;
	for (unsigned i = 0; i < 2; i++) {
		loop_run(bench->loop);
		assert_int_equal(bench->events, LOOP_READ | LOOP_HANGUP);
	}
}

static void
reports_the_end_when_nothing_is_waited_for(void **state)
{
	struct bench *const bench = *state;
	struct loop_source *const source =
		loop_add(bench->loop, bench->pipe[0], LOOP_READ, count_and_stop, bench);

	assert_int_equal(write(bench->pipe[1], "x", 1), 1);
	assert_int_equal(loop_change(source, 0), 0);
	close(bench->pipe[1]);
	bench->pipe[1] = -1;
	loop_run(bench->loop);
	assert_int_equal(bench->events, LOOP_HANGUP);
}

/* The reader has gone: the handler sees LOOP_WRITE, and its write fails. */
static void
reports_an_error_as_what_is_waited_for(void **state)
{
	struct bench *const bench = *state;
	char fill[4096] = {0};

	fcntl(bench->pipe[1], F_SETFL, O_NONBLOCK);
	while (write(bench->pipe[1], fill, sizeof fill) > 0)
		;
	assert_non_null(loop_add(bench->loop, bench->pipe[1], LOOP_WRITE, count_and_stop, bench));
	close(bench->pipe[0]);
	bench->pipe[0] = -1;
	loop_run(bench->loop);
	assert_int_equal(bench->events, LOOP_WRITE);
}

static void
remove_both(void *context, unsigned events)
{
	struct bench *const bench = context;

	(void)events;
	bench->calls++;
	loop_remove(bench->first);
	loop_remove(bench->second);
	loop_remove(bench->first); /* once more does nothing */
	loop_stop(bench->loop, 0);
}

/* Both are ready in the same pass; whichever is called first, the other is called no more. */
static void
removal_while_ready(void **state)
{
	struct bench *const bench = *state;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	bench->first = loop_add(bench->loop, pair[0], LOOP_WRITE, remove_both, bench);
	bench->second = loop_add(bench->loop, pair[1], LOOP_WRITE, remove_both, bench);
	loop_run(bench->loop);
	assert_int_equal(bench->calls, 1);
	close(pair[0]);
	close(pair[1]);
}

static void
silence_second(void *context, unsigned events)
{
	struct bench *const bench = context;

	(void)events;
	bench->calls++;
	loop_change(bench->first, 0);
	loop_change(bench->second, 0);
	loop_stop(bench->loop, 0);
}

static void
change_while_ready(void **state)
{
	struct bench *const bench = *state;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	bench->first = loop_add(bench->loop, pair[0], LOOP_WRITE, silence_second, bench);
	bench->second = loop_add(bench->loop, pair[1], LOOP_WRITE, silence_second, bench);
	loop_run(bench->loop);
	assert_int_equal(bench->calls, 1);
	close(pair[0]);
	close(pair[1]);
}

static void
add_another(void *context, unsigned events)
{
	struct bench *const bench = context;

	(void)events;
	loop_remove(bench->first);
	bench->second = loop_add(bench->loop, bench->pipe[1], LOOP_WRITE, count_and_stop, bench);
}

/* The same descriptor, too: the old source is out of epoll when remove returns. */
static void
adds_in_a_callback(void **state)
{
	struct bench *const bench = *state;

	bench->first = loop_add(bench->loop, bench->pipe[1], LOOP_WRITE, add_another, bench);
	loop_run(bench->loop);
	assert_non_null(bench->second);
	assert_int_equal(bench->calls, 1);
}

static void
bad_descriptor(void **state)
{
	struct bench *const bench = *state;

	assert_null(loop_add(bench->loop, -1, LOOP_READ, count_and_stop, bench));
	assert_int_equal(errno, EBADF);
}

static void
on_expire(void *context, uint64_t times)
{
	struct bench *const bench = context;

	bench->calls++;
	bench->times += times;
	if (bench->times >= 3)
		loop_stop(bench->loop, 0);
}

static void
timer_expires(void **state)
{
	struct bench *const bench = *state;
	const uint64_t start = clock_monotonic_ns();
	struct loop_source *const timer = loop_add_timer(bench->loop, on_expire, bench);

	assert_non_null(timer);
	assert_int_equal(loop_arm(timer, 2 * CLOCK_NS_PER_MS, CLOCK_NS_PER_MS), 0);
	loop_run(bench->loop);
	assert_true(clock_monotonic_ns() - start >= 4 * CLOCK_NS_PER_MS);
	/* Disarmed, it is silent; another ends the wait. */
	assert_int_equal(loop_arm(timer, 0, 0), 0);
	bench->calls = 0;
	bench->times = 2;
	bench->second = loop_add_timer(bench->loop, on_expire, bench);
	assert_int_equal(loop_arm(bench->second, 3 * CLOCK_NS_PER_MS, 0), 0);
	loop_run(bench->loop);
	assert_int_equal(bench->calls, 1);
	assert_int_equal(bench->times, 3);
}

static void
on_signal(void *context, int signal)
{
	struct bench *const bench = context;

	bench->calls++;
	bench->signal = signal;
	loop_stop(bench->loop, 0);
}

static void
signal_arrives(void **state)
{
	struct bench *const bench = *state;
	struct loop_source *const source = loop_add_signal(bench->loop, SIGUSR1, on_signal, bench);
	sigset_t mask;

	assert_non_null(source);
	assert_int_equal(raise(SIGUSR1), 0);
	loop_run(bench->loop);
	assert_int_equal(bench->signal, SIGUSR1);
	assert_int_equal(bench->calls, 1);
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGUSR1), 1);
	loop_remove(source);
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGUSR1), 0);
}

static void
bad_signal(void **state)
{
	struct bench *const bench = *state;

	assert_null(loop_add_signal(bench->loop, 9999, on_signal, bench));
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_null(loop_add(bench->loop, 9999, LOOP_READ, NULL, NULL));
	assert_int_equal(errno, EBADF);
}

/* Why a signal cannot be waited for is kept, and it is not blocked then. */
static void
no_descriptor(void **state)
{
	struct bench *const bench = *state;
	struct rlimit before, none;
	sigset_t mask;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	errno = 0;
	assert_null(loop_add_signal(bench->loop, SIGUSR1, on_signal, bench));
	assert_int_equal(errno, EMFILE);
	errno = 0;
	assert_null(loop_add_timer(bench->loop, NULL, NULL));
	assert_int_equal(errno, EMFILE);
	assert_null(loop_new());
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGUSR1), 0);
}

static void
ignore(int signal)
{
	(void)signal;
}

/* A signal that nobody gave to the loop interrupts epoll_wait. */
static void
interruption_does_not_end_the_loop(void **state)
{
	struct bench *const bench = *state;
	const struct sigaction action = {.sa_handler = ignore};
	const struct itimerval soon = {.it_value.tv_usec = 2000};
	struct loop_source *const timer = loop_add_timer(bench->loop, on_expire, bench);

	bench->times = 2;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(loop_arm(timer, 20 * CLOCK_NS_PER_MS, 0), 0);
	assert_int_equal(loop_run(bench->loop), 0);
	assert_int_equal(bench->calls, 1);
}

static void
after(void *context)
{
	struct bench *const bench = context;

	bench->after_calls++;
}

static bool
idle(void *context)
{
	struct bench *const bench = context;

	/* The pass before has ended, and so have those of all earlier calls. */
	bench->idle_calls++;
	assert_int_equal(bench->after_calls, bench->idle_calls);
	if (bench->idle_calls < bench->idle_wanted)
		return true;
	assert_int_equal(loop_arm(bench->first, CLOCK_NS_PER_MS, 0), 0);
	return false;
}

static void
work_is_taken_in_slices(void **state)
{
	struct bench *const bench = *state;

	bench->first = loop_add_timer(bench->loop, on_expire, bench);
	assert_non_null(bench->first);
	bench->times = 2;
	bench->idle_wanted = 5;
	loop_set_after(bench->loop, after, bench);
	loop_set_idle(bench->loop, idle, bench);
	loop_run(bench->loop);
	assert_int_equal(bench->idle_calls, 5);
	/* Once more after the last slice, and for the timer, which may have been ready by then. */
	assert_in_range(bench->after_calls, 6, 7);
}

static bool
idle_once(void *context)
{
	struct bench *const bench = context;

	bench->idle_calls++;
	if (bench->idle_calls == 1)
		loop_wake_idle(bench->loop);
	else
		loop_stop(bench->loop, 0);
	return false;
}

static void
idle_is_woken(void **state)
{
	struct bench *const bench = *state;

	loop_set_idle(bench->loop, idle_once, bench);
	loop_run(bench->loop);
	assert_int_equal(bench->idle_calls, 2);
	/* Asked for before the loop runs again. */
	loop_wake_idle(bench->loop);
	loop_run(bench->loop);
	assert_int_equal(bench->idle_calls, 3);
}

static void
stop_before_run(void **state)
{
	struct bench *const bench = *state;

	loop_set_after(bench->loop, after, bench);
	loop_stop(bench->loop, 3);
	assert_int_equal(loop_run(bench->loop), 3);
	assert_int_equal(bench->after_calls, 0);
}

static void
read_to_the_end(void *context, unsigned events)
{
	struct bench *const bench = context;
	char bytes[4];
	const ssize_t len = read(bench->pipe[0], bytes, sizeof bytes);

	assert_int_equal(events, LOOP_READ);
	bench->calls++;
	if (len <= 0) {
		loop_remove(bench->first);
		loop_stop(bench->loop, 0);
	}
}

static void
regular_file(void **state)
{
	struct bench *const bench = *state;
	FILE *const file = tmpfile();
	const int saved = bench->pipe[0];

	assert_non_null(file);
	assert_true(fputs("0123456789", file) >= 0 && fflush(file) == 0);
	bench->pipe[0] = fileno(file);
	assert_int_equal(lseek(bench->pipe[0], 0, SEEK_SET), 0);
	bench->first = loop_add(bench->loop, bench->pipe[0], LOOP_READ, read_to_the_end, bench);
	assert_non_null(bench->first);
	loop_run(bench->loop);
	assert_int_equal(bench->calls, 4);
	fclose(file);
	bench->pipe[0] = saved;
}

/* While it waits for nothing, the loop sleeps as if the file were not there. */
static void
regular_file_that_waits(void **state)
{
	struct bench *const bench = *state;
	FILE *const file = tmpfile();
	struct loop_source *timer;

	assert_non_null(file);
	bench->times = 2;
	bench->first = loop_add(bench->loop, fileno(file), 0, count_and_stop, bench);
	timer = loop_add_timer(bench->loop, on_expire, bench);
	assert_int_equal(loop_arm(timer, 5 * CLOCK_NS_PER_MS, 0), 0);
	loop_set_after(bench->loop, after, bench);
	loop_run(bench->loop);
	assert_int_equal(bench->calls, 1);
	/* The first pass, which does not sleep, and the timer's. On a busy box they are one. */
	assert_in_range(bench->after_calls, 1, 2);
	assert_int_equal(loop_change(bench->first, LOOP_READ | LOOP_WRITE), 0);
	loop_run(bench->loop);
	assert_int_equal(bench->events, LOOP_READ | LOOP_WRITE);
	fclose(file);
}

/* Both at once, and no more than that; what is not waited for is not reported. */
static void
without_an_end(void **state)
{
	struct bench *const bench = *state;
	struct loop_source *const source =
		loop_add(bench->loop, bench->pipe[1], LOOP_WRITE, count_and_stop, bench);

	assert_non_null(source);
	assert_int_equal(loop_run(bench->loop), 0);
	assert_int_equal(bench->events, LOOP_WRITE);
	loop_remove(source);
	assert_non_null(loop_add(
		bench->loop, bench->pipe[0], LOOP_READ | LOOP_WRITE, read_and_stop, bench));
	assert_int_equal(write(bench->pipe[1], "x", 1), 1);
	assert_int_equal(loop_run(bench->loop), 5);
	assert_int_equal(bench->events, LOOP_READ);
}

/* What was removed is gone when the loop is freed, whether it ran since or not. */
static void
removed_before_a_run(void **state)
{
	struct bench *const bench = *state;

	for (unsigned i = 0; i < 3; i++) {
		struct loop_source *const source =
			loop_add(bench->loop, bench->pipe[0], LOOP_READ, count_and_stop, bench);

		assert_non_null(source);
		assert_int_equal(write(bench->pipe[1], "x", 1), 1);
		loop_remove(source);
	}
	assert_non_null(loop_add(bench->loop, bench->pipe[1], LOOP_WRITE, read_and_stop, bench));
	assert_int_equal(loop_run(bench->loop), 5);
	assert_int_equal(bench->calls, 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(reads),
		TEST(level_triggered),
		TEST(writes),
		TEST(reports_the_end),
		TEST(reports_the_end_when_nothing_is_waited_for),
		TEST(reports_an_error_as_what_is_waited_for),
		TEST(removal_while_ready),
		TEST(change_while_ready),
		TEST(adds_in_a_callback),
		TEST(bad_descriptor),
		TEST(timer_expires),
		TEST(signal_arrives),
		TEST(bad_signal),
		TEST(no_descriptor),
		TEST(interruption_does_not_end_the_loop),
		TEST(work_is_taken_in_slices),
		TEST(idle_is_woken),
		TEST(stop_before_run),
		TEST(regular_file),
		TEST(regular_file_that_waits),
		cmocka_unit_test_setup_teardown(without_an_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(removed_before_a_run, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
