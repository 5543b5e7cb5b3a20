/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has the keys, and the ways to move that all of them share. */
#ifndef SOCKWATCH_TUI_MODE_H
#define SOCKWATCH_TUI_MODE_H

struct tui;

enum mode {
	MODE_TABLE,
	MODE_DETAIL,
	MODE_EVENTS,
	MODE_PATHS,
	MODE_HELP,
	MODE_SETUP,
	MODE_MENU,
	MODE_CONFIRM,
	MODE_PROMPT,
	MODE_COUNT,
};

enum move {
	MOVE_UP,
	MOVE_DOWN,
	MOVE_PAGE_UP,
	MOVE_PAGE_DOWN,
	MOVE_TOP,
	MOVE_BOTTOM,
	MOVE_LEFT,
	MOVE_RIGHT,
};

#endif
