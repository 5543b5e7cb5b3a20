/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "events_line.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/explain.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/segment.h>

enum { FIELDS = 8, TEXT_SIZE = 160, NUMBERS_LEAST = 17, FOLDED_LEAST = 8 };

static const char *const names[FIELDS] = {
	"clock", "interface", "direction", "source", "destination", "flags", "step", "owner"};

/* Which of them; the first five are also the first five parts. */
enum { FIELD_STEP = 6, FIELD_OWNER = 7 };

/*
 * How a line gives way where there is no room for all, from the first to the last: what is told in
 * words matters most, then who speaks with whom. Times and numbers are never cut in the middle.
 */
static const struct {
	enum events_part part;
	size_t least;
	bool at_once; /* that wide, nothing between */
} steps[] = {
	{EVENTS_PART_WORDS, 36, false},
	{EVENTS_PART_WINDOW, 0, true},
	{EVENTS_PART_NUMBERS, NUMBERS_LEAST, false},
	{EVENTS_PART_WORDS, 28, false},
	{EVENTS_PART_SOURCE, 28, false},
	{EVENTS_PART_DESTINATION, 28, false},
	{EVENTS_PART_INTERFACE, 0, true},
	{EVENTS_PART_WORDS, 24, false},
	{EVENTS_PART_NUMBERS, 0, true},
	{EVENTS_PART_CLOCK, 12, true},
	{EVENTS_PART_WORDS, 19, false},
	{EVENTS_PART_SOURCE, 21, false},
	{EVENTS_PART_DESTINATION, 21, false},
	{EVENTS_PART_DIRECTION, 0, true},
	{EVENTS_PART_CLOCK, 8, true},
	{EVENTS_PART_SOURCE, 16, false},
	{EVENTS_PART_DESTINATION, 16, false},
	{EVENTS_PART_WORDS, 8, false},
	{EVENTS_PART_CLOCK, 0, true},
	{EVENTS_PART_SOURCE, 8, false},
	{EVENTS_PART_DESTINATION, 8, false},
};

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
	field_format(field, context, &value, columns, out, TEXT_SIZE);
}

static void
format_any_port(const struct address *address, char *out)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text, sizeof text);
	snprintf(out, TEXT_SIZE, address_is_v4(address) ? "%s:*" : "[%s]:*", text);
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

/* Of many events in one, what they do not have in common is not told as if they had. Of few it was
 * not counted yet. */
static void
format_endpoint(enum events_part part, const struct field_context *context,
	const struct event_row *row, size_t columns, char *out)
{
	const struct event *const event = row->event;
	const bool source = part == EVENTS_PART_SOURCE;
	const uint8_t side = source ? event->side : event->side ^ 1;
	const uint8_t many = event->fold_scope == EVENT_FOLD_OPENER ? 1 : 0;
	/* An estimate; there are never more of them than events. */
	const uint32_t sources =
		event->sources <= event->folded ? event->sources : event->folded + 1;

	if (event->folded > 0 && side == many && sources > 1)
		snprintf(out, TEXT_SIZE, "~%" PRIu32 " addresses", round_off(sources));
	else if (event->folded > 0 && side == many && event->folded < FOLDED_LEAST)
		snprintf(out, TEXT_SIZE, "some addresses");
	else if (event->folded > 0 && (side == many || event->fold_scope != EVENT_FOLD_ENDPOINT))
		format_any_port(source ? &event->segment.source : &event->segment.destination, out);
	else
		format_field(part, context, row, columns, out);
}

static void
format_part(enum events_part part, const struct field_context *context, const struct event_row *row,
	size_t columns, char *out)
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
		snprintf(out, TEXT_SIZE, "[%s]", flags);
		break;
	case EVENTS_PART_NUMBERS:
		if (row->event->folded == 0)
			event_row_format_numbers(row->event, "+", out, TEXT_SIZE);
		break;
	case EVENTS_PART_WINDOW:
		if (row->event->folded == 0)
			snprintf(out, TEXT_SIZE, "win %u", segment->window);
		break;
	case EVENTS_PART_WORDS:
	case EVENTS_PART_COUNT: break;
	}
}

/* What it means, how often it was seen, and whose it is. */
struct words {
	char step[TEXT_SIZE], times[16], process[TEXT_SIZE];
};

static size_t
get_words(const struct field_context *context, const struct event_row *row, struct words *words)
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

void
events_line_widen(struct events_columns *widest, const struct field_context *context,
	const struct event_row *row)
{
	struct words words;
	char text[TEXT_SIZE];

	for (unsigned part = 0; part < EVENTS_PART_COUNT; part++) {
		size_t columns;

		if (part == EVENTS_PART_WORDS) {
			columns = get_words(context, row, &words);
		} else {
			format_part((enum events_part)part, context, row, 0, text);
			columns = text_width(text);
		}
		if (widest->widths[part] < columns)
			widest->widths[part] = columns;
	}
}

