/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "input.h"

#include <sockwatch/base/clock.h>

#include "keys.h"
#include "state.h"
#include "statusline.h"
#include "terminal.h"

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

static void
on_key(struct tui *tui, const struct terminal_key *key)
{
	const enum mode mode = tui_mode(tui);
	const struct action *action;

	tui->status.until_ns = 0; /* who types has read the message */
	tui_redraw(tui);
	if (key->key == KEYS_MOUSE) {
		on_mouse(tui, key);
		return;
	}
	if (tui_pane(mode)->key != NULL && tui_pane(mode)->key(tui, key->key))
		return;
	action = keymap_find(&tui->keymap, key->key, mode);
	if (action != NULL)
		tui_run(tui, action);
}

void
input_ready(void *context, unsigned events)
{
	struct tui *const tui = context;
	struct terminal_key key;

	/* What was typed ahead is taken at once and drawn once, but never without an end. */
	for (int i = 0; i < KEYS_PER_PASS && terminal_read_key(&key); i++)
		on_key(tui, &key);
	if ((events & LOOP_HANGUP) != 0)
		loop_stop(tui->loop, 0); /* the terminal is gone */
}
