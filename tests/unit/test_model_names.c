/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/names.h>

#include "unit.h"

static const uint64_t now_ns = 1000 * CLOCK_NS_PER_S;

static struct address
address_of(uint32_t number)
{
	return address_from_v4(&number);
}

static void
take(struct names *names, uint32_t number, const char *text, enum name_status status,
	uint32_t ttl_s, uint64_t at_ns)
{
	const struct message_name name = {.address = address_of(number),
		.name = text_of(text),
		.status = (uint8_t)status,
		.ttl_s = ttl_s};

	names_take(names, &name, at_ns);
}

static const char *
name_of(const struct names *names, uint32_t number, uint64_t at_ns)
{
	const struct address address = address_of(number);

	return names_find(names, &address, at_ns);
}

static void
test_found(void **state)
{
	struct names *const names = names_new(8);

	(void)state;
	assert_null(name_of(names, 1, now_ns));
	take(names, 1, "one.example", NAME_FOUND, 60, now_ns);
	assert_string_equal(name_of(names, 1, now_ns), "one.example");
	assert_null(name_of(names, 2, now_ns));
	take(names, 1, "uno.example", NAME_FOUND, 60, now_ns);
	assert_string_equal(name_of(names, 1, now_ns), "uno.example");
	/* A server that does not answer takes no name away; one that knows of none does. */
	take(names, 1, "", NAME_FAILED, 0, now_ns);
	assert_string_equal(name_of(names, 1, now_ns), "uno.example");
	take(names, 1, "", NAME_NONE, 0, now_ns);
	assert_null(name_of(names, 1, now_ns));
	take(names, 1, "again.example", NAME_FOUND, 60, now_ns);
	assert_string_equal(name_of(names, 1, now_ns), "again.example");
	names_free(names);
}

static void
test_expiry(void **state)
{
	struct names *const names = names_new(8);

	(void)state;
	take(names, 1, "one.example", NAME_FOUND, 60, now_ns);
	assert_non_null(name_of(names, 1, now_ns + 60 * CLOCK_NS_PER_S));
	assert_null(name_of(names, 1, now_ns + 120 * CLOCK_NS_PER_S));
	take(names, 1, "one.example", NAME_FOUND, 60, now_ns + 120 * CLOCK_NS_PER_S);
	assert_non_null(name_of(names, 1, now_ns + 120 * CLOCK_NS_PER_S));
	/* A server cannot make a name last for ever. */
	take(names, 2, "two.example", NAME_FOUND, UINT32_MAX, now_ns);
	assert_null(name_of(names, 2, now_ns + 2 * 86400 * CLOCK_NS_PER_S));
	names_free(names);
}

static void
test_bound(void **state)
{
	struct names *const names = names_new(100);
	char text[32];

	(void)state;
	for (uint32_t i = 1; i <= 250; i++) {
		snprintf(text, sizeof text, "host%u.example", i);
		take(names, i, text, NAME_FOUND, 60, now_ns);
	}
	for (uint32_t i = 1; i <= 150; i++)
		assert_null(name_of(names, i, now_ns));
	for (uint32_t i = 151; i <= 250; i++) {
		snprintf(text, sizeof text, "host%u.example", i);
		assert_string_equal(name_of(names, i, now_ns), text);
	}
	names_free(names);
}

static void
test_long(void **state)
{
	struct names *const names = names_new(8);
	char text[NAMES_SIZE + 1];

	(void)state;
	memset(text, 'a', NAMES_SIZE);
	text[NAMES_SIZE] = '\0';
	take(names, 1, text, NAME_FOUND, 60, now_ns);
	assert_null(name_of(names, 1, now_ns));
	take(names, 1, text + 1, NAME_FOUND, 60, now_ns);
	assert_string_equal(name_of(names, 1, now_ns), text + 1);
	names_free(names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
