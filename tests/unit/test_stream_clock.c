/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A writer that follows the clock reports each step of it before what comes after. */
#include <config.h>

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/stream.h>

static int64_t ahead_ns;
/* 0: the clocks go; otherwise the wall clock stands at this, and the other a billion seconds
 * before. */
static int64_t stopped_ns;

/* Ours comes before that of libc: the wall clock of this program is ahead, or behind. */
int
clock_gettime(clockid_t id, struct timespec *now)
{
	const int result = (int)syscall(SYS_clock_gettime, id, now);

	if (stopped_ns != 0) {
		now->tv_sec = (time_t)(stopped_ns / (int64_t)CLOCK_NS_PER_S) -
			      (id == CLOCK_REALTIME ? 0 : 1000000000);
		now->tv_nsec = (long)(stopped_ns % (int64_t)CLOCK_NS_PER_S);
	}

	if (id == CLOCK_REALTIME) {
		const int64_t ns =
			(int64_t)now->tv_sec * (int64_t)CLOCK_NS_PER_S + now->tv_nsec + ahead_ns;

		now->tv_sec = (time_t)(ns / (int64_t)CLOCK_NS_PER_S);
		now->tv_nsec = (long)(ns % (int64_t)CLOCK_NS_PER_S);
	}
	return result;
}

struct pipe {
	int ends[2];
	struct stream_writer *writer;
	struct stream_reader *reader;
};

static void
notice(struct pipe *pipe)
{
	const struct message_notice body = {.text = {"x", 1}};

	assert_int_equal(stream_write_message(pipe->writer, MESSAGE_NOTICE, &body), 0);
	assert_int_equal(stream_flush(pipe->writer), 0);
}

/* The next message is a notice, after a step of so many ns (0: after none), about. */
static void
check_next(struct pipe *pipe, int64_t step_ns)
{
	const int64_t about_ns = 20 * (int64_t)CLOCK_NS_PER_MS;
	struct record record;
	struct message message;

	assert_int_equal(stream_reader_next(pipe->reader, &record, NULL), 1);
	assert_int_equal(message_decode(record.data, record.len, &message), 0);
	if (step_ns != 0) {
		const int64_t told_ns = (int64_t)message.body.clock_step.step_ns;

		assert_int_equal(message.type, MESSAGE_CLOCK_STEP);
		assert_true(told_ns > step_ns - about_ns && told_ns < step_ns + about_ns);
		/* Its own time is of the new clock. */
		assert_true(clock_realtime_ns() - record.time_ns < CLOCK_NS_PER_S * 60);
		assert_int_equal(stream_reader_next(pipe->reader, &record, NULL), 1);
		assert_int_equal(message_decode(record.data, record.len, &message), 0);
	}
	assert_int_equal(message.type, MESSAGE_NOTICE);
}

static void
open_pipe(struct pipe *made)
{
	ahead_ns = 0;
	assert_int_equal(pipe2(made->ends, O_CLOEXEC | O_NONBLOCK), 0);
	made->writer = stream_writer_new(made->ends[1], 65536);
	made->reader = stream_reader_new(made->ends[0]);
	assert_non_null(made->writer);
	assert_non_null(made->reader);
}

static void
close_pipe(struct pipe *made)
{
	stream_writer_free(made->writer);
	stream_reader_free(made->reader);
	close(made->ends[0]);
	close(made->ends[1]);
	ahead_ns = 0;
}

static void
reports_steps(void **state)
{
	static const int64_t steps_ms[] = {7200000, -18000000, 100, -100};
	struct pipe pipe;

	(void)state;
	open_pipe(&pipe);
	stream_follow_clock(pipe.writer);
	notice(&pipe);
	check_next(&pipe, 0);
	unit_each (i, steps_ms) {
		const int64_t step_ns = steps_ms[i] * (int64_t)CLOCK_NS_PER_MS;

		ahead_ns += step_ns;
		notice(&pipe);
		check_next(&pipe, step_ns);
		notice(&pipe);
		check_next(&pipe, 0);
	}
	/* Packets: whoever writes them says so. */
	ahead_ns += 5 * (int64_t)CLOCK_NS_PER_S;
	stream_note_clock(pipe.writer);
	stream_note_clock(pipe.writer);
	notice(&pipe);
	check_next(&pipe, 5 * (int64_t)CLOCK_NS_PER_S);
	close_pipe(&pipe);
}

/* Slewing is no step, and who does not follow the clock reports none. */
static void
reports_nothing_else(void **state)
{
	struct pipe pipe;

	(void)state;
	open_pipe(&pipe);
	ahead_ns += 3600 * (int64_t)CLOCK_NS_PER_S;
	notice(&pipe);
	check_next(&pipe, 0);
	stream_follow_clock(pipe.writer);
	ahead_ns += 10 * (int64_t)CLOCK_NS_PER_MS;
	notice(&pipe);
	check_next(&pipe, 0);
	ahead_ns -= 20 * (int64_t)CLOCK_NS_PER_MS;
	notice(&pipe);
	check_next(&pipe, 0);
	close_pipe(&pipe);
}

/* 50 ms is slewing, and a nanosecond more a step; that both clocks go on is none. */
static void
least_step(void **state)
{
	const int64_t least_ns = 50 * (int64_t)CLOCK_NS_PER_MS;
	struct pipe pipe;

	(void)state;
	open_pipe(&pipe);
	stopped_ns = INT64_C(1800000000000000000);
	stream_follow_clock(pipe.writer);
	stopped_ns += 3600 * (int64_t)CLOCK_NS_PER_S;
	notice(&pipe);
	check_next(&pipe, 0);
	for (int sign = -1; sign <= 1; sign += 2) {
		ahead_ns = 0;
		stream_follow_clock(pipe.writer);
		ahead_ns = sign * least_ns;
		notice(&pipe);
		check_next(&pipe, 0);
		ahead_ns = sign * (least_ns + 1);
		notice(&pipe);
		check_next(&pipe, ahead_ns);
	}
	stopped_ns = 0;
	close_pipe(&pipe);
}

/* A step for which there was no room is reported later. */
static void
kept_for_later(void **state)
{
	const struct message_notice body = {.text = {"x", 1}};
	struct pipe pipe;

	(void)state;
	open_pipe(&pipe);
	stream_writer_free(pipe.writer);
	pipe.writer = stream_writer_new(pipe.ends[1], 24 + 60 + 40);
	stream_follow_clock(pipe.writer);
	assert_int_equal(stream_write_message(pipe.writer, MESSAGE_NOTICE, &body), 0);
	ahead_ns += 5 * (int64_t)CLOCK_NS_PER_S;
	assert_int_equal(stream_write_message(pipe.writer, MESSAGE_NOTICE, &body), -ENOBUFS);
	assert_int_equal(stream_flush(pipe.writer), 0);
	check_next(&pipe, 0);
	notice(&pipe);
	check_next(&pipe, 5 * (int64_t)CLOCK_NS_PER_S);
	close_pipe(&pipe);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_steps),
		cmocka_unit_test(reports_nothing_else),
		cmocka_unit_test(least_step),
		cmocka_unit_test(kept_for_later),
	};

	return cmocka_run_group_tests_name("stream_clock", tests, NULL, NULL);
}
