/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live: a collector of our own. The keeper is forked while there are rights, starts a collector
 * when the source starts, and again when one ended, if that is asked for.
 */
#include <config.h>

#include "source_private.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/privilege/netns_enter.h>

enum {
	COMMANDS_LIMIT = 256 * 1024, /* bytes that wait for the collector */
	RETRY_MAX_S = 30,
	PING_S = 2, /* between two looks whether the keeper answers */
};

struct live {
	struct source source; /* its reader is NULL: no collector runs */
	bool retries;
	struct keeper keeper;
	bool is_keeper_ended;
	struct collector_link link;
	struct stream_writer *writer;
	bool is_asked;     /* the keeper is to start a collector, and has not answered yet */
	uint64_t asked_ns; /* CLOCK_MONOTONIC: since when it owes an answer; 0: it owes none */
	struct loop_source *stream_source, *commands_source, *keeper_source;
	struct loop_source *retry_timer, *ping_timer;
	unsigned failures; /* since a snapshot was complete */
	uint32_t complete_sequence;
	uint64_t notices; /* of the model, when this collector was started */
};

static void
disconnect(struct live *live)
{
	if (live->stream_source != NULL)
		loop_remove(live->stream_source);
	if (live->commands_source != NULL)
		loop_remove(live->commands_source);
	live->stream_source = live->commands_source = NULL;
	live->source.is_busy = false;
	stream_reader_free(live->source.reader);
	stream_writer_free(live->writer);
	live->source.reader = NULL;
	live->writer = NULL;
	if (live->link.stream >= 0) {
		close(live->link.stream);
		close(live->link.commands);
	}
	live->link.stream = live->link.commands = -1;
}

/* 1 s, 2 s, 4 s … 30 s, until a collector lives long enough to complete a snapshot. */
static void
retry_later(struct live *live, const char *why)
{
	const unsigned doubled_s = live->failures < 5 ? 1U << live->failures : RETRY_MAX_S;
	const unsigned delay_s = doubled_s < RETRY_MAX_S ? doubled_s : RETRY_MAX_S;
	struct error sentence;

	disconnect(live);
	if (live->failures < 100)
		live->failures++;
	if (live->is_keeper_ended) {
		error_set(
			&sentence, "%s; nothing is collected any more: start sockwatch again", why);
	} else {
		error_set(&sentence, "%s; it is started again in %u s, what is shown stands still",
			why, delay_s);
		loop_arm(live->retry_timer, delay_s * CLOCK_NS_PER_S, 0);
	}
	source_report(&live->source, SEVERITY_CRITICAL, sentence.text);
	source_changed(&live->source);
}

/* A collector that completed a snapshot works. */
static void
note_complete(struct live *live)
{
	const struct model *const model = live->source.model;
	const uint32_t sequence = model != NULL ? model->complete_sequence : 0;

	/* Without a model any record will do. */
	if (model != NULL && sequence == live->complete_sequence)
		return;
	live->complete_sequence = sequence;
	if (live->failures > 0)
		source_report(&live->source, SEVERITY_INFO, "the collector runs again");
	live->failures = 0;
}

/* It has the last words of the collector, if that had any. */
static void
end(struct live *live, int result, const char *text)
{
	const struct model *const model = live->source.model;
	const char *const words = model != NULL ? source_words_since(model, live->notices) : NULL;
	struct error sentence;

	error_set(&sentence, "%s%s%s", text, words != NULL ? ": " : "", words != NULL ? words : "");
	if (live->retries) {
		retry_later(live, sentence.text);
		return;
	}
	disconnect(live);
	source_ended(&live->source, result, &sentence);
}

static bool
pump(struct source *source)
{
	struct live *const live = (struct live *)source;
	struct error error = {.position = -1};
	enum source_slice slice;
	int result;

	if (source->reader == NULL)
		return false;
	slice = source_take_slice(source, &result, &error);
	note_complete(live);
	source_changed(source);
	switch (slice) {
	case SOURCE_SLICE_MORE: return true;
	case SOURCE_SLICE_DRY: break;
	case SOURCE_SLICE_ENDED: end(live, -EPIPE, "the collector ended"); return false;
	case SOURCE_SLICE_FAILED: end(live, result, error.text); return false;
	}
	if (source->is_stopped)
		loop_change(live->stream_source, 0);
	return false;
}

