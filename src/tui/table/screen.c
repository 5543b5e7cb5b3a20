/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Screens: one row for each. A screen's own condition is added to what the user filters; its
 * columns are the settings' or a set of their own.
 */
#include <config.h>

#include "screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tui/state.h"

struct screen_kind {
	const char *title;
	const char *condition; /* in the filter language, or NULL */
	const char *columns;   /* name of a field set; NULL: the settings' */
	bool half_open;        /* counts connection requests per listener */
};

static const struct screen_kind kinds[SCREEN_COUNT] = {
	[SCREEN_SOCKETS] = {.title = "sockets"},
	[SCREEN_LISTENERS] = {.title = "listeners",
		.condition = "state listen",
		.columns = "listeners",
		.half_open = true},
};

bool
screen_counts_half_open(const struct screen *screen)
{
	return screen->kind->half_open;
}

const char *
screen_title(const struct screen *screen)
{
	return screen->kind->title;
}

void
screen_take_columns(struct tui *tui, struct screen *screen)
{
	const struct settings *const settings = tui->settings;
	const char *list = NULL;
	int count;

	if (screen->kind->columns == NULL) {
		memcpy(screen->columns, settings->columns, sizeof screen->columns);
		screen->column_count = settings->column_count;
	} else {
		list = field_set_find(screen->kind->columns);
	}
	if (screen->column_count == 0 && list == NULL)
		list = field_set_find("default");
	if (list != NULL) {
		count = field_parse_list(
			&socket_fields, list, screen->columns, SETTINGS_COLUMNS_MAX, NULL);
		screen->column_count = count > 0 ? (size_t)count : 0;
	}
	screen->drawn_count = 0;
	screen->skipped = 0;
}

int
screen_init(struct tui *tui, enum screen_id id)
{
	struct screen *const screen = &tui->screens[id];

	screen->kind = &kinds[id];
	screen->view = view_new(tui->model, &socket_fields);
	if (screen->view == NULL)
		return -ENOMEM;
	screen->cursor.resting = true;
	screen_take_columns(tui, screen);
	if (id == SCREEN_SOCKETS) {
		screen->sort = tui->settings->sort;
		screen->descending = tui->settings->sort_descending;
		screen->group = tui->settings->group;
	}
	screen_apply(tui, screen);
	return screen_apply_filter(tui, screen, NULL);
}

void
screen_fini(struct screen *screen)
{
	view_free(screen->view);
	screen->view = NULL;
	filter_stack_fini(&screen->filters);
}

void
screen_apply(struct tui *tui, struct screen *screen)
{
	view_set_order(screen->view, screen->sort, screen->descending);
	view_set_group(screen->view, screen->group);
	view_set_visible(screen->view, screen->columns, screen->column_count);
	view_set_numeric(screen->view, !tui_shows_names(tui));
}

int
screen_try_filter(struct tui *tui, struct screen *screen, const char *text, struct error *error)
{
	char whole[FILTERS_TEXT_SIZE + 128];
	struct filter *filter;
	size_t offset = 0;

	if (screen->kind->condition == NULL)
		snprintf(whole, sizeof whole, "%s", text);
	else if (text[strspn(text, " \t")] == '\0')
		snprintf(whole, sizeof whole, "%s", screen->kind->condition);
	else
		snprintf(whole, sizeof whole, "%s and (%s)", screen->kind->condition, text);
	if (screen->kind->condition != NULL)
		offset = strlen(screen->kind->condition) + strlen(" and (");
	filter = filter_parse(whole, &socket_fields, error);
	if (filter == NULL) {
		if (error != NULL && error->position >= 0) {
			const size_t position = (size_t)error->position;

			error->position = position > offset ? (int)(position - offset) : 0;
		}
		return -EINVAL;
	}
	screen->filter_needs = filter_needs(filter);
	view_set_filter(screen->view, filter);
	tui_refresh(tui);
	return 0;
}

int
screen_apply_filter(struct tui *tui, struct screen *screen, struct error *error)
{
	char text[FILTERS_TEXT_SIZE];

	return screen_try_filter(
		tui, screen, filter_stack_join(&screen->filters, text, sizeof text), error);
}

void
screen_sort(struct tui *tui, const struct field *field, bool descending)
{
	struct screen *const screen = tui_screen(tui);

	screen->sort = field;
	screen->descending = descending;
	if (tui->screen == SCREEN_SOCKETS) {
		tui->settings->sort = field;
		tui->settings->sort_descending = descending;
	}
	screen_apply(tui, screen);
	tui_refresh(tui);
}

