/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a column is called, and what of its contents was seen. The rest of the room:
 *
 *	column_fit.c      which columns find room, their places and widths
 *	column_heading.c  draws the heading
 *	column_text.c     rows as text
 */
#include <config.h>

#include "column.h"

enum { WIDEST = 64 };

const char *
column_title(const struct column *column)
{
	switch (column->kind) {
	case COLUMN_FIELD: return column->field->title;
	case COLUMN_GROUP: return "GROUP";
	case COLUMN_COUNT: return "SOCKETS";
	}
	return "";
}

bool
column_is_right(const struct column *column)
{
	switch (column->kind) {
	case COLUMN_FIELD: return (column->field->flags & FIELD_RIGHT) != 0;
	case COLUMN_GROUP: return false;
	case COLUMN_COUNT: return true;
	}
	return false;
}

void
column_see(struct column *column, int cells)
{
	if (cells > column->now)
		column->now = cells < WIDEST ? cells : WIDEST;
	if (column->widest < column->now)
		column->widest = column->now;
}

void
column_inherit(
	struct column *columns, size_t count, const struct column *before, size_t before_count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < before_count; k++) {
			if (before[k].kind == columns[i].kind &&
				before[k].field == columns[i].field)
				columns[i].widest = before[k].widest;
		}
	}
}

const struct column *
column_at(const struct column *columns, size_t count, int x)
{
	for (size_t i = 0; i < count; i++) {
		const struct column *const column = &columns[i];

		if (column->width > 0 && x >= column->x && x <= column->x + column->width)
			return column;
	}
	return NULL;
}
