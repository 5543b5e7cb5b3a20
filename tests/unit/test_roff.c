/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/roff.h>

#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

static void
escaped(void **state)
{
	static const struct {
		const char *text;
		const char *printed;
	} cases[] = {
		{"", ""},
		{"a word. another", "a word. another"},
		{"--help", "\\-\\-help"},
		{".TH", "\\&.TH"},
		{"'quoted'", "\\&'quoted'"},
		{"a\\b", "a\\eb"},
	};

	(void)state;
	unit_each (i, cases) {
		char *printed = NULL;
		size_t size = 0;
		FILE *const out = open_memstream(&printed, &size);

		assert_non_null(out);
		roff_print(out, cases[i].text);
		assert_int_equal(fclose(out), 0);
		assert_string_equal(printed, cases[i].printed);
		free(printed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
