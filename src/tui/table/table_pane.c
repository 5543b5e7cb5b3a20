/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table answers to moves, clicks and Enter. */
#include <config.h>

#include "table_pane.h"

#include "columns.h"
#include "filter_bar.h"
#include "tui/detail/detail.h"
#include "tui/key/handlers.h"
#include "tui/pages.h"
#include "tui/state.h"

static size_t
page(const struct table *table)
{
	return table->rows.height > 1 ? (size_t)table->rows.height - 1 : 1;
}

static void
scroll_columns(struct tui *tui, struct table *table, bool right)
{
	if (right && table->more_right && table->skipped + 1 < table->column_count)
		table->skipped++;
	else if (!right && table->skipped > 0)
		table->skipped--;
	tui_redraw(tui);
}

static void
on_move(struct tui *tui, enum move move)
{
	struct table *const table = tui_table(tui);

	if (move == MOVE_LEFT || move == MOVE_RIGHT) {
		scroll_columns(tui, table, move == MOVE_RIGHT);
		return;
	}
	tui->follow = false;
	table_go(tui, table,
		scroll_cursor(move, table->cursor.line, view_lines(table->view), page(table)));
	/* At the very top the cursor stays on the first line, whatever comes to stand there. */
	if (move == MOVE_TOP)
		table->cursor.resting = true;
}

static void
toggle_group(struct tui *tui, struct table *table)
{
	const struct view_group *const group = table_group_here(tui, table);

	if (group == NULL)
		return;
	table->cursor.resting = false;
	view_unfold(table->view, group->key, !group->unfolded);
	tui_refresh(tui);
}

static void
enter(struct tui *tui)
{
	struct table *const table = tui_table(tui);

	if (table->cursor.on_group)
		toggle_group(tui, table);
	else if (table_socket(tui, table) != SOCKET_NONE)
		detail_open(tui, table_socket(tui, table));
}

static void
click(struct tui *tui, int y, int x, bool twice)
{
	struct table *const table = tui_table(tui);

	if (y == table->heading_y) {
		const struct column *const column = columns_at(table, x);

		if (column != NULL && column->kind == COLUMN_FIELD)
			table_sort(tui, column->field,
				column->field == table->sort ? !table->descending
							     : column->field->descending);
		return;
	}
	if (!rect_contains(&table->rows, y, x) ||
		table->top + (size_t)(y - table->rows.y) >= view_lines(table->view))
		return;
	tui->follow = false;
	table_go(tui, table, table->top + (size_t)(y - table->rows.y));
	if (twice)
		enter(tui);
}

/* The window moves; the cursor only as far as it must to stay in sight. */
static void
wheel(struct tui *tui, int lines)
{
	struct table *const table = tui_table(tui);
	const size_t all = view_lines(table->view);
	const size_t height = table->rows.height > 0 ? (size_t)table->rows.height : 0;
	const size_t last = all > height ? all - height : 0;
	const size_t by = (size_t)(lines < 0 ? -lines : lines);

	tui->follow = false;
	if (lines < 0)
		table->top = table->top > by ? table->top - by : 0;
	else
		table->top = table->top + by < last ? table->top + by : last;
	if (table->cursor.line < table->top)
		table_go(tui, table, table->top);
	else if (height > 0 && table->cursor.line >= table->top + height)
		table_go(tui, table, table->top + height - 1);
	else
		table_go(tui, table, table->cursor.line);
}

static void
back(struct tui *tui)
{
	filter_bar_clear_last(tui);
}

const struct pane table_pane = {
	.draw = table_draw,
	.move = on_move,
	.enter = enter,
	.click = click,
	.wheel = wheel,
	.back = back,
};
