/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of rows answers to moves, clicks, Enter and Esc. */
#include <config.h>

#include "rows_table.h"

#include "tui/state.h"

static void
scroll_columns(struct tui *tui, struct rows *rows, bool right)
{
	if (right && rows->more_right && rows->skipped + 2 < rows->column_count)
		rows->skipped++;
	else if (!right && rows->skipped > 0)
		rows->skipped--;
	else
		tui_show_message(tui, SEVERITY_INFO,
			right ? "that is the last column" : "that is the first column");
	tui_redraw(tui);
}

static size_t
page(const struct rows *rows)
{
	return rows->rect.height > 1 ? (size_t)rows->rect.height - 1 : 1;
}

static void
move_by(struct tui *tui, struct rows *rows, enum move move)
{
	size_t line;

	if (move == MOVE_LEFT || move == MOVE_RIGHT) {
		scroll_columns(tui, rows, move == MOVE_RIGHT);
		return;
	}
	tui->follow = false;
	line = scroll_cursor(move, rows->line, rows->list.line_count, page(rows));
	rows_go(tui, rows, line, move == MOVE_DOWN || move == MOVE_PAGE_DOWN);
	/* At the very top the cursor stays on the first row, whatever comes to stand there. */
	if (move == MOVE_TOP)
		rows->is_moved = false;
}

static void
enter(struct tui *tui, struct rows *rows)
{
	const void *const row = rows_selected(rows);

	if (row == NULL)
		tui_show_format(tui, SEVERITY_INFO, "there is no %s under the cursor",
			rows->kind->fields->row_name);
	else if (rows->kind->enter != NULL)
		rows->kind->enter(tui, row);
	else
		tui_show_message(tui, SEVERITY_INFO, "there is nothing to open here");
}

static void
click_heading(struct tui *tui, struct rows *rows, int x)
{
	const struct column *const column =
		column_at(rows->drawn, rows->drawn_count, x - rows->rect.x);

	if (column == NULL)
		return;
	rows_sort_by(tui, rows, column->field,
		column->field == rows->sort ? !rows->descending : column->field->descending);
}

static void
click_at(struct tui *tui, struct rows *rows, int y, int x, bool twice)
{
	const size_t line = rows->top + (size_t)(y - rows->rect.y);

	if (y == rows->heading_y) {
		click_heading(tui, rows, x);
		return;
	}
	if (!rect_contains(&rows->rect, y, x) || line >= rows->list.line_count ||
		rows->list.lines[line].row == NULL)
		return;
	tui->follow = false;
	rows_go(tui, rows, line, true);
	if (twice)
		enter(tui, rows);
}

/* The window moves; the cursor only as far as it must to stay in sight. */
static void
turn_wheel(struct tui *tui, struct rows *rows, int lines)
{
	const size_t all = rows->list.line_count;
	const size_t height = rows->rect.height > 0 ? (size_t)rows->rect.height : 0;
	const size_t last = all > height ? all - height : 0;
	const size_t by = (size_t)(lines < 0 ? -lines : lines);
	size_t line = rows->line;

	tui->follow = false;
	if (lines < 0)
		rows->top = rows->top > by ? rows->top - by : 0;
	else
		rows->top = rows->top + by < last ? rows->top + by : last;
	if (line < rows->top)
		line = rows->top;
	else if (height > 0 && line >= rows->top + height)
		line = rows->top + height - 1;
	rows_go(tui, rows, line, lines > 0);
}

void
rows_pane_move(struct tui *tui, enum move move)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows != NULL)
		move_by(tui, rows, move);
}

void
rows_pane_enter(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows != NULL)
		enter(tui, rows);
}

void
rows_pane_click(struct tui *tui, int y, int x, bool twice)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows != NULL)
		click_at(tui, rows, y, x, twice);
}

void
rows_pane_wheel(struct tui *tui, int lines)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows != NULL)
		turn_wheel(tui, rows, lines);
}

/* At first the filter goes, then the page. */
void
rows_pane_back(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows == NULL || !rows_filter_clear(tui, rows))
		tui_close_page(tui);
}
