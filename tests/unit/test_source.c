/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources: a file, and a collector (a function of this test in a process that the real keeper
 * forks), read in the loop and blocking.
 */
#include <config.h>

#include <sockwatch/source/source.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/stream/needs.h>

#include "unit.h"

enum { RECORDS = 40, STREAM_LIMIT = 65536, REPORTS_MAX = 2 };

/* The step of the test's collector after a snapshot; each fork has a copy. */
static enum { COLLECTOR_ENDS, COLLECTOR_FAILS, COLLECTOR_ANSWERS } behaviour;

static unsigned drops;

int __wrap_privileges_drop_viewer(struct error *error);

int
__wrap_privileges_drop_viewer(struct error *error)
{
	(void)error;
	drops++;
	return 0;
}

/* What the hooks saw. */
struct seen {
	struct loop *loop;
	unsigned records, changes, ends;
	unsigned wanted; /* records before the hook wants no more; 0: all */
	int result;
	struct error error;
	/* The first ones, as several can come in one pass of the loop. */
	unsigned reports;
	enum severity severity[REPORTS_MAX];
	char report[REPORTS_MAX][512];
};

static bool
on_records(void *context, const struct record *records, unsigned count)
{
	struct seen *const seen = context;

	assert_non_null(records);
	if (seen->wanted != 0 && seen->records >= seen->wanted)
		return false;
	seen->records += count;
	return true;
}

static void
on_changed(void *context)
{
	struct seen *const seen = context;

	seen->changes++;
}

static void
on_report(void *context, enum severity severity, const char *text)
{
	struct seen *const seen = context;

	loop_stop(seen->loop, 0);
	if (seen->reports == REPORTS_MAX)
		return;
	seen->severity[seen->reports] = severity;
	snprintf(seen->report[seen->reports++], sizeof seen->report[0], "%s", text);
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	(void)context;
	*subscription = (struct message_subscription){.needs = NEED_SOCKETS, .interval_ms = 1234};
}

static void
on_ended(void *context, int result, const struct error *error)
{
	struct seen *const seen = context;

	seen->ends++;
	seen->result = result;
	seen->error = *error;
	if (seen->loop != NULL)
		loop_stop(seen->loop, 0);
}

static struct source_hooks
hooks_of(struct seen *seen)
{
	return (struct source_hooks){.context = seen,
		.records = on_records,
		.changed = on_changed,
		.report = on_report,
		.get_subscription = on_get_subscription,
		.ended = on_ended};
}

static void
write_notice(struct stream_writer *writer, enum severity severity, const char *text)
{
	const struct message_notice notice = {.severity = severity, .text = text_of(text)};

	(void)stream_write_message(writer, MESSAGE_NOTICE, &notice);
}

static void
write_snapshot(struct stream_writer *writer)
{
	const struct message_hello hello = {
		.format = MESSAGE_FORMAT, .version = text_of("1"), .host = text_of("box")};
	const struct message_snapshot_begin begin = {.sequence = 7};
	const struct message_snapshot_end end = {.sequence = 7};

	(void)stream_write_message(writer, MESSAGE_HELLO, &hello);
	(void)stream_write_message(writer, MESSAGE_SNAPSHOT_BEGIN, &begin);
	(void)stream_write_message(writer, MESSAGE_SNAPSHOT_END, &end);
}

/* Waits for one message from the viewer and answers with its interval. */
static void
answer(struct stream_writer *writer, int in)
{
	struct stream_reader *const reader = stream_reader_new(in);
	struct record record;
	struct message message;
	char text[32];

	while (stream_reader_next(reader, &record, NULL) == 0 && !stream_reader_ended(reader))
		(void)poll(&(struct pollfd){.fd = in, .events = POLLIN}, 1, -1);
	if (!stream_reader_ended(reader) &&
		message_decode(record.data, record.len, &message) == 0) {
		snprintf(text, sizeof text, "interval %u", message.body.subscription.interval_ms);
		write_notice(writer, SEVERITY_CRITICAL, text);
	}
	stream_reader_free(reader);
}

static int
collect(const void *context, const struct message_subscription *subscription, int out, int in,
	bool is_read_only)
{
	struct stream_writer *const writer = stream_writer_new(out, STREAM_LIMIT);

	(void)context;
	(void)is_read_only;
	if (behaviour == COLLECTOR_FAILS)
		write_notice(writer, SEVERITY_CRITICAL, "the kernel has no sock_diag");
	else if (subscription->interval_ms == 1234)
		write_snapshot(writer);
	(void)stream_flush(writer);
	if (behaviour == COLLECTOR_ANSWERS)
		answer(writer, in);
	write_notice(writer, SEVERITY_INFO, "not the reason");
	(void)stream_flush(writer);
	stream_writer_free(writer);
	return 0;
}

