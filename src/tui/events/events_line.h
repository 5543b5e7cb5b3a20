/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One event as a line of the pane: columns that are as wide as what is in sight needs, fitted to
 * the pane's width, coloured by what the event means. Pure: events in, lines out.
 */
#ifndef SOCKWATCH_TUI_EVENTS_EVENTS_LINE_H
#define SOCKWATCH_TUI_EVENTS_EVENTS_LINE_H

#include <stddef.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/strip.h>

enum events_part {
	EVENTS_PART_CLOCK,
	EVENTS_PART_INTERFACE,
	EVENTS_PART_DIRECTION,
	EVENTS_PART_SOURCE,
	EVENTS_PART_DESTINATION,
	EVENTS_PART_FLAGS,
	EVENTS_PART_NUMBERS, /* seq and ack */
	EVENTS_PART_WINDOW,
	EVENTS_PART_WORDS, /* the step, then the process */
	EVENTS_PART_COUNT,
};

struct events_columns {
	size_t widths[EVENTS_PART_COUNT]; /* 0: not shown */
};

/* Makes the columns as wide as this event needs them. */
void events_line_widen(struct events_columns *widest, const struct field_context *context,
	const struct event_row *row);
/* Fits them into so many columns. */
void events_line_arrange(
	const struct events_columns *widest, size_t width, struct events_columns *columns);
void events_line_make(const struct events_columns *columns, const struct field_context *context,
	const struct event_row *row, struct strip *line);

/* The fields that a line shows; a bare word of a filter looks at them. */
const struct field *const *events_line_fields(void);
size_t events_line_field_count(void);

#endif
