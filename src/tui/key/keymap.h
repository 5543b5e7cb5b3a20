/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which key does what: the action table's default keys, and the config's. */
#ifndef SOCKWATCH_TUI_KEY_KEYMAP_H
#define SOCKWATCH_TUI_KEY_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/tui/settings.h>

#include "actions.h"

enum { KEYMAP_MAX = 256 };

struct keymap {
	const struct action_table *table;
	struct {
		uint32_t key;
		uint16_t action; /* index into the table */
	} entries[KEYMAP_MAX];
	size_t count;
};

/* The table must outlive the keymap. */
void keymap_init(struct keymap *keymap, const struct action_table *table,
	const struct settings_bind *binds, size_t count);
/* The action of a key on a page, or NULL. */
const struct action *keymap_find(const struct keymap *keymap, uint32_t key, enum page_id page);
/* The keys of an action as the help screen shows them: "F4 / \\"; returns out. */
char *keymap_keys(const struct keymap *keymap, const struct action *action, char *out, size_t size);
/* Its first key. */
uint32_t keymap_first(const struct keymap *keymap, const struct action *action);

#endif
