/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and clicks: to the page that has them, else to the action that they are bound to. */
#include <config.h>

#include "input.h"

#include <stdio.h>

#include <sockwatch/base/clock.h>

#include "navigate.h"
#include "tui/overlay/prompt.h"
#include "tui/pages.h"
#include "tui/state.h"
#include "tui/statusline.h"
#include "tui/term/keys.h"
#include "tui/term/terminal.h"

enum { DOUBLE_CLICK_MS = 400, WHEEL_LINES = 3, KEYS_PER_PASS = 64 };

/*
 * Keys come in bursts, and the change that one made is not drawn before the next: an action that
 * looks at the rows must see them as they are.
 */
static void
settle(struct tui *tui)
{
	struct table *const table = tui_table(tui);

	rows_settle(tui);
	if (!tui->forced)
		return;
	table_update(tui, table, true, table->rows.height > 0 ? (size_t)table->rows.height : 0);
	tui->forced = false;
}

/* What a handler does not mark to be drawn it did not change: the key is answered all the same. */
static void
run_with_a_word(struct tui *tui, const struct action *action)
{
	tui->dirty = false;
	if (action->run != NULL)
		action->run(tui);
	else
		navigate_open(tui, action->opens);
	if (!tui->dirty)
		tui_show_format(tui, SEVERITY_INFO, "nothing to do here now for: %s", action->help);
	tui_redraw(tui);
}

/* The action that the key has elsewhere, or NULL. */
static const struct action *
find_elsewhere(const struct tui *tui, uint32_t key)
{
	const struct action *action = NULL;

	for (int page = 0; page < PAGE_COUNT && action == NULL; page++)
		action = keymap_find(&tui->keymap, key, (enum page_id)page);
	return action;
}

/* No key is silent: a mistyped one is seen to be one. */
static void
show_unbound(struct tui *tui, uint32_t key)
{
	const struct action *const elsewhere = find_elsewhere(tui, key);
	char name[KEYS_NAME_SIZE], text[STATUS_SIZE];

	keys_name(key, name, sizeof name);
	if (tui->overlay == PAGE_CONFIRM)
		snprintf(text, sizeof text, "%s is no answer: y yes, n no, Esc back", name);
	else if (tui->overlay != PAGE_NONE)
		snprintf(text, sizeof text, "%s does nothing here; Esc closes this", name);
	else if (key >= '0' && key <= '9')
		snprintf(text, sizeof text, "there is no screen %s; 1 to 6 are screens", name);
	else if (elsewhere != NULL)
		snprintf(text, sizeof text, "%s does nothing on this screen, elsewhere: %s", name,
			elsewhere->help);
	else
		snprintf(text, sizeof text, "%s does nothing; F1 shows what the keys do", name);
	if (tui->overlay == PAGE_PROMPT)
		prompt_hint(tui, text);
	else
		tui_show_message(tui, SEVERITY_INFO, text);
}

/* Runs an action, or shows why it cannot be. */
static void
run(struct tui *tui, const struct action *action)
{
	settle(tui);
	if (tui->replay && (action->needs & ACTION_NEEDS_LIVE) != 0)
		tui_show_message(tui, SEVERITY_WARNING,
			"this is a recording: its sockets may be gone, or on another machine");
	else if (!tui->replay && (action->needs & ACTION_NEEDS_RECORDING) != 0)
		tui_show_message(tui, SEVERITY_INFO,
			"this is live; [ goes back to what was seen, `sockwatch record FILE` records");
	else if (tui->only_path && (action->needs & ACTION_NEEDS_SOCKETS) != 0)
		tui_show_message(tui, SEVERITY_INFO,
			"there is one path here; run `sockwatch` alone to see the sockets");
	else if (tui->settings->read_only && (action->needs & ACTION_NEEDS_CHANGES) != 0)
		tui_show_message(tui, SEVERITY_WARNING,
			"sockwatch runs with --read-only: it closes and signals nothing");
	else
		run_with_a_word(tui, action);
}

