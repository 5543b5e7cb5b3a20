/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the events that pass the filter; those that take others in are held until that is over.
 */
#include <config.h>

#include "event_log.h"

#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/wire.h>

enum { LINE_SIZE = EVENT_ROW_SIZE, RING_MARGIN = 1024 };

/* Equal events are counted in one for a second. */
static const uint64_t held_ns = CLOCK_NS_PER_S + CLOCK_NS_PER_S / 10;

/* SGR: openings are green, orderly closes yellow, breaks red, repetitions magenta. */
static const char *const colors[EVENT_KIND_COUNT] = {
	[EVENT_SYN] = "\033[32m",
	[EVENT_SYN_ACK] = "\033[32m",
	[EVENT_HANDSHAKE_DONE] = "\033[1;32m",
	[EVENT_SIMULTANEOUS_SYN] = "\033[32m",
	[EVENT_FIN] = "\033[33m",
	[EVENT_FIN_ACK] = "\033[33m",
	[EVENT_RST] = "\033[31m",
	[EVENT_REFUSED] = "\033[1;31m",
	[EVENT_RETRANSMIT] = "\033[35m",
	[EVENT_KEEPALIVE] = "\033[36m",
	[EVENT_ZERO_WINDOW] = "\033[35m",
	[EVENT_WINDOW_PROBE] = "\033[35m",
	[EVENT_ILLEGAL] = "\033[1;31m",
};

static void
print_line(struct event_log *log, const struct event_row *row)
{
	struct buffer *const out = &log->output.buffer;
	const char *const color = log->color ? colors[row->event->kind] : NULL;
	char *line;

	if (color != NULL)
		buffer_append_text(out, color);
	line = buffer_reserve(out, LINE_SIZE);
	if (line != NULL)
		out->len += event_row_format(&log->context, row, line, LINE_SIZE);
	buffer_append_text(out, color != NULL ? "\033[0m\n" : "\n");
}

static void
print_event(struct event_log *log, const struct event *event)
{
	const struct event_row row = event_row_of(log->model, event);

	if (log->done ||
		!filter_match(log->filter, &log->context, &row, log->visible, log->visible_count))
		return;
	if (log->report != NULL)
		report_row(log->report, &row);
	else
		print_line(log, &row);
	if (row.conversation != NULL &&
		model_conversation_ownerless(log->model, row.conversation, NULL) != NULL)
		log->unowned++;
	log->printed++;
	if (log->options->count != 0 && log->printed >= log->options->count)
		log->done = true;
}

/* Prints the oldest event that is held back. */
static void
release(struct event_log *log)
{
	const struct event *const event = wire_event(log->model->wire, log->held[0].number);

	wire_event_close(log->model->wire, log->held[0].number);
	if (event != NULL)
		print_event(log, event);
	else
		log->missed++;
	log->held_count--;
	memmove(log->held, log->held + 1, log->held_count * sizeof log->held[0]);
}

static void
hold(struct event_log *log, const struct event *event)
{
	if (log->held_count == EVENT_LOG_HELD_MAX)
		release(log);
	log->held[log->held_count++] = (struct event_log_held){
		.number = event->number, .until_ns = event->segment.time_ns + held_ns};
}

/* Its time is over, or the ring would soon overwrite it. */
static bool
is_ripe(const struct event_log *log, const struct event_log_held *held)
{
	return log->model->now_ns >= held->until_ns ||
	       wire_event_room(log->model->wire, held->number) < RING_MARGIN;
}

bool
event_log_is_shown(const struct event_log *log, const struct event *event)
{
	const uint64_t time_ns = model_wall_ns(log->model, event->segment.time_ns);

	/* A capture file holds data segments too, which only --data shows. */
	if (!log->options->data && !event_is_flag(&event->segment, (enum event_kind)event->kind))
		return false;
	return time_ns >= log->begin_ns && (log->end_ns == 0 || time_ns <= log->end_ns);
}

void
event_log_print(struct event_log *log, bool all)
{
	const struct wire *const wire = log->model->wire;
	const struct event *event;

	for (; !log->done && (event = wire_event_from(wire, log->next)) != NULL;
		log->next = event->number + 1) {
		log->missed += event->number - log->next;
		if (!event_log_is_shown(log, event))
			continue;
		if (event->sources != 0)
			hold(log, event);
		else
			print_event(log, event);
	}
	while (log->held_count != 0 && (all || is_ripe(log, &log->held[0])))
		release(log);
}