static void
on_stream(void *context, unsigned events)
{
	struct source *const source = context;

	(void)events;
	if (!source->is_busy && pump(source))
		source_pump_soon(source);
}

/* 0; -ENOTCONN when nobody reads any more, which the stream's end will show too. */
static int
flush(struct live *live)
{
	const int result = stream_flush(live->writer);

	if (live->commands_source != NULL)
		loop_change(live->commands_source, result == -EAGAIN ? LOOP_WRITE : 0);
	return result == 0 || result == -EAGAIN ? 0 : -ENOTCONN;
}

static void
on_commands(void *context, unsigned events)
{
	struct live *const live = context;

	if ((events & LOOP_WRITE) != 0)
		(void)flush(live);
	else
		loop_change(live->commands_source, 0);
}

static int
send_message(struct source *source, enum message_type type, const void *body)
{
	struct live *const live = (struct live *)source;
	int result;

	if (live->writer == NULL)
		return -ENOTCONN;
	result = stream_write_message(live->writer, type, body);
	return result == 0 ? flush(live) : result;
}

static int
connect_loop(struct live *live, struct error *error)
{
	struct loop *const loop = live->source.loop;

	live->stream_source = loop_add(loop, live->link.stream, LOOP_READ, on_stream, live);
	live->commands_source = loop_add(loop, live->link.commands, 0, on_commands, live);
	if (live->stream_source != NULL && live->commands_source != NULL)
		return 0;
	error_set(error, "the event loop cannot be used: %s", file_words(errno));
	return -errno;
}

/* Begins to read the collector that was started. */
static int
take_link(struct live *live, struct error *error)
{
	struct source *const source = &live->source;

	live->notices = source->model != NULL ? source->model->notice_count : 0;
	source->reader = stream_reader_new(live->link.stream);
	live->writer = stream_writer_new(live->link.commands, COMMANDS_LIMIT);
	if (source->reader != NULL && source->hooks.bytes != NULL) {
		source->hooks.bytes(source->hooks.context, NULL, 0);
		stream_reader_tee(source->reader, source->hooks.bytes, source->hooks.context);
	}
	if (source->reader != NULL && live->writer != NULL)
		return source->loop != NULL ? connect_loop(live, error) : 0;
	error_set(error, "there is not enough memory to read the collector");
	return -ENOMEM;
}

static int
spawn(struct live *live, struct error *error)
{
	struct source *const source = &live->source;
	struct message_subscription subscription;
	int result;

	source->hooks.get_subscription(source->hooks.context, &subscription);
	result = keeper_spawn(&live->keeper, &subscription, &live->link, error);
	return result == 0 ? take_link(live, error) : result;
}

static void
expect_answer(struct live *live)
{
	if (live->asked_ns == 0)
		live->asked_ns = clock_monotonic_ns();
}

/* Asks for a collector and goes on: a keeper that was stopped must not keep keys waiting. */
static void
ask(struct live *live)
{
	struct source *const source = &live->source;
	struct message_subscription subscription;
	struct error error = {.position = -1};

	if (live->is_keeper_ended || live->is_asked || source->reader != NULL)
		return;
	source->hooks.get_subscription(source->hooks.context, &subscription);
	if (keeper_ask(&live->keeper, &subscription, &error) != 0) {
		retry_later(live, error.text);
		return;
	}
	live->is_asked = true;
	expect_answer(live);
}

/* What was subscribed to while the keeper was asked has not reached the collector. */
static void
started(struct live *live)
{
	struct source *const source = &live->source;
	struct message_subscription subscription;
	struct error error = {.position = -1};

	live->is_asked = false;
	if (take_link(live, &error) != 0) {
		retry_later(live, error.text);
		return;
	}
	source->hooks.get_subscription(source->hooks.context, &subscription);
	(void)send_message(source, MESSAGE_SUBSCRIPTION, &subscription);
}

static void
on_retry(void *context, uint64_t times)
{
	(void)times;
	ask(context);
}

static void
on_ping(void *context, uint64_t times)
{
	struct live *const live = context;

	(void)times;
	if (live->asked_ns == 0 && keeper_ping(&live->keeper) == 0)
		expect_answer(live);
}

static void
keeper_ended(struct live *live)
{
	loop_remove(live->keeper_source);
	live->keeper_source = NULL;
	live->is_keeper_ended = true;
	live->is_asked = false;
	live->asked_ns = 0;
	loop_arm(live->retry_timer, 0, 0);
	loop_arm(live->ping_timer, 0, 0);
	retry_later(live, "the process that starts the collector ended");
}

