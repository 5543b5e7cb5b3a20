/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the lines of a table that are in sight, and only those: the cost of a key does not grow
 * with the table.
 */
#include <config.h>

#include "table_pane.h"

#include <string.h>

#include <sockwatch/base/map.h>

#include "columns.h"
#include "table_draw.h"
#include "tui/pages.h"
#include "tui/state.h"

enum { FRESH_REFRESHES = 2, LINES_AT_ONCE = 256 };

static bool
wants_names(const struct tui *tui, const struct table *table)
{
	if (tui_shows_names(tui))
		return true;
	for (size_t i = 0; i < table->drawn_count && !tui->settings->numeric; i++)
		if (table->drawn[i].kind == COLUMN_FIELD && table->drawn[i].width > 0 &&
			table->drawn[i].field->meaning == FIELD_MEANING_HOST_NAME)
			return true;
	return false;
}

/* The peers of the lines, where names are shown; an answer is drawn when it has come. */
static void
note_addresses(
	struct tui *tui, const struct table *table, const struct view_line *lines, size_t count)
{
	if (!wants_names(tui, table))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct socket_row *const row =
			lines[i].kind == VIEW_SOCKET ? table_row(tui, lines[i].socket) : NULL;

		if (row != NULL && !address_is_any(&row->remote))
			in_sight_add(tui, &row->remote);
	}
}

static void
draw_heading(const struct tui *tui, const struct table *table, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);

	if (table->skipped > 0)
		draw_glyph(&pen, ROLE_HEADING, GLYPH_MORE_LEFT);
	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];
		const bool sorted = column->kind == COLUMN_FIELD && column->field == table->sort;
		const enum role role = sorted ? ROLE_SORTED : ROLE_HEADING;

		if (column->width == 0)
			continue;
		draw_spaces(&pen, ROLE_HEADING, rect->x + column->x - pen.x);
		if (sorted && !column_is_right(column)) {
			/* Beside the word, not where the column ends. */
			draw_cell(&pen, role, column_title(column),
				(int)strlen(column_title(column)) < column->width
					? (int)strlen(column_title(column))
					: column->width,
				false);
		} else {
			draw_cell(&pen, role, column_title(column), column->width,
				column_is_right(column));
		}
		if (sorted) /* in the gap, so that the heading stays in line */
			draw_glyph(
				&pen, role, table->descending ? GLYPH_DESCENDING : GLYPH_ASCENDING);
	}
	draw_rest(&pen, ROLE_HEADING);
	if (table->more_right && rect->width > 0) {
		pen = draw_pen(&tui->theme, rect->y, rect->x + rect->width - 1, 1);
		draw_glyph(&pen, ROLE_HEADING, GLYPH_MORE_RIGHT);
	}
}

static void
draw_empty(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(
		&tui->theme, rect->y + (rect->height > 2 ? 1 : 0), rect->x + 1, rect->width - 1);

	if (rect->height <= 0)
		return;
	if (tui->model->complete_sequence == 0)
		draw_text(&pen, ROLE_DIM, "looking …");
	else if (tui->model->sockets.count > 0)
		draw_text(&pen, ROLE_DIM, "no socket passes the filter; Esc clears its last part");
	else
		draw_text(&pen, ROLE_DIM, "there is no socket");
}

static void
draw_lines(struct table_drawing *drawing, const struct rect *rows, const struct view_line *lines,
	size_t count)
{
	const struct table *const table = drawing->table;

	for (size_t i = 0; i < count; i++) {
		struct pen pen =
			draw_pen(&drawing->tui->theme, rows->y + (int)i, rows->x, rows->width);

		pen.selected = table->top + i == table->cursor.line;
		if (lines[i].kind == VIEW_GROUP)
			table_draw_group(drawing, &pen, lines[i].group);
		else
			table_draw_socket(drawing, &pen, &lines[i]);
	}
}

void
table_draw(struct tui *tui, const struct rect *rect)
{
	struct table *const table = tui_table(tui);
	struct table_drawing drawing = {.tui = tui,
		.table = table,
		.context = tui_context(tui),
		.now_ms = model_now_ms(tui->model),
		.fresh_ms = FRESH_REFRESHES * tui->settings->interval_ms};
	struct view_line lines[LINES_AT_ONCE];
	const int heading = rect->height > 1 ? 1 : 0;
	struct map half_open;
	size_t height;
	size_t count;

	table->rows =
		(struct rect){rect->y + heading, rect->x, rect->height - heading, rect->width};
	table->heading_y = heading ? rect->y : -1;
	height = table->rows.height > 0 ? (size_t)table->rows.height : 0;
	if (height > LINES_AT_ONCE)
		height = LINES_AT_ONCE;
	table_update(tui, table, tui->forced, height);
	tui->forced = false;
	count = view_window(table->view, table->top, height, lines);
	columns_lay(tui, table, rect->width, lines, count);
	note_addresses(tui, table, lines, count);
	map_init(&half_open);
	if (table->page->half_open) {
		table_count_half_open(tui->model, &half_open);
		drawing.half_open = &half_open;
	}
	if (heading)
		draw_heading(tui, table, rect);
	draw_lines(&drawing, &table->rows, lines, count);
	if (count == 0)
		draw_empty(tui, &table->rows);
	map_fini(&half_open);
}