static void
on_press(struct tui *tui, const struct terminal_key *key)
{
	const struct pane *const pane = pages[tui_front(tui)].pane;
	const struct action *const action =
		tui->overlay == PAGE_NONE ? statusline_click(tui, key->y, key->x) : NULL;
	const uint64_t now_ns = clock_monotonic_ns();
	const bool twice = now_ns - tui->click.time_ns < DOUBLE_CLICK_MS * CLOCK_NS_PER_MS &&
			   tui->click.y == key->y && tui->click.x == key->x;

	tui->click.time_ns = twice ? 0 : now_ns;
	tui->click.y = key->y;
	tui->click.x = key->x;
	if (action != NULL)
		run(tui, action);
	else if (pane->click != NULL)
		pane->click(tui, key->y, key->x, twice);
}

static void
on_wheel(struct tui *tui, int lines)
{
	const struct pane *const pane = pages[tui_front(tui)].pane;

	if (pane->wheel != NULL)
		pane->wheel(tui, lines);
	else if (pane->scroll != NULL)
		scroll_lines(pane->scroll(tui), lines);
	tui_redraw(tui);
}

static void
on_mouse(struct tui *tui, const struct terminal_key *key)
{
	settle(tui);
	switch (key->mouse) {
	case TERMINAL_MOUSE_OTHER: break;
	case TERMINAL_MOUSE_PRESS: on_press(tui, key); break;
	case TERMINAL_MOUSE_UP: on_wheel(tui, -WHEEL_LINES); break;
	case TERMINAL_MOUSE_DOWN: on_wheel(tui, WHEEL_LINES); break;
	}
}

/* No row was shown yet, so a key about a row has none to be about. */
static bool
is_before_rows(struct tui *tui)
{
	const struct model *const model = tui->model;

	return model->complete_sequence == 0 && !model->ended &&
	       view_lines(tui_table(tui)->view) == 0;
}

/* A key that quits need not wait; a letter may belong to a text that is typed ahead. */
static bool
must_wait(struct tui *tui, uint32_t key, const struct action *action)
{
	if (!is_before_rows(tui))
		return false;
	if (tui->ahead_count > 0)
		return action == NULL || !action->quits || keys_is_text(key);
	return tui_front(tui) < PAGE_TABLES && action != NULL &&
	       (action->needs & ACTION_NEEDS_ROWS) != 0;
}

static void
on_key(struct tui *tui, const struct terminal_key *key)
{
	const enum page_id page = tui_front(tui);
	const struct action *const action = keymap_find(&tui->keymap, key->key, page);

	tui->status.until_ns = 0; /* a key means that the message was read */
	tui_redraw(tui);
	if (must_wait(tui, key->key, action)) {
		if (tui->ahead_count < KEYS_AHEAD_MAX)
			tui->ahead[tui->ahead_count++] = *key;
		tui_show_message(tui, SEVERITY_INFO,
			"still looking for the first sockets; the keys wait for them");
		return;
	}
	if (key->key == KEYS_MOUSE) {
		on_mouse(tui, key);
		return;
	}
	if (pages[page].pane->key != NULL && pages[page].pane->key(tui, key->key))
		return;
	if (action != NULL)
		run(tui, action);
	else if (key->key != KEYS_NONE)
		show_unbound(tui, key->key);
}

void
input_take_ahead(struct tui *tui)
{
	const size_t count = tui->ahead_count;

	if (count == 0 || is_before_rows(tui))
		return;
	tui->ahead_count = 0;
	tui->forced = true; /* the view takes in the rows before the first of them */
	settle(tui);
	for (size_t i = 0; i < count; i++)
		on_key(tui, &tui->ahead[i]);
}

void
input_ready(void *context, unsigned events)
{
	struct tui *const tui = context;
	struct terminal_key key;

	input_take_ahead(tui);
	/* Keys that wait are taken at once and drawn once, up to a bound. */
	for (int i = 0; i < KEYS_PER_PASS && terminal_read_key(&key); i++)
		on_key(tui, &key);
	if ((events & LOOP_HANGUP) != 0)
		loop_stop(tui->loop, 0); /* the terminal is gone */
}
