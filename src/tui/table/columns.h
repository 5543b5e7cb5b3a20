/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns of a table find room, and where: from the fields' widths to struct column. */
#ifndef SOCKWATCH_TUI_TABLE_COLUMNS_H
#define SOCKWATCH_TUI_TABLE_COLUMNS_H

#include <stddef.h>

#include <sockwatch/analysis/view.h>

#include "table.h"

/* Lays the columns out for lines that are `width` wide; lines: what will be shown. */
void columns_lay(struct tui *tui, struct table *table, int width, const struct view_line *lines,
	size_t count);

#endif
