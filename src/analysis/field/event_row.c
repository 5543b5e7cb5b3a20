/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of events: one event with its conversation, as the table of fields reads them. */
#include <config.h>

#include <sockwatch/analysis/event_row.h>

#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>

struct event_row
event_row_of(const struct model *model, const struct event *event)
{
	return (struct event_row){
		.event = event,
		.conversation =
			wire_conversation(model->wire, event->conversation, event->generation),
	};
}

/* A line as it grows; what does not fit is cut. */
struct line {
	char *out;
	size_t size, len;
	const struct field_context *context;
	const struct event_row *row;
};

enum { PART_TUNNEL = 5, PART_OWNER, PART_COUNT, PART_SIZE = 320 /* a name of a host, and more */ };

/* The parts of a line that are fields: the segment stands between them. */
static const struct {
	const char *field, *before;
	int width;
} parts[PART_COUNT] = {
	{"clock", "", 0},
	{"interface", " ", 5},
	{"direction", " ", 3},
	{"source", " ", 0},
	{"destination", " > ", 0},
	[PART_TUNNEL] = {"through", " in ", 0},
	[PART_OWNER] = {"owner", "  ", 0},
};

/* Nothing where the field is empty. */
static void
add_part(struct line *line, size_t part)
{
	static const struct field *found[PART_COUNT];
	const struct field *const field =
		field_keep(&event_fields, parts[part].field, &found[part]);
	char text[PART_SIZE];
	struct value value;

	field_get(field, line->context, line->row, &value);
	field_format(field, line->context, &value, 0, text, sizeof text);
	if (text[0] != '\0')
		line->len = text_add(line->out, line->size, line->len, "%s%-*s", parts[part].before,
			parts[part].width, text);
}

size_t
event_row_format_numbers(const struct event *event, const char *mark, char *out, size_t size)
{
	const struct segment *const segment = &event->segment;
	const bool initial = (segment->flags & SEGMENT_SYN) != 0 || !event->relative;
	const uint32_t seq = initial ? segment->seq : event->relative_seq;
	size_t len = 0;

	out[0] = '\0';
	if (segment->len > 0)
		len = text_add(out, size, 0, "seq %u:%u", seq, seq + segment->len);
	else if ((segment->flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST)) != 0)
		len = text_add(out, size, 0, "seq %u", seq);
	if ((segment->flags & SEGMENT_ACK) != 0)
		len = text_add(out, size, len, "%sack %s%u", len > 0 ? " " : "",
			event->relative ? mark : "",
			event->relative ? event->relative_ack : segment->ack);
	return len;
}

/* Flags and numbers, options, length. */
static size_t
add_segment(char *out, size_t size, size_t len, const struct event *event)
{
	const uint32_t sack_base = event->relative ? event->segment.ack - event->relative_ack : 0;
	char flags[16], numbers[64], options[SEGMENT_OPTIONS_TEXT_SIZE];

	segment_format_flags(event->segment.flags, flags, sizeof flags);
	len = text_add(out, size, len, " [%s]", flags);
	if (event_row_format_numbers(event, "", numbers, sizeof numbers) > 0)
		len = text_add(out, size, len, " %s", numbers);
	len = text_add(out, size, len, " win %u", event->segment.window);
	if (segment_format_options(&event->segment, sack_base, options, sizeof options) > 0)
		len = text_add(out, size, len, " <%s>", options);
	return text_add(out, size, len, " length %u", event->segment.len);
}

/* What it means. */
static size_t
add_words(char *out, size_t size, size_t len, const struct event *event)
{
	if (event->words[0] != '\0')
		len = text_add(out, size, len, "  %s", event->words);
	if (event->folded > 0)
		len = text_add(out, size, len, "  (and %u more like it from about %u addresses)",
			event->folded, event->sources);
	return len;
}

/* Marks a line that was cut; never within a character of several bytes. */
static size_t
mark_cut(char *out, size_t len)
{
	while (len > 0 && ((unsigned char)out[len - 1] & 0xc0) == 0x80)
		len--;
	if (len > 0)
		out[len - 1] = '~';
	out[len] = '\0';
	return len;
}

size_t
event_row_format(
	const struct field_context *context, const struct event_row *row, char *out, size_t size)
{
	struct line line = {.out = out, .size = size, .context = context, .row = row};

	out[0] = '\0';
	for (size_t part = 0; part < PART_TUNNEL; part++)
		add_part(&line, part);
	line.len = add_segment(out, size, line.len, row->event);
	add_part(&line, PART_TUNNEL);
	line.len = add_words(out, size, line.len, row->event);
	add_part(&line, PART_OWNER);
	if (line.len + 1 >= size)
		line.len = mark_cut(out, line.len);
	return line.len;
}