void
screen_group(struct tui *tui, const struct field *field)
{
	struct screen *const screen = tui_screen(tui);

	screen->group = field;
	if (tui->screen == SCREEN_SOCKETS)
		tui->settings->group = field;
	screen->cursor = (struct cursor){.resting = true};
	screen->top = 0;
	screen_apply(tui, screen);
	tui_refresh(tui);
}

uint32_t
screen_needs(const struct screen *screen)
{
	uint32_t needs = socket_fields.base_needs | screen->filter_needs;

	for (size_t i = 0; i < screen->column_count; i++)
		needs |= screen->columns[i]->needs;
	if (screen->sort != NULL)
		needs |= screen->sort->needs;
	if (screen->group != NULL)
		needs |= screen->group->needs;
	return needs;
}

const struct socket_row *
screen_row(const struct tui *tui, uint32_t socket)
{
	const struct socket_row *row;

	if (socket >= tui->model->sockets.used)
		return NULL;
	row = socket_table_row(&tui->model->sockets, socket);
	return (row->known & SOCKET_FREE) == 0 ? row : NULL;
}

/* Gives the cursor what stands on its line. */
static void
take_line(struct tui *tui, struct screen *screen)
{
	struct cursor *const cursor = &screen->cursor;
	struct view_line line = {.socket = SOCKET_NONE};

	cursor->on_group = false;
	view_window(screen->view, cursor->line, 1, &line);
	identity_take(&cursor->socket, tui->model, line.socket);
	if (line.kind == VIEW_GROUP && line.group != NULL) {
		cursor->on_group = true;
		snprintf(cursor->group, sizeof cursor->group, "%s", line.group->key);
	}
}

/* The line on which the cursor's socket or group stands now, or SIZE_MAX. */
static size_t
find_line(struct tui *tui, struct screen *screen)
{
	struct cursor *const cursor = &screen->cursor;
	uint32_t socket;

	if (cursor->on_group)
		return view_find_group(screen->view, cursor->group);
	socket = identity_find(&cursor->socket, tui->model);
	return socket == SOCKET_NONE ? SIZE_MAX : view_find(screen->view, socket);
}

/* Scrolls as little as keeps the cursor in sight; when following, it stays in the middle. */
static void
scroll_to_cursor(struct tui *tui, struct screen *screen, size_t height)
{
	const size_t lines = view_lines(screen->view);
	const size_t line = screen->cursor.line;

	if (tui->follow && height > 0)
		screen->top = line > height / 2 ? line - height / 2 : 0;
	else if (line < screen->top)
		screen->top = line;
	else if (height > 0 && line >= screen->top + height)
		screen->top = line - height + 1;
	if (screen->top + height > lines)
		screen->top = lines > height ? lines - height : 0;
}

void
screen_update(struct tui *tui, struct screen *screen, bool force, size_t height)
{
	struct cursor *const cursor = &screen->cursor;
	size_t lines;

	view_set_hold(screen->view, tui_is_held(tui));
	/* Paused means that the screen stands still, whatever still trickles in. */
	if (force || !tui->paused)
		view_update(screen->view, force);
	lines = view_lines(screen->view);
	if (cursor->resting && !tui->follow) {
		cursor->line = 0;
		take_line(tui, screen);
	} else {
		const size_t found = find_line(tui, screen);

		if (found != SIZE_MAX) {
			cursor->line = found;
		} else {
			if (cursor->line >= lines)
				cursor->line = lines > 0 ? lines - 1 : 0;
			take_line(tui, screen);
		}
	}
	scroll_to_cursor(tui, screen, height);
}

void
screen_go(struct tui *tui, struct screen *screen, size_t line)
{
	const size_t lines = view_lines(screen->view);

	if (line >= lines)
		line = lines > 0 ? lines - 1 : 0;
	screen->cursor.resting = false;
	screen->cursor.line = line;
	take_line(tui, screen);
	tui_redraw(tui);
}

uint32_t
screen_socket(struct tui *tui, struct screen *screen)
{
	return identity_find(&screen->cursor.socket, tui->model);
}

const struct view_group *
screen_group_here(struct tui *tui, struct screen *screen)
{
	size_t line = screen->cursor.line;
	struct view_line found;

	(void)tui;
	while (view_window(screen->view, line, 1, &found) == 1) {
		if (found.kind == VIEW_GROUP)
			return found.group;
		if (!found.in_group || line == 0)
			return NULL;
		line--; /* its group stands somewhere above */
	}
	return NULL;
}
