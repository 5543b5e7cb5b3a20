/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Actions: one table row for everything that a key does. Key look-up, help screen, footer, the
 * manual's key section and the config's `bind` come from it.
 */
#ifndef SOCKWATCH_TUI_ACTIONS_H
#define SOCKWATCH_TUI_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <sockwatch/tui/settings.h>

#include "mode.h"

enum action_group {
	ACTION_MOVE,
	ACTION_SHOW,
	ACTION_FILTER,
	ACTION_ORDER,
	ACTION_ACT,
	ACTION_SETUP,
	ACTION_GROUP_COUNT,
};

enum action_need {
	ACTION_NEEDS_LIVE = 1 << 0,    /* not on a recording */
	ACTION_NEEDS_CHANGES = 1 << 1, /* not with --read-only */
	ACTION_NEEDS_SOCKETS = 1 << 3, /* not where there is one path only */
	ACTION_NEEDS_ROWS = 1 << 2,    /* in the table: waits until the first are there */
};

struct action {
	const char *name;  /* as in `bind` */
	const char *keys;  /* default keys, separated by spaces */
	const char *label; /* in the footer, or NULL */
	const char *help;
	enum action_group group;
	unsigned modes;  /* 1 << enum mode: where it is live */
	unsigned footer; /* of these modes: where the label stands in the footer */
	unsigned needs;  /* enum action_need */
	void (*run)(struct tui *tui);
};

extern const struct action actions[];
extern const size_t action_count;

enum { KEYMAP_MAX = 256 };

/* Which key does what: the table's default keys, then the config's. */
struct keymap {
	struct {
		uint32_t key;
		uint16_t action; /* index into actions */
		bool bound;      /* by the config: comes before a default */
	} entries[KEYMAP_MAX];
	size_t count;
};

void keymap_init(struct keymap *keymap, const struct settings_bind *binds, size_t count);
/* The action of a key in a mode, or NULL. */
const struct action *keymap_find(const struct keymap *keymap, uint32_t key, enum mode mode);
/* The keys of an action as the help screen shows them: "F4 / \\"; returns out. */
char *keymap_keys(const struct keymap *keymap, const struct action *action, char *out, size_t size);
/* Its first key. */
uint32_t keymap_first(const struct keymap *keymap, const struct action *action);

const struct action *action_find(const char *name);
/* Heading of a group in help and manual. */
const char *action_group_title(enum action_group group);

#endif
