/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <string.h>

#include "tui/term/keys.h"
#include "tui/term/lineedit.h"
#include "unit.h"

static void
type(struct lineedit *edit, const char *ascii)
{
	for (; *ascii != '\0'; ascii++)
		assert_int_equal(lineedit_key(edit, (uint32_t)*ascii), LINEEDIT_CHANGED);
}

static void
types_at_the_cursor(void **state)
{
	struct lineedit edit;

	(void)state;
	lineedit_set(&edit, "ac");
	lineedit_key(&edit, KEYS_LEFT);
	type(&edit, "b");
	assert_string_equal(edit.text, "abc");
	assert_int_equal(edit.cursor, 2);
	lineedit_key(&edit, KEYS_HOME);
	type(&edit, "x");
	lineedit_key(&edit, KEYS_END);
	type(&edit, "y");
	assert_string_equal(edit.text, "xabcy");
}

static void
moves_by_characters(void **state)
{
	struct lineedit edit;

	(void)state;
	lineedit_set(&edit, "a中é");
	lineedit_key(&edit, KEYS_LEFT);
	assert_int_equal(edit.cursor, 4);
	lineedit_key(&edit, KEYS_LEFT);
	assert_int_equal(edit.cursor, 1);
	lineedit_key(&edit, KEYS_DELETE);
	assert_string_equal(edit.text, "aé");
	lineedit_key(&edit, KEYS_RIGHT);
	lineedit_key(&edit, KEYS_RIGHT);
	assert_int_equal(edit.cursor, 3);
	lineedit_key(&edit, KEYS_BACKSPACE);
	assert_string_equal(edit.text, "a");
	assert_int_equal(lineedit_key(&edit, 0x4e2d), LINEEDIT_CHANGED);
	assert_string_equal(edit.text, "a中");
}

static void
deletes_words_and_ends(void **state)
{
	struct lineedit edit;

	(void)state;
	lineedit_set(&edit, "port 443 and rtt");
	lineedit_key(&edit, KEYS_CTRL('w'));
	assert_string_equal(edit.text, "port 443 and ");
	lineedit_key(&edit, KEYS_CTRL('w'));
	assert_string_equal(edit.text, "port 443 ");
	lineedit_key(&edit, KEYS_HOME);
	lineedit_key(&edit, KEYS_RIGHT);
	lineedit_key(&edit, KEYS_CTRL('k'));
	assert_string_equal(edit.text, "p");
	lineedit_key(&edit, KEYS_CTRL('u'));
	assert_string_equal(edit.text, "");
	assert_int_equal(edit.cursor, 0);
	assert_int_equal(lineedit_key(&edit, KEYS_BACKSPACE), LINEEDIT_MOVED);
	assert_int_equal(lineedit_key(&edit, KEYS_DELETE), LINEEDIT_MOVED);
}

static void
completes(void **state)
{
	struct lineedit edit;

	(void)state;
	lineedit_set(&edit, "state clo and port 1");
	edit.cursor = 9;
	assert_true(lineedit_complete(&edit, 3, "close-wait", 10));
	assert_string_equal(edit.text, "state close-wait and port 1");
	assert_int_equal(edit.cursor, 16);
	assert_false(lineedit_complete(&edit, 100, "x", 1));
}

static void
stays_within_its_size(void **state)
{
	struct lineedit edit;
	char many[2 * LINEEDIT_SIZE];

	(void)state;
	lineedit_set(&edit, "");
	for (int i = 0; i < 2 * LINEEDIT_SIZE; i++)
		lineedit_key(&edit, 'x');
	assert_int_equal(edit.len, LINEEDIT_SIZE - 1);
	assert_int_equal(strlen(edit.text), LINEEDIT_SIZE - 1);
	/* One more byte than fits lies within a character of two. */
	memset(many, 'x', sizeof many);
	memcpy(many + LINEEDIT_SIZE - 2, "é", 2);
	many[sizeof many - 1] = '\0';
	lineedit_set(&edit, many);
	assert_int_equal(edit.len, LINEEDIT_SIZE - 2);
}

static void
leaves_other_keys(void **state)
{
	struct lineedit edit;

	(void)state;
	lineedit_set(&edit, "a");
	assert_int_equal(lineedit_key(&edit, KEYS_F0 + 1), LINEEDIT_IGNORED);
	assert_int_equal(lineedit_key(&edit, KEYS_ESCAPE), LINEEDIT_IGNORED);
	assert_int_equal(lineedit_key(&edit, KEYS_TAB), LINEEDIT_IGNORED);
	assert_string_equal(edit.text, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_at_the_cursor),
		cmocka_unit_test(moves_by_characters),
		cmocka_unit_test(deletes_words_and_ends),
		cmocka_unit_test(completes),
		cmocka_unit_test(stays_within_its_size),
		cmocka_unit_test(leaves_other_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
