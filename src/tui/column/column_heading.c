/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the headings of columns, with an arrow beside the one that orders the rows. */
#include <config.h>

#include "column.h"

#include <string.h>

static void
draw_title(struct pen *pen, const struct column *column, bool sorted, bool descending)
{
	const enum role role = sorted ? ROLE_SORTED : ROLE_HEADING;
	const int length = (int)strlen(column_title(column));
	int width = column->width;

	/* The arrow stands beside the word, not where the column ends. */
	if (sorted && !column_is_right(column) && length < width)
		width = length;
	draw_cell(pen, role, column_title(column), width, column_is_right(column));
	if (sorted) /* in the gap, so that the heading stays in line */
		draw_glyph(pen, role, descending ? GLYPH_DESCENDING : GLYPH_ASCENDING);
}

void
column_draw_heading(
	const struct theme *theme, const struct rect *rect, const struct column_heading *heading)
{
	struct pen pen = draw_pen(theme, rect->y, rect->x, rect->width);

	if (heading->more_left)
		draw_glyph(&pen, ROLE_HEADING, GLYPH_MORE_LEFT);
	for (size_t i = 0; i < heading->count; i++) {
		const struct column *const column = &heading->columns[i];
		const bool sorted = column->kind == COLUMN_FIELD && column->field == heading->sort;

		if (column->width == 0)
			continue;
		draw_spaces(&pen, ROLE_HEADING, rect->x + column->x - pen.x);
		draw_title(&pen, column, sorted, heading->descending);
	}
	draw_rest(&pen, ROLE_HEADING);
	if (heading->more_right && rect->width > 0) {
		pen = draw_pen(theme, rect->y, rect->x + rect->width - 1, 1);
		draw_glyph(&pen, ROLE_HEADING, GLYPH_MORE_RIGHT);
	}
}