static int
start_keeper(const struct collector_options *collector, struct keeper *keeper, struct error *error)
{
	const struct keeper_options options = {.collect = collect};

	assert_null(collector);
	return keeper_start(&options, keeper, error);
}

static struct source *
open_live(bool retries)
{
	const struct source_live_options options = {
		.start_keeper = start_keeper, .retries = retries};
	struct error error = {.position = -1};
	struct source *source;

	drops = 0;
	source = source_open_live(&options, &error);
	if (source == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(drops, 1);
	return source;
}

/* A recording of RECORDS notices after a snapshot. */
static void
make_file(char *path)
{
	const int fd = mkstemp(path);
	struct stream_writer *const writer = stream_writer_new(fd, STREAM_LIMIT);

	assert_true(fd >= 0);
	assert_non_null(writer);
	write_snapshot(writer);
	for (int i = 0; i < RECORDS; i++)
		write_notice(writer, SEVERITY_INFO, "one of many");
	assert_int_equal(stream_flush(writer), 0);
	stream_writer_free(writer);
	close(fd);
}

static struct source *
open_file(const char *path)
{
	struct error error = {.position = -1};
	struct source *source;

	drops = 0;
	source = source_open_file(path, &error);
	if (source == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(drops, 1);
	return source;
}

static void
a_file_is_read_in_the_loop(void **state)
{
	char path[] = "/tmp/sockwatch-source-XXXXXX";
	struct model *const model = model_new(0);
	struct seen seen = {.loop = loop_new(), .result = 1};
	const struct source_hooks hooks = hooks_of(&seen);
	struct source *source;

	(void)state;
	make_file(path);
	source = open_file(path);
	assert_int_equal(source_start(source, seen.loop, model, &hooks, NULL), 0);
	assert_int_equal(loop_run(seen.loop), 0);
	assert_int_equal(seen.records, RECORDS + 3);
	assert_int_equal(seen.ends, 1);
	assert_int_equal(seen.result, 0);
	assert_true(seen.changes > 0);
	assert_int_not_equal(model->complete_sequence, 0);
	assert_false(source_is_cut(source));
	assert_int_equal(source_send(source, MESSAGE_SUBSCRIPTION, NULL), -ENOTCONN);
	source_close(source);
	loop_free(seen.loop);
	model_free(model);
	unlink(path);
}

static void
the_records_hook_ends_the_reading(void **state)
{
	char path[] = "/tmp/sockwatch-source-XXXXXX";
	struct model *const model = model_new(0);
	struct seen seen = {.wanted = 5};
	const struct source_hooks hooks = hooks_of(&seen);
	struct source *source;
	unsigned taken = 0;
	int result;

	(void)state;
	make_file(path);
	source = open_file(path);
	assert_int_equal(source_start(source, NULL, model, &hooks, NULL), 0);
	while ((result = source_read(source, NULL)) > 0)
		taken += (unsigned)result;
	assert_int_equal(result, 0);
	assert_int_equal(taken, 5);
	assert_int_equal(model->notice_count, 2);
	source_close(source);
	model_free(model);
	unlink(path);
}

static void
a_snapshot_comes_out_of_a_file(void **state)
{
	char path[] = "/tmp/sockwatch-source-XXXXXX";
	struct model *const model = model_new(0);
	struct seen seen = {.loop = NULL};
	const struct source_hooks hooks = hooks_of(&seen);
	struct error error = {.position = -1};
	struct source *source;

	(void)state;
	make_file(path);
	source = open_file(path);
	assert_int_equal(source_start(source, NULL, model, &hooks, &error), 0);
	assert_int_equal(source_read_snapshot(source, "1970-01-01T00:00:00Z", &error), -EINVAL);
	assert_non_null(strstr(error.text, "nothing in"));
	source_close(source);
	source = open_file(path);
	assert_int_equal(source_start(source, NULL, model, &hooks, &error), 0);
	assert_int_equal(source_read_snapshot(source, NULL, &error), 0);
	assert_int_not_equal(model->complete_sequence, 0);
	assert_int_equal(model->notice_count, 0);
	source_close(source);
	model_free(model);
	unlink(path);
}

static void
a_file_that_is_missing_is_refused(void **state)
{
	struct error error = {.position = -1};

	(void)state;
	assert_null(source_open_file("/nonexistent/recording", &error));
	assert_non_null(strstr(error.text, "/nonexistent/recording"));
}

static void
a_snapshot_comes_from_a_collector(void **state)
{
	struct model *const model = model_new(0);
	struct seen seen = {.loop = NULL};
	const struct source_hooks hooks = hooks_of(&seen);
	struct error error = {.position = -1};
	struct source *source;

	(void)state;
	behaviour = COLLECTOR_ENDS;
	source = open_live(false);
	assert_int_equal(source_start(source, NULL, model, &hooks, &error), 0);
	assert_int_equal(source_read_snapshot(source, NULL, &error), 0);
	assert_int_not_equal(model->complete_sequence, 0);
	source_close(source);
	model_free(model);
}

static void
a_collector_that_fails_reports_why(void **state)
{
	struct model *const model = model_new(0);
	struct seen seen = {.loop = NULL};
	const struct source_hooks hooks = hooks_of(&seen);
	struct error error = {.position = -1};
	struct source *source;

	(void)state;
	behaviour = COLLECTOR_FAILS;
	source = open_live(false);
	assert_int_equal(source_start(source, NULL, model, &hooks, &error), 0);
	assert_int_equal(source_read_snapshot(source, NULL, &error), -EPIPE);
	assert_string_equal(error.text, "the kernel has no sock_diag");
	assert_string_equal(source_last_words(model), error.text);
	source_close(source);
	model_free(model);
}

static void
what_is_sent_arrives_and_the_end_has_its_reason(void **state)
{
	const struct message_subscription subscription = {.interval_ms = 99};
	struct model *const model = model_new(0);
	struct seen seen = {.loop = loop_new()};
	const struct source_hooks hooks = hooks_of(&seen);
	struct error error = {.position = -1};
	struct source *source;

	(void)state;
	behaviour = COLLECTOR_ANSWERS;
	source = open_live(false);
	assert_int_equal(source_start(source, seen.loop, model, &hooks, &error), 0);
	assert_int_equal(source_send(source, MESSAGE_SUBSCRIPTION, &subscription), 0);
	assert_int_equal(loop_run(seen.loop), 0);
	assert_int_not_equal(model->complete_sequence, 0);
	assert_int_equal(seen.ends, 1);
	assert_int_equal(seen.result, -EPIPE);
	assert_string_equal(seen.error.text, "the collector ended: interval 99");
	assert_int_equal(source_send(source, MESSAGE_SUBSCRIPTION, &subscription), -ENOTCONN);
	source_close(source);
	loop_free(seen.loop);
	model_free(model);
}

/* Also where it is started again; what an earlier one said is no reason. */
static void
a_collector_that_is_started_again_has_given_its_reason(void **state)
{
	struct model *const model = model_new(0);
	struct seen seen = {.loop = loop_new()};
	const struct source_hooks hooks = hooks_of(&seen);
	struct error error = {.position = -1};
	struct source *source;

	(void)state;
	behaviour = COLLECTOR_FAILS;
	source = open_live(true);
	assert_int_equal(source_start(source, seen.loop, model, &hooks, &error), 0);
	assert_int_equal(loop_run(seen.loop), 0);
	assert_non_null(strstr(seen.report[0],
		"the collector ended: the kernel has no sock_diag; it is started again in 1 s"));
	source_close(source);

	seen = (struct seen){.loop = seen.loop};
	behaviour = COLLECTOR_ENDS;
	source = open_live(true);
	assert_int_equal(source_start(source, seen.loop, model, &hooks, &error), 0);
	assert_int_equal(loop_run(seen.loop), 0);
	assert_non_null(strstr(seen.report[0], "the collector ended; it is started again in 1 s"));
	source_close(source);
	loop_free(seen.loop);
	model_free(model);
}

static void
a_collector_that_ended_is_started_again(void **state)
{
	struct model *const model = model_new(0);
	struct seen seen = {.loop = loop_new()};
	const struct source_hooks hooks = hooks_of(&seen);
	struct error error = {.position = -1};
	struct source *source;

	(void)state;
	behaviour = COLLECTOR_ENDS;
	source = open_live(true);
	assert_int_equal(source_start(source, seen.loop, model, &hooks, &error), 0);
	assert_int_equal(loop_run(seen.loop), 0);
	assert_int_equal(seen.severity[0], SEVERITY_CRITICAL);
	assert_non_null(strstr(seen.report[0], "it is started again in 1 s"));
	assert_int_equal(loop_run(seen.loop), 0);
	assert_int_equal(seen.reports, REPORTS_MAX);
	assert_int_equal(seen.severity[1], SEVERITY_INFO);
	assert_string_equal(seen.report[1], "the collector runs again");
	assert_int_equal(seen.ends, 0);
	source_close(source);
	loop_free(seen.loop);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_in_the_loop),
		cmocka_unit_test(the_records_hook_ends_the_reading),
		cmocka_unit_test(a_snapshot_comes_out_of_a_file),
		cmocka_unit_test(a_file_that_is_missing_is_refused),
		cmocka_unit_test(a_snapshot_comes_from_a_collector),
		cmocka_unit_test(a_collector_that_fails_reports_why),
		cmocka_unit_test(what_is_sent_arrives_and_the_end_has_its_reason),
		cmocka_unit_test(a_collector_that_is_started_again_has_given_its_reason),
		cmocka_unit_test(a_collector_that_ended_is_started_again),
	};

	signal(SIGPIPE, SIG_IGN); /* as the program does: a collector may be gone already */
	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
