/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the heading and the lines of a table of rows that are in sight. */
#include <config.h>

#include "rows_table.h"

#include <string.h>

#include <sockwatch/base/text.h>

#include "tui/state.h"

enum { CELL_SIZE = 512 };

static void
see_row(const struct rows *rows, const struct field_context *context, struct column *column,
	const void *row)
{
	struct value value;
	char text[CELL_SIZE];

	(void)rows;
	field_get(column->field, context, row, &value);
	field_format(column->field, context, &value, 0, text, sizeof text);
	column_see(column, (int)text_width(text));
}

static void
lay_columns(struct tui *tui, struct rows *rows, int width, size_t height)
{
	const struct field_context context = tui_context(tui);
	struct column columns[ROWS_COLUMNS_MAX];
	size_t count = 0;

	/* The first column, which names the row, stays. */
	for (size_t i = 0; i < rows->column_count; i++) {
		if (i == 0 || i > rows->skipped)
			columns[count++] =
				(struct column){.kind = COLUMN_FIELD, .field = rows->columns[i]};
	}
	column_inherit(columns, count, rows->drawn, rows->drawn_count);
	for (size_t line = rows->top; line < rows->list.line_count && line < rows->top + height;
		line++) {
		const void *const row = rows->list.lines[line].row;

		for (size_t i = 0; row != NULL && i < count; i++) {
			if (column_wants_contents(&columns[i]))
				see_row(rows, &context, &columns[i], row);
		}
	}
	rows->more_right = column_fit(columns, count, rows->sort, width);
	memcpy(rows->drawn, columns, count * sizeof columns[0]);
	rows->drawn_count = count;
}

static enum severity
judge(struct tui *tui, const struct rows *rows, const void *row, const struct field *field)
{
	return rows->kind->judge != NULL ? rows->kind->judge(tui, row, field) : SEVERITY_INFO;
}

static void
draw_field(struct tui *tui, const struct rows *rows, struct pen *pen, const void *row,
	const struct column *column)
{
	const struct field_context context = tui_context(tui);
	const enum severity severity = judge(tui, rows, row, column->field);
	struct value value;
	char text[CELL_SIZE];
	enum role role;

	if (rows->kind->draw_cell != NULL &&
		rows->kind->draw_cell(tui, pen, row, column->field, column->width))
		return;
	field_get(column->field, &context, row, &value);
	field_format(column->field, &context, &value, (size_t)column->width, text, sizeof text);
	role = strcmp(text, "0") == 0 ? ROLE_DIM : ROLE_NORMAL;
	if (severity != SEVERITY_INFO)
		role = draw_severity_role(severity);
	draw_cell(pen, role, text, column->width, column_is_right(column));
}

static void
draw_row(struct tui *tui, const struct rows *rows, struct pen *pen, const void *row)
{
	const int start = pen->x;
	const enum severity worst = judge(tui, rows, row, NULL);

	if (worst != SEVERITY_INFO)
		draw_text(pen, draw_severity_role(worst), DRAW_SEVERITY_MARK);
	for (size_t i = 0; i < rows->drawn_count; i++) {
		if (rows->drawn[i].width == 0)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + rows->drawn[i].x - pen->x);
		draw_field(tui, rows, pen, row, &rows->drawn[i]);
	}
	draw_rest(pen, ROLE_NORMAL);
}

/* The reason why there is no row. */
static void
draw_empty(struct tui *tui, const struct rows *rows)
{
	const struct rect *const rect = &rows->rect;
	struct pen pen = draw_pen(
		&tui->theme, rect->y + (rect->height > 2 ? 1 : 0), rect->x + 1, rect->width - 1);

	if (rect->height <= 0)
		return;
	if (rows->list.count > 0)
		draw_format(&pen, ROLE_DIM, "no %s passes the filter; Esc takes it away",
			rows->kind->fields->row_name);
	else if (tui->model->complete_sequence == 0)
		draw_text(&pen, ROLE_DIM, "looking …");
	else
		draw_text(&pen, ROLE_DIM, rows->kind->empty);
}

static void
draw_lines(struct tui *tui, const struct rows *rows)
{
	const struct rect *const rect = &rows->rect;

	for (int i = 0; i < rect->height; i++) {
		const size_t line = rows->top + (size_t)i;
		struct pen pen = draw_pen(&tui->theme, rect->y + i, rect->x, rect->width);

		if (line >= rows->list.line_count)
			return;
		pen.selected = line == rows->line && rows == rows_with_keys(tui);
		if (rows->list.lines[line].row != NULL)
			draw_row(tui, rows, &pen, rows->list.lines[line].row);
		else
			draw_format(&pen, ROLE_SECTION, " %s", rows->list.lines[line].section);
	}
}

void
rows_draw(struct tui *tui, struct rows *rows, const struct rect *rect)
{
	const int heading = rect->height > 1 ? 1 : 0;
	const int height = rect->height - heading;

	rows->rect = (struct rect){rect->y + heading, rect->x, height, rect->width};
	rows->heading_y = heading ? rect->y : -1;
	rows_update(tui, rows, height > 0 ? (size_t)height : 0);
	lay_columns(tui, rows, rect->width, height > 0 ? (size_t)height : 0);
	if (heading)
		column_draw_heading(&tui->theme, rect,
			&(struct column_heading){.columns = rows->drawn,
				.count = rows->drawn_count,
				.sort = rows->sort,
				.descending = rows->descending,
				.more_left = rows->skipped > 0,
				.more_right = rows->more_right});
	draw_lines(tui, rows);
	if (rows->list.line_count == 0)
		draw_empty(tui, rows);
}
