/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table answers to moves, clicks and Enter. */
#include <config.h>

#include "table_pane.h"

#include <sockwatch/base/number.h>

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
	else
		tui_show_message(tui, SEVERITY_INFO,
			right ? "that is the last column" : "that is the first column");
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
	else
		tui_show_message(tui, SEVERITY_INFO, "there is no socket under the cursor");
}

static void
click(struct tui *tui, int y, int x, bool twice)
{
	struct table *const table = tui_table(tui);

	if (y == table->heading_y) {
		const struct column *const column = column_at(table->drawn, table->drawn_count, x);

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
	const bool came = tui->came.page != PAGE_SOCKETS &&
			  tui_table(tui)->filters.count == tui->came.filters;

	filter_bar_clear_last(tui);
	if (!came)
		return;
	/* Back to the page that set the filter. */
	tui_open_page(tui, tui->came.page);
	tui->rows = tui->came.rows;
	tui->rows_page = tui->came.page;
	tui->came.page = PAGE_SOCKETS;
}

bool
table_show_filtered(struct tui *tui, const char *filter, enum page_id from)
{
	struct table *const table = &tui->tables[PAGE_SOCKETS];
	struct rows *const rows = rows_with_keys(tui);

	while (tui->stack_count > 1)
		tui_close_page(tui);
	tui->stack[0] = PAGE_SOCKETS;
	if (filter_stack_push(&table->filters, filter) != 0) {
		tui_show_message(tui, SEVERITY_WARNING,
			"there are too many filters; Esc takes the last away");
		return false;
	}
	(void)table_apply_filter(tui, table, NULL);
	tui->came.page = from;
	tui->came.rows = rows;
	tui->came.filters = table->filters.count;
	tui_refresh(tui);
	return true;
}

void
do_tag(struct tui *tui)
{
	struct table *const table = tui_table(tui);
	const struct socket_row *const row = table_row(tui, table_socket(tui, table));

	if (table->cursor.on_group) {
		tui_show_message(tui, SEVERITY_INFO,
			"tags are for sockets; F9 on a group acts on all of it");
	} else if (row == NULL || (row->flags & SOCKET_CLOSED) != 0) {
		tui_show_message(tui, SEVERITY_INFO, "there is no open socket under the cursor");
	} else if (tags_toggle(&tui->tags, row) != 0) {
		tui_show_format(tui, SEVERITY_WARNING,
			"%d sockets are tagged already; U untags all", TAGS_MAX);
	} else {
		on_move(tui, MOVE_DOWN);
	}
}

void
do_untag(struct tui *tui)
{
	const size_t count = tags_count(&tui->tags);

	tags_clear(&tui->tags);
	if (count == 0)
		tui_show_message(tui, SEVERITY_INFO, "nothing is tagged; Ins or * tags the row");
	else
		tui_show_format(
			tui, SEVERITY_INFO, "%zu tag%s taken away", count, number_plural(count));
}

const struct pane table_pane = {
	.draw = table_draw,
	.move = on_move,
	.enter = enter,
	.click = click,
	.wheel = wheel,
	.back = back,
};
