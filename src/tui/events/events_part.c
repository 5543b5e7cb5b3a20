/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes each part of an event's line: a field, an end of the connection, or words. */
#include <config.h>

#include "events_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>
#include <sockwatch/model/event.h>

enum { FIELDS = 8, FOLDED_LEAST = 8 };

static const char *const names[FIELDS] = {
	"clock", "interface", "direction", "source", "destination", "flags", "step", "owner"};

/* Indexes of names; the first five are also the first five parts. */
enum { FIELD_STEP = 6, FIELD_OWNER = 7 };

const struct field *const *
events_line_fields(void)
{
	static const struct field *fields[FIELDS];

	for (size_t i = 0; i < FIELDS && fields[i] == NULL; i++)
		fields[i] = field_find(&event_fields, names[i], strlen(names[i]));
	return fields;
}

size_t
events_line_field_count(void)
{
	return FIELDS;
}

static void
format_field(size_t which, const struct field_context *context, const struct event_row *row,
	size_t columns, char *out)
{
	const struct field *const field = events_line_fields()[which];
	struct value value;

	field_get(field, context, row, &value);
	field_format(field, context, &value, columns, out, EVENTS_TEXT_SIZE);
}

static void
format_any_port(const struct address *address, char *out)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text, sizeof text);
	snprintf(out, EVENTS_TEXT_SIZE, address_is_v4(address) ? "%s:*" : "[%s]:*", text);
}

/* An estimate has no more than two digits that mean something. */
static uint32_t
round_off(uint32_t number)
{
	uint32_t step = 1;

	while (number / step >= 100)
		step *= 10;
	return number / step * step + (number % step >= (step + 1) / 2 && step > 1 ? step : 0);
}

/*
 * Many events in one line: an end that they do not have in common is shown as a number of
 * addresses. A few of them have not been counted yet.
 */
static void
format_endpoint(enum events_part part, const struct field_context *context,
	const struct event_row *row, size_t columns, char *out)
{
	const struct event *const event = row->event;
	const bool source = part == EVENTS_PART_SOURCE;
	const uint8_t side = source ? event->side : event->side ^ 1;
	const uint8_t many = event->fold_scope == EVENT_FOLD_OPENER ? 1 : 0;
	/* An estimate, but there are never more sources than events. */
	const uint32_t sources =
		event->sources <= event->folded ? event->sources : event->folded + 1;

	if (event->folded > 0 && side == many && sources > 1)
		snprintf(out, EVENTS_TEXT_SIZE, "~%" PRIu32 " addresses", round_off(sources));
	else if (event->folded > 0 && side == many && event->folded < FOLDED_LEAST)
		snprintf(out, EVENTS_TEXT_SIZE, "some addresses");
	else if (event->folded > 0 && (side == many || event->fold_scope != EVENT_FOLD_ENDPOINT))
		format_any_port(source ? &event->segment.source : &event->segment.destination, out);
	else
		format_field(part, context, row, columns, out);
}

void
events_part_format(enum events_part part, const struct field_context *context,
	const struct event_row *row, size_t columns, char *out)
{
	const struct segment *const segment = &row->event->segment;
	char flags[16];

	out[0] = '\0';
	switch (part) {
	case EVENTS_PART_CLOCK:
	case EVENTS_PART_INTERFACE:
	case EVENTS_PART_DIRECTION: format_field(part, context, row, 0, out); break;
	case EVENTS_PART_SOURCE:
	case EVENTS_PART_DESTINATION: format_endpoint(part, context, row, columns, out); break;
	case EVENTS_PART_FLAGS:
		segment_format_flags(segment->flags, flags, sizeof flags);
		snprintf(out, EVENTS_TEXT_SIZE, "[%s]", flags);
		break;
	case EVENTS_PART_NUMBERS:
		if (row->event->folded == 0)
			event_row_format_numbers(row->event, "+", out, EVENTS_TEXT_SIZE);
		break;
	case EVENTS_PART_WINDOW:
		if (row->event->folded == 0)
			snprintf(out, EVENTS_TEXT_SIZE, "win %u", segment->window);
		break;
	case EVENTS_PART_WORDS:
	case EVENTS_PART_COUNT: break;
	}
}

size_t
events_part_words(const struct field_context *context, const struct event_row *row,
	struct events_words *words)
{
	size_t columns;

	format_field(FIELD_STEP, context, row, 0, words->step);
	words->process[0] = words->times[0] = '\0';
	if (row->event->folded == 0)
		format_field(FIELD_OWNER, context, row, 0, words->process);
	else
		snprintf(
			words->times, sizeof words->times, "x%" PRIu32 " ", row->event->folded + 1);
	columns = strlen(words->times) + text_width(words->step);
	if (words->process[0] != '\0')
		columns += (columns > 0) + text_width(words->process);
	return columns;
}
