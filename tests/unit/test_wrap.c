/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/wrap.h>

#include <locale.h>

#include "unit.h"

static void
assert_lines(const char *text, size_t columns, const char *const *lines)
{
	struct text line;

	for (; *lines != NULL; lines++) {
		assert_true(wrap_next(&text, columns, &line));
		assert_true(text_equal(line, text_of(*lines)));
	}
	assert_false(wrap_next(&text, columns, &line));
}

static void
breaks_at_blanks_and_after_commas(void **state)
{
	(void)state;
	assert_lines("", 5, (const char *const[]){NULL});
	assert_lines("   ", 5, (const char *const[]){NULL});
	assert_lines("one", 5, (const char *const[]){"one", NULL});
	assert_lines("one two three", 7, (const char *const[]){"one two", "three", NULL});
	assert_lines("one two three", 8, (const char *const[]){"one two", "three", NULL});
	assert_lines("one  two", 4, (const char *const[]){"one", "two", NULL});
	assert_lines("a,b,cde f", 5, (const char *const[]){"a,b,", "cde f", NULL});
}

static void
a_long_word_is_broken(void **state)
{
	(void)state;
	assert_lines("abcdefgh ij", 3, (const char *const[]){"abc", "def", "gh", "ij", NULL});
}

static void
columns_not_bytes(void **state)
{
	(void)state;
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		unit_skip("needs the locale C.UTF-8");
	assert_lines("\u00e4\u00f6 \u00fc", 4, (const char *const[]){"\u00e4\u00f6 \u00fc", NULL});
	/* Two columns in a line of one: the rest stays whole rather than never to end. */
	assert_lines("\u4e00\u4e00", 1, (const char *const[]){"\u4e00\u4e00", NULL});
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breaks_at_blanks_and_after_commas),
		cmocka_unit_test(a_long_word_is_broken),
		cmocka_unit_test(columns_not_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
