/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "probe_feed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/collector/collector.h>
#include <sockwatch/privilege/privileges.h>

enum { COMMANDS_LIMIT = 64 * 1024 };

int
probe_feed_init(struct probe_feed *feed, struct error *error)
{
	static const struct collector_options rights = {.only_probes = true};
	/* Paused: no socket is looked at. */
	static const struct message_subscription subscription = {.paused = 1, .interval_ms = 1000};
	int result;

	*feed = (struct probe_feed){.ended = false};
	result = collector_keeper_start(&rights, &feed->keeper, error);
	if (result != 0)
		return result;
	feed->has_keeper = true;
	result = privileges_drop_viewer(error);
	if (result == 0)
		result = keeper_spawn(&feed->keeper, &subscription, &feed->link, error);
	feed->has_link = result == 0;
	return result;
}

static void
end(struct probe_feed *feed, const char *text)
{
	const uint64_t count = feed->model->notice_count;

	/* Its last words say why. */
	error_set(&feed->error, "%s%s%s", text, count != 0 ? ": " : "",
		count != 0 ? feed->model->notices[(count - 1) % MODEL_NOTICES].text : "");
	feed->ended = true;
	loop_remove(feed->stream_source);
	feed->stream_source = NULL;
}

static void
on_stream(void *context, unsigned events)
{
	struct probe_feed *const feed = context;
	struct error error = {.position = -1};
	struct record record;
	int result;

	(void)events;
	while ((result = stream_reader_next(feed->reader, &record, &error)) > 0)
		model_apply(feed->model, &record);
	if (result < 0)
		end(feed, error.text);
	else if (stream_reader_ended(feed->reader))
		end(feed, "the process that probes has ended");
	if (feed->changed != NULL)
		feed->changed(feed->context);
}

static void
on_commands(void *context, unsigned events)
{
	struct probe_feed *const feed = context;

	(void)events;
	if (stream_flush(feed->writer) != -EAGAIN)
		loop_change(feed->commands_source, 0);
}

int
probe_feed_open(
	struct probe_feed *feed, struct loop *loop, struct model *model, struct error *error)
{
	feed->loop = loop;
	feed->model = model;
	feed->reader = stream_reader_new(feed->link.stream);
	feed->writer = stream_writer_new(feed->link.commands, COMMANDS_LIMIT);
	if (feed->reader == NULL || feed->writer == NULL) {
		error_set(error, "there is not enough memory to read the collector");
		return -ENOMEM;
	}
	feed->stream_source = loop_add(loop, feed->link.stream, LOOP_READ, on_stream, feed);
	feed->commands_source = loop_add(loop, feed->link.commands, 0, on_commands, feed);
	if (feed->stream_source == NULL || feed->commands_source == NULL) {
		error_set(error, "the event loop cannot be used: %s", strerror(errno));
		return -errno;
	}
	return 0;
}

int
probe_feed_send(struct probe_feed *feed, enum message_type type, const void *body)
{
	if (feed->ended)
		return -ENOTCONN;
	loop_change(feed->commands_source, LOOP_WRITE);
	return stream_write_message(feed->writer, type, body);
}

void
probe_feed_fini(struct probe_feed *feed)
{
	if (feed->stream_source != NULL)
		loop_remove(feed->stream_source);
	if (feed->commands_source != NULL)
		loop_remove(feed->commands_source);
	stream_reader_free(feed->reader);
	stream_writer_free(feed->writer);
	if (feed->has_link) {
		close(feed->link.stream);
		close(feed->link.commands);
	}
	if (feed->has_keeper)
		keeper_stop(&feed->keeper);
}
