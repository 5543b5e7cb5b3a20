/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/edit_distance.h>

#include <stdint.h>
#include <string.h>

#include "unit.h"

static const struct {
	const char *a, *b;
	size_t distance;
} cases[] = {
	{"", "", 0},
	{"abc", "abc", 0},
	{"", "abc", 3},
	{"abc", "", 3},
	{"abc", "axc", 1},
	{"abc", "abxc", 1},
	{"abc", "ac", 1},
	{"lsit", "list", 1},
	{"ba", "ab", 1},
	{"ca", "abc", 3},
	{"kitten", "sitting", 3},
};

static void
counts_letters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const size_t got = edit_distance(text_of(cases[i].a), text_of(cases[i].b));

		if (got != cases[i].distance)
			fail_msg("%s to %s: %zu instead of %zu", cases[i].a, cases[i].b, got,
				cases[i].distance);
	}
}

static void
long_words_are_far(void **state)
{
	char word[EDIT_DISTANCE_MAX + 1];

	(void)state;
	memset(word, 'a', sizeof word);
	assert_int_equal(edit_distance((struct text){word, EDIT_DISTANCE_MAX}, text_of("a")),
		EDIT_DISTANCE_MAX - 1);
	assert_true(edit_distance((struct text){word, sizeof word}, text_of("a")) == SIZE_MAX);
	assert_true(edit_distance(text_of("a"), (struct text){word, sizeof word}) == SIZE_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_letters),
		cmocka_unit_test(long_words_are_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
