/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three lists side by side: the columns shown, those that could be, and the options. */
#include <config.h>

#include "setup.h"

#include <string.h>

#include "setup_options.h"
#include "tui/key/handlers.h"
#include "tui/pages.h"
#include "tui/state.h"

enum { LIST_SHOWN, LIST_AVAILABLE, LIST_OPTIONS, LISTS };

static bool
is_shown(const struct settings *settings, const struct field *field)
{
	for (size_t i = 0; i < settings->column_count; i++) {
		if (settings->columns[i] == field)
			return true;
	}
	return false;
}

/* The i-th field that could be a column and is none; NULL at the end. */
static const struct field *
available(const struct tui *tui, size_t i)
{
	for (size_t k = 0; k < socket_fields.count; k++) {
		const struct field *const field = &socket_fields.fields[k];

		if ((field->flags & FIELD_COLUMN) == 0 || is_shown(tui->settings, field))
			continue;
		if (i-- == 0)
			return field;
	}
	return NULL;
}

static size_t
list_count(const struct tui *tui, unsigned list)
{
	size_t count = 0;

	if (list == LIST_SHOWN)
		return tui->settings->column_count;
	if (list == LIST_OPTIONS)
		return setup_option_count;
	while (available(tui, count) != NULL)
		count++;
	return count;
}

static const struct field *
list_field(const struct tui *tui, unsigned list, size_t i)
{
	if (list == LIST_SHOWN)
		return i < tui->settings->column_count ? tui->settings->columns[i] : NULL;
	return list == LIST_AVAILABLE ? available(tui, i) : NULL;
}

const struct field *
setup_field_under_cursor(const struct tui *tui)
{
	return list_field(tui, tui->setup.list, tui->setup.cursor[tui->setup.list]);
}

static void
changed(struct tui *tui)
{
	tui->setup.changed = true;
	for (int i = 0; i < PAGE_TABLES; i++) {
		table_take_columns(tui, &tui->tables[i]);
		table_apply(tui, &tui->tables[i]);
	}
	tui_refresh(tui);
}

static void
draw_line(struct tui *tui, unsigned list, size_t i, struct pen *pen)
{
	const struct field *const field = list_field(tui, list, i);
	char value[48];

	pen->selected = list == tui->setup.list && i == tui->setup.cursor[list];
	draw_spaces(pen, ROLE_NORMAL, 1);
	if (field != NULL) {
		draw_cell(pen, ROLE_NORMAL, field->name, pen->end - pen->x, false);
		return;
	}
	setup_option_show(tui, i, value, sizeof value);
	draw_cell(pen, ROLE_NORMAL, setup_option_name(i), 20, false);
	draw_text(pen, ROLE_STRONG, value);
	draw_rest(pen, ROLE_NORMAL);
}

static void
draw_list(struct tui *tui, unsigned list, const char *title, const struct rect *rect)
{
	struct setup *const setup = &tui->setup;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width - 1);
	const size_t count = list_count(tui, list);
	const size_t height = rect->height > 1 ? (size_t)rect->height - 1 : 0;

	setup->rects[list] = *rect;
	if (count > 0 && setup->cursor[list] >= count)
		setup->cursor[list] = count - 1;
	setup->top[list] = scroll_keep(setup->top[list], setup->cursor[list], height);
	draw_cell(&pen, list == setup->list ? ROLE_SORTED : ROLE_HEADING, title, rect->width - 1,
		false);
	for (size_t i = 0; i < height && setup->top[list] + i < count; i++) {
		pen = draw_pen(&tui->theme, rect->y + 1 + (int)i, rect->x, rect->width - 1);
		draw_line(tui, list, setup->top[list] + i, &pen);
	}
}

/* The meaning of the field or option under the cursor. */
static void
draw_about(struct tui *tui, const struct rect *rect)
{
	const struct setup *const setup = &tui->setup;
	const struct field *const field = setup_field_under_cursor(tui);
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x + 1, rect->width - 1);

	if (field != NULL)
		draw_format(&pen, ROLE_DIM, "%s: %s", field->title, field->help);
	else if (setup->list == LIST_OPTIONS)
		draw_text(&pen, ROLE_DIM, setup_option_help(setup->cursor[LIST_OPTIONS]));
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	static const char *const titles[LISTS] = {" Columns shown", " Columns to add", " Options"};
	const int narrow = rect->width * 3 / 10;
	const int widths[LISTS] = {narrow, narrow, rect->width - 2 * narrow};
	struct rect list = {rect->y, rect->x, rect->height - 1, 0};
	const struct rect about = {rect->y + rect->height - 1, rect->x, 1, rect->width};

	for (unsigned i = 0; i < LISTS; i++) {
		list.width = widths[i];
		draw_list(tui, i, titles[i], &list);
		list.x += list.width;
	}
	if (rect->height > 3)
		draw_about(tui, &about);
}

/* Else a message says where the columns are. */
static bool
is_on_shown(struct tui *tui)
{
	if (tui->setup.list == LIST_SHOWN)
		return true;
	tui_show_message(tui, SEVERITY_INFO,
		"that is for the columns that are shown, in the first list; Tab goes there");
	return false;
}