static void
on_keeper(void *context, unsigned events)
{
	struct live *const live = context;
	struct error error = {.position = -1};
	const int result = keeper_take(&live->keeper, &live->link, &error);

	(void)events;
	if (result == -EAGAIN)
		return;
	live->asked_ns = 0;
	if (result > 0) {
		started(live);
	} else if (result == -EPIPE || result == -ECONNRESET) {
		keeper_ended(live);
	} else if (result < 0) {
		live->is_asked = false;
		retry_later(live, error.text);
	}
}

static int
start(struct source *source, struct error *error)
{
	struct live *const live = (struct live *)source;
	const int result = keeper_ready(&live->keeper, error);

	if (result != 0 || !live->retries)
		return result != 0 ? result : spawn(live, error);
	live->retry_timer = loop_add_timer(source->loop, on_retry, live);
	live->ping_timer = loop_add_timer(source->loop, on_ping, live);
	live->keeper_source =
		loop_add(source->loop, live->keeper.control, LOOP_READ, on_keeper, live);
	if (live->retry_timer == NULL || live->ping_timer == NULL || live->keeper_source == NULL) {
		error_set(error, "the event loop cannot be used: %s", file_words(errno));
		return -errno;
	}
	loop_arm(live->ping_timer, PING_S * CLOCK_NS_PER_S, PING_S * CLOCK_NS_PER_S);
	ask(live);
	return 0;
}

static int
forbid_changes(struct source *source, struct error *error)
{
	return keeper_forbid_changes(&((struct live *)source)->keeper, error);
}

static uint64_t
keeper_silent_ns(const struct source *source)
{
	const struct live *const live = (const struct live *)source;

	return live->asked_ns != 0 ? clock_monotonic_ns() - live->asked_ns : 0;
}

static int
wait_readable(struct source *source, struct error *error)
{
	const struct live *const live = (const struct live *)source;
	struct pollfd readable = {.fd = live->link.stream, .events = POLLIN};

	if (poll(&readable, 1, -1) >= 0 || errno == EINTR)
		return 1;
	error_set(error, "the collector cannot be read: %s", file_words(errno));
	return -errno;
}

/* A collector that was killed had no time for last words. */
static int
read_snapshot(struct source *source, const char *at, struct error *error)
{
	const char *words;
	int result = 1;

	(void)at;
	while (source->model->complete_sequence == 0 && result > 0)
		result = source_read(source, error);
	if (result != 0)
		return result < 0 ? result : 0;
	words = source_last_words(source->model);
	error_set(error, "%s",
		words != NULL ? words : "the collector ended before it had listed all sockets");
	return -EPIPE;
}

static void
close_live(struct source *source)
{
	struct live *const live = (struct live *)source;

	disconnect(live);
	if (live->keeper_source != NULL)
		loop_remove(live->keeper_source);
	if (live->retry_timer != NULL)
		loop_remove(live->retry_timer);
	if (live->ping_timer != NULL)
		loop_remove(live->ping_timer);
	keeper_stop(&live->keeper);
	free(live);
}

static const struct source_kind kind = {
	.start = start,
	.pump = pump,
	.wait = wait_readable,
	.send = send_message,
	.read_snapshot = read_snapshot,
	.forbid_changes = forbid_changes,
	.keeper_silent_ns = keeper_silent_ns,
	.close = close_live,
};

/* What it may not enter, the collector may not see either, and says so. */
static int
enter_for_names(const char *netns, struct error *error)
{
	const int result = netns != NULL ? netns_enter_for_names(netns, error) : 0;

	if (result != -EPERM && result != -EACCES)
		return result;
	error->text[0] = '\0';
	return 0;
}

struct source *
source_open_live(const struct source_live_options *options, struct error *error)
{
	struct live *const live = calloc(1, sizeof *live);

	if (live == NULL) {
		error_set(error, "there is not enough memory to begin");
		return NULL;
	}
	*live = (struct live){.source = {.kind = &kind},
		.retries = options->retries,
		.keeper = {.control = -1, .life = -1},
		.link = {.stream = -1, .commands = -1}};
	if (options->start_keeper(options->collector, &live->keeper, error) == 0 &&
		enter_for_names(options->netns, error) == 0 && source_drop_rights(error) == 0)
		return &live->source;
	source_close(&live->source);
	return NULL;
}
