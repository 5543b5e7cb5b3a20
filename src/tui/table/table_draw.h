/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a table, drawn one at a time. Private to the files table_draw*.c. */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_DRAW_H
#define SOCKWATCH_TUI_TABLE_TABLE_DRAW_H

#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/view.h>

#include "table.h"
#include "tui/term/draw.h"

enum { TABLE_CELL_SIZE = 256 };

/* The state of drawing a table, for each line. */
struct table_drawing {
	struct tui *tui;
	struct table *table;
	struct field_context context;
	uint32_t now_ms;
	uint32_t fresh_ms; /* how long a change is news */
};

/* Draws the columns of one line; the pen is at its start. */
void table_draw_socket(
	const struct table_drawing *drawing, struct pen *pen, const struct view_line *line);
void table_draw_group(
	const struct table_drawing *drawing, struct pen *pen, const struct view_group *group);

#endif
