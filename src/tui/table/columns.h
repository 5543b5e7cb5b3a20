/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns of a table find room, and where: from the fields' widths to struct column. */
#ifndef SOCKWATCH_TUI_TABLE_COLUMNS_H
#define SOCKWATCH_TUI_TABLE_COLUMNS_H

#include <stddef.h>

#include <sockwatch/analysis/view.h>

#include "table.h"

/* Columns left free at the start of each line: a mark for new, changed and closed rows. */
enum { COLUMNS_GUTTER = 1, COLUMNS_GAP = 1 };

/* Lays the columns out for lines that are `width` wide; lines: what will be shown. */
void columns_lay(struct tui *tui, struct table *table, int width, const struct view_line *lines,
	size_t count);
/* Its heading. */
const char *column_title(const struct column *column);
/* Numbers and the like. */
bool column_is_right(const struct column *column);
/* The column at this place of a line, or NULL. */
const struct column *columns_at(const struct table *table, int x);

#endif
