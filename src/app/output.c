/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output in large pieces; it waits for a slow reader, and notices one that has gone. */
#include <config.h>

#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>

/* What output_write failed with, for output_finish; its sentence is the command's to print. */
static int failed_before;

enum { PIECE = 128 * 1024, SPARE = 64 * 1024, DEFAULT_COLUMNS = 80, STUCK_MS = 2000 };

int
output_init(struct output *output, struct error *error)
{
	output->closed = output->is_interruptible = output->is_interrupted = false;
	buffer_init(&output->buffer, 0);
	if (buffer_reserve(&output->buffer, PIECE + SPARE) != NULL)
		return 0;
	error_set(error, "there is not enough memory for the output");
	return -ENOMEM;
}

void
output_fini(struct output *output)
{
	buffer_fini(&output->buffer);
}

static bool
is_signal_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 ||
		       sigismember(&pending, SIGHUP) == 1);
}

/* True when there is room for PIPE_BUF bytes, or write() will fail; false when interrupted before.
 */
static bool
wait_for_room(const struct output *output)
{
	struct pollfd writable = {.fd = STDOUT_FILENO, .events = POLLOUT};

	while (poll(&writable, 1, STUCK_MS) == 0) {
		if (output->is_interrupted || is_signal_pending())
			return false;
	}
	return true;
}

/* Like write(), but where it may be interrupted it waits no longer than wait_for_room. */
static ssize_t
write_some(const struct output *output, const uint8_t *data, size_t len)
{
	if (output->is_interruptible && !wait_for_room(output)) {
		errno = ETIMEDOUT;
		return -1;
	}
	return write(
		STDOUT_FILENO, data, output->is_interruptible && len > PIPE_BUF ? PIPE_BUF : len);
}

int
output_write(struct output *output, bool all, struct error *error)
{
	const uint8_t *data = output->buffer.data;
	size_t len = output->buffer.len;

	if (output->buffer.failed) {
		error_set(error, "there is not enough memory for the output");
		return -ENOMEM;
	}
	if (!all && len < PIECE)
		return 0;
	while (len > 0 && !output->closed) {
		const ssize_t written = write_some(output, data, len);
		struct pollfd writable = {.fd = STDOUT_FILENO, .events = POLLOUT};

		if (written >= 0) {
			data += written;
			len -= (size_t)written;
		} else if (errno == EPIPE) {
			output->closed = true;
		} else if (errno == EAGAIN) {
			poll(&writable, 1, -1);
		} else if (errno != EINTR) {
			const int code = errno;

			output->closed = code == ETIMEDOUT;
			failed_before = code;
			error_set(error, "the output cannot be written: %s",
				code == ETIMEDOUT ? "nobody reads it" : file_words(code));
			return -code;
		}
	}
	buffer_clear(&output->buffer);
	return 0;
}

/* A pipe or socket that nobody reads any more. */
static bool
is_reader_gone(void)
{
	struct pollfd reader = {.fd = STDOUT_FILENO};

	return poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0;
}

int
output_finish(struct error *error)
{
	const bool failed_earlier = ferror(stdout) != 0;
	int code = fflush(stdout) == 0 ? 0 : errno;

	if (failed_before != 0)
		return -failed_before;
	/* The C library does not keep why an earlier write of its own failed. */
	if (code == 0 && failed_earlier)
		code = EIO;
	if (code == 0 || code == EPIPE || is_reader_gone())
		return 0;
	error_set(error, "the output cannot be written: %s", file_words(code));
	return -code;
}

size_t
output_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return DEFAULT_COLUMNS;
	return size.ws_col;
}

size_t
output_lines(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}
