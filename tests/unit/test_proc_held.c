/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets held by threads in ways of their own, and the look at a holder before an action. */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc_watch.h"
#include "unit.h"

/* How the threads of a child hold its socket. */
static bool is_table_left;

static void *
hold_alone(void *shared)
{
	/* Its table is a copy: what the leader closes stays open here. */
	if (is_table_left && unshare(CLONE_FILES) != 0)
		_exit(1);
	atomic_store((atomic_int *)shared, -1);
	for (;;)
		pause();
	return NULL;
}

/* A child whose leader has exited, or closed the descriptor that a thread has kept. */
static pid_t
fork_threaded(int fd)
{
	const pid_t pid = fork();
	static atomic_int shared;
	pthread_t thread;

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	if (pthread_create(&thread, NULL, hold_alone, &shared) != 0)
		_exit(1);
	while (atomic_load(&shared) != -1)
		sched_yield();
	if (is_table_left) {
		close(fd);
		for (;;)
			pause();
	}
	syscall(SYS_exit, 0);
	return 0;
}

static void
check_threaded(bool leaves_table)
{
	const int fd = open_socket();
	const uint32_t inode = inode_of(fd);
	pid_t child;

	is_table_left = leaves_table;
	child = fork_threaded(fd);
	start(child);
	refresh_until(inode, fd, 1);
	/* And with a walk that has seen nothing before. */
	stop(NULL);
	start(child);
	proc_begin(proc, NEED_ALL, true);
	refresh_on();
	assert_int_equal(holds(inode, fd), 1);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(fd);
	refresh();
}

static void
test_leader_exited(void **state)
{
	(void)state;
	check_threaded(false);
}

static void
test_table_of_a_thread(void **state)
{
	(void)state;
	/* kcmp of another process's threads, and unshare, need no right among our own. */
	check_threaded(true);
}

/* Before an action: who was known to hold it, and does not, is reported at once. */
static void
test_verify_now(void **state)
{
	const int fd = open_socket(), spare = dup(STDOUT_FILENO);
	const uint32_t inode = inode_of(fd);
	uint64_t start_ticks;
	uint32_t lost = 7;

	(void)state;
	start(getpid());
	refresh_until(inode, fd, 1);
	assert_int_equal(proc_start_ticks((uint32_t)getpid(), &start_ticks), 0);
	assert_int_equal(proc_verify(proc, inode, &lost), 1);
	assert_int_equal(lost, 0);
	assert_int_equal(proc_holds(proc, (uint32_t)getpid(), start_ticks, inode, 0), 0);
	assert_int_equal(proc_holds(proc, (uint32_t)getpid(), start_ticks + 1, inode, 0), -ESRCH);
	assert_int_equal(dup2(spare, fd), fd);
	assert_int_equal(proc_holds(proc, (uint32_t)getpid(), start_ticks, inode, 0), -EBADF);
	assert_int_equal(proc_verify(proc, inode, &lost), 0);
	assert_int_equal(lost, 1);
	stream_echo_read(&echo, take, NULL);
	assert_int_equal(holds(inode, fd), 0);
	/* It is not reported twice. */
	refresh();
	refresh();
	assert_int_equal(holds(inode, fd), 0);
	close(fd);
	close(spare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_leader_exited, stop),
		cmocka_unit_test_teardown(test_table_of_a_thread, stop),
		cmocka_unit_test_teardown(test_verify_now, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
