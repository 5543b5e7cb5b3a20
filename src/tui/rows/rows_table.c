/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of rows: what it shows, and its cursor. The rest of the room:
 *
 *	rows_draw.c    heading and lines
 *	rows_pane.c    how it answers to moves, clicks, Enter and Esc
 *	rows_order.c   the field that orders the rows
 *	rows_filter.c  the filter bar
 *	rows_search.c  its lines, for F3
 *	rows_print.c   rows as text
 *	rows_keys.c    keys that tables of sockets have too
 */
#include <config.h>

#include "rows_table.h"

#include <string.h>

#include "tui/state.h"

static void
init(struct rows *rows, const struct rows_kind *kind)
{
	int count;

	rows->kind = kind;
	row_order_init(&rows->list);
	count = field_parse_list(
		kind->fields, kind->columns, rows->columns, ROWS_COLUMNS_MAX, NULL);
	rows->column_count = count > 0 ? (size_t)count : 0;
	if (kind->sort != NULL)
		rows->sort = field_find(kind->fields, kind->sort, strlen(kind->sort));
	rows->descending = rows->sort != NULL && rows->sort->descending;
}

void
rows_open(struct tui *tui, enum page_id page, struct rows *rows, const struct rows_kind *kind)
{
	if (rows->kind == NULL)
		init(rows, kind);
	tui->rows = rows;
	tui->rows_page = page;
	tui_redraw(tui);
}

void
rows_fini(struct rows *rows)
{
	if (rows->kind == NULL)
		return;
	row_order_fini(&rows->list);
	filter_free(rows->filter);
	*rows = (struct rows){.kind = NULL};
}

struct rows *
rows_with_keys(const struct tui *tui)
{
	return tui->rows != NULL && tui_page(tui) == tui->rows_page ? tui->rows : NULL;
}

const void *
rows_selected(const struct rows *rows)
{
	return rows->line < rows->list.line_count ? rows->list.lines[rows->line].row : NULL;
}

static bool
is_row(const struct rows *rows, size_t line)
{
	return line < rows->list.line_count && rows->list.lines[line].row != NULL;
}

/* The nearest line with a row, at first in that direction; 0 when there is no row. */
static size_t
nearest_row(const struct rows *rows, size_t line, bool down)
{
	const size_t count = rows->list.line_count;

	if (count == 0)
		return 0;
	if (line >= count)
		line = count - 1;
	if (is_row(rows, line))
		return line;
	/* A title is never the last line, and two titles never follow each other. */
	if (down || line == 0)
		return is_row(rows, line + 1) ? line + 1 : 0;
	return line - 1;
}

static void
take_line(struct rows *rows, size_t line)
{
	rows->line = line;
	rows->key = is_row(rows, line) ? rows->list.lines[line].key : UINT64_MAX;
}

/* Scrolls as little as keeps the cursor in sight, with the title above it. */
static void
scroll_to_cursor(const struct tui *tui, struct rows *rows, size_t height)
{
	const size_t count = rows->list.line_count;
	const size_t line = rows->line;
	const size_t above = line > 0 && !is_row(rows, line - 1) ? line - 1 : line;

	if (tui->follow && height > 0)
		rows->top = line > height / 2 ? line - height / 2 : 0;
	rows->top = scroll_keep(rows->top, line, height);
	if (height > 1 && above < rows->top)
		rows->top = above;
	if (rows->top + height > count)
		rows->top = count > height ? count - height : 0;
}

/* Rows that come and go above the cursor do not move it on the screen. */
static void
follow_row(struct rows *rows, size_t found)
{
	if (found > rows->line)
		rows->top += found - rows->line;
	else
		rows->top -= rows->line - found < rows->top ? rows->line - found : rows->top;
	rows->line = found;
}

void
rows_update(struct tui *tui, struct rows *rows, size_t height)
{
	const struct field_context context = tui_context(tui);
	const struct row_arrangement arrangement = {
		.table = rows->kind->fields,
		.filter = rows->filter,
		.visible = rows->columns,
		.visible_count = rows->column_count,
		.sort = rows->sort,
		.descending = rows->descending,
		.held = tui_is_held(tui),
	};
	size_t found;

	rows->sequence = tui->model->complete_sequence;
	row_order_begin(&rows->list);
	rows->kind->load(tui, &rows->list);
	row_order_arrange(&rows->list, &arrangement, &context);
	found = rows->is_moved || tui->follow ? row_order_find(&rows->list, rows->key) : SIZE_MAX;
	if (found != SIZE_MAX)
		follow_row(rows, found);
	else
		take_line(rows, nearest_row(rows, rows->is_moved ? rows->line : 0, true));
	scroll_to_cursor(tui, rows, height);
}

void
rows_settle(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows != NULL && rows->sequence != tui->model->complete_sequence)
		rows_update(tui, rows, rows->rect.height > 0 ? (size_t)rows->rect.height : 0);
}

void
rows_go(struct tui *tui, struct rows *rows, size_t line, bool down)
{
	rows->is_moved = true;
	take_line(rows, nearest_row(rows, line, down));
	tui_redraw(tui);
}
