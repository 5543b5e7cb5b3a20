/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a line of the pane from an event: how wide its parts are and what gives way. */
#include <config.h>

#include "events_line.h"

#include <sockwatch/analysis/explain.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/segment.h>

#include "events_part.h"

enum { NUMBERS_LEAST = 17 };

/*
 * The steps in which a line gives way where there is no room for all. The words matter most, then
 * the two ends. Times and numbers are never cut in the middle.
 */
static const struct {
	enum events_part part;
	size_t least;
	bool at_once; /* to that width in one step */
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

void
events_line_widen(struct events_columns *widest, const struct field_context *context,
	const struct event_row *row)
{
	struct events_words words;
	char text[EVENTS_TEXT_SIZE];

	for (unsigned part = 0; part < EVENTS_PART_COUNT; part++) {
		size_t columns;

		if (part == EVENTS_PART_WORDS) {
			columns = events_part_words(context, row, &words);
		} else {
			events_part_format((enum events_part)part, context, row, 0, text);
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
	/* The words go to the end of the line. */
	columns->widths[EVENTS_PART_WORDS] = width;
}

static void
add_words(const struct field_context *context, const struct event_row *row, size_t end,
	struct strip *line)
{
	const enum meaning meaning = explain_event_kind((enum event_kind)row->event->kind);
	struct events_words words;
	char *receiver;

	events_part_words(context, row, &words);
	if (line->columns >= end)
		return;
	strip_add(line, MEANING_WARNING, words.times);
	events_brief(words.step, end > line->columns ? end - line->columns : 0);
	strip_add(line, meaning, words.step);
	/* A process name is shown as a whole or not at all; the sender's alone before none. */
	receiver = strstr(words.process, " > ");
	if (receiver != NULL && line->columns + text_width(words.process) + 1 > end)
		*receiver = '\0';
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
	char text[EVENTS_TEXT_SIZE];

	strip_clear(line);
	for (unsigned part = 0; part < EVENTS_PART_WORDS; part++) {
		const size_t width = columns->widths[part];

		if (width == 0)
			continue;
		events_part_format((enum events_part)part, context, row, width, text);
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
