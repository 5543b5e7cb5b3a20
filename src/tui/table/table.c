/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table answers to moves, clicks and Enter. */
#include <config.h>

#include "table.h"

#include "columns.h"
#include "filter_bar.h"
#include "tui/detail/detail.h"
#include "tui/handlers.h"
#include "tui/state.h"

static size_t
page(const struct screen *screen)
{
	return screen->rows.height > 1 ? (size_t)screen->rows.height - 1 : 1;
}

static void
scroll_columns(struct tui *tui, struct screen *screen, bool right)
{
	if (right && screen->more_right && screen->skipped + 1 < screen->column_count)
		screen->skipped++;
	else if (!right && screen->skipped > 0)
		screen->skipped--;
	tui_redraw(tui);
}

static void
on_move(struct tui *tui, enum move move)
{
	struct screen *const screen = tui_screen(tui);
	const size_t line = screen->cursor.line;
	size_t to = line;

	switch (move) {
	case MOVE_UP: to = line > 0 ? line - 1 : 0; break;
	case MOVE_DOWN: to = line + 1; break;
	case MOVE_PAGE_UP: to = line > page(screen) ? line - page(screen) : 0; break;
	case MOVE_PAGE_DOWN: to = line + page(screen); break;
	case MOVE_TOP: to = 0; break;
	case MOVE_BOTTOM: to = SIZE_MAX - 1; break;
	case MOVE_LEFT: scroll_columns(tui, screen, false); return;
	case MOVE_RIGHT: scroll_columns(tui, screen, true); return;
	}
	tui->follow = false;
	screen_go(tui, screen, to);
	/* At the very top the cursor stays on the first line, whatever comes to stand there. */
	if (move == MOVE_TOP)
		screen->cursor.resting = true;
}

static void
toggle_group(struct tui *tui, struct screen *screen)
{
	const struct view_group *const group = screen_group_here(tui, screen);

	if (group == NULL)
		return;
	screen->cursor.resting = false;
	view_unfold(screen->view, group->key, !group->unfolded);
	tui_refresh(tui);
}

static void
enter(struct tui *tui)
{
	struct screen *const screen = tui_screen(tui);

	if (screen->cursor.on_group)
		toggle_group(tui, screen);
	else if (screen_socket(tui, screen) != SOCKET_NONE)
		detail_open(tui, screen_socket(tui, screen));
}

static void
click(struct tui *tui, int y, int x, bool twice)
{
	struct screen *const screen = tui_screen(tui);

	if (y == screen->heading_y) {
		const struct column *const column = columns_at(screen, x);

		if (column != NULL && column->kind == COLUMN_FIELD)
			screen_sort(tui, column->field,
				column->field == screen->sort ? !screen->descending
							      : column->field->descending);
		return;
	}
	if (!rect_contains(&screen->rows, y, x) ||
		screen->top + (size_t)(y - screen->rows.y) >= view_lines(screen->view))
		return;
	tui->follow = false;
	screen_go(tui, screen, screen->top + (size_t)(y - screen->rows.y));
	if (twice)
		enter(tui);
}

/* The window moves; the cursor only as far as it must to stay in sight. */
static void
wheel(struct tui *tui, int lines)
{
	struct screen *const screen = tui_screen(tui);
	const size_t all = view_lines(screen->view);
	const size_t height = screen->rows.height > 0 ? (size_t)screen->rows.height : 0;
	const size_t last = all > height ? all - height : 0;
	const size_t by = (size_t)(lines < 0 ? -lines : lines);

	tui->follow = false;
	if (lines < 0)
		screen->top = screen->top > by ? screen->top - by : 0;
	else
		screen->top = screen->top + by < last ? screen->top + by : last;
	if (screen->cursor.line < screen->top)
		screen_go(tui, screen, screen->top);
	else if (height > 0 && screen->cursor.line >= screen->top + height)
		screen_go(tui, screen, screen->top + height - 1);
	else
		screen_go(tui, screen, screen->cursor.line);
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
