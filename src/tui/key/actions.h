/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Actions: one table row for everything that a key does. Key look-up, help screen, footer, the
 * manual's key section and the config's `bind` come from it. The table itself (actions.c) knows
 * every handler; what reads it gets a pointer to it.
 */
#ifndef SOCKWATCH_TUI_KEY_ACTIONS_H
#define SOCKWATCH_TUI_KEY_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/page.h"

struct tui;

enum action_group {
	ACTION_MOVE,
	ACTION_SHOW,
	ACTION_FILTER,
	ACTION_ORDER,
	ACTION_ACT,
	ACTION_TIME,
	ACTION_SETUP,
	ACTION_GROUP_COUNT,
};

enum action_need {
	ACTION_NEEDS_LIVE = 1 << 0,       /* not on a recording */
	ACTION_NEEDS_CHANGES = 1 << 1,    /* not with --read-only */
	ACTION_NEEDS_SOCKETS = 1 << 2,    /* not where there is one path only */
	ACTION_NEEDS_ROWS = 1 << 3,       /* on a table: waits until the first rows are there */
	ACTION_NEEDS_RECORDING = 1 << 5,  /* not on what is live */
	ACTION_NEEDS_PAGE_BELOW = 1 << 4, /* in the footer only where a page is under this one */
};

struct action {
	const char *name;  /* as in `bind` */
	const char *keys;  /* default keys, separated by spaces */
	const char *label; /* in the footer, or NULL */
	const char *brief; /* a shorter label, for 80 columns; or NULL */
	const char *help;
	enum action_group group;
	unsigned pages;               /* 1 << enum page_id: where it is live */
	unsigned footer;              /* of these pages: where the label stands in the footer */
	unsigned needs;               /* enum action_need */
	bool quits;                   /* ends the program, also before the first row is there */
	enum page_id opens;           /* the page that it opens, where run is NULL */
	void (*run)(struct tui *tui); /* its handler (handlers.h) */
};

struct action_table {
	const struct action *rows;
	size_t count;
};

/* actions.c */
extern const struct action_table action_table;

/* keymap.c */
const struct action *action_find(const struct action_table *table, const char *name);
/* Heading of a group in help and manual. */
const char *action_group_title(enum action_group group);

#endif
