/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps account of the TCP sockets of its network namespace as a viewer does, from the records of a
 * collector of its own:
 *
 *	account SOCKWATCH INTERVAL-MS
 *
 * Prints "ready" after the first complete refresh, with the collector's process number for a test
 * that stops it. It reads a number of ended sockets, and waits until so many are reported or lost
 *(a busy kernel reports them late) and for some refreshes more, or until nothing has come for long.
 * Then it prints "NAME NUMBER" lines.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/model/model.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>
#include <sockwatch/stream/stream.h>

#include "../program.h"

enum {
	MORE_REFRESHES = 3,
	QUIET_REFRESHES = 100,
	COMMANDS_LIMIT = 4096,
	STATES_ALL = (1 << 14) - 2,
};

static struct model *model;
static struct stream_reader *reader;
static pid_t collector;

/* Its output in *stream, its input in *subscriptions. */
static void
start(const char *sockwatch, int *stream, int *commands)
{
	int out[2], in[2];

	check(pipe2(out, O_CLOEXEC) == 0 && pipe2(in, O_CLOEXEC) == 0, "pipe2");
	collector = fork();
	check(collector >= 0, "fork");
	if (collector == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		execl(sockwatch, sockwatch, "collect", (char *)NULL);
		perror(sockwatch);
		_exit(127);
	}
	close(out[1]);
	close(in[0]);
	*stream = out[0];
	*commands = in[1];
	fcntl(*stream, F_SETFL, O_NONBLOCK);
}

static void
subscription(int fd, uint32_t interval_ms)
{
	const struct message_subscription subscription = {
		.needs = NEED_SOCKETS | NEED_TCP_INFO | NEED_CLOSINGS,
		.interval_ms = interval_ms,
		.protocols = PROTOCOL_TCP,
		.families = FAMILY_V4 | FAMILY_V6,
		.states = STATES_ALL,
	};
	struct stream_writer *const writer = stream_writer_new(fd, COMMANDS_LIMIT);

	check(writer != NULL &&
			stream_write_message(writer, MESSAGE_SUBSCRIPTION, &subscription) == 0 &&
			stream_flush(writer) == 0,
		"the subscription");
	stream_writer_free(writer);
}

static void
take(void)
{
	struct record record;
	struct error error = {.text = ""};
	int status;

	while ((status = stream_reader_next(reader, &record, &error)) > 0)
		model_apply(model, &record);
	if (status < 0 || stream_reader_ended(reader)) {
		fprintf(stderr, "account: the collector's stream ended: %s\n", error.text);
		exit(EXIT_FAILURE);
	}
}

/* expected: 0 while it is not known. TIME-WAITs are listed later than their events come. */
static bool
is_over(uint64_t expected)
{
	static uint64_t counted;
	static uint32_t since;
	const uint64_t now = model->closings + model->losses[LOSS_CLOSINGS];

	if (expected == 0 || now != counted) {
		counted = now;
		since = model->complete_sequence;
		return false;
	}
	return model->complete_sequence - since >=
	       (counted >= expected ? MORE_REFRESHES : QUIET_REFRESHES);
}

/* The number that it reads, or 0. */
static uint64_t
read_expected(void)
{
	char text[32];
	const ssize_t len = read(STDIN_FILENO, text, sizeof text - 1);

	check(len > 0, "nothing was said on standard input");
	text[len] = '\0';
	return strtoull(text, NULL, 10);
}

static void
run(int stream)
{
	uint64_t expected = 0;
	bool ready = false;

	while (!is_over(expected)) {
		struct pollfd fds[] = {{.fd = stream, .events = POLLIN},
			{.fd = expected != 0 ? -1 : STDIN_FILENO, .events = POLLIN}};

		check(poll(fds, 2, -1) > 0 || errno == EINTR, "poll");
		if (fds[0].revents != 0)
			take();
		model_tick(model, model->now_ns);
		if (!ready && model->complete_sequence > 1) {
			ready = true;
			printf("ready %d\n", (int)collector);
			fflush(stdout);
		}
		if (fds[1].revents != 0)
			expected = read_expected();
	}
}

static void
print(void)
{
	uint64_t waits = model->sockets.by_state[0][TCP_STATE_TIME_WAIT];

	printf("opened %" PRIu64 "\nclosed %" PRIu64 "\nclosings %" PRIu64
	       "\nclosed_unlisted %" PRIu64 "\n",
		model->opened, model->closed, model->closings, model->closed_unlisted);
	printf("lost %" PRIu64 "\ncut %" PRIu64 "\nbeyond_bounds %" PRIu64 "\nbad %" PRIu64 "\n",
		model->losses[LOSS_CLOSINGS], model->losses[LOSS_TRUNCATED],
		model->losses[LOSS_BOUNDED], model->bad_records);
	printf("callers %" PRIu64 "\nlost_callers %" PRIu64 "\n", model->trace.reported,
		model->losses[LOSS_CALLERS]);
	printf("rows %" PRIu32 "\ntime_wait %" PRIu64 "\ncollector_cpu_us %" PRIu64 "\n",
		model->sockets.count, waits, model->collector_cpu_us);
}

int
main(int argc, char **argv)
{
	int stream, commands;

	if (argc != 3) {
		fprintf(stderr, "usage: account SOCKWATCH INTERVAL-MS\n");
		return EXIT_FAILURE;
	}
	model = model_new(0);
	check(model != NULL, "model_new");
	start(argv[1], &stream, &commands);
	reader = stream_reader_new(stream);
	check(reader != NULL, "stream_reader_new");
	model->linger_ms = 3000;
	subscription(commands, (uint32_t)strtoul(argv[2], NULL, 10));
	run(stream);
	print();
	close(commands);
	stream_reader_free(reader);
	close(stream);
	model_free(model);
	waitpid(collector, NULL, 0);
	return EXIT_SUCCESS;
}
