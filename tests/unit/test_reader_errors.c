/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel may answer to read and write: the calls of this program give it. */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

/* The errors that the next calls on this descriptor give, before they are carried out. */
static struct plan {
	int fd;
	const int *errors;
	size_t count, at;
	size_t most; /* bytes a call takes; 0: any */
} plan = {.fd = -1};

static bool
fails(int fd, size_t *len)
{
	if (fd != plan.fd)
		return false;
	if (plan.most != 0 && *len > plan.most)
		*len = plan.most;
	if (plan.at == plan.count)
		return false;
	errno = plan.errors[plan.at++];
	return true;
}

/* Ours come before those of libc. */
ssize_t
write(int fd, const void *bytes, size_t len)
{
	return fails(fd, &len) ? -1 : (ssize_t)syscall(SYS_write, fd, bytes, len);
}

ssize_t
read(int fd, void *bytes, size_t len)
{
	return fails(fd, &len) ? -1 : (ssize_t)syscall(SYS_read, fd, bytes, len);
}

static unsigned polls;

int
poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	(void)fds;
	(void)timeout_ms;
	polls++;
	return (int)count;
}

static void
set_plan(int fd, const int *errors, size_t count, size_t most)
{
	plan = (struct plan){.fd = fd, .errors = errors, .count = count, .most = most};
}

static const struct message_user user = {.uid = 33};

/* A pipe with one message in it. */
static void
open_pipe(int fds[2])
{
	struct stream_writer *writer;

	assert_int_equal(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	writer = stream_writer_new(fds[1], 65536);
	assert_int_equal(stream_write_message(writer, MESSAGE_USER, &user), 0);
	assert_int_equal(stream_flush(writer), 0);
	stream_writer_free(writer);
}

static void
pipes_are_read_on(void **state)
{
	static const int interrupted[] = {EINTR, EINTR}, busy[] = {EAGAIN, EWOULDBLOCK};
	static const int broken[] = {EIO};
	struct stream_reader *reader;
	struct record record;
	struct error error = {.text = ""};
	int fds[2];

	(void)state;
	open_pipe(fds);
	reader = stream_reader_new(fds[0]);
	polls = 0;
	/* Nothing now, twice; then it is tried again. */
	set_plan(fds[0], busy, 2, 0);
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_false(stream_reader_ended(reader));
	assert_int_equal(polls, 0);
	set_plan(fds[0], interrupted, 2, 0);
	assert_int_equal(stream_reader_next(reader, &record, &error), 1);
	assert_int_equal(record.kind, RECORD_MESSAGE);
	assert_int_equal(plan.at, 2);
	set_plan(fds[0], broken, 1, 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(stream_reader_next(reader, &record, &error), -EIO);
		assert_string_equal(error.text, "cannot read the stream: Input/output error");
		error.text[0] = '\0';
	}
	assert_false(stream_reader_ended(reader));
	set_plan(-1, NULL, 0, 0);
	stream_reader_free(reader);
	close(fds[0]);
	close(fds[1]);
}

/* A pipe that was opened by its name is waited for, also when another made it non-blocking. */
static void
files_are_waited_for(void **state)
{
	static const int busy[] = {EINTR, EAGAIN, EWOULDBLOCK};
	struct stream_reader *reader;
	struct record record;
	struct error error = {.text = ""};
	char path[64];
	int fds[2];

	(void)state;
	open_pipe(fds);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
	/* As it will be numbered: the first that is free. */
	plan.fd = fcntl(fds[0], F_DUPFD_CLOEXEC, 0);
	close(plan.fd);
	set_plan(plan.fd, busy, 1, 30);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	assert_non_null(reader);
	set_plan(plan.fd, busy, 3, 30);
	polls = 0;
	assert_int_equal(stream_reader_next(reader, &record, &error), 1);
	assert_int_equal(record.kind, RECORD_MESSAGE);
	assert_int_equal(polls, 2);
	assert_int_equal(plan.at, 3);
	close(fds[1]);
	assert_int_equal(stream_reader_next(reader, &record, &error), 0);
	assert_true(stream_reader_ended(reader));
	set_plan(-1, NULL, 0, 0);
	stream_reader_free(reader);
	close(fds[0]);
}

/* The first read of a file fails. */
static void
files_that_fail(void **state)
{
	static const int broken[] = {EIO};
	const int fd = memfd_create("file", MFD_CLOEXEC);
	struct error error = {.text = ""};
	char path[64], expected[128];

	(void)state;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	plan.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	close(plan.fd);
	set_plan(plan.fd, broken, 1, 0);
	assert_null(stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error));
	snprintf(expected, sizeof expected, "cannot read %s: Input/output error", path);
	assert_string_equal(error.text, expected);
	set_plan(-1, NULL, 0, 0);
	close(fd);
}

static void
what_flush_says(void **state)
{
	static const struct {
		int errors[2];
		size_t count;
		int result;
	} cases[] = {
		{{0}, 0, 0},
		{{EINTR, EINTR}, 2, 0},
		{{EAGAIN}, 1, -EAGAIN},
		{{EWOULDBLOCK}, 1, -EAGAIN},
		{{EPIPE}, 1, -EPIPE},
		{{ECONNRESET}, 1, -EPIPE},
		{{ENOSPC}, 1, -ENOSPC},
	};

	(void)state;
	unit_each (i, cases) {
		const int fd = memfd_create("out", MFD_CLOEXEC);
		struct stream_writer *const writer = stream_writer_new(fd, 65536);
		size_t pending;

		assert_int_equal(stream_write_message(writer, MESSAGE_USER, &user), 0);
		pending = stream_pending(writer);
		/* In pieces of 7 bytes. */
		set_plan(fd, cases[i].errors, cases[i].count, 7);
		assert_int_equal(stream_flush(writer), cases[i].result);
		assert_int_equal(stream_pending(writer), cases[i].result == 0 ? 0 : pending);
		assert_int_equal(stream_flush(writer), 0);
		assert_int_equal(stream_pending(writer), 0);
		assert_int_equal(lseek(fd, 0, SEEK_END), pending);
		set_plan(-1, NULL, 0, 0);
		stream_writer_free(writer);
		close(fd);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipes_are_read_on),
		cmocka_unit_test(files_are_waited_for),
		cmocka_unit_test(files_that_fail),
		cmocka_unit_test(what_flush_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
