/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing that cannot leave its place: a pen writes along one line up to its end. Every text that
 * reaches the screen goes through here and is cleaned here, wherever it comes from.
 */
#ifndef SOCKWATCH_TUI_TERM_DRAW_H
#define SOCKWATCH_TUI_TERM_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <sockwatch/analysis/strip.h>
#include <sockwatch/stream/message.h>

#include "theme.h"

struct rect {
	int y, x;
	int height, width;
};

bool rect_contains(const struct rect *rect, int y, int x);

struct pen {
	const struct theme *theme;
	int y, x;
	int end; /* first column that is not ours */
	bool selected;
};

/* A pen for one line of the screen; what lies outside of the screen is not drawn. */
struct pen draw_pen(const struct theme *theme, int y, int x, int width);

/* Writes as much as fits; returns the columns taken. */
int draw_text(struct pen *pen, enum role role, const char *text);
int draw_format(struct pen *pen, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Exactly `width` columns, cut with a mark or padded. */
void draw_cell(struct pen *pen, enum role role, const char *text, int width, bool right);
void draw_spaces(struct pen *pen, enum role role, int count);
/* Blanks to the end of the line. */
void draw_rest(struct pen *pen, enum role role);
void draw_glyph(struct pen *pen, enum role role, enum glyph glyph);
/* How a severity looks, in a cell, a fact or a sentence; and its mark, which needs no colour. */
enum role draw_severity_role(enum severity severity);
#define DRAW_SEVERITY_MARK "!"
/* A line in parts that each have a meaning. */
void draw_strip(struct pen *pen, const struct strip *strip);
/* A horizontal line with a title in it: "── title ─────". */
void draw_rule(struct pen *pen, enum role role, const char *title);

/* A frame with blanked inside; title may be NULL. */
void draw_box(const struct theme *theme, const struct rect *rect, const char *title);

/*
 * Values as a line of bars from `low` to `high`; NAN is a gap. Each is one cell; `rows` cells high,
 * `row` counts from the top.
 */
void draw_sparks(struct pen *pen, enum role role, const double *values, size_t count, double low,
	double high, int rows, int row);

#endif
