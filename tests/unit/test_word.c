/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/word.h>

#include <errno.h>

#include "unit.h"

static void
yes_and_no(void **state)
{
	static const char *const yes[] = {"yes", "ON", "True", "1"};
	static const char *const no[] = {"no", "Off", "false", "0"};
	bool truth;

	(void)state;
	assert_string_equal(word_yes_no(true), "yes");
	assert_string_equal(word_yes_no(false), "no");
	for (size_t i = 0; i < 4; i++) {
		truth = false;
		assert_int_equal(word_parse_yes_no(text_of(yes[i]), &truth), 0);
		assert_true(truth);
		assert_int_equal(word_parse_yes_no(text_of(no[i]), &truth), 0);
		assert_false(truth);
	}
	assert_int_equal(word_parse_yes_no(text_of("maybe"), &truth), -EINVAL);
	assert_int_equal(word_parse_yes_no(text_of(""), &truth), -EINVAL);
}

static void
ordinals(void **state)
{
	(void)state;
	assert_string_equal(word_ordinal_ending(0), "th");
	assert_string_equal(word_ordinal_ending(1), "st");
	assert_string_equal(word_ordinal_ending(2), "nd");
	assert_string_equal(word_ordinal_ending(3), "rd");
	assert_string_equal(word_ordinal_ending(4), "th");
	for (unsigned teen = 11; teen <= 13; teen++)
		assert_string_equal(word_ordinal_ending(teen), "th");
	assert_string_equal(word_ordinal_ending(21), "st");
	assert_string_equal(word_ordinal_ending(112), "th");
	assert_string_equal(word_ordinal_ending(123), "rd");
}

static void
lists(void **state)
{
	const char *list = "  one two  three ";
	struct text word;

	(void)state;
	assert_true(word_next(&list, &word));
	assert_true(text_equal(word, text_of("one")));
	assert_true(word_next(&list, &word));
	assert_true(text_equal(word, text_of("two")));
	assert_true(word_next(&list, &word));
	assert_true(text_equal(word, text_of("three")));
	assert_false(word_next(&list, &word));
	assert_false(word_next(&list, &word));
	list = NULL;
	assert_false(word_next(&list, &word));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yes_and_no),
		cmocka_unit_test(ordinals),
		cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
