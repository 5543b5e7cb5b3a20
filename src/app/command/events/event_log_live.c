/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live: a collector's packets go through the model's wire. At the end the captures are ended in
 * order: a last subscription without packets is sent; then come the packets that were still in the
 * kernel's ring, and how many were lost.
 */
#include <config.h>

#include "event_log.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/source/source.h>
#include <sockwatch/stream/needs.h>

#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/stops.h"
#include "app/command/subscribe.h"
#include "app/error_print.h"

enum {
	CAPTURES_MAX = 64,
	PRINT_RECORDS = 512, /* far less than the ring of events holds */
	END_MS = 2000,       /* the last counts are waited for until nothing came for so long */
	TICK_MS = 200,
};

/* The newest message about the capture of a namespace. */
struct capture_state {
	uint32_t netns;
	bool is_running;
};

struct live {
	struct event_log *log;
	struct error *error;
	struct loop *loop;
	struct source *source;
	struct loop_source *end_timer;
	struct stops stops;
	struct subscription subscription;
	struct capture_state captures[CAPTURES_MAX];
	size_t capture_count;
	int refusal;        /* errno of a namespace among many that cannot be captured in, or 0 */
	bool is_timed;      /* the clock of --for runs */
	bool is_ending;     /* the last counts are waited for */
	bool has_come;      /* a record came since the end timer was set */
	unsigned unprinted; /* records since the last look at the events */
	int result;
};

static void
fail(struct live *live, int result)
{
	live->result = result;
	loop_stop(live->loop, 0);
}

static bool
any_runs(const struct live *live)
{
	for (size_t i = 0; i < live->capture_count; i++) {
		if (live->captures[i].is_running)
			return true;
	}
	return false;
}

static void
begin_end(struct live *live)
{
	if (live->is_ending || !any_runs(live)) {
		loop_stop(live->loop, 0);
		return;
	}
	live->is_ending = true;
	live->subscription.message.needs &= ~(uint64_t)NEED_PACKETS;
	if (source_send(live->source, MESSAGE_SUBSCRIPTION, &live->subscription.message) != 0)
		loop_stop(live->loop, 0);
	loop_arm(live->end_timer, END_MS * CLOCK_NS_PER_MS, 0);
}

static struct capture_state *
find_capture(struct live *live, uint32_t netns)
{
	for (size_t i = 0; i < live->capture_count; i++) {
		if (live->captures[i].netns == netns)
			return &live->captures[i];
	}
	if (live->capture_count == CAPTURES_MAX)
		return NULL;
	live->captures[live->capture_count] = (struct capture_state){.netns = netns};
	return &live->captures[live->capture_count++];
}

/*
 * Among many namespaces one that cannot be captured in is reported, unless it only lacks the
 * interface; a single one ends the command.
 */
static void
take_refusal(struct live *live, const struct message_capture *capture)
{
	struct error sentence;
	char text[sizeof sentence.text];

	text_clean(capture->text, text, sizeof text);
	error_set(&sentence, "%s", text);
	if (live->subscription.message.netns_mode != SUBSCRIPTION_NETNS_ALL) {
		*live->error = sentence;
		fail(live, -capture->error);
		return;
	}
	live->refusal = capture->error;
	if (capture->error == ENODEV)
		*live->error = sentence;
	else
		error_print(&sentence);
}

/* By the second refresh every namespace was tried, so none of them can be captured in. */
static void
take_snapshot_end(struct live *live)
{
	if (live->log->captured || live->refusal == 0)
		return;
	if (live->refusal != ENODEV)
		error_set(live->error, "no network namespace can be captured in");
	fail(live, -live->refusal);
}

static void
take_capture(struct live *live, const struct message_capture *capture)
{
	struct capture_state *const state = find_capture(live, capture->netns);
	const uint32_t for_ms = live->log->options->for_ms;

	if (capture->error != 0)
		take_refusal(live, capture);
	if (state == NULL)
		return;
	state->is_running = capture->running != 0;
	live->log->captured |= state->is_running;
	if (state->is_running && !live->is_timed && for_ms != 0) {
		live->is_timed = true;
		loop_arm(live->end_timer, for_ms * CLOCK_NS_PER_MS, 0);
	}
	if (live->is_ending && !any_runs(live))
		loop_stop(live->loop, 0);
}

/* Before anything is captured a critical notice is the end: there is no such namespace. */
static void
take_notice(struct live *live, const struct message_notice *notice)
{
	struct error sentence;
	char text[sizeof sentence.text];

	text_clean(notice->text, text, sizeof text);
	error_set(&sentence, "%s", text);
	if (live->log->captured || notice->severity != SEVERITY_CRITICAL) {
		error_print(&sentence);
		return;
	}
	*live->error = sentence;
	fail(live, -ENOENT);
}

