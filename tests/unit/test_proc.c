/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reading of /proc, on this process and its children. */
#include <config.h>

#include "collector/proc/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/stream/needs.h>

#include "proc_watch.h"
#include "unit.h"

enum { MANY = 300 };

static void
test_own(void **state)
{
	int first, second;
	uint32_t inode;
	uint64_t start_ticks;
	size_t messages;

	(void)state;
	start(getpid());
	first = open_socket();
	inode = inode_of(first);
	refresh();
	assert_true(watched.known);
	assert_int_equal(watched.fd_error, 0);
	assert_int_equal(watched.uid, geteuid());
	assert_int_equal(proc_start_ticks((uint32_t)getpid(), &start_ticks), 0);
	assert_true(watched.start_ticks == start_ticks);
	assert_int_equal(holds(inode, first), 1);

	/* Nothing changed: nothing is reported. */
	messages = watched.messages;
	refresh();
	assert_int_equal(watched.messages, messages);

	second = dup(first);
	refresh_until(inode, second, 1);
	assert_int_equal(holds(inode, first), 1);
	close(first);
	refresh_until(inode, first, 0);
	assert_int_equal(holds(inode, second), 1);
	close(second);
	refresh_until(inode, second, 0);
}

/* How many descriptors there are, and may be: reported when that changes, and only then. */
static void
test_descriptors(void **state)
{
	struct rlimit limit, before_limit;
	int fds[10], first;
	int64_t before;
	size_t messages;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	before_limit = limit;
	/* We watch ourselves: with this limit the descriptors that the walk keeps are soon all
	 * open. */
	limit.rlim_cur = 64;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	start(getpid());
	first = open_socket();
	for (size_t i = 0; i < 3; i++)
		refresh();
	assert_int_equal(watched.files_limit, limit.rlim_cur);
	assert_true(watched.open_files > 0);
	before = watched.open_files;
	messages = watched.descriptor_messages;
	refresh();
	assert_int_equal(watched.descriptor_messages, messages);
	for (size_t i = 0; i < 10; i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	alarm(HANGS_S);
	while (watched.open_files != before + 10)
		refresh();
	for (size_t i = 0; i < 10; i++)
		close(fds[i]);
	while (watched.open_files != before)
		refresh();
	alarm(0);
	close(first);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before_limit), 0);
}

/*
 * Slices so small that each ends within our own descriptors: none is lost between them, nor
 * between refreshes that end before all is read.
 */
static void
test_slices(void **state)
{
	int fds[MANY];
	size_t all;

	(void)state;
	start(getpid());
	for (size_t i = 0; i < MANY; i++)
		fds[i] = open_socket();
	alarm(HANGS_S);
	while (holds(inode_of(fds[MANY - 1]), fds[MANY - 1]) == 0) {
		proc_begin(proc, NEED_ALL, false);
		/* More than the list takes, less than all of it. */
		for (int slice = 0; slice < 50 && proc_step(proc, 1); slice++)
			stream_echo_read(&echo, take, NULL);
		stream_echo_read(&echo, take, NULL);
	}
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(holds(inode_of(fds[i]), fds[i]), 1);
	/* Every third is closed. */
	all = watched.count;
	for (size_t i = 0; i < MANY; i += 3)
		close(fds[i]);
	while (watched.count > all - MANY / 3) {
		proc_begin(proc, NEED_ALL, false);
		while (proc_step(proc, 1))
			stream_echo_read(&echo, take, NULL);
		stream_echo_read(&echo, take, NULL);
	}
	alarm(0);
	for (size_t i = 0; i < MANY; i++)
		if (i % 3 != 0) {
			assert_int_equal(holds(inode_of(fds[i]), fds[i]), 1);
			close(fds[i]);
		}
	assert_int_equal(watched.count, all - MANY / 3);
}

/* One closed, one opened: no count shows it, but the dump does. */
static void
test_search(void **state)
{
	int listener, first, second;
	uint32_t inode;
	struct stat status;
	bool counts;

	(void)state;
	start(getpid());
	listener = open_socket();
	first = open_socket();
	proc_begin(proc, NEED_ALL, false);
	/* The process that listens on the port is read before the budget of a refresh can end. */
	see(inode_of(listener), geteuid(), 40000, 10);
	refresh_on();
	second = open_socket();
	close(first);
	inode = inode_of(second);
	/* On a kernel that does not report the number (before 6.2) all are read. */
	counts = stat("/proc/self/fd", &status) == 0 && status.st_size != 0;
	proc_begin(proc, NEED_ALL, false);
	see(inode, 12345, 40000, 1);
	refresh_on();
	if (holds(inode, second) == 0)
		refresh_until(inode, second, 1);
	assert_int_equal(end.owners_pending, 0);

	/* One that is nobody's is pending, until it leaves the dump. */
	proc_begin(proc, NEED_ALL, false);
	see(2, 12345, 40001, 1);
	refresh_on();
	if (counts)
		assert_int_equal(end.owners_pending, 1);
	refresh();
	proc_lost_sockets(proc, &(const uint64_t){1002}, 1);
	refresh();
	assert_int_equal(end.owners_pending, 0);
	close(second);
	close(listener);
}

