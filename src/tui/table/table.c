/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of sockets: its view, columns, filter, order and cursor. The rest of the room:
 *
 *	table_pane.c   how it answers to moves, clicks and Enter
 *	table_draw.c   its heading and the lines that are in sight
 *	table_draw_socket.c, table_draw_group.c  one line
 *	columns.c      which columns find room, totals.c the totals by state
 *	table_print.c  the table as text
 *	filter_bar.c, filter_menu.c, filter_stack.c  what is filtered
 *	order.c        order, groups, pause, hold, follow
 *	table_search.c its lines, for F3
 */
#include <config.h>

#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tui/pages.h"
#include "tui/state.h"

enum { ENDED_LEAST = 3 };

void
table_take_columns(struct tui *tui, struct table *table)
{
	const struct settings *const settings = tui->settings;
	int count;

	memcpy(table->columns, settings->columns, sizeof table->columns);
	table->column_count = settings->column_count;
	if (table->column_count == 0) {
		count = field_parse_list(&socket_fields, field_set_find("default"), table->columns,
			SETTINGS_COLUMNS_MAX, NULL);
		table->column_count = count > 0 ? (size_t)count : 0;
	}
	table->drawn_count = 0;
	table->skipped = 0;
}

const struct field *
table_by_trouble(void)
{
	return field_find(&socket_fields, "trouble", strlen("trouble"));
}

/* The viewer asks name servers, the collector probes. A recording has neither of these processes.
 */
static void
set_own(const struct tui *tui, struct table *table)
{
	const uint32_t pids[] = {(uint32_t)getpid(), tui->model->host.collector_pid};
	const bool hides = !tui->settings->own && !tui->replay;

	view_set_own(table->view, pids, hides ? sizeof pids / sizeof pids[0] : 0);
}

int
table_init(struct tui *tui, struct table *table, const struct page *page)
{
	table->page = page;
	table->view = view_new(tui->model, page->fields);
	if (table->view == NULL)
		return -ENOMEM;
	table->cursor.resting = true;
	table_take_columns(tui, table);
	table->sort = tui->settings->sort;
	table->descending = tui->settings->sort_descending;
	table->group = tui->settings->group;
	table_apply(tui, table);
	return table_apply_filter(tui, table, NULL);
}

void
table_fini(struct table *table)
{
	view_free(table->view);
	table->view = NULL;
	filter_stack_fini(&table->filters);
}

void
table_apply(struct tui *tui, struct table *table)
{
	view_set_order(table->view, table->sort, table->descending);
	view_set_group(table->view, table->group);
	view_set_visible(table->view, table->columns, table->column_count);
	view_set_numeric(table->view, !tui_shows_names(tui));
	set_own(tui, table);
}

int
table_try_filter(struct tui *tui, struct table *table, const char *text, struct error *error)
{
	struct filter *const filter = filter_parse(text, &socket_fields, error);

	if (filter == NULL)
		return -EINVAL;
	table->filter_needs = filter_needs(filter);
	view_set_filter(table->view, filter);
	tui_refresh(tui);
	return 0;
}

int
table_apply_filter(struct tui *tui, struct table *table, struct error *error)
{
	char text[FILTERS_TEXT_SIZE];

	return table_try_filter(
		tui, table, filter_stack_join(&table->filters, text, sizeof text), error);
}

void
table_sort(struct tui *tui, const struct field *field, bool descending)
{
	struct table *const table = tui_table(tui);

	table->sort = field;
	table->descending = descending;
	tui->settings->sort = field;
	tui->settings->sort_descending = descending;
	table_apply(tui, table);
	tui_refresh(tui);
}

void
table_group(struct tui *tui, const struct field *field)
{
	struct table *const table = tui_table(tui);

	table->group = field;
	tui->settings->group = field;
	table->cursor = (struct cursor){.resting = true};
	table->top = 0;
	table_apply(tui, table);
	tui_refresh(tui);
}

uint32_t
table_needs(const struct table *table)
{
	uint32_t needs = socket_fields.base_needs | table->filter_needs;

	for (size_t i = 0; i < table->column_count; i++)
		needs |= table->columns[i]->needs;
	if (table->sort != NULL)
		needs |= table->sort->needs;
	if (table->group != NULL)
		needs |= table->group->needs;
	return needs;
}

