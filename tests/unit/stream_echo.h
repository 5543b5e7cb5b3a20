/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream of messages to oneself: what the code under test wrote is read back and decoded. */
#ifndef SOCKWATCH_TESTS_UNIT_STREAM_ECHO_H
#define SOCKWATCH_TESTS_UNIT_STREAM_ECHO_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

#include "unit.h"

struct stream_echo {
	int pipe[2];
	struct stream_writer *writer;
	struct stream_reader *reader;
};

static inline void
stream_echo_open(struct stream_echo *echo)
{
	assert_int_equal(pipe2(echo->pipe, O_NONBLOCK | O_CLOEXEC), 0);
	echo->writer = stream_writer_new(echo->pipe[1], 16 * 1024 * 1024);
	echo->reader = stream_reader_new(echo->pipe[0]);
	assert_non_null(echo->writer);
	assert_non_null(echo->reader);
}

static inline void
stream_echo_close(struct stream_echo *echo)
{
	stream_writer_free(echo->writer);
	stream_reader_free(echo->reader);
	close(echo->pipe[0]);
	close(echo->pipe[1]);
}

/* Hands all messages that were written to take. */
static inline void
stream_echo_read(struct stream_echo *echo,
	void (*take)(void *context, const struct message *message), void *context)
{
	int flushed;

	do {
		struct message message;
		struct record record;
		struct error error;

		flushed = stream_flush(echo->writer);
		assert_true(flushed == 0 || flushed == -EAGAIN);
		while (stream_reader_next(echo->reader, &record, &error) == 1) {
			assert_int_equal(record.kind, RECORD_MESSAGE);
			assert_int_equal(message_decode(record.data, record.len, &message), 0);
			take(context, &message);
		}
	} while (flushed == -EAGAIN);
}

#endif