/* Columns of all parts that are shown, with a blank between them and the arrow. */
static size_t
sum_of(const struct events_columns *columns)
{
	size_t sum = 2;

	for (unsigned part = 0; part < EVENTS_PART_COUNT; part++) {
		if (columns->widths[part] > 0)
			sum += columns->widths[part] + 1;
	}
	return sum > 0 ? sum - 1 : 0;
}

void
events_line_arrange(
	const struct events_columns *widest, size_t width, struct events_columns *columns)
{
	size_t sum;

	*columns = *widest;
	sum = sum_of(columns);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && sum > width; i++) {
		size_t *const part = &columns->widths[steps[i].part];

		if (*part <= steps[i].least)
			continue;
		if (steps[i].at_once || *part - steps[i].least <= sum - width)
			*part = steps[i].least;
		else
			*part -= sum - width;
		sum = sum_of(columns);
	}
	/* To the end of the line, whatever comes. */
	columns->widths[EVENTS_PART_WORDS] = width;
}

/* What the words lose first where they do not fit: not their end, which has the figures. */
static const struct {
	const char *whole, *brief;
} briefs[] = {
	{" again, ", " "},
	{" try after ", " try "},
	{", lived ", ", "},
	{" in the handshake", " opening"},
	{" without data", ", no data"},
	{" after data", ", had data"},
	{" after a close", ", closing"},
	{" ms", "ms"},
	{" us", "us"},
};

/* A figure that loses its unit is another one, "19.5" of "19.5 ms": it goes as a whole. */
static void
drop_last_figure(char *step)
{
	size_t at = strlen(step);
	size_t end;

	while (at > 0 && isalpha((unsigned char)step[at - 1]))
		at--;
	if (at > 0 && step[at - 1] == ' ')
		at--;
	end = at;
	while (at > 0 && (isdigit((unsigned char)step[at - 1]) || step[at - 1] == '.'))
		at--;
	if (at == end || at < 2 || step[at - 1] != ' ')
		return;
	at -= step[at - 2] == ',' ? 2 : 1;
	snprintf(step + at, sizeof "~", "~");
}

static void
abbreviate(char *step, size_t columns)
{
	for (size_t i = 0; i < sizeof briefs / sizeof briefs[0]; i++) {
		char *const found =
			text_width(step) > columns ? strstr(step, briefs[i].whole) : NULL;
		const size_t whole = strlen(briefs[i].whole), brief = strlen(briefs[i].brief);

		if (found == NULL)
			continue;
		memcpy(found, briefs[i].brief, brief);
		memmove(found + brief, found + whole, strlen(found + whole) + 1);
	}
	if (text_width(step) > columns)
		drop_last_figure(step);
	text_truncate(step, columns, true);
}

static void
add_words(const struct field_context *context, const struct event_row *row, size_t end,
	struct strip *line)
{
	const enum meaning meaning = explain_event_kind((enum event_kind)row->event->kind);
	struct words words;

	get_words(context, row, &words);
	if (line->columns >= end)
		return;
	strip_add(line, MEANING_WARNING, words.times);
	abbreviate(words.step, end > line->columns ? end - line->columns : 0);
	strip_add(line, meaning, words.step);
	/* A part of a name is none. */
	if (words.process[0] != '\0' && line->columns + text_width(words.process) + 1 <= end)
		strip_format(
			line, MEANING_DIM, "%s%s", words.step[0] != '\0' ? " " : "", words.process);
}

static enum meaning
meaning_of_part(enum events_part part, const struct event *event)
{
	switch (part) {
	case EVENTS_PART_CLOCK:
	case EVENTS_PART_INTERFACE:
	case EVENTS_PART_NUMBERS:
	case EVENTS_PART_WINDOW: return MEANING_DIM;
	case EVENTS_PART_FLAGS: return explain_event_kind((enum event_kind)event->kind);
	case EVENTS_PART_DIRECTION:
	case EVENTS_PART_SOURCE:
	case EVENTS_PART_DESTINATION:
	case EVENTS_PART_WORDS:
	case EVENTS_PART_COUNT: break;
	}
	return MEANING_PLAIN;
}

void
events_line_make(const struct events_columns *columns, const struct field_context *context,
	const struct event_row *row, struct strip *line)
{
	const size_t end = columns->widths[EVENTS_PART_WORDS];
	size_t at = 0;
	char text[TEXT_SIZE];

	strip_clear(line);
	for (unsigned part = 0; part < EVENTS_PART_WORDS; part++) {
		const size_t width = columns->widths[part];

		if (width == 0)
			continue;
		format_part((enum events_part)part, context, row, width, text);
		if (part == EVENTS_PART_CLOCK)
			text[width] = '\0';
		else if (part != EVENTS_PART_NUMBERS) /* these may go beyond their column */
			text_truncate(text, width, true);
		strip_add(line, meaning_of_part((enum events_part)part, row->event), text);
		at += width + 1;
		strip_pad(line, at > line->columns ? at : line->columns + 1);
		if (part == EVENTS_PART_SOURCE) {
			strip_add(line, MEANING_DIM, "> ");
			at += 2;
		}
	}
	add_words(context, row, end, line);
}
