/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "events_line.h"

#include <stdio.h>
#include <string.h>

enum { ROOMY = 140, WIDE = 110, MIDDLE = 90, PARTS = 8, TEXT_SIZE = 128 };

static const char *const names[PARTS] = {
	"clock", "interface", "direction", "source", "destination", "flags", "step", "owner"};

const struct field *const *
events_line_fields(void)
{
	static const struct field *fields[PARTS];

	for (size_t i = 0; i < PARTS && fields[i] == NULL; i++)
		fields[i] = field_find(&event_fields, names[i], strlen(names[i]));
	return fields;
}

size_t
events_line_field_count(void)
{
	return PARTS;
}

enum role
events_line_role(enum event_kind kind)
{
	switch (kind) {
	case EVENT_SYN:
	case EVENT_SYN_ACK:
	case EVENT_SIMULTANEOUS_SYN: return ROLE_WAITING;
	case EVENT_HANDSHAKE_DONE: return ROLE_GOOD;
	case EVENT_FIN:
	case EVENT_FIN_ACK: return ROLE_CHANGED;
	case EVENT_RST:
	case EVENT_REFUSED:
	case EVENT_ILLEGAL: return ROLE_CRITICAL;
	case EVENT_RETRANSMIT:
	case EVENT_ZERO_WINDOW:
	case EVENT_WINDOW_PROBE: return ROLE_WARNING;
	case EVENT_DATA: return ROLE_LISTEN;
	case EVENT_ACK:
	case EVENT_KEEPALIVE:
	case EVENT_WINDOW_UPDATE: return ROLE_DIM;
	case EVENT_KIND_COUNT: break;
	}
	return ROLE_NORMAL;
}

static void
part(struct pen *pen, enum role role, const struct field_context *context,
	const struct event_row *row, size_t which, int width)
{
	const struct field *const field = events_line_fields()[which];
	struct value value;
	char text[TEXT_SIZE];

	field_get(field, context, row, &value);
	field_format(field, context, &value, width > 0 ? (size_t)width : 0, text, sizeof text);
	if (width > 0)
		draw_cell(pen, role, text, width, false);
	else
		draw_text(pen, role, text);
	draw_spaces(pen, ROLE_NORMAL, 1);
}

/* Relative as tcpdump shows them, once the initial numbers are known. */
static void
numbers(struct pen *pen, const struct event *event)
{
	const struct segment *const segment = &event->segment;
	const bool initial = (segment->flags & SEGMENT_SYN) != 0 || !event->relative;
	char text[TEXT_SIZE];
	int len =
		snprintf(text, sizeof text, "seq %u", initial ? segment->seq : event->relative_seq);

	if (segment->len > 0)
		len += snprintf(text + len, sizeof text - (size_t)len, ":%u",
			(initial ? segment->seq : event->relative_seq) + segment->len);
	if ((segment->flags & SEGMENT_ACK) != 0)
		len += snprintf(text + len, sizeof text - (size_t)len, " ack %s%u",
			event->relative ? "+" : "",
			event->relative ? event->relative_ack : segment->ack);
	if (pen->end >= ROOMY)
		snprintf(text + len, sizeof text - (size_t)len, " win %u", segment->window);
	draw_cell(pen, ROLE_DIM, text, pen->end >= ROOMY ? 34 : 22, false);
	draw_spaces(pen, ROLE_NORMAL, 1);
}

void
events_line_draw(struct pen *pen, const struct field_context *context, const struct event_row *row)
{
	const struct event *const event = row->event;
	const int width = pen->end - pen->x;
	const enum role role = events_line_role((enum event_kind)event->kind);
	const int endpoint = width >= 130 ? 26 : width >= MIDDLE ? 21 : (width - 34) / 2;
	char text[64], flags[16];

	part(pen, ROLE_DIM, context, row, 0, width >= MIDDLE ? 15 : 12);
	if (width >= MIDDLE)
		part(pen, ROLE_DIM, context, row, 1, 6);
	if (width >= 60)
		part(pen, ROLE_NORMAL, context, row, 2, 3);
	part(pen, ROLE_NORMAL, context, row, 3, endpoint > 8 ? endpoint : 8);
	draw_text(pen, ROLE_DIM, "> ");
	part(pen, ROLE_NORMAL, context, row, 4, endpoint > 8 ? endpoint : 8);
	segment_format_flags(event->segment.flags, flags, sizeof flags);
	snprintf(text, sizeof text, "[%s]", flags);
	draw_cell(pen, role, text, 6, false);
	if (width >= WIDE)
		numbers(pen, event);
	part(pen, role, context, row, 6, 0);
	if (event_format_fold(event, text, sizeof text) != 0)
		draw_format(pen, ROLE_WARNING, "%s ", text);
	part(pen, ROLE_DIM, context, row, 7, 0);
}
