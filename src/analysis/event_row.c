/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/analysis/event_row.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct event_row
event_row_of(const struct model *model, const struct event *event)
{
	return (struct event_row){
		.event = event,
		.conversation =
			wire_conversation(model->wire, event->conversation, event->generation),
	};
}

/* Room for one line; what does not fit is cut. */
struct line {
	char *out;
	size_t len, size;
};

__attribute__((format(printf, 2, 3))) static void
add(struct line *line, const char *format, ...)
{
	va_list arguments;

	if (line->len + 1 >= line->size)
		return;
	va_start(arguments, format);
	const int len = vsnprintf(line->out + line->len, line->size - line->len, format, arguments);
	va_end(arguments);
	if (len > 0)
		line->len += (size_t)len;
	if (line->len >= line->size)
		line->len = line->size - 1;
}

static void
add_field(struct line *line, const struct field_context *context, const struct event_row *row,
	const char *name, const char *before, int width)
{
	char text[128];
	struct value value;
	const struct field *field = field_find(&event_fields, name, strlen(name));

	field_get(field, context, row, &value);
	field_format(field, context, &value, 0, text, sizeof(text));
	if (text[0] != '\0')
		add(line, "%s%-*s", before, width, text);
}

/* As tcpdump: relative once the initial numbers are known, a range where there is payload. */
static void
add_numbers(struct line *line, const struct event *event)
{
	const struct segment *segment = &event->segment;
	const bool initial = (segment->flags & SEGMENT_SYN) != 0 || !event->relative;
	const uint32_t seq = initial ? segment->seq : event->relative_seq;

	if (segment->len > 0)
		add(line, " seq %u:%u", seq, seq + segment->len);
	else if ((segment->flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST)) != 0)
		add(line, " seq %u", seq);
	if ((segment->flags & SEGMENT_ACK) != 0)
		add(line, " ack %u", event->relative ? event->relative_ack : segment->ack);
	add(line, " win %u", segment->window);
}

size_t
event_row_format(
	const struct field_context *context, const struct event_row *row, char *out, size_t size)
{
	struct line line = {.out = out, .size = size};
	char flags[16], options[96];
	const struct event *event = row->event;

	out[0] = '\0';
	segment_format_flags(event->segment.flags, flags, sizeof(flags));
	add_field(&line, context, row, "clock", "", 0);
	add_field(&line, context, row, "interface", " ", 5);
	add_field(&line, context, row, "direction", " ", 3);
	add_field(&line, context, row, "source", " ", 0);
	add_field(&line, context, row, "destination", " > ", 0);
	add(&line, " [%s]", flags);
	add_numbers(&line, event);
	if (segment_format_options(&event->segment, options, sizeof(options)) > 0)
		add(&line, " <%s>", options);
	add(&line, " length %u", event->segment.len);
	if (event->words[0] != '\0')
		add(&line, "  %s", event->words);
	if (event->folded > 0)
		add(&line, "  (and %u more like it from about %u addresses)", event->folded,
			event->sources);
	add_field(&line, context, row, "owner", "  ", 0);
	return line.len;
}
