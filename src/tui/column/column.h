/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns side by side, for every table of rows on the screen: how wide each is, the heading above
 * them, a row as text. Knows fields, not what the rows are. Pure but for the heading, which draws.
 */
#ifndef SOCKWATCH_TUI_COLUMN_COLUMN_H
#define SOCKWATCH_TUI_COLUMN_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/buffer.h>

#include "tui/term/draw.h"

/* Columns left free at the start of each line: a mark for new, changed and closed rows. */
enum { COLUMN_GUTTER = 1, COLUMN_GAP = 1 };

enum column_kind {
	COLUMN_FIELD,
	COLUMN_GROUP, /* what the rows of a group have in common */
	COLUMN_COUNT, /* sockets of the group */
};

struct column {
	enum column_kind kind;
	const struct field *field; /* of COLUMN_FIELD */
	int x, width;              /* as drawn last; width 0: not */
	int now;                   /* of what is in sight */
	int widest;                /* contents seen since the set of columns changed */
};

/* The heading, as it is drawn. */
struct column_heading {
	const struct column *columns;
	size_t count;
	const struct field *sort; /* NULL: no column orders the rows */
	bool descending;
	bool more_left, more_right; /* columns that are not in sight */
};

/* column.c: its heading; numbers and the like are to the right. */
const char *column_title(const struct column *column);
bool column_is_right(const struct column *column);
/* The contents' width decides how wide the column is: call column_see for each row in sight. */
bool column_wants_contents(const struct column *column);
/* A row in sight takes so many cells. */
void column_see(struct column *column, int cells);
/* Keeps the widest that was seen of the same columns, so that they do not dance. */
void column_inherit(
	struct column *columns, size_t count, const struct column *before, size_t before_count);
/* The column at this place of a line, or NULL. */
const struct column *column_at(const struct column *columns, size_t count, int x);

/*
 * column_fit.c: sets x and width for lines that are `width` cells wide. sort is essential as are
 * FIELD_ESSENTIAL ones. True when a column found no room.
 */
bool column_fit(struct column *columns, size_t count, const struct field *sort, int width);

/* column_heading.c */
void column_draw_heading(
	const struct theme *theme, const struct rect *rect, const struct column_heading *heading);

/* column_text.c: in full, as text for a file: padded; or for the clipboard: a tab between two. */
void column_print_heading(const struct field *const *fields, size_t count, struct buffer *out);
void column_print_row(const struct field *const *fields, size_t count,
	const struct field_context *context, const void *row, bool tabs, struct buffer *out);

#endif
