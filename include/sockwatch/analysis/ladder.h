/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of one connection between two upright lines, us and the peer: an arrow each, with
 * flags, numbers and window as tcpdump prints them, the time since the one before, and what it
 * means. The first and the last of them are kept, those between are counted. Pure: events in, lines
 * out.
 */
#ifndef SOCKWATCH_ANALYSIS_LADDER_H
#define SOCKWATCH_ANALYSIS_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/strip.h>
#include <sockwatch/model/event.h>

enum { LADDER_FIRST = 16, LADDER_LAST = 512 };

struct ladder {
	uint64_t count; /* ever added */
	struct event first[LADDER_FIRST];
	struct event last[LADDER_LAST]; /* ring: number n stands at n - LADDER_FIRST */
};

void ladder_clear(struct ladder *ladder);
void ladder_add(struct ladder *ladder, const struct event *event);
/* The number of lines: an event each, and one for those that are left out. */
size_t ladder_lines(const struct ladder *ladder);
/* The i-th of them; us: the side that is ours, drawn on the left. */
void ladder_line(const struct ladder *ladder, size_t i, uint8_t us, size_t width, bool ascii,
	struct strip *line);
/* The names above the two lines. */
void ladder_heading(const char *us, const char *peer, size_t width, struct strip *line);

#endif
