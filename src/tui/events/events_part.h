/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of an event's line, for the files that make it. */
#ifndef SOCKWATCH_TUI_EVENTS_EVENTS_PART_H
#define SOCKWATCH_TUI_EVENTS_EVENTS_PART_H

#include "events_line.h"

enum { EVENTS_TEXT_SIZE = 160 };

/* The meaning of an event, how often it was seen, and its process. */
struct events_words {
	char step[EVENTS_TEXT_SIZE], times[16], process[EVENTS_TEXT_SIZE];
};

/* events_part.c */
/* Writes one part, fitted to so many columns where it is an end; out has EVENTS_TEXT_SIZE bytes. */
void events_part_format(enum events_part part, const struct field_context *context,
	const struct event_row *row, size_t columns, char *out);
/* Returns the columns that they take. */
size_t events_part_words(const struct field_context *context, const struct event_row *row,
	struct events_words *words);

/* events_brief.c */
/* Shortens the step to so many columns. */
void events_brief(char *step, size_t columns);

#endif
