/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before something is changed. */
#include <config.h>

#include "confirm.h"

#include <stdio.h>

#include <sockwatch/base/text.h>
#include <sockwatch/base/wrap.h>

#include "tui/key/handlers.h"
#include "tui/pages.h"
#include "tui/state.h"

enum { WIDEST = 76, BUTTONS_HEIGHT = 2, YES_X = 3, NO_X = 13, BUTTON_WIDTH = 8 };

void
confirm_open(struct tui *tui, const char *title, const char *text, const char *command,
	void (*on_yes)(struct tui *tui))
{
	struct confirm *const confirm = &tui->confirm;

	snprintf(confirm->title, sizeof confirm->title, "%s", title);
	snprintf(confirm->text, sizeof confirm->text, "%s", text);
	snprintf(confirm->command, sizeof confirm->command, "%s", command != NULL ? command : "");
	confirm->on_yes = on_yes;
	confirm->yes = false;
	tui_open_overlay(tui, PAGE_CONFIRM);
}

/*
 * Draws text in lines of `width` columns, broken at blanks, above the line `end`; y < 0 only
 * counts. Returns the lines.
 */
static int
wrap(const struct theme *theme, enum role role, const char *text, int y, int x, int width, int end)
{
	char clean[CONFIRM_TEXT_SIZE];
	const char *rest = clean;
	struct text next;
	int lines = 0;

	text_clean(text_of(text), clean, sizeof clean);
	while (width > 0 && wrap_next(&rest, (size_t)width, &next)) {
		if (y >= 0 && y + lines < end) {
			struct pen pen = draw_pen(theme, y + lines, x, width);
			char line[CONFIRM_TEXT_SIZE];

			snprintf(line, sizeof line, "%.*s", (int)next.len, next.data);
			draw_text(&pen, role, line);
		}
		lines++;
	}
	return lines;
}

static void
draw_button(const struct theme *theme, int y, int x, const char *label, bool selected)
{
	struct pen pen = draw_pen(theme, y, x, BUTTON_WIDTH);

	pen.selected = selected;
	draw_cell(&pen, ROLE_MENU, label, BUTTON_WIDTH, false);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct confirm *const confirm = &tui->confirm;
	const struct rect *const body = &tui->body;
	struct rect *const box = &confirm->rect;
	int inner;
	int text_lines;
	int command_lines = 0;
	int end;
	int y;

	(void)rect;
	box->width = body->width < WIDEST ? body->width : WIDEST;
	inner = box->width - 4;
	text_lines = wrap(&tui->theme, ROLE_MENU, confirm->text, -1, 0, inner, 0);
	if (confirm->command[0] != '\0')
		command_lines =
			2 + wrap(&tui->theme, ROLE_MENU, confirm->command, -1, 0, inner - 2, 0);
	box->height = text_lines + command_lines + BUTTONS_HEIGHT + 2;
	if (box->height > body->height)
		box->height = body->height;
	box->x = body->x + (body->width - box->width) / 2;
	box->y = body->y + (body->height - box->height) / 3;
	draw_box(&tui->theme, box, confirm->title);
	end = box->y + box->height - 2; /* the buttons' line */
	y = box->y + 1;
	wrap(&tui->theme, ROLE_MENU, confirm->text, y, box->x + 2, inner, end);
	y += text_lines;
	if (command_lines > 0) {
		wrap(&tui->theme, ROLE_MENU, "The same as:", y + 1, box->x + 2, inner, end);
		wrap(&tui->theme, ROLE_BORDER, confirm->command, y + 2, box->x + 4, inner - 2, end);
	}
	/* The buttons are always in sight, even over the text. */
	draw_button(&tui->theme, end, box->x + YES_X, "  Yes", confirm->yes);
	draw_button(&tui->theme, end, box->x + NO_X, "  No", !confirm->yes);
}

static void
on_move(struct tui *tui, enum move move)
{
	(void)move;
	tui->confirm.yes = !tui->confirm.yes;
	tui_redraw(tui);
}

static void
answer(struct tui *tui, bool yes)
{
	void (*const on_yes)(struct tui * tui) = tui->confirm.on_yes;

	tui_close_overlay(tui);
	if (yes)
		on_yes(tui);
}

static void
enter(struct tui *tui)
{
	answer(tui, tui->confirm.yes);
}

static void
click(struct tui *tui, int y, int x, bool twice)
{
	const struct rect *const box = &tui->confirm.rect;
	const int inside = x - box->x;

	(void)twice;
	if (y != box->y + box->height - 2)
		return;
	if (inside >= YES_X && inside < YES_X + BUTTON_WIDTH)
		answer(tui, true);
	else if (inside >= NO_X && inside < NO_X + BUTTON_WIDTH)
		answer(tui, false);
}

void
do_yes(struct tui *tui)
{
	answer(tui, true);
}

void
do_no(struct tui *tui)
{
	answer(tui, false);
}

const struct pane confirm_pane = {
	.draw = draw,
	.move = on_move,
	.enter = enter,
	.click = click,
};
