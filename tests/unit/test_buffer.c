/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/buffer.h>

#include <string.h>

#include <wchar.h>

#include "unit.h"

static void
assert_contents(const struct buffer *buffer, const char *expected)
{
	assert_int_equal(buffer->len, strlen(expected));
	if (buffer->len != 0)
		assert_memory_equal(buffer->data, expected, buffer->len);
}

static void
appends(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 0);
	buffer_append(&buffer, NULL, 0);
	assert_contents(&buffer, "");
	buffer_append(&buffer, "abc", 2);
	buffer_append_text(&buffer, "-text-");
	buffer_append_char(&buffer, 'c');
	buffer_append_unsigned(&buffer, UINT64_MAX);
	buffer_append_format(&buffer, "%s=%d", " x", -3);
	assert_contents(&buffer, "ab-text-c18446744073709551615 x=-3");
	assert_false(buffer.failed);
	buffer_fini(&buffer);
}

static void
grows(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 0);
	for (unsigned i = 0; i < 100000; i++)
		buffer_append_format(&buffer, "%05u", i);
	assert_false(buffer.failed);
	assert_int_equal(buffer.len, 500000);
	assert_memory_equal(buffer.data + 5 * 54321, "54321", 5);
	buffer_fini(&buffer);
}

static void
long_format(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 0);
	buffer_append_char(&buffer, '<');
	buffer_append_format(&buffer, "%05000d", 7);
	assert_int_equal(buffer.len, 5001);
	assert_int_equal(buffer.data[0], '<');
	assert_int_equal(buffer.data[5000], '7');
	buffer_fini(&buffer);
}

static void
limit_is_exact(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 8);
	buffer_append_text(&buffer, "1234");
	buffer_append_format(&buffer, "%d", 5678);
	assert_false(buffer.failed);
	assert_contents(&buffer, "12345678");
	buffer_append_char(&buffer, '9');
	assert_true(buffer.failed);
	assert_contents(&buffer, "12345678");
	buffer_fini(&buffer);
}

static void
no_hole_after_a_failure(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 8);
	buffer_append_text(&buffer, "1234");
	buffer_append_format(&buffer, "%s", "too long");
	assert_true(buffer.failed);
	buffer_append_char(&buffer, '5');
	assert_contents(&buffer, "1234");
	assert_null(buffer_reserve(&buffer, 1));
	buffer_clear(&buffer);
	assert_false(buffer.failed);
	buffer_append_char(&buffer, '5');
	assert_contents(&buffer, "5");
	buffer_fini(&buffer);
}

static void
reserve_does_not_count(void **state)
{
	struct buffer buffer;
	char *room;

	(void)state;
	buffer_init(&buffer, 0);
	assert_non_null(buffer_reserve(&buffer, 0));
	room = buffer_reserve(&buffer, 1000);
	assert_non_null(room);
	memset(room, 'x', 1000);
	assert_int_equal(buffer.len, 0);
	buffer.len += 3;
	assert_contents(&buffer, "xxx");
	assert_null(buffer_reserve(&buffer, SIZE_MAX));
	assert_true(buffer.failed);
	buffer_fini(&buffer);
}

static void
consume(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 0);
	buffer_consume(&buffer, 0);
	buffer_append_text(&buffer, "abcdef");
	buffer_consume(&buffer, 2);
	assert_contents(&buffer, "cdef");
	buffer_consume(&buffer, 0);
	assert_contents(&buffer, "cdef");
	buffer_consume(&buffer, 4);
	assert_contents(&buffer, "");
	buffer_append_text(&buffer, "g");
	buffer_consume(&buffer, 99);
	assert_contents(&buffer, "");
	buffer_fini(&buffer);
}

/* A character that cannot be written: what was there stays, and nothing more is taken. */
static void
format_that_fails(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 0);
	buffer_append_text(&buffer, "ab");
	buffer_append_format(&buffer, "%lc", (wint_t)0x7fffffff);
	assert_true(buffer.failed);
	buffer_append_text(&buffer, "cd");
	assert_int_equal(buffer.len, 2);
	buffer_fini(&buffer);
}

/* All of the limit can be used, and not a byte more. */
static void
filled_to_its_limit(void **state)
{
	char bytes[300] = "";

	(void)state;
	for (size_t limit = 1; limit < sizeof bytes; limit++) {
		struct buffer buffer;

		buffer_init(&buffer, limit);
		buffer_append(&buffer, bytes, limit);
		assert_false(buffer.failed);
		assert_int_equal(buffer.len, limit);
		buffer_append(&buffer, bytes, 1);
		assert_true(buffer.failed);
		assert_int_equal(buffer.len, limit);
		buffer_fini(&buffer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends),
		cmocka_unit_test(grows),
		cmocka_unit_test(long_format),
		cmocka_unit_test(limit_is_exact),
		cmocka_unit_test(no_hole_after_a_failure),
		cmocka_unit_test(reserve_does_not_count),
		cmocka_unit_test(consume),
		cmocka_unit_test(format_that_fails),
		cmocka_unit_test(filled_to_its_limit),
	};

	return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
