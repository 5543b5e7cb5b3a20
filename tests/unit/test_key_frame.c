/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key frames of the collector, on this process's own sockets: a model that begins with one knows
 * what a model knows that has read everything, and the latter does not lose anything by it.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/needs.h>

#include "collector/hello.h"
#include "collector/schedule.h"
#include "unit.h"

enum { SOCKETS = 40, HANGS_S = 60 };

static int pipes[2];
static struct stream_writer *writer;
static struct stream_reader *reader;
static struct schedule *schedule;
static struct model *whole, *part; /* part: from the last HELLO on */
static struct message_hello hello;
static unsigned subscriptions, asked; /* seen, and those that there must be */
static uint32_t last_key;
static struct message_snapshot_end end;
static int sockets[SOCKETS];

static void
take(const struct record *record)
{
	struct message message;

	if (record->kind == RECORD_MESSAGE) {
		assert_int_equal(message_decode(record->data, record->len, &message), 0);
		if (message.type == MESSAGE_HELLO) {
			hello = message.body.hello;
			assert_int_equal(hello.mark.len, MESSAGE_KEY_MARK_BYTES);
			assert_memory_equal(
				hello.mark.data, MESSAGE_KEY_MARK, MESSAGE_KEY_MARK_BYTES);
			model_free(part);
			part = model_new(0);
			assert_non_null(part);
		} else if (message.type == MESSAGE_SUBSCRIPTION) {
			subscriptions++;
		} else if (message.type == MESSAGE_SNAPSHOT_END) {
			end = message.body.snapshot_end;
		}
	}
	model_apply(whole, record);
	model_apply(part, record);
}

static void
drain(void)
{
	struct record record;
	struct error broken;
	int flushed;

	do {
		flushed = stream_flush(writer);
		assert_true(flushed == 0 || flushed == -EAGAIN);
		while (stream_reader_next(reader, &record, &broken) == 1)
			take(&record);
	} while (flushed == -EAGAIN);
}

/* budget_ns: of each slice. */
static void
refresh(uint64_t budget_ns)
{
	enum schedule_status status = SCHEDULE_MORE;
	struct error error;

	schedule_hurry(schedule);
	while (status == SCHEDULE_MORE || status == SCHEDULE_BLOCKED || status == SCHEDULE_WAIT) {
		status = schedule_step(schedule, budget_ns, &error);
		if (status == SCHEDULE_WAIT) {
			struct pollfd wait = {.fd = schedule_wait_fd(schedule), .events = POLLIN};

			assert_int_equal(poll(&wait, 1, HANGS_S * 1000), 1);
		}
		drain();
	}
	assert_int_equal(status, SCHEDULE_IDLE);
}

static void
subscribe(uint32_t key)
{
	const struct message_subscription subscription = {
		.needs = NEED_ALL, .interval_ms = 60000, .key = key};

	schedule_subscribe(schedule, &subscription);
}

/* Key frames until one is whole: a dump can be interrupted where sockets come and go. */
static void
ask(uint64_t budget_ns)
{
	do {
		subscribe(++last_key);
		asked++;
		refresh(budget_ns);
	} while (end.key == 0);
}

static int
open_listener(void)
{
	const struct sockaddr_in any = {.sin_family = AF_INET};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int loopback = 1;

	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &loopback, sizeof loopback), 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&any, sizeof any), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

static int
start(void **state)
{
	struct error error;

	(void)state;
	assert_int_equal(pipe2(pipes, O_NONBLOCK | O_CLOEXEC), 0);
	writer = stream_writer_new(pipes[1], 16 * 1024 * 1024);
	reader = stream_reader_new(pipes[0]);
	schedule = schedule_new(writer, &error);
	whole = model_new(0);
	assert_true(writer != NULL && reader != NULL && schedule != NULL && whole != NULL);
	for (size_t i = 0; i < SOCKETS; i++)
		sockets[i] = open_listener();
	subscriptions = asked = 0;
	alarm(HANGS_S);
	hello_write(writer, false);
	ask(CLOCK_NS_PER_S);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	alarm(0);
	for (size_t i = 0; i < SOCKETS; i++)
		close(sockets[i]);
	model_free(whole);
	model_free(part);
	part = NULL;
	schedule_free(schedule);
	stream_writer_free(writer);
	stream_reader_free(reader);
	close(pipes[0]);
	close(pipes[1]);
	return 0;
}