/* One closed, one opened, and no dump tells of it: what is remembered is verified in turns. */
static void
test_verified(void **state)
{
	int first, second, spare;
	uint32_t inode;

	(void)state;
	start(getpid());
	first = open_socket();
	inode = inode_of(first);
	spare = dup(STDOUT_FILENO);
	refresh_until(inode, first, 1);
	/* It is lost ... */
	assert_int_equal(dup2(spare, first), first);
	refresh_until(inode, first, 0);
	/* ... and another one comes in the place of a file. */
	second = open_socket();
	assert_int_equal(dup2(second, spare), spare);
	close(second);
	refresh_until(inode_of(spare), spare, 1);
	close(first);
	close(spare);
}

static void
test_exhaustive(void **state)
{
	int fd;

	(void)state;
	start(getpid());
	fd = open_socket();
	proc_begin(proc, NEED_ALL, true);
	see(inode_of(fd), geteuid(), 1, 1);
	refresh_on();
	assert_int_equal(holds(inode_of(fd), fd), 1);
	assert_int_equal(end.owners_pending, 0);
	assert_true(watched.open_files > 0);
	assert_true(watched.files_limit > 0);
	close(fd);
}

static void
test_asleep(void **state)
{
	int fd;

	(void)state;
	start(getpid());
	fd = open_socket();
	proc_begin(proc, NEED_SOCKETS, false);
	refresh_on();
	assert_false(watched.known);
	refresh();
	assert_int_equal(holds(inode_of(fd), fd), 1);
	close(fd);
}

/* A child that inherits what we hold; with a program, it executes that on request. */
static pid_t
fork_child(int *go, char *const program[])
{
	int pipe_fds[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(pipe_fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(pipe_fds[1]);
		(void)!read(pipe_fds[0], &byte, 1);
		/* The same number of descriptors before and after. */
		if (program != NULL)
			execvp(program[0], program);
		_exit(1);
	}
	close(pipe_fds[0]);
	*go = pipe_fds[1];
	return pid;
}

static void
test_fork(void **state)
{
	const int fd = open_socket();
	const uint32_t inode = inode_of(fd);
	int go, status;
	pid_t child;

	(void)state;
	start(0);
	refresh();
	child = fork_child(&go, NULL);
	watched.pid = (uint32_t)child;
	refresh();
	assert_true(watched.known);
	assert_int_equal(holds(inode, fd), 1);
	close(go);
	assert_int_equal(waitpid(child, &status, 0), child);
	refresh();
	assert_true(watched.gone);
	close(fd);
}

static void
test_exec(void **state)
{
	char name[] = "sleep", seconds[] = "60";
	char *const program[] = {name, seconds, NULL};
	const int fd = open_socket();
	char path[64], comm[64] = "";
	int go, status;
	pid_t child;

	(void)state;
	child = fork_child(&go, program);
	start(child);
	refresh();
	assert_int_equal(holds(inode_of(fd), fd), 1);
	assert_string_not_equal(watched.comm, "sleep");
	assert_int_equal(write(go, "x", 1), 1);
	snprintf(path, sizeof path, "/proc/%d/comm", (int)child);
	alarm(HANGS_S);
	while (strcmp(comm, "sleep\n") != 0) {
		const int file = open(path, O_RDONLY);
		const ssize_t len = read(file, comm, sizeof comm - 1);

		assert_true(len > 0);
		comm[len] = '\0';
		close(file);
		sched_yield();
	}
	alarm(0);
	refresh();
	assert_string_equal(watched.comm, "sleep");
	assert_int_equal(holds(inode_of(fd), fd), 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(go);
	close(fd);
}

/* Somebody without rights looks at a process of root's. */
static void
test_hidden(void **state)
{
	const pid_t parent = getpid();
	int status;
	pid_t child;

	(void)state;
	if (geteuid() != 0) {
		start(0);
		unit_skip("needs root, to look as somebody else");
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		start(parent);
		refresh();
		_exit(watched.known && watched.fd_error == EACCES && watched.count == 0 &&
					end.owners_hidden >= 1
				? 0
				: 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	start(0);
}

static void
test_start_ticks(void **state)
{
	uint64_t start_ticks;

	(void)state;
	start(0);
	assert_int_equal(proc_start_ticks(4194304 + 1, &start_ticks), -ESRCH);
}

static void
test_counters_open(void **state)
{
	int fds[PROC_COUNTER_FILES];

	(void)state;
	start(0);
	assert_int_equal(proc_counters_open(fds), 0);
	assert_true(fds[COUNTER_SOCKSTAT] >= 0);
	for (int i = 0; i < PROC_COUNTER_FILES; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_own, stop),
		cmocka_unit_test_teardown(test_descriptors, stop),
		cmocka_unit_test_teardown(test_slices, stop),
		cmocka_unit_test_teardown(test_search, stop),
		cmocka_unit_test_teardown(test_verified, stop),
		cmocka_unit_test_teardown(test_exhaustive, stop),
		cmocka_unit_test_teardown(test_asleep, stop),
		cmocka_unit_test_teardown(test_fork, stop),
		cmocka_unit_test_teardown(test_exec, stop),
		cmocka_unit_test_teardown(test_hidden, stop),
		cmocka_unit_test_teardown(test_start_ticks, stop),
		cmocka_unit_test_teardown(test_counters_open, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
