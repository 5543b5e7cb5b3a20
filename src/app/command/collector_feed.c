/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "collector_feed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

enum {
	COMMANDS_LIMIT = 256 * 1024, /* bytes that wait for the collector */
	RETRY_MAX_S = 30,
	SOME_RECORDS =
		32, /* packets between two looks at the clock: one takes as long as half a packet */
};

/* A key must be answered within 50 ms: no slice may be a large part of that. */
static const uint64_t slice_ns = 8 * CLOCK_NS_PER_MS;

static void start(struct collector_feed *feed);

static void
drop(struct collector_feed *feed)
{
	if (feed->stream_source != NULL)
		loop_remove(feed->stream_source);
	if (feed->commands_source != NULL)
		loop_remove(feed->commands_source);
	feed->stream_source = feed->commands_source = NULL;
	if (feed->reader == NULL)
		return;
	stream_reader_free(feed->reader);
	stream_writer_free(feed->writer);
	feed->reader = NULL;
	feed->writer = NULL;
	feed->busy = false;
	close(feed->link.stream);
	close(feed->link.commands);
}

/* 1 s, 2 s, 4 s … 30 s, until one lives long enough to end a snapshot. */
static void
retry_later(struct collector_feed *feed, const char *what)
{
	unsigned delay_s = feed->failures < 5 ? 1U << feed->failures : RETRY_MAX_S;
	struct error sentence;

	drop(feed);
	if (delay_s > RETRY_MAX_S)
		delay_s = RETRY_MAX_S;
	if (feed->failures < 100)
		feed->failures++;
	if (feed->keeper_died) {
		error_set(&sentence, "%s; nothing is collected any more: start sockwatch again",
			what);
	} else {
		error_set(&sentence, "%s; it is started again in %u s, what is shown stands still",
			what, delay_s);
		loop_arm(feed->retry_timer, delay_s * CLOCK_NS_PER_S, 0);
	}
	feed->hooks.say(feed->hooks.context, SEVERITY_CRITICAL, sentence.text);
	feed->hooks.changed(feed->hooks.context);
}

/* One that lives long enough to end a snapshot is a good one. */
static void
note_life(struct collector_feed *feed)
{
	if (feed->model->complete_sequence == feed->lived_sequence)
		return;
	feed->lived_sequence = feed->model->complete_sequence;
	if (feed->failures > 0)
		feed->hooks.say(feed->hooks.context, SEVERITY_INFO, "the collector runs again");
	feed->failures = 0;
}

/* True when the slice was used up and more waits. */
static bool
take_slice(struct collector_feed *feed)
{
	const uint64_t end_ns = clock_monotonic_ns() + slice_ns;
	struct error error = {.position = -1};
	struct record records[SOME_RECORDS];
	int result;

	while ((result = stream_reader_some(feed->reader, records, SOME_RECORDS, &error)) > 0) {
		model_apply_some(feed->model, records, (size_t)result);
		if (clock_monotonic_ns() >= end_ns)
			break;
	}
	note_life(feed);
	feed->hooks.changed(feed->hooks.context);
	if (result > 0)
		return true;
	if (result < 0)
		retry_later(feed, error.text);
	else if (stream_reader_ended(feed->reader))
		retry_later(feed, "the collector ended");
	return false;
}

static bool
on_idle(void *context)
{
	struct collector_feed *const feed = context;

	if (feed->reader != NULL && feed->busy)
		feed->busy = take_slice(feed);
	return feed->busy;
}

static void
on_stream(void *context, unsigned events)
{
	struct collector_feed *const feed = context;

	(void)events;
	if (feed->busy)
		return;
	feed->busy = take_slice(feed);
	if (feed->busy)
		loop_wake_idle(feed->loop);
}

static void
flush_commands(struct collector_feed *feed)
{
	const int result = stream_flush(feed->writer);

	/* Any other error is the collector's death, which the stream tells too. */
	loop_change(feed->commands_source, result == -EAGAIN ? LOOP_WRITE : 0);
}

static void
on_commands(void *context, unsigned events)
{
	struct collector_feed *const feed = context;

	if ((events & LOOP_WRITE) != 0)
		flush_commands(feed);
	else
		loop_change(feed->commands_source, 0);
}

static void
on_retry(void *context, uint64_t times)
{
	(void)times;
	start(context);
}

static void
on_keeper(void *context, unsigned events)
{
	struct collector_feed *const feed = context;

	(void)events;
	loop_remove(feed->keeper_source);
	feed->keeper_source = NULL;
	feed->keeper_died = true;
	loop_arm(feed->retry_timer, 0, 0);
	retry_later(feed, "the process that starts the collector ended");
}

static bool
attach(struct collector_feed *feed)
{
	feed->reader = stream_reader_new(feed->link.stream);
	feed->writer = stream_writer_new(feed->link.commands, COMMANDS_LIMIT);
	if (feed->reader != NULL && feed->writer != NULL) {
		feed->stream_source =
			loop_add(feed->loop, feed->link.stream, LOOP_READ, on_stream, feed);
		feed->commands_source =
			loop_add(feed->loop, feed->link.commands, 0, on_commands, feed);
	}
	return feed->stream_source != NULL && feed->commands_source != NULL;
}

static void
start(struct collector_feed *feed)
{
	struct error error = {.position = -1};
	struct message_subscription subscription;

	if (feed->keeper_died || feed->reader != NULL)
		return;
	feed->hooks.get_subscription(feed->hooks.context, &subscription);
	if (keeper_spawn(feed->keeper, &subscription, &feed->link, &error) != 0) {
		retry_later(feed, error.text);
		return;
	}
	if (attach(feed))
		return;
	if (feed->reader == NULL) { /* drop looks at it */
		stream_writer_free(feed->writer);
		feed->writer = NULL;
		close(feed->link.stream);
		close(feed->link.commands);
	}
	retry_later(feed, "there is not enough memory to read the collector");
}

int
collector_feed_init(struct collector_feed *feed, struct loop *loop, struct model *model,
	struct keeper *keeper, const struct collector_feed_hooks *hooks, struct error *error)
{
	*feed = (struct collector_feed){
		.loop = loop, .model = model, .keeper = keeper, .hooks = *hooks};
	feed->retry_timer = loop_add_timer(loop, on_retry, feed);
	feed->keeper_source = loop_add(loop, keeper->control, LOOP_READ, on_keeper, feed);
	if (feed->retry_timer == NULL || feed->keeper_source == NULL) {
		error_set(error, "the event loop cannot be used: %s", strerror(errno));
		return -errno;
	}
	loop_set_idle(loop, on_idle, feed);
	start(feed);
	return 0;
}

void
collector_feed_fini(struct collector_feed *feed)
{
	if (feed->loop == NULL)
		return;
	drop(feed);
	if (feed->keeper_source != NULL)
		loop_remove(feed->keeper_source);
	if (feed->retry_timer != NULL)
		loop_remove(feed->retry_timer);
	loop_set_idle(feed->loop, NULL, NULL);
	feed->loop = NULL;
}

int
collector_feed_send(struct collector_feed *feed, enum message_type type, const void *body)
{
	int result;

	if (feed->writer == NULL)
		return -ENOTCONN;
	result = stream_write_message(feed->writer, type, body);
	if (result == 0)
		flush_commands(feed);
	return result;
}
