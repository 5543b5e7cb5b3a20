/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <string.h>

#include <sockwatch/stream/attribute.h>

#include "unit.h"

/* Length, type, payload, padding; the numbers as this machine has them. */
static void
put(uint8_t *at, uint16_t len, uint16_t type)
{
	memcpy(at, &len, sizeof len);
	memcpy(at + 2, &type, sizeof type);
}

static void
walks_with_padding(void **state)
{
	uint8_t bytes[16] = {0};
	const uint8_t *at = bytes;
	size_t left = 14;
	struct attribute attribute = {0};

	(void)state;
	put(bytes, 5, 7 | 0x8000); /* NLA_F_NESTED */
	put(bytes + 8, 6, 9);      /* the last one need not be padded */
	assert_int_equal(attribute_next(&at, &left, &attribute), 1);
	assert_int_equal(attribute.type, 7);
	assert_int_equal(attribute.len, 1);
	assert_ptr_equal(attribute.data, bytes + 4);
	assert_ptr_equal(at, bytes + 8);
	assert_int_equal(left, 6);
	assert_int_equal(attribute_next(&at, &left, &attribute), 1);
	assert_int_equal(attribute.type, 9);
	assert_int_equal(attribute.len, 2);
	assert_int_equal(attribute_next(&at, &left, &attribute), 0);
}

static void
refuses_what_does_not_fit(void **state)
{
	uint8_t bytes[8] = {0};
	struct attribute attribute = {0};

	(void)state;
	for (size_t len = 0; len < 12; len++) {
		const uint8_t *at = bytes;
		size_t left = sizeof bytes;
		const int expected = len >= 4 && len <= sizeof bytes ? 1 : -EINVAL;

		put(bytes, (uint16_t)len, 1);
		assert_int_equal(attribute_next(&at, &left, &attribute), expected);
	}
	for (size_t short_by = 1; short_by < 4; short_by++) {
		const uint8_t *at = bytes;
		size_t left = 4 - short_by;

		assert_int_equal(attribute_next(&at, &left, &attribute), -EINVAL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_with_padding),
		cmocka_unit_test(refuses_what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
