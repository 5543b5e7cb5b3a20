/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line to type into, in place of the footer. */
#include <config.h>

#include "prompt.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>

#include "tui/pages.h"
#include "tui/state.h"
#include "tui/term/keys.h"

void
prompt_open(struct tui *tui, const struct prompt_ops *ops, const char *text)
{
	struct prompt *const prompt = &tui->prompt;

	prompt->ops = ops;
	prompt->history = 0;
	prompt->untouched = ops->replaced;
	prompt->hint[0] = '\0';
	prompt->error = (struct error){.position = -1};
	lineedit_set(&prompt->edit, text);
	tui_open_overlay(tui, PAGE_PROMPT);
}

void
prompt_hint(struct tui *tui, const char *hint)
{
	snprintf(tui->prompt.hint, sizeof tui->prompt.hint, "%s", hint);
	tui_redraw(tui);
}

void
prompt_changed(struct tui *tui)
{
	struct prompt *const prompt = &tui->prompt;

	prompt->hint[0] = '\0';
	prompt->error = (struct error){.position = -1};
	if (prompt->ops->change != NULL)
		prompt->ops->change(tui, prompt->edit.text, &prompt->error);
	tui_redraw(tui);
}

bool
prompt_has_note(const struct tui *tui)
{
	return tui->prompt.error.text[0] != '\0' || tui->prompt.hint[0] != '\0';
}

/* Columns of the first len bytes of text. */
static int
width_of(const char *text, size_t len)
{
	char part[LINEEDIT_SIZE];

	if (len >= sizeof part)
		len = sizeof part - 1;
	memcpy(part, text, len);
	part[len] = '\0';
	return (int)text_width(part);
}

/* Where the text starts on its line: after the label, and further left when it is long. */
static size_t
first_shown(const struct prompt *prompt, int room)
{
	size_t first = 0;

	while (first < prompt->edit.cursor &&
		width_of(prompt->edit.text + first, prompt->edit.cursor - first) >= room)
		first++;
	while (((unsigned char)prompt->edit.text[first] & 0xc0) == 0x80)
		first++;
	return first;
}

static int
label_width(const struct prompt *prompt)
{
	return (int)strlen(prompt->ops->label) + 3;
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	const struct prompt *const prompt = &tui->prompt;
	const struct lineedit *const edit = &prompt->edit;
	const int room = rect->width - label_width(prompt);
	const size_t first = first_shown(prompt, room > 1 ? room : 1);
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	int cursor_x;

	draw_format(&pen, ROLE_FOOTER, " %s:", prompt->ops->label);
	draw_text(&pen, ROLE_PROMPT, " ");
	cursor_x = pen.x + width_of(edit->text + first, edit->cursor - first);
	if (prompt->error.position >= (int)first && prompt->error.position < (int)edit->len) {
		const size_t place = (size_t)prompt->error.position;
		char part[LINEEDIT_SIZE];

		snprintf(part, sizeof part, "%.*s", (int)(place - first), edit->text + first);
		draw_text(&pen, ROLE_PROMPT, part);
		draw_text(&pen, ROLE_MATCH, edit->text + place);
	} else {
		draw_text(&pen, ROLE_PROMPT, edit->text + first);
	}
	draw_rest(&pen, ROLE_PROMPT);
	if (cursor_x < pen.end) {
		curs_set(1);
		wmove(stdscr, rect->y, cursor_x);
	}
}

/* The sentence stands at the place of the error, or to its left where there is more room. */
void
prompt_draw_note(struct tui *tui, const struct rect *rect)
{
	const struct prompt *const prompt = &tui->prompt;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const int length = (int)text_width(prompt->error.text);
	const int indent = label_width(prompt);
	enum role role;
	int place;

	if (prompt->error.text[0] == '\0') {
		draw_spaces(&pen, ROLE_NORMAL, indent);
		draw_text(&pen, ROLE_DIM, prompt->hint);
		draw_rest(&pen, ROLE_NORMAL);
		return;
	}
	/* An error at the end means that the text is not finished: no reason for red. */
	role = prompt->error.position >= (int)prompt->edit.len ? ROLE_DIM : ROLE_CRITICAL;
	place = prompt->error.position < 0
			? -1
			: indent + width_of(prompt->edit.text, (size_t)prompt->error.position);
	if (place >= 0 && place + 2 + length <= rect->width) {
		draw_spaces(&pen, ROLE_NORMAL, place);
		draw_glyph(&pen, role, GLYPH_HERE);
		draw_format(&pen, role, " %s", prompt->error.text);
	} else if (place > length && place < rect->width) {
		draw_spaces(&pen, ROLE_NORMAL, place - length - 1);
		draw_format(&pen, role, "%s ", prompt->error.text);
		draw_glyph(&pen, role, GLYPH_HERE);
	} else {
		/* Too long to point: the place is marked in the line itself. */
		draw_format(&pen, role, " %s", prompt->error.text);
	}
	draw_rest(&pen, ROLE_NORMAL);
}

/* Up goes to older lines, Down back to the one that was being typed. */
static void
walk_history(struct tui *tui, bool older)
{
	struct prompt *const prompt = &tui->prompt;
	const struct settings *const settings = tui->settings;

	if (older ? prompt->history >= settings->filter_count : prompt->history == 0)
		return;
	if (prompt->history == 0)
		snprintf(prompt->typed, sizeof prompt->typed, "%s", prompt->edit.text);
	prompt->history += older ? 1 : -1UL;
	lineedit_set(&prompt->edit,
		prompt->history == 0 ? prompt->typed : settings->filters[prompt->history - 1]);
	prompt_changed(tui);
}

static void
on_accept(struct tui *tui)
{
	struct prompt *const prompt = &tui->prompt;
	struct error error = {.position = -1};
	char text[LINEEDIT_SIZE];

	snprintf(text, sizeof text, "%s", prompt->edit.text);
	/* It closes first, because accept may open something else. */
	tui_close_overlay(tui);
	if (!prompt->ops->accept(tui, text, &error)) {
		prompt->error = error;
		tui_open_overlay(tui, PAGE_PROMPT); /* to be mended */
	}
}

static void
back(struct tui *tui)
{
	const struct prompt_ops *const ops = tui->prompt.ops;

	tui_close_overlay(tui);
	if (ops->cancel != NULL)
		ops->cancel(tui);
}

static bool
key(struct tui *tui, uint32_t key)
{
	struct prompt *const prompt = &tui->prompt;

	if (prompt->ops->key != NULL && prompt->ops->key(tui, key))
		return true;
	if (prompt->untouched && keys_is_text(key))
		lineedit_set(&prompt->edit, "");
	prompt->untouched = false;
	if (key == KEYS_ENTER) {
		on_accept(tui);
	} else if (key == KEYS_ESCAPE) {
		back(tui);
	} else if (key == KEYS_TAB && prompt->ops->complete != NULL) {
		prompt->ops->complete(tui);
	} else if ((key == KEYS_UP || key == KEYS_DOWN) && prompt->ops->history) {
		walk_history(tui, key == KEYS_UP);
	} else {
		const enum lineedit_result result = lineedit_key(&prompt->edit, key);

		if (result == LINEEDIT_IGNORED)
			return false;
		if (result == LINEEDIT_CHANGED)
			prompt_changed(tui);
		tui_redraw(tui);
	}
	return true;
}

const struct pane prompt_pane = {
	.draw = draw,
	.back = back,
	.key = key,
};
