/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs refreshes of collector/proc and keeps what they report of one process. */
#ifndef SOCKWATCH_TESTS_UNIT_PROC_WATCH_H
#define SOCKWATCH_TESTS_UNIT_PROC_WATCH_H

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/stream/needs.h>

#include "collector/proc/proc.h"
#include "stream_echo.h"
#include "unit.h"

enum { HOLDS_MAX = 512, HANGS_S = 60 };

/* What was reported of one process. */
static struct watched {
	uint32_t pid;
	bool known, gone;
	int32_t fd_error;
	uint32_t uid;
	char comm[64];
	uint64_t start_ticks;
	int64_t open_files, files_limit; /* -1: not reported */
	size_t descriptor_messages;
	uint64_t holds[HOLDS_MAX];
	size_t count;
	size_t messages;
} watched;

static struct stream_echo echo;
static struct proc *proc;
static struct message_snapshot_end end;

static inline void
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

static inline void
take_descriptors(const struct message_descriptors *descriptors)
{
	/* A process is reported before them. */
	for (size_t i = 0; i < descriptors->open.count; i++) {
		const uint64_t pair = array_u64(descriptors->open, i);

		if (pair >> 32 != watched.pid)
			continue;
		assert_true(watched.known);
		watched.open_files = (uint32_t)pair;
		watched.descriptor_messages++;
	}
	for (size_t i = 0; i < descriptors->limits.count; i++) {
		const uint64_t pair = array_u64(descriptors->limits, i);

		if (pair >> 32 == watched.pid)
			watched.files_limit = (uint32_t)pair;
	}
}

static inline void
take(void *context, const struct message *message)
{
	(void)context;
	if (message->type == MESSAGE_PROCESS_GONE) {
		for (size_t i = 0; i < message->body.process_gone.pids.count; i++)
			if (array_u32(message->body.process_gone.pids, i) == watched.pid)
				watched = (struct watched){.pid = watched.pid, .gone = true};
	} else if (message->type == MESSAGE_DESCRIPTORS) {
		take_descriptors(&message->body.descriptors);
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

static inline void
start(pid_t pid)
{
	const struct proc_options options = {.writer = (stream_echo_open(&echo), echo.writer)};

	watched = (struct watched){.pid = (uint32_t)pid, .open_files = -1, .files_limit = -1};
	proc = proc_new(&options);
	assert_non_null(proc);
}

static inline int
stop(void **state)
{
	(void)state;
	proc_free(proc);
	stream_echo_close(&echo);
	return 0;
}

/* The rest of a refresh that was begun. */
static inline void
refresh_on(void)
{
	while (proc_step(proc, 1000000))
		stream_echo_read(&echo, take, NULL);
	proc_end(proc, &end);
	stream_echo_read(&echo, take, NULL);
}

static inline void
refresh(void)
{
	proc_begin(proc, NEED_ALL, false);
	refresh_on();
}

/* The dump lists a socket. Its cookie is its inode and 1000. */
static inline void
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

static inline uint32_t
inode_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return (uint32_t)status.st_ino;
}

static inline size_t
holds(uint32_t inode, int fd)
{
	size_t count = 0;

	for (size_t i = 0; i < watched.count; i++)
		count += watched.holds[i] == ((uint64_t)inode << 32 | (uint32_t)fd);
	return count;
}

/* On a box that is busy the budget may end before it is our turn. */
static inline void
refresh_until(uint32_t inode, int fd, size_t count)
{
	alarm(HANGS_S);
	do {
		refresh();
	} while (holds(inode, fd) != count);
	alarm(0);
}

static inline int
open_socket(void)
{
	const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	return fd;
}

#endif
