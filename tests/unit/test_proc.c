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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/stream/needs.h>

#include "stream_echo.h"
#include "unit.h"

enum { HOLDS_MAX = 512, MANY = 300, HANGS_S = 60 };

/* What was reported of one process. */
static struct watched {
	uint32_t pid;
	bool known, gone;
	int32_t fd_error;
	uint32_t uid;
	char comm[64];
	uint64_t start_ticks;
	uint64_t holds[HOLDS_MAX];
	size_t count;
	size_t messages;
} watched;

static struct stream_echo echo;
static struct proc *proc;
static struct message_snapshot_end end;

static void
release(uint64_t hold)
{
	for (size_t i = 0; i < watched.count; i++) {
		if (watched.holds[i] != hold)
			continue;
		watched.holds[i] = watched.holds[--watched.count];
		return;
	}
	fail_msg("released what was not held");
}

static void
take(void *context, const struct message *message)
{
	(void)context;
	if (message->type == MESSAGE_PROCESS_GONE) {
		for (size_t i = 0; i < message->body.process_gone.pids.count; i++)
			if (array_u32(message->body.process_gone.pids, i) == watched.pid)
				watched = (struct watched){.pid = watched.pid, .gone = true};
	} else if (message->type == MESSAGE_PROCESS && message->body.process.pid == watched.pid) {
		const struct message_process *const process = &message->body.process;

		watched.known = true;
		watched.messages++;
		watched.fd_error = process->fd_error;
		watched.uid = process->uid;
		watched.start_ticks = process->start_ticks;
		snprintf(watched.comm, sizeof watched.comm, "%.*s", (int)process->comm.len,
			process->comm.data);
	} else if (message->type == MESSAGE_OWNERS && message->body.owners.pid == watched.pid) {
		const struct message_owners *const owners = &message->body.owners;

		/* The process itself is reported first. */
		assert_true(watched.known);
		watched.messages++;
		for (size_t i = 0; i < owners->released.count; i++)
			release(array_u64(owners->released, i));
		for (size_t i = 0; i < owners->held.count; i++) {
			assert_true(watched.count < HOLDS_MAX);
			watched.holds[watched.count++] = array_u64(owners->held, i);
		}
	}
}

static void
start(pid_t pid)
{
	const struct proc_options options = {.writer = (stream_echo_open(&echo), echo.writer)};

	watched = (struct watched){.pid = (uint32_t)pid};
	proc = proc_new(&options);
	assert_non_null(proc);
}

static int
stop(void **state)
{
	(void)state;
	proc_free(proc);
	stream_echo_close(&echo);
	return 0;
}

/* The rest of a refresh that was begun. */
static void
refresh_on(void)
{
	while (proc_step(proc, 1000000))
		stream_echo_read(&echo, take, NULL);
	proc_end(proc, &end);
	stream_echo_read(&echo, take, NULL);
}

static void
refresh(void)
{
	proc_begin(proc, NEED_ALL, false);
	refresh_on();
}

/* The dump lists a socket. Its cookie is its inode and 1000. */
static void
see(uint32_t inode, uint32_t uid, uint16_t port, uint8_t state)
{
	const struct proc_socket socket = {
		.cookie = inode + UINT64_C(1000),
		.inode = inode,
		.uid = uid,
		.local_port = port,
		.state = state,
	};

	proc_saw_socket(proc, &socket);
}

static uint32_t
inode_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return (uint32_t)status.st_ino;
}

static size_t
holds(uint32_t inode, int fd)
{
	size_t count = 0;

	for (size_t i = 0; i < watched.count; i++)
		count += watched.holds[i] == ((uint64_t)inode << 32 | (uint32_t)fd);
	return count;
}

/* On a box that is busy the budget may end before it is our turn. */
static void
refresh_until(uint32_t inode, int fd, size_t count)
{
	alarm(HANGS_S);
	do {
		refresh();
	} while (holds(inode, fd) != count);
	alarm(0);
}

static int
open_socket(void)
{
	const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	return fd;
}

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
	refresh();
	/* On a kernel that does not report the number (before 6.2) all are read. */
	counts = stat("/proc/self/fd", &status) == 0 && status.st_size != 0;
	if (counts)
		assert_int_equal(holds(inode, second), 0);
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
		skip();
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
		cmocka_unit_test_teardown(test_slices, stop),
		cmocka_unit_test_teardown(test_search, stop),
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
