/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/intern.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/map.h>

#include "unit.h"

/* The linker's names for the function that stands in for map_hash_bytes, and for the true one. */
uint64_t __wrap_map_hash_bytes(const void *data, size_t len, uint64_t seed);
uint64_t __real_map_hash_bytes(const void *data, size_t len, uint64_t seed);

static uint64_t hash_mask = UINT64_MAX;

uint64_t
__wrap_map_hash_bytes(const void *data, size_t len, uint64_t seed)
{
	return __real_map_hash_bytes(data, len, seed) & hash_mask;
}

static void
assert_text(const struct intern *intern, uint32_t id, const char *expected)
{
	const struct text text = intern_get(intern, id);

	assert_int_equal(text.len, strlen(expected));
	assert_string_equal(text.data, expected);
}

static void
keeps_texts_once(void **state)
{
	struct intern *const intern = intern_new(100);
	char name[] = "nginx";

	(void)state;
	assert_non_null(intern);
	assert_int_equal(intern_add(intern, text_of(name)), 1);
	assert_int_equal(intern_add(intern, text_of("sshd")), 2);
	strcpy(name, "other");
	assert_int_equal(intern_add(intern, text_of("nginx")), 1);
	assert_int_equal(intern_add(intern, (struct text){"nginx", 4}), 3);
	assert_int_equal(intern_count(intern), 3);
	assert_int_equal(intern_refused(intern), 0);
	assert_text(intern, 1, "nginx");
	assert_text(intern, 2, "sshd");
	assert_text(intern, 3, "ngin");
	intern_free(intern);
}

static void
nothing_is_number_0(void **state)
{
	struct intern *const intern = intern_new(100);

	(void)state;
	assert_int_equal(intern_add(intern, text_of("")), 0);
	assert_int_equal(intern_add(intern, (struct text){NULL, 0}), 0);
	assert_text(intern, 0, "");
	assert_text(intern, 1, "");
	assert_text(intern, 101, "");
	assert_text(intern, UINT32_MAX, "");
	intern_free(intern);
	intern_free(NULL);
}

static void
is_bounded(void **state)
{
	struct intern *const intern = intern_new(2);

	(void)state;
	assert_int_equal(intern_add(intern, text_of("a")), 1);
	assert_int_equal(intern_add(intern, text_of("b")), 2);
	assert_int_equal(intern_add(intern, text_of("c")), 3);
	assert_int_equal(intern_add(intern, text_of("d")), 3);
	assert_int_equal(intern_add(intern, text_of("a")), 1);
	assert_int_equal(intern_count(intern), 2);
	assert_int_equal(intern_refused(intern), 2);
	assert_text(intern, 3, "(too many names)");
	intern_free(intern);
}

static void
without_room(void **state)
{
	struct intern *const intern = intern_new(0);

	(void)state;
	assert_int_equal(intern_add(intern, text_of("a")), 1);
	assert_text(intern, 1, "(too many names)");
	assert_int_equal(intern_count(intern), 0);
	intern_free(intern);
}

static void
many_with_hash(uint64_t mask, unsigned many)
{
	struct intern *const intern = intern_new(UINT32_MAX);
	const char *first;
	char name[32];

	hash_mask = mask;
	assert_int_equal(intern_add(intern, text_of("first")), 1);
	first = intern_get(intern, 1).data;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < many; i++) {
			snprintf(name, sizeof name, "process-%u", i);
			assert_int_equal(intern_add(intern, text_of(name)), i + 2);
		}
	}
	for (unsigned i = 0; i < many; i++) {
		snprintf(name, sizeof name, "process-%u", i);
		assert_text(intern, i + 2, name);
	}
	assert_int_equal(intern_count(intern), many + 1);
	/* It did not move. */
	assert_ptr_equal(intern_get(intern, 1).data, first);
	hash_mask = UINT64_MAX;
	intern_free(intern);
}

static void
many_texts(void **state)
{
	(void)state;
	many_with_hash(UINT64_MAX, 100000);
}

static void
texts_whose_hashes_collide(void **state)
{
	(void)state;
	many_with_hash(0, 500);
	many_with_hash(7, 2000);
}

static void
long_texts(void **state)
{
	enum { LONG = 200000 };
	struct intern *const intern = intern_new(10);
	char *const text = malloc(LONG);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LONG);
	assert_int_equal(intern_add(intern, (struct text){text, LONG}), 1);
	assert_int_equal(intern_add(intern, text_of("short")), 2);
	assert_int_equal(intern_add(intern, (struct text){text, LONG}), 1);
	assert_int_equal(intern_get(intern, 1).len, LONG);
	assert_int_equal(strlen(intern_get(intern, 1).data), LONG);
	free(text);
	intern_free(intern);
}

static void
texts_with_nul(void **state)
{
	struct intern *const intern = intern_new(10);

	(void)state;
	assert_int_equal(intern_add(intern, (struct text){"a\0b", 3}), 1);
	assert_int_equal(intern_add(intern, (struct text){"a\0c", 3}), 2);
	assert_int_equal(intern_add(intern, text_of("a")), 3);
	assert_int_equal(intern_get(intern, 2).len, 3);
	assert_memory_equal(intern_get(intern, 2).data, "a\0c", 4);
	intern_free(intern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_texts_once),
		cmocka_unit_test(nothing_is_number_0),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(without_room),
		cmocka_unit_test(many_texts),
		cmocka_unit_test(texts_whose_hashes_collide),
		cmocka_unit_test(long_texts),
		cmocka_unit_test(texts_with_nul),
	};

	return cmocka_run_group_tests_name("intern", tests, NULL, NULL);
}
