/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream of messages to oneself: what the code under test wrote is read back and decoded. */
#ifndef SOCKWATCH_TESTS_UNIT_TOLD_H
#define SOCKWATCH_TESTS_UNIT_TOLD_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

#include "unit.h"

struct told {
	int pipe[2];
	struct stream_writer *writer;
	struct stream_reader *reader;
};

static inline void
told_open(struct told *told)
{
	assert_int_equal(pipe2(told->pipe, O_NONBLOCK | O_CLOEXEC), 0);
	told->writer = stream_writer_new(told->pipe[1], 16 * 1024 * 1024);
	told->reader = stream_reader_new(told->pipe[0]);
	assert_non_null(told->writer);
	assert_non_null(told->reader);
}

static inline void
told_close(struct told *told)
{
	stream_writer_free(told->writer);
	stream_reader_free(told->reader);
	close(told->pipe[0]);
	close(told->pipe[1]);
}

/* Hands all messages that were written to take. */
static inline void
told_read(struct told *told, void (*take)(void *context, const struct message *message),
	void *context)
{
	int flushed;

	do {
		struct message message;
		struct record record;
		struct error error;

		flushed = stream_flush(told->writer);
		assert_true(flushed == 0 || flushed == -EAGAIN);
		while (stream_reader_next(told->reader, &record, &error) == 1) {
			assert_int_equal(record.kind, RECORD_MESSAGE);
			assert_int_equal(message_decode(record.data, record.len, &message), 0);
			take(context, &message);
		}
	} while (flushed == -EAGAIN);
}

#endif
