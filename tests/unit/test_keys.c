/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#define NCURSES_NOMACROS
#include <curses.h>
#include <string.h>

#include "tui/term/keys.h"
#include "unit.h"

static uint32_t
parse(const char *name)
{
	return keys_parse(name, strlen(name));
}

static void
reads_names(void **state)
{
	(void)state;
	assert_int_equal(parse("F3"), KEYS_F0 + 3);
	assert_int_equal(parse("f12"), KEYS_F0 + 12);
	assert_int_equal(parse("s"), 's');
	assert_int_equal(parse("S"), 'S');
	assert_int_equal(parse("F"), 'F');
	assert_int_equal(parse("C"), 'C');
	assert_int_equal(parse("-"), '-');
	assert_int_equal(parse("C-l"), 12);
	assert_int_equal(parse("c-L"), 12);
	assert_int_equal(parse("pgup"), KEYS_PAGE_UP);
	assert_int_equal(parse("Space"), ' ');
	assert_int_equal(parse("Enter"), KEYS_ENTER);
	assert_int_equal(parse("ö"), 0xf6);
}

static void
refuses_what_is_no_key(void **state)
{
	(void)state;
	assert_int_equal(parse(""), KEYS_NONE);
	assert_int_equal(parse("F0"), KEYS_NONE);
	assert_int_equal(parse("F25"), KEYS_NONE);
	assert_int_equal(parse("F3x"), KEYS_NONE);
	assert_int_equal(parse("C-1"), KEYS_NONE);
	assert_int_equal(parse("ab"), KEYS_NONE);
	assert_int_equal(parse("\xc3"), KEYS_NONE);
	assert_int_equal(parse("\x01"), KEYS_NONE);
	assert_int_equal(parse("\xff"), KEYS_NONE);
}

static void
names_read_back(void **state)
{
	static const char *const names[] = {"F1", "F10", "s", "Z", "C-l", "PgUp", "PgDn", "Home",
		"Space", "Tab", "Esc", "Del", "ö"};

	(void)state;
	unit_each (i, names) {
		char name[KEYS_NAME_SIZE];

		assert_string_equal(keys_name(parse(names[i]), name, sizeof name), names[i]);
	}
}

static void
takes_what_the_terminal_sends(void **state)
{
	(void)state;
	assert_int_equal(keys_from_curses(true, KEY_F(5)), KEYS_F0 + 5);
	assert_int_equal(keys_from_curses(true, KEY_UP), KEYS_UP);
	assert_int_equal(keys_from_curses(true, KEY_ENTER), KEYS_ENTER);
	assert_int_equal(keys_from_curses(true, KEY_BACKSPACE), KEYS_BACKSPACE);
	assert_int_equal(keys_from_curses(true, KEY_RESIZE), KEYS_NONE);
	assert_int_equal(keys_from_curses(false, '\n'), KEYS_ENTER);
	assert_int_equal(keys_from_curses(false, '\r'), KEYS_ENTER);
	assert_int_equal(keys_from_curses(false, '\b'), KEYS_BACKSPACE);
	assert_int_equal(keys_from_curses(false, 0x4e2d), 0x4e2d);
}

static void
encodes_characters(void **state)
{
	char out[5];

	(void)state;
	assert_int_equal(keys_utf8('a', out, sizeof out), 1);
	assert_string_equal(out, "a");
	assert_int_equal(keys_utf8(0xe9, out, sizeof out), 2);
	assert_string_equal(out, "é");
	assert_int_equal(keys_utf8(0x4e2d, out, sizeof out), 3);
	assert_string_equal(out, "中");
	assert_int_equal(keys_utf8(0x1f600, out, sizeof out), 4);
	assert_string_equal(out, "😀");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names),
		cmocka_unit_test(refuses_what_is_no_key),
		cmocka_unit_test(names_read_back),
		cmocka_unit_test(takes_what_the_terminal_sends),
		cmocka_unit_test(encodes_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
