/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "input.h"

#include <sockwatch/base/clock.h>

#include "handlers.h"
#include "state.h"
#include "statusline.h"
#include "tui/term/keys.h"
#include "tui/term/terminal.h"

enum { DOUBLE_CLICK_MS = 400, WHEEL_LINES = 3, KEYS_PER_PASS = 64 };

/*
 * Keys come in bursts, and what one changed is not drawn before the next: an action that looks at
 * the rows must see them as they are.
 */
static void
settle(struct tui *tui)
{
	struct screen *const screen = tui_screen(tui);

	if (!tui->forced)
		return;
	screen_update(tui, screen, true, screen->rows.height > 0 ? (size_t)screen->rows.height : 0);
	tui->forced = false;
}

void
tui_run(struct tui *tui, const struct action *action)
{
	settle(tui);
	if (tui->replay && (action->needs & ACTION_NEEDS_LIVE) != 0)
		tui_say(tui, SEVERITY_WARNING,
			"a recording can be looked at, not acted upon: that socket was elsewhere "
			"or then");
	else if (tui->only_path && (action->needs & ACTION_NEEDS_SOCKETS) != 0)
		tui_say(tui, SEVERITY_INFO,
			"there is one path here; `sockwatch` alone has the sockets");
	else if (tui->settings->read_only && (action->needs & ACTION_NEEDS_CHANGES) != 0)
		tui_say(tui, SEVERITY_WARNING,
			"sockwatch runs with --read-only: it closes and signals nothing");
	else
		action->run(tui);
}

static void
on_press(struct tui *tui, const struct terminal_key *key)
{
	const struct pane *const pane = tui_pane(tui_mode(tui));
	const uint64_t now_ns = clock_monotonic_ns();
	const bool twice = now_ns - tui->click.time_ns < DOUBLE_CLICK_MS * CLOCK_NS_PER_MS &&
			   tui->click.y == key->y && tui->click.x == key->x;

	tui->click.time_ns = twice ? 0 : now_ns;
	tui->click.y = key->y;
	tui->click.x = key->x;
	if (tui->overlay == MODE_COUNT && statusline_click(tui, key->y, key->x))
		return;
	if (pane->click != NULL)
		pane->click(tui, key->y, key->x, twice);
}

static void
on_mouse(struct tui *tui, const struct terminal_key *key)
{
	const struct pane *const pane = tui_pane(tui_mode(tui));

	settle(tui);
	switch (key->mouse) {
	case TERMINAL_MOUSE_OTHER: break;
	case TERMINAL_MOUSE_PRESS: on_press(tui, key); break;
	case TERMINAL_MOUSE_UP:
		if (pane->wheel != NULL)
			pane->wheel(tui, -WHEEL_LINES);
		break;
	case TERMINAL_MOUSE_DOWN:
		if (pane->wheel != NULL)
			pane->wheel(tui, WHEEL_LINES);
		break;
	}
}

/* No row was ever shown: what a key means there cannot be told. */
static bool
is_before_rows(const struct tui *tui)
{
	const struct model *const model = tui->model;

	return model->complete_sequence == 0 && !model->ended &&
	       view_lines(tui->screens[tui->screen].view) == 0;
}

/* Who wants to leave need not wait; a letter may belong to a text that is typed ahead. */
static bool
must_wait(const struct tui *tui, uint32_t key, const struct action *action)
{
	if (!is_before_rows(tui))
		return false;
	if (tui->ahead_count > 0)
		return action == NULL || action->run != do_quit || keys_is_text(key);
	return tui_mode(tui) == MODE_TABLE && action != NULL &&
	       (action->needs & ACTION_NEEDS_ROWS) != 0;
}

static void
on_key(struct tui *tui, const struct terminal_key *key)
{
	const enum mode mode = tui_mode(tui);
	const struct action *const action = keymap_find(&tui->keymap, key->key, mode);

	tui->status.until_ns = 0; /* who types has read the message */
	tui_redraw(tui);
	if (must_wait(tui, key->key, action)) {
		if (tui->ahead_count < KEYS_AHEAD_MAX)
			tui->ahead[tui->ahead_count++] = *key;
		return;
	}
	if (key->key == KEYS_MOUSE) {
		on_mouse(tui, key);
		return;
	}
	if (tui_pane(mode)->key != NULL && tui_pane(mode)->key(tui, key->key))
		return;
	if (action != NULL)
		tui_run(tui, action);
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

	/* In order. */
	input_take_ahead(tui);
	/* What was typed ahead is taken at once and drawn once, but never without an end. */
	for (int i = 0; i < KEYS_PER_PASS && terminal_read_key(&key); i++)
		on_key(tui, &key);
	if ((events & LOOP_HANGUP) != 0)
		loop_stop(tui->loop, 0); /* the terminal is gone */
}