static void
move_column(struct tui *tui, bool down)
{
	struct settings *const settings = tui->settings;
	const size_t at = tui->setup.cursor[LIST_SHOWN];
	const size_t to = down ? at + 1 : at - 1;
	const struct field *other;

	if (!is_on_shown(tui) || (!down && at == 0) || to >= settings->column_count)
		return;
	other = settings->columns[to];
	settings->columns[to] = settings->columns[at];
	settings->columns[at] = other;
	tui->setup.cursor[LIST_SHOWN] = to;
	changed(tui);
}

void
do_column_up(struct tui *tui)
{
	move_column(tui, false);
}

void
do_column_down(struct tui *tui)
{
	move_column(tui, true);
}

void
do_column_remove(struct tui *tui)
{
	struct settings *const settings = tui->settings;
	const size_t at = tui->setup.cursor[LIST_SHOWN];

	if (!is_on_shown(tui) || at >= settings->column_count)
		return;
	if (settings->column_count == 1) {
		tui_show_message(tui, SEVERITY_INFO, "the last column cannot be removed");
		return;
	}
	settings->column_count--;
	memmove(settings->columns + at, settings->columns + at + 1,
		(settings->column_count - at) * sizeof settings->columns[0]);
	changed(tui);
}

/* After the one under the cursor of the first list. */
static void
add_column(struct tui *tui, const struct field *field)
{
	struct settings *const settings = tui->settings;
	size_t at = tui->setup.cursor[LIST_SHOWN] + 1;

	if (field == NULL || settings->column_count == SETTINGS_COLUMNS_MAX)
		return;
	if (at > settings->column_count)
		at = settings->column_count;
	memmove(settings->columns + at + 1, settings->columns + at,
		(settings->column_count - at) * sizeof settings->columns[0]);
	settings->columns[at] = field;
	settings->column_count++;
	tui->setup.cursor[LIST_SHOWN] = at;
	changed(tui);
}

static void
enter(struct tui *tui)
{
	const struct setup *const setup = &tui->setup;

	if (setup->list == LIST_SHOWN) {
		tui_show_message(tui, SEVERITY_INFO,
			"a shown column: [ and ] move it, Del removes it, Tab goes to the others");
	} else if (setup->list == LIST_AVAILABLE) {
		add_column(tui, available(tui, setup->cursor[LIST_AVAILABLE]));
	} else if (setup->list == LIST_OPTIONS) {
		setup_option_step(tui, setup->cursor[LIST_OPTIONS], true);
		changed(tui);
	}
}

static void
go_sideways(struct tui *tui, bool right)
{
	struct setup *const setup = &tui->setup;

	if (setup->list == LIST_OPTIONS) {
		setup_option_step(tui, setup->cursor[LIST_OPTIONS], right);
		changed(tui);
	} else if (right) {
		setup->list++;
	} else if (setup->list > 0) {
		setup->list--;
	}
}

static void
on_move(struct tui *tui, enum move move)
{
	struct setup *const setup = &tui->setup;
	size_t *const cursor = &setup->cursor[setup->list];
	const size_t count = list_count(tui, setup->list);
	const size_t page = setup->rects[0].height > 2 ? (size_t)setup->rects[0].height - 2 : 1;

	if (move == MOVE_LEFT || move == MOVE_RIGHT)
		go_sideways(tui, move == MOVE_RIGHT);
	else
		*cursor = scroll_cursor(move, *cursor, count, page);
	tui_redraw(tui);
}

void
do_setup_next(struct tui *tui)
{
	if (tui_front(tui) == PAGE_CONFIRM)
		tui->confirm.yes = !tui->confirm.yes;
	else
		tui->setup.list = (tui->setup.list + 1) % LISTS;
	tui_redraw(tui);
}

static void
click(struct tui *tui, int y, int x, bool twice)
{
	struct setup *const setup = &tui->setup;

	for (unsigned i = 0; i < LISTS; i++) {
		const struct rect *const rect = &setup->rects[i];
		const size_t line = setup->top[i] + (size_t)(y - rect->y - 1);

		if (!rect_contains(rect, y, x))
			continue;
		setup->list = i;
		if (y == rect->y || line >= list_count(tui, i))
			break;
		setup->cursor[i] = line;
		if (twice)
			enter(tui);
	}
	tui_redraw(tui);
}

static void
wheel(struct tui *tui, int lines)
{
	on_move(tui, lines < 0 ? MOVE_UP : MOVE_DOWN);
}

void
do_setup(struct tui *tui)
{
	tui->setup = (struct setup){.changed = false};
	tui_open_page(tui, PAGE_SETUP);
}

void
setup_save(struct tui *tui)
{
	struct error error = {.position = -1};

	if (!tui->setup.changed)
		return;
	tui->setup.changed = false;
	if (tui->hooks.save == NULL)
		return;
	if (tui->hooks.save(tui->hooks.context, tui->settings, &error) != 0)
		tui_show_message(tui, SEVERITY_WARNING, error.text);
	else
		tui_show_message(tui, SEVERITY_INFO, "saved");
}

static void
back(struct tui *tui)
{
	setup_save(tui);
	tui_close_page(tui);
}

const struct pane setup_pane = {
	.draw = draw,
	.move = on_move,
	.enter = enter,
	.click = click,
	.wheel = wheel,
	.back = back,
};