static void
check_owners(uint32_t inode)
{
	const struct owner *a = process_table_owner(&whole->processes, inode);
	const struct owner *b = process_table_owner(&part->processes, inode);

	while (a != NULL && b != NULL) {
		assert_int_equal(a->pid, b->pid);
		assert_int_equal(a->fd, b->fd);
		a = process_table_next(&whole->processes, a);
		b = process_table_next(&part->processes, b);
	}
	assert_true(a == NULL && b == NULL);
}

static void
check_texts(uint32_t a, uint32_t b)
{
	assert_string_equal(model_text(whole, a), model_text(part, b));
}

/* One that ended a moment ago is in the whole only. */
static void
check_process(const struct process_row *b)
{
	const struct process_row *const a = process_table_find(&whole->processes, b->pid);

	assert_non_null(a);
	assert_int_equal(a->uid, b->uid);
	assert_int_equal(a->held, b->held);
	assert_true(a->start_ticks == b->start_ticks);
	assert_true(b->pid != (uint32_t)getpid() || b->has_open_files);
	if (b->has_open_files)
		assert_int_equal(a->open_files, b->open_files);
	if (b->has_files_limit)
		assert_int_equal(a->files_limit, b->files_limit);
	check_texts(a->comm, b->comm);
	check_texts(a->cmdline, b->cmdline);
	check_texts(a->cgroup, b->cgroup);
	assert_string_equal(model_user(whole, a->uid), model_user(part, b->uid));
}

/* All sockets are there, and each of ours has its owner. */
static void
check_sockets(void)
{
	uint32_t own = 0;

	assert_int_equal(whole->sockets.count, part->sockets.count);
	for (uint32_t id = 0; id < whole->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&whole->sockets, id);
		const struct owner *const owner =
			process_table_owner(&whole->processes, row->inode);

		if ((row->flags & SOCKET_FREE) != 0)
			continue;
		assert_true(
			socket_table_find(&part->sockets, row->netns, row->cookie) != SOCKET_NONE);
		if (owner == NULL || owner->pid != (uint32_t)getpid())
			continue;
		check_owners(row->inode);
		own++;
	}
	assert_true(own >= SOCKETS);
}

static void
check_same(void)
{
	check_sockets();
	assert_non_null(process_table_find(&part->processes, (uint32_t)getpid()));
	for (uint32_t i = 0; i < part->processes.count; i++)
		check_process(&part->processes.rows[i]);
	assert_int_equal(whole->links.count, part->links.count);
	assert_true(whole->links.count >= 1);
	assert_int_equal(whole->netns_count, part->netns_count);
	assert_string_equal(whole->host.host, part->host.host);
	assert_int_equal(whole->host.needs, NEED_ALL);
	assert_int_equal(part->host.needs, NEED_ALL);
	assert_int_equal(part->host.interval_ms, 60000);
	assert_memory_equal(whole->losses, part->losses, sizeof whole->losses);
	assert_int_equal(part->bad_records, 0);
	assert_int_equal(whole->bad_records, 0);
}

/* The first refresh is one. */
static void
test_first(void **state)
{
	(void)state;
	assert_int_equal(hello.again, asked > 1);
	assert_int_equal(subscriptions, asked);
	refresh(CLOCK_NS_PER_S);
	assert_int_equal(end.key, 0);
	assert_int_equal(subscriptions, asked);
}

static void
test_asked_for(void **state)
{
	const uint64_t closed = whole->closed;

	(void)state;
	/* What happened since the first one is in it. */
	close(sockets[0]);
	sockets[0] = open_listener();
	refresh(CLOCK_NS_PER_S);
	schedule_losses(schedule)[LOSS_BOUNDED] = 3;
	ask(CLOCK_NS_PER_S);
	assert_int_equal(hello.again, 1);
	assert_int_equal(subscriptions, asked);
	assert_int_equal(whole->host.hellos, 1);
	/* Ours, and perhaps some of others. */
	assert_true(whole->closed >= closed + 1);
	check_same();
	/* Once; the same number again asks for nothing. */
	subscribe(last_key);
	refresh(CLOCK_NS_PER_S);
	assert_int_equal(end.key, 0);
	assert_int_equal(subscriptions, asked);
	check_same();
	/* A loss that was told in it is told with the next change. */
	schedule_losses(schedule)[LOSS_BOUNDED] = 4;
	refresh(CLOCK_NS_PER_S);
	check_same();
	assert_int_equal(part->losses[LOSS_BOUNDED], 4);
}

/* In slices that end in many places. */
static void
test_slices(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		ask(50000);
		check_same();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_first, start, stop),
		cmocka_unit_test_setup_teardown(test_asked_for, start, stop),
		cmocka_unit_test_setup_teardown(test_slices, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
