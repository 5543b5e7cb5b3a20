/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list to choose from, in a box over the page. The other files of the room:
 *
 *	confirm.c       a question before something is changed
 *	prompt.c        a line to type into
 *	help.c          the help page, help_words.c what stands on the screens
 *	setup.c         columns and options, setup_options.c the table of the options
 */
#include <config.h>

#include "menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/topic/topic.h>
#include <sockwatch/base/text.h>

#include "tui/pages.h"
#include "tui/state.h"
#include "tui/term/keys.h"

enum { ITEMS_MAX = 1024, COUNT_WIDTH = 9, NARROWEST = 24, WIDEST = 72 };

void
menu_fini(struct tui *tui)
{
	struct menu *const menu = &tui->menu;

	for (size_t i = 0; i < menu->count; i++) {
		free(menu->items[i].label);
		free(menu->items[i].value);
	}
	free(menu->items);
	free(menu->shown);
	*menu = (struct menu){.items = NULL};
}

void
menu_begin(struct tui *tui, const struct menu_ops *ops, const char *title)
{
	menu_fini(tui);
	tui->menu.ops = ops;
	snprintf(tui->menu.title, sizeof tui->menu.title, "%s", title);
}

static bool
reserve(struct menu *menu)
{
	const size_t capacity = menu->capacity == 0 ? 32 : menu->capacity * 2;
	struct menu_item *items;

	if (menu->count < menu->capacity)
		return true;
	if (menu->count >= ITEMS_MAX)
		return false;
	items = realloc(menu->items, capacity * sizeof *items);
	if (items == NULL)
		return false;
	menu->items = items;
	menu->capacity = capacity;
	return true;
}

void
menu_add(struct tui *tui, const char *label, const char *value, const void *object, uint32_t count)
{
	struct menu *const menu = &tui->menu;
	struct menu_item item = {.object = object, .count = count};

	if (!reserve(menu))
		return;
	item.label = strdup(label);
	item.value = strdup(value != NULL ? value : "");
	if (item.label == NULL || item.value == NULL) {
		free(item.label);
		free(item.value);
		return;
	}
	if (count != MENU_NO_COUNT)
		menu->has_counts = true;
	menu->items[menu->count++] = item;
}

static void
find_typed(struct menu *menu)
{
	const struct text typed = {menu->typed.text, menu->typed.len};

	menu->shown_count = 0;
	for (size_t i = 0; i < menu->count; i++) {
		if (text_contains_nocase(text_of(menu->items[i].label), typed))
			menu->shown[menu->shown_count++] = (uint32_t)i;
	}
	menu->cursor = 0;
	menu->top = 0;
}

void
menu_open(struct tui *tui, const void *object)
{
	struct menu *const menu = &tui->menu;

	menu->shown = calloc(menu->count + 1, sizeof *menu->shown);
	if (menu->shown == NULL)
		return;
	find_typed(menu);
	for (size_t i = 0; i < menu->shown_count; i++) {
		if (object != NULL && menu->items[i].object == object)
			menu->cursor = i;
	}
	tui_open_overlay(tui, PAGE_MENU);
}

void
menu_grown(struct tui *tui)
{
	struct menu *const menu = &tui->menu;
	const size_t cursor = menu->cursor;
	uint32_t *const shown = reallocarray(menu->shown, menu->count + 1, sizeof *shown);

	if (shown == NULL)
		return;
	menu->shown = shown;
	find_typed(menu);
	menu->cursor = cursor < menu->shown_count ? cursor : 0;
}

const struct menu_item *
menu_under_cursor(const struct tui *tui)
{
	const struct menu *const menu = &tui->menu;

	return menu->cursor < menu->shown_count ? &menu->items[menu->shown[menu->cursor]] : NULL;
}

bool
menu_topic_of_field(const struct menu_item *item, struct topic *topic)
{
	if (item->object == NULL)
		return false;
	topic_of_field(item->object, topic);
	return true;
}

/* In the middle of the body, as large as its items need and the body has. */
static void
place(struct tui *tui)
{
	struct menu *const menu = &tui->menu;
	const struct rect *const body = &tui->body;
	size_t width = text_width(menu->title) + 6;
	int height = (int)menu->count + 3;

	for (size_t i = 0; i < menu->count; i++) {
		const size_t label = text_width(menu->items[i].label) + 4 +
				     (menu->has_counts ? COUNT_WIDTH : 0U);

		if (label > width)
			width = label;
	}
	if (width < NARROWEST)
		width = NARROWEST;
	if (width > WIDEST)
		width = WIDEST;
	menu->rect.width = (int)width < body->width ? (int)width : body->width;
	if (height < 5)
		height = 5;
	menu->rect.height = height < body->height ? height : body->height;
	menu->rect.x = body->x + (body->width - menu->rect.width) / 2;
	menu->rect.y = body->y + (body->height - menu->rect.height) / 3;
}

static size_t
list_height(const struct menu *menu)
{
	return menu->rect.height > 3 ? (size_t)menu->rect.height - 3 : 1;
}

