/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs refreshes of collector/schedule.c and keeps what they report. */
#ifndef SOCKWATCH_TESTS_UNIT_SCHEDULE_WATCH_H
#define SOCKWATCH_TESTS_UNIT_SCHEDULE_WATCH_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>

#include "collector/netlink/dump.h"
#include "collector/netlink/dump_request.h"
#include "collector/schedule.h"
#include "unit.h"

enum { DUMPS_MAX = 2048, NETNS_MAX = 1024, HANGS_S = 60 };

/* What one refresh reported. */
static struct seen {
	unsigned begins, ends, diags, notices, losses;
	unsigned counters, snmp6_lines;
	unsigned sysctls, machine_sysctls, sysctl_files;
	struct message_snapshot_begin begin;
	struct message_snapshot_end end;
	struct message_loss loss;
	uint8_t severity;
	struct message_dump_begin dumps[DUMPS_MAX];
	struct message_dump_end dump_ends[DUMPS_MAX];
	size_t dump_count, dump_end_count;
} seen;

/* Namespaces that were reported and are not gone, by our number. */
static uint64_t inodes[NETNS_MAX];

/* The sysctls that a namespace reported last, by our number. */
static char sysctl_texts[NETNS_MAX][2048];

static int pipes[2];
static struct stream_writer *writer;
static struct stream_reader *reader;
static struct schedule *schedule;
static struct error error;

static inline void
take_dump(const struct message *message)
{
	assert_true(seen.dump_count < DUMPS_MAX && seen.dump_end_count < DUMPS_MAX);
	if (message->type == MESSAGE_DUMP_BEGIN)
		seen.dumps[seen.dump_count++] = message->body.dump_begin;
	else if (message->type == MESSAGE_DUMP_END)
		seen.dump_ends[seen.dump_end_count++] = message->body.dump_end;
}

static inline void
take_netns(const struct message_netns *netns)
{
	assert_true(netns->id < NETNS_MAX);
	inodes[netns->id] = netns->gone ? 0 : netns->inode;
}

static inline void
take_counters(const struct message_counters *counters)
{
	seen.counters++;
	for (size_t i = 0; counters->source == COUNTER_SNMP6 && i < counters->text.len; i++)
		seen.snmp6_lines += counters->text.data[i] == '\n';
}

static inline void
keep_sysctls(const struct message_sysctls *sysctls)
{
	if (sysctls->netns >= NETNS_MAX)
		return;
	snprintf(sysctl_texts[sysctls->netns], sizeof sysctl_texts[0], "%.*s",
		(int)sysctls->text.len, sysctls->text.data);
}

static inline void
take_message(const struct message *message)
{
	const union message_body *const body = &message->body;

	take_dump(message);
	if (message->type == MESSAGE_SNAPSHOT_BEGIN) {
		seen.begins++;
		seen.begin = body->snapshot_begin;
	} else if (message->type == MESSAGE_SNAPSHOT_END) {
		seen.ends++;
		seen.end = body->snapshot_end;
	} else if (message->type == MESSAGE_NETNS) {
		take_netns(&body->netns);
	} else if (message->type == MESSAGE_COUNTERS) {
		take_counters(&body->counters);
	} else if (message->type == MESSAGE_SYSCTLS) {
		seen.sysctls += body->sysctls.netns != 0;
		seen.machine_sysctls += body->sysctls.netns == 0;
		keep_sysctls(&body->sysctls);
	} else if (message->type == MESSAGE_SYSCTL_FILES) {
		seen.sysctl_files++;
	} else if (message->type == MESSAGE_NOTICE) {
		seen.notices++;
		seen.severity = body->notice.severity;
	} else if (message->type == MESSAGE_LOSS) {
		seen.losses++;
		seen.loss = body->loss;
	}
}

/* Reads all that was written. */
static inline void
drain(void)
{
	int flushed;

	do {
		struct message message;
		struct record record;
		struct error broken;

		flushed = stream_flush(writer);
		assert_true(flushed == 0 || flushed == -EAGAIN);
		while (stream_reader_next(reader, &record, &broken) == 1) {
			if (record.kind == RECORD_DIAG) {
				seen.diags++;
				continue;
			}
			assert_int_equal(record.kind, RECORD_MESSAGE);
			assert_int_equal(message_decode(record.data, record.len, &message), 0);
			take_message(&message);
		}
	} while (flushed == -EAGAIN);
}

static inline int
start(void **state)
{
	(void)state;
	seen = (struct seen){.begins = 0};
	memset(inodes, 0, sizeof inodes);
	memset(sysctl_texts, 0, sizeof sysctl_texts);
	error = (struct error){.position = -1};
	assert_int_equal(pipe2(pipes, O_NONBLOCK | O_CLOEXEC), 0);
	writer = stream_writer_new(pipes[1], 16 * 1024 * 1024);
	reader = stream_reader_new(pipes[0]);
	schedule = schedule_new(writer, &error);
	assert_true(writer != NULL && reader != NULL && schedule != NULL);
	alarm(HANGS_S);
	return 0;
}

static inline int
stop(void **state)
{
	(void)state;
	alarm(0);
	schedule_free(schedule);
	stream_writer_free(writer);
	stream_reader_free(reader);
	close(pipes[0]);
	close(pipes[1]);
	return 0;
}

static inline struct message_subscription
listeners(uint32_t interval_ms)
{
	return (struct message_subscription){.needs = NEED_SOCKETS,
		.interval_ms = interval_ms,
		.protocols = PROTOCOL_TCP | PROTOCOL_UDP,
		.families = FAMILY_V4,
		.states = REQUEST_STATE_LISTEN | REQUEST_STATE_ESTABLISHED};
}

static inline void
subscribe(struct message_subscription subscription)
{
	schedule_subscribe(schedule, &subscription);
}

/* One step; where it waits for the kernel, until that has answered. */
static inline enum schedule_status
step(uint64_t budget_ns)
{
	enum schedule_status status = schedule_step(schedule, budget_ns, &error);

	if (status == SCHEDULE_WAIT) {
		struct pollfd wait = {.fd = schedule_wait_fd(schedule), .events = POLLIN};

		assert_int_equal(poll(&wait, 1, HANGS_S * 1000), 1);
		status = SCHEDULE_MORE;
	}
	return status;
}

/* The rest of a refresh, or a whole one when it is time. */
static inline enum schedule_status
refresh_on(void)
{
	enum schedule_status status;

	do {
		status = step(CLOCK_NS_PER_S);
		drain();
	} while (status == SCHEDULE_MORE || status == SCHEDULE_BLOCKED);
	return status;
}

/* A refresh now. */
static inline enum schedule_status
refresh(void)
{
	seen = (struct seen){.begins = 0};
	schedule_hurry(schedule);
	return refresh_on();
}

static inline void
pause_ms(uint64_t ms)
{
	const uint64_t end_ns = clock_monotonic_ns() + ms * CLOCK_NS_PER_MS;

	while (clock_monotonic_ns() < end_ns)
		usleep(1000);
}

#endif
