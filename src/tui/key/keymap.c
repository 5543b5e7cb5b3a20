/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks keys up in the action table that it is given; the config's keys come first. */
#include <config.h>

#include "keymap.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/word.h>

#include "tui/term/keys.h"

static const char *const group_titles[ACTION_GROUP_COUNT] = {
	[ACTION_MOVE] = "Moving",
	[ACTION_SHOW] = "What is shown",
	[ACTION_FILTER] = "Finding and filtering",
	[ACTION_ORDER] = "Order and groups",
	[ACTION_ACT] = "Doing",
	[ACTION_TIME] = "Time (a recording, and what was seen)",
	[ACTION_SETUP] = "Setup",
};

const char *
action_group_title(enum action_group group)
{
	return group_titles[group];
}

const struct action *
action_find(const struct action_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++) {
		if (strcmp(table->rows[i].name, name) == 0)
			return &table->rows[i];
	}
	return NULL;
}

static void
add(struct keymap *keymap, uint32_t key, size_t action)
{
	if (key == KEYS_NONE || keymap->count == KEYMAP_MAX)
		return;
	keymap->entries[keymap->count].key = key;
	keymap->entries[keymap->count].action = (uint16_t)action;
	keymap->count++;
}

void
keymap_init(struct keymap *keymap, const struct action_table *table,
	const struct settings_bind *binds, size_t count)
{
	keymap->table = table;
	keymap->count = 0;
	/* The config's come first, so they win wherever their action is live. */
	for (size_t i = 0; i < count; i++) {
		const struct action *const action = action_find(table, binds[i].action);

		if (action != NULL)
			add(keymap, keys_parse(binds[i].key, strlen(binds[i].key)),
				(size_t)(action - table->rows));
	}
	for (size_t i = 0; i < table->count; i++) {
		const char *keys = table->rows[i].keys;
		struct text key;

		while (word_next(&keys, &key))
			add(keymap, keys_parse(key.data, key.len), i);
	}
}

static const struct action *
entry_action(const struct keymap *keymap, size_t entry)
{
	return &keymap->table->rows[keymap->entries[entry].action];
}

const struct action *
keymap_find(const struct keymap *keymap, uint32_t key, enum page_id page)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct action *const action = entry_action(keymap, i);

		if (keymap->entries[i].key == key && (action->pages & 1U << page) != 0)
			return action;
	}
	return NULL;
}

/* The entry works: no earlier one takes the key away on every page of its action. */
static bool
is_live(const struct keymap *keymap, size_t entry)
{
	unsigned pages = entry_action(keymap, entry)->pages;

	for (size_t i = 0; i < entry; i++) {
		if (keymap->entries[i].key == keymap->entries[entry].key)
			pages &= ~entry_action(keymap, i)->pages;
	}
	return pages != 0;
}

uint32_t
keymap_first(const struct keymap *keymap, const struct action *action)
{
	for (size_t i = 0; i < keymap->count; i++) {
		if (entry_action(keymap, i) == action && is_live(keymap, i))
			return keymap->entries[i].key;
	}
	return KEYS_NONE;
}

char *
keymap_keys(const struct keymap *keymap, const struct action *action, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < keymap->count; i++) {
		char name[KEYS_NAME_SIZE];
		int written;

		if (entry_action(keymap, i) != action || !is_live(keymap, i))
			continue;
		keys_name(keymap->entries[i].key, name, sizeof name);
		written = snprintf(out + len, size - len, "%s%s", len > 0 ? " " : "", name);
		if (written < 0 || (size_t)written >= size - len) {
			out[len] = '\0';
			break;
		}
		len += (size_t)written;
	}
	return out;
}
