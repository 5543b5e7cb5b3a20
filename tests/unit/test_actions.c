/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The action table holds together: it is what help, footer, manual and `bind` are made of. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/tui/tui.h>

#include "tui/actions.h"
#include "tui/term/keys.h"
#include "unit.h"

static void
rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_count; i++) {
		const struct action *const action = &actions[i];

		assert_true(action->name[0] != '\0' && strlen(action->name) < 32);
		assert_null(strpbrk(action->name, " \t_"));
		assert_true(action->help[0] != '\0');
		assert_true(action->help[0] < 'A' || action->help[0] > 'Z');
		assert_non_null(action->run);
		assert_true(action->modes != 0);
		assert_int_equal(action->footer & ~action->modes, 0);
		assert_true((action->footer == 0) == (action->label == NULL));
		assert_true(action->group < ACTION_GROUP_COUNT);
		assert_ptr_equal(action_find(action->name), action);
	}
	for (int i = 0; i < ACTION_GROUP_COUNT; i++)
		assert_non_null(action_group_title((enum action_group)i));
}

static void
keys_are_keys_and_no_two_the_same(void **state)
{
	uint32_t keys[KEYMAP_MAX];
	unsigned modes[KEYMAP_MAX];
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < action_count; i++) {
		const char *name = actions[i].keys;

		while (*name != '\0') {
			const size_t len = strcspn(name, " ");
			const uint32_t key = keys_parse(name, len);

			assert_int_not_equal(key, KEYS_NONE);
			for (size_t k = 0; k < count; k++) {
				if (keys[k] == key && (modes[k] & actions[i].modes) != 0)
					fail_msg("%.*s of %s is taken", (int)len, name,
						actions[i].name);
			}
			assert_true(count < KEYMAP_MAX);
			keys[count] = key;
			modes[count++] = actions[i].modes;
			name += len;
			name += strspn(name, " ");
		}
	}
}

/* A menu types what is a character: an action there must have another key. */
static void
menus_can_be_left_and_used(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap, NULL, 0);
	assert_string_equal(keymap_find(&keymap, KEYS_ESCAPE, MODE_MENU)->name, "back");
	assert_string_equal(keymap_find(&keymap, KEYS_ENTER, MODE_MENU)->name, "open");
	assert_string_equal(keymap_find(&keymap, KEYS_UP, MODE_MENU)->name, "up");
	assert_string_equal(keymap_find(&keymap, KEYS_ESCAPE, MODE_CONFIRM)->name, "back");
	for (int mode = 0; mode < MODE_COUNT; mode++) {
		const struct action *const action =
			keymap_find(&keymap, KEYS_CTRL('c'), (enum mode)mode);

		assert_non_null(action);
	}
}

static void
binds_come_first(void **state)
{
	const struct settings_bind binds[] = {{"F3", "filter"}, {"X", "quit"}};
	struct keymap keymap;
	char keys[64];

	(void)state;
	keymap_init(&keymap, binds, UNIT_COUNT_OF(binds));
	assert_string_equal(keymap_find(&keymap, KEYS_F0 + 3, MODE_TABLE)->name, "filter");
	assert_string_equal(keymap_find(&keymap, 'X', MODE_TABLE)->name, "quit");
	assert_null(keymap_find(&keymap, 'X', MODE_HELP));
	/* The help shows what works: search has lost its key. */
	assert_string_equal(keymap_keys(&keymap, action_find("search"), keys, sizeof keys), "");
	assert_int_equal(keymap_first(&keymap, action_find("filter")), KEYS_F0 + 3);
	assert_string_equal(
		keymap_keys(&keymap, action_find("filter"), keys, sizeof keys), "F3 F4 / \\");
}

static void
checks_binds(void **state)
{
	struct error error;

	(void)state;
	assert_int_equal(tui_check_bind("F3", "filter", &error), 0);
	assert_int_equal(tui_check_bind("Hyper-x", "filter", &error), -EINVAL);
	assert_non_null(strstr(error.text, "Hyper-x"));
	assert_int_equal(tui_check_bind("F3", "fly", &error), -EINVAL);
	assert_non_null(strstr(error.text, "fly"));
}

static void
the_manual_names_each(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *const out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	tui_print_keys_roff(out);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < action_count; i++) {
		char name[64];

		snprintf(name, sizeof name, "\\fI%s\\fR", actions[i].name);
		assert_non_null(strstr(text, name));
		assert_non_null(strstr(text, actions[i].help));
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(keys_are_keys_and_no_two_the_same),
		cmocka_unit_test(menus_can_be_left_and_used),
		cmocka_unit_test(binds_come_first),
		cmocka_unit_test(checks_binds),
		cmocka_unit_test(the_manual_names_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
