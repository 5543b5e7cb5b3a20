/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/error.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "unit.h"

static void
sentence_without_position(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, "no field \"%s\"", "rttt");
	assert_int_equal(error.position, -1);
	assert_string_equal(error.text, "no field \"rttt\"");
	assert_int_equal(error_refuse(&error, "100% of %s"), -EINVAL);
	assert_int_equal(error.position, -1);
	assert_string_equal(error.text, "100% of %s");
}

static void
sentence_with_position(void **state)
{
	struct error error;

	(void)state;
	error_set_at(&error, 7, "a %d", 5);
	assert_int_equal(error.position, 7);
	assert_string_equal(error.text, "a 5");
	error_set_at(&error, (size_t)INT_MAX + 1, "far");
	assert_int_equal(error.position, -1);
}

static void
nobody_wants_it(void **state)
{
	(void)state;
	error_set(NULL, "%d", 1);
	error_set_at(NULL, 1, "%d", 1);
	assert_int_equal(error_refuse(NULL, "no"), -EINVAL);
}

static void
long_sentence_is_cut(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, "%0600d", 1);
	assert_int_equal(strlen(error.text), sizeof error.text - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentence_without_position),
		cmocka_unit_test(sentence_with_position),
		cmocka_unit_test(nobody_wants_it),
		cmocka_unit_test(long_sentence_is_cut),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
