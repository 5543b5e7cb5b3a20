/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the lines of a table that are in sight, and only those: the cost of a key does not grow
 * with the table.
 */
#include <config.h>

#include "table_pane.h"

#include <string.h>

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
	column_draw_heading(&tui->theme, rect,
		&(struct column_heading){.columns = table->drawn,
			.count = table->drawn_count,
			.sort = table->sort,
			.descending = table->descending,
			.more_left = table->skipped > 0,
			.more_right = table->more_right});
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
		draw_format(&pen, ROLE_DIM,
			"no socket passes the filter; Esc clears its last part%s",
			view_own_hidden(tui_table(tui)->view) > 0
				? ", O shows sockwatch's own sockets"
				: "");
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
	if (heading)
		draw_heading(tui, table, rect);
	draw_lines(&drawing, &table->rows, lines, count);
	if (count == 0)
		draw_empty(tui, &table->rows);
}
