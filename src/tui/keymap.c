/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "tui/term/keys.h"

static void
add(struct keymap *keymap, uint32_t key, size_t action, bool bound)
{
	if (key == KEYS_NONE || keymap->count == KEYMAP_MAX)
		return;
	keymap->entries[keymap->count].key = key;
	keymap->entries[keymap->count].action = (uint16_t)action;
	keymap->entries[keymap->count].bound = bound;
	keymap->count++;
}

void
keymap_init(struct keymap *keymap, const struct settings_bind *binds, size_t count)
{
	keymap->count = 0;
	/* The config's come first, so they win wherever their action is live. */
	for (size_t i = 0; i < count; i++) {
		const struct action *const action = action_find(binds[i].action);

		if (action != NULL)
			add(keymap, keys_parse(binds[i].key, strlen(binds[i].key)),
				(size_t)(action - actions), true);
	}
	for (size_t i = 0; i < action_count; i++) {
		const char *keys = actions[i].keys;

		while (*keys != '\0') {
			const size_t len = strcspn(keys, " ");

			add(keymap, keys_parse(keys, len), i, false);
			keys += len;
			keys += strspn(keys, " ");
		}
	}
}

const struct action *
keymap_find(const struct keymap *keymap, uint32_t key, enum mode mode)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct action *const action = &actions[keymap->entries[i].action];

		if (keymap->entries[i].key == key && (action->modes & 1U << mode) != 0)
			return action;
	}
	return NULL;
}

/* The entry works: no earlier one takes the key away in every mode of its action. */
static bool
is_live(const struct keymap *keymap, size_t entry)
{
	unsigned modes = actions[keymap->entries[entry].action].modes;

	for (size_t i = 0; i < entry; i++) {
		if (keymap->entries[i].key == keymap->entries[entry].key)
			modes &= ~actions[keymap->entries[i].action].modes;
	}
	return modes != 0;
}

uint32_t
keymap_first(const struct keymap *keymap, const struct action *action)
{
	for (size_t i = 0; i < keymap->count; i++) {
		if (&actions[keymap->entries[i].action] == action && is_live(keymap, i))
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

		if (&actions[keymap->entries[i].action] != action || !is_live(keymap, i))
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