static void
take_message(struct live *live, const struct record *record)
{
	struct message message;

	if (record->kind != RECORD_MESSAGE ||
		message_decode(record->data, record->len, &message) != 0)
		return;
	if (message.type == MESSAGE_CAPTURE)
		take_capture(live, &message.body.capture);
	else if (message.type == MESSAGE_NOTICE)
		take_notice(live, &message.body.notice);
	else if (message.type == MESSAGE_SNAPSHOT_END)
		take_snapshot_end(live);
}

static void
write_out(struct live *live)
{
	struct event_log *const log = live->log;

	if (output_write(&log->output, true, live->error) != 0)
		fail(live, -EIO);
	log->done |= log->output.closed;
	if (log->done)
		loop_stop(live->loop, 0);
}

static bool
on_records(void *context, const struct record *records, unsigned count)
{
	struct live *const live = context;

	live->has_come = true;
	take_message(live, &records[count - 1]); /* there is no message before the last one */
	if (live->unprinted >= PRINT_RECORDS) {
		event_log_print(live->log, false);
		live->unprinted = 0;
	}
	live->unprinted += count;
	return !live->log->done;
}

static void
on_changed(void *context)
{
	struct live *const live = context;

	event_log_print(live->log, false);
	live->unprinted = 0;
	write_out(live);
}

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	const struct live *const live = context;

	*subscription = live->subscription.message;
}

static void
on_ended(void *context, int result, const struct error *error)
{
	struct live *const live = context;

	*live->error = *error;
	fail(live, result);
}

/* Events that are held back are printed in time even when no segment comes. */
static void
on_tick(void *context, uint64_t times)
{
	struct live *const live = context;

	(void)times;
	model_tick_live(live->log->model, clock_monotonic_ns());
	event_log_print(live->log, false);
	write_out(live);
}

static void
on_end_timer(void *context, uint64_t times)
{
	struct live *const live = context;

	(void)times;
	if (!live->is_ending || !live->has_come) {
		begin_end(live);
		return;
	}
	/* After a flood there is still much to read. */
	live->has_come = false;
	loop_arm(live->end_timer, END_MS * CLOCK_NS_PER_MS, 0);
}

static void
on_signal(void *context)
{
	begin_end(context);
}

static void
on_closed(void *context)
{
	struct live *const live = context;

	live->log->done = true;
	loop_stop(live->loop, 0);
}

static int
connect_loop(struct live *live)
{
	struct loop_source *tick;

	live->end_timer = loop_add_timer(live->loop, on_end_timer, live);
	tick = loop_add_timer(live->loop, on_tick, live);
	if (live->end_timer == NULL || tick == NULL)
		return -errno;
	loop_arm(tick, TICK_MS * CLOCK_NS_PER_MS, TICK_MS * CLOCK_NS_PER_MS);
	live->stops = (struct stops){.loop = live->loop,
		.output = &live->log->output,
		.on_signal = on_signal,
		.on_closed = on_closed,
		.context = live};
	return stops_watch(&live->stops);
}

static void
fill_subscription(struct live *live, uint64_t needs)
{
	const struct options *const options = live->log->options;
	struct message_subscription *const subscription = &live->subscription.message;

	subscribe_fill(&live->subscription, options, NULL);
	subscription->needs = needs;
	subscription->protocols = PROTOCOL_TCP;
	if (options->interface != NULL && strcmp(options->interface, "any") != 0)
		subscription->capture_interface = text_of(options->interface);
	subscription->capture_data = options->data;
	subscription->capture_tunnels = options->tunnels;
}

static int
run(struct live *live)
{
	const struct source_hooks hooks = {.context = live,
		.records = on_records,
		.changed = on_changed,
		.get_subscription = on_get_subscription,
		.ended = on_ended};
	int result;

	live->loop = loop_new();
	result = live->loop == NULL ? -errno : connect_loop(live);
	if (result != 0) {
		error_set(live->error, "the event loop cannot be used: %s", file_words(-result));
		return result;
	}
	result = source_start(live->source, live->loop, live->log->model, &hooks, live->error);
	if (result != 0)
		return result;
	result = loop_run(live->loop);
	if (result < 0)
		error_set(live->error, "the event loop failed: %s", file_words(-result));
	return result < 0 ? result : live->result;
}

int
event_log_live_run(struct event_log *log, uint64_t needs, struct error *error)
{
	struct live live = {.log = log, .error = error};
	int result;

	live.source = open_source(log->options, 0, error);
	if (live.source == NULL)
		return -EPERM;
	confine(SANDBOX_VIEWER);
	fill_subscription(&live, needs);
	result = run(&live);
	source_close(live.source);
	loop_free(live.loop);
	return result;
}
