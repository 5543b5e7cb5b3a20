/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka.h with what it needs before it, and tables of cases: an assertion that fails names its
 * row. A test that cannot be made here says why and is no pass: the program ends with 77, SKIP for
 * automake. */
#ifndef SOCKWATCH_TESTS_UNIT_UNIT_H
#define SOCKWATCH_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* After those above: cmocka.h does not include what it needs. */
#include <cmocka.h>

#include "unit_leaks.h"

#define UNIT_COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* The loop over a table of cases. */
#define unit_each(i, table) for (size_t i = 0; unit_row_set(#table, i, UNIT_COUNT_OF(table)); i++)

/* What holds for each row of a table of the program; the row's name is printed when it does not. */
#define assert_row(row, condition)                                                                 \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("%s: not so: %s", row, #condition);                               \
	} while (0)

/* The row that a loop is at; NULL: in no loop. */
static struct {
	const char *table;
	size_t row;
} unit_now __attribute__((unused));

static inline bool
unit_row_set(const char *table, size_t row, size_t count)
{
	unit_now.table = row < count ? table : NULL;
	unit_now.row = row;
	return row < count;
}

static inline void
unit_row_print(bool failed)
{
	if (failed && unit_now.table != NULL)
		print_error("in row %zu of %s, counted from 0:\n", unit_now.row, unit_now.table);
	if (failed)
		unit_now.table = NULL;
}

static inline void
unit_true(LargestIntegralType result, const char *expression, const char *file, int line)
{
	unit_row_print(result == 0);
	_assert_true(result, expression, file, line);
}

static inline void
unit_int_equal(LargestIntegralType a, LargestIntegralType b, const char *file, int line)
{
	unit_row_print(a != b);
	_assert_int_equal(a, b, file, line);
}

static inline void
unit_string_equal(const char *a, const char *b, const char *file, int line)
{
	unit_row_print(a == NULL || b == NULL || strcmp(a, b) != 0);
	_assert_string_equal(a, b, file, line);
}

/* A page differs: cmocka does not count what fails while a group is taken down. */
static bool unit_differs __attribute__((unused));

/* What the last test that was skipped needs; NULL: none was. */
static const char *unit_skipped __attribute__((unused));

/* cmocka alone counts a skipped test as passed. */
#undef skip
#define unit_skip(reason)                                                                          \
	do {                                                                                       \
		unit_skipped = (reason);                                                           \
		_skip(__FILE__, __LINE__);                                                         \
	} while (0)

/* What a second run of these tests leaves behind; the first one may fill caches for good. */
static inline bool
unit_leaks(const struct CMUnitTest *tests, size_t count, CMFixtureFunction setup,
	CMFixtureFunction teardown)
{
	const struct unit_held before = unit_held();
	const int failed = _cmocka_run_group_tests("again", tests, count, setup, teardown);
	const struct unit_held after = unit_held();

	if (failed == 0 && after.blocks <= before.blocks && after.descriptors <= before.descriptors)
		return false;
	print_error("%s: a second run: %d failed, %ld blocks of memory and %ld descriptors stay\n",
		count == 1 ? tests[0].name : "all", failed, after.blocks - before.blocks,
		after.descriptors - before.descriptors);
	return true;
}

/*
 * Runs the tests, then again to see whether something stays; when it does, each alone, so that it
 * is named. The exit status is not the number of failed tests, which may be 77, or 256.
 */
static inline int
unit_run(const char *name, const struct CMUnitTest *tests, size_t count, CMFixtureFunction setup,
	CMFixtureFunction teardown)
{
	if (_cmocka_run_group_tests(name, tests, count, setup, teardown) != 0 || unit_differs)
		return 1;
	/* Pages are those of the first run. */
	if (getenv("RENEW_PAGES") != NULL)
		return 0;
	if (unit_leaks(tests, count, setup, teardown)) {
		for (size_t i = 0; i < count; i++)
			(void)unit_leaks(&tests[i], 1, setup, teardown);
		return 1;
	}
	if (unit_skipped == NULL)
		return 0;
	print_message("%s\n", unit_skipped);
	return 77;
}

#undef cmocka_run_group_tests_name
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                  \
	unit_run(name, tests, UNIT_COUNT_OF(tests), setup, teardown)
#undef cmocka_run_group_tests
#define cmocka_run_group_tests(tests, setup, teardown)                                             \
	cmocka_run_group_tests_name(#tests, tests, setup, teardown)

/* The functions that cmocka's macros call. */
#define _assert_true         unit_true
#define _assert_int_equal    unit_int_equal
#define _assert_string_equal unit_string_equal

#endif