const struct socket_row *
table_row(const struct tui *tui, uint32_t socket)
{
	const struct socket_row *row;

	if (socket >= tui->model->sockets.used)
		return NULL;
	row = socket_table_row(&tui->model->sockets, socket);
	return (row->flags & SOCKET_FREE) == 0 ? row : NULL;
}

/* Gives the cursor what stands on its line. */
static void
take_line(struct tui *tui, struct table *table)
{
	struct cursor *const cursor = &table->cursor;
	struct view_line line = {.socket = SOCKET_NONE};

	cursor->on_group = false;
	view_window(table->view, cursor->line, 1, &line);
	identity_take(&cursor->socket, tui->model, line.socket);
	if (line.kind == VIEW_GROUP && line.group != NULL) {
		cursor->on_group = true;
		snprintf(cursor->group, sizeof cursor->group, "%s", line.group->key);
	}
}

/* The line on which the cursor's socket or group stands now, or SIZE_MAX. */
static size_t
find_line(struct tui *tui, struct table *table)
{
	struct cursor *const cursor = &table->cursor;
	uint32_t socket;

	if (cursor->on_group)
		return view_find_group(table->view, cursor->group);
	socket = identity_find(&cursor->socket, tui->model);
	return socket == SOCKET_NONE ? SIZE_MAX : view_find(table->view, socket);
}

/* Scrolls as little as keeps the cursor in sight; when following, it stays in the middle. */
static void
scroll_to_cursor(struct tui *tui, struct table *table, size_t height)
{
	const size_t lines = view_lines(table->view);
	const size_t line = table->cursor.line;

	if (tui->follow && height > 0)
		table->top = line > height / 2 ? line - height / 2 : 0;
	else
		table->top = scroll_keep(table->top, line, height);
	if (table->top + height > lines)
		table->top = lines > height ? lines - height : 0;
}

/* Ended rows take a quarter of the lines at most: a storm of them hides nobody who lives. */
static size_t
ended_limit(size_t height)
{
	return height / 4 > ENDED_LEAST ? height / 4 : ENDED_LEAST;
}

/*
 * Rows that come and go above the cursor do not move it: the window moves with it, so that what is
 * read and aimed at stands still.
 */
static void
stay_on_screen(struct table *table, size_t line)
{
	const size_t before = table->cursor.line;

	if (line > before)
		table->top += line - before;
	else
		table->top -= before - line < table->top ? before - line : table->top;
}

void
table_update(struct tui *tui, struct table *table, bool force, size_t height)
{
	struct cursor *const cursor = &table->cursor;
	size_t lines;

	view_set_hold(table->view, tui_is_held(tui));
	view_set_ended_limit(table->view, ended_limit(height));
	set_own(tui, table); /* another collector may have been started */
	/* Paused: the screen stands still, although late records still change the model. */
	if (force || !tui->paused)
		view_update(table->view, force);
	lines = view_lines(table->view);
	if (cursor->resting && !tui->follow) {
		cursor->line = 0;
		take_line(tui, table);
	} else {
		const size_t found = find_line(tui, table);

		if (found != SIZE_MAX) {
			stay_on_screen(table, found);
			cursor->line = found;
		} else {
			if (cursor->line >= lines)
				cursor->line = lines > 0 ? lines - 1 : 0;
			take_line(tui, table);
		}
	}
	scroll_to_cursor(tui, table, height);
}

void
table_go(struct tui *tui, struct table *table, size_t line)
{
	const size_t lines = view_lines(table->view);

	if (line >= lines)
		line = lines > 0 ? lines - 1 : 0;
	table->cursor.resting = false;
	table->cursor.line = line;
	take_line(tui, table);
	tui_redraw(tui);
}

uint32_t
table_socket(struct tui *tui, struct table *table)
{
	return identity_find(&table->cursor.socket, tui->model);
}

uint32_t
tui_row_in_question(struct tui *tui)
{
	if (tui_page(tui) == PAGE_DETAIL)
		return identity_find(&tui->detail.socket, tui->model);
	return table_socket(tui, tui_table(tui));
}

const struct view_group *
table_group_here(struct tui *tui, struct table *table)
{
	size_t line = table->cursor.line;
	struct view_line found;

	(void)tui;
	while (view_window(table->view, line, 1, &found) == 1) {
		if (found.kind == VIEW_GROUP)
			return found.group;
		if (!found.in_group || line == 0)
			return NULL;
		line--; /* its group stands somewhere above */
	}
	return NULL;
}