static void
draw_item(struct tui *tui, const struct menu *menu, size_t i, int y)
{
	const struct menu_item *const item = &menu->items[menu->shown[i]];
	struct pen pen = draw_pen(&tui->theme, y, menu->rect.x + 1, menu->rect.width - 2);
	const int count_width = item->count != MENU_NO_COUNT ? COUNT_WIDTH : 0;
	char count[16] = "";

	if (menu->rect.width < 4)
		return;
	pen.selected = i == menu->cursor;
	draw_text(&pen, ROLE_MENU, " ");
	if (count_width > 0)
		snprintf(count, sizeof count, "%u ", item->count);
	draw_cell(&pen, ROLE_MENU, item->label, menu->rect.width - 3 - count_width, false);
	draw_cell(&pen, ROLE_MENU, count, count_width, true);
	draw_rest(&pen, ROLE_MENU);
}

static void
draw_typed(struct tui *tui, const struct menu *menu)
{
	const int y = menu->rect.y + menu->rect.height - 2;
	struct pen pen = draw_pen(&tui->theme, y, menu->rect.x + 1, menu->rect.width - 2);

	if (menu->typed.len > 0)
		draw_format(&pen, ROLE_PROMPT, " %s", menu->typed.text);
	else if (menu->count == 0)
		draw_text(&pen, ROLE_MENU, menu->ops->takes_typed ? " type it" : " nothing there");
	else
		draw_text(&pen, ROLE_DIM, " type to find");
	draw_rest(&pen, menu->typed.len > 0 ? ROLE_PROMPT : ROLE_MENU);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct menu *const menu = &tui->menu;
	size_t height;

	(void)rect;
	place(tui);
	height = list_height(menu);
	menu->top = scroll_keep(menu->top, menu->cursor, height);
	draw_box(&tui->theme, &menu->rect, menu->title);
	for (size_t i = menu->top; i < menu->shown_count && i < menu->top + height; i++)
		draw_item(tui, menu, i, menu->rect.y + 1 + (int)(i - menu->top));
	if (menu->shown_count == 0 && menu->typed.len > 0) {
		struct pen pen = draw_pen(
			&tui->theme, menu->rect.y + 1, menu->rect.x + 2, menu->rect.width - 3);

		draw_text(&pen, ROLE_MENU,
			menu->ops->takes_typed ? "Enter takes what you typed" : "no match");
	}
	if (menu->rect.height > 3)
		draw_typed(tui, menu);
}

static void
on_move(struct tui *tui, enum move move)
{
	struct menu *const menu = &tui->menu;
	const size_t last = menu->shown_count > 0 ? menu->shown_count - 1 : 0;

	/* A step beyond an end comes in again at the other. */
	if (move == MOVE_UP && menu->cursor == 0)
		move = MOVE_BOTTOM;
	else if (move == MOVE_DOWN && menu->cursor == last)
		move = MOVE_TOP;
	menu->cursor = scroll_cursor(move, menu->cursor, menu->shown_count, list_height(menu));
	tui_redraw(tui);
}

static void
enter(struct tui *tui)
{
	struct menu *const menu = &tui->menu;
	const struct menu_item *const item = menu_under_cursor(tui);
	char typed[LINEEDIT_SIZE];

	if (item == NULL && (!menu->ops->takes_typed || menu->typed.len == 0))
		return;
	snprintf(typed, sizeof typed, "%s", menu->typed.text);
	tui_close_overlay(tui);
	menu->ops->choose(tui, item, typed);
}

static void
click(struct tui *tui, int y, int x, bool twice)
{
	struct menu *const menu = &tui->menu;
	const int line = y - menu->rect.y - 1;

	(void)twice;
	if (!rect_contains(&menu->rect, y, x)) {
		tui_close_overlay(tui);
		return;
	}
	if (line < 0 || (size_t)line >= list_height(menu) ||
		menu->top + (size_t)line >= menu->shown_count)
		return;
	menu->cursor = menu->top + (size_t)line;
	enter(tui);
}

static void
wheel(struct tui *tui, int lines)
{
	struct menu *const menu = &tui->menu;

	for (int i = 0; i < (lines < 0 ? -lines : lines); i++)
		menu->cursor = scroll_cursor(
			lines < 0 ? MOVE_UP : MOVE_DOWN, menu->cursor, menu->shown_count, 1);
	tui_redraw(tui);
}

static void
back(struct tui *tui)
{
	if (tui->menu.typed.len > 0) {
		lineedit_set(&tui->menu.typed, "");
		find_typed(&tui->menu);
		tui_redraw(tui);
		return;
	}
	tui_close_overlay(tui);
}

/* Characters find; what moves in the list is the action table's. */
static bool
key(struct tui *tui, uint32_t key)
{
	if (!keys_is_text(key) && key != KEYS_BACKSPACE && key != KEYS_CTRL('u') &&
		key != KEYS_CTRL('w'))
		return false;
	if (lineedit_key(&tui->menu.typed, key) == LINEEDIT_CHANGED)
		find_typed(&tui->menu);
	tui_redraw(tui);
	return true;
}

const struct pane menu_pane = {
	.draw = draw,
	.move = on_move,
	.enter = enter,
	.click = click,
	.wheel = wheel,
	.back = back,
	.key = key,
};
