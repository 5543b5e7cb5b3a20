/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka.h with what it needs before it, and tables of cases: an assertion that fails names its
 * row. */
#ifndef SOCKWATCH_TESTS_UNIT_UNIT_H
#define SOCKWATCH_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* After those above: cmocka.h does not include what it needs. */
#include <cmocka.h>

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

/* The functions that cmocka's macros call. */
#define _assert_true         unit_true
#define _assert_int_equal    unit_int_equal
#define _assert_string_equal unit_string_equal

#endif
