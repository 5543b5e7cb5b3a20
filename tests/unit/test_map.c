/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/map.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void
empty(void **state)
{
	struct map map;
	size_t position = 0;
	uint64_t key;
	uint32_t value;

	(void)state;
	map_init(&map);
	assert_false(map_find(&map, 0, &value));
	assert_false(map_remove(&map, 0));
	assert_false(map_next(&map, &position, &key, &value));
	map_clear(&map);
	map_fini(&map);
}

static void
sets_and_replaces(void **state)
{
	struct map map;
	uint32_t value;

	(void)state;
	map_init(&map);
	assert_int_equal(map_set(&map, 0, 7), 0);
	assert_int_equal(map_set(&map, UINT64_MAX, 0), 0);
	assert_int_equal(map_set(&map, 0, 8), 0);
	assert_int_equal(map_set(&map, 1, MAP_EMPTY), -EINVAL);
	assert_int_equal(map.count, 2);
	assert_true(map_find(&map, 0, &value));
	assert_int_equal(value, 8);
	assert_true(map_find(&map, UINT64_MAX, &value));
	assert_int_equal(value, 0);
	assert_true(map_remove(&map, 0));
	assert_false(map_remove(&map, 0));
	assert_false(map_find(&map, 0, &value));
	map_clear(&map);
	assert_int_equal(map.count, 0);
	assert_false(map_find(&map, UINT64_MAX, &value));
	map_fini(&map);
}

/* Few keys and many steps: runs form, are cut by removals, and wrap around the end. */
static void
behaves_like_an_array(void **state)
{
	enum { KEYS = 48, STEPS = 200000, ABSENT = 0xffff };
	uint32_t array[KEYS];
	struct map map;
	size_t count = 0;

	(void)state;
	srand(3);
	for (unsigned i = 0; i < KEYS; i++)
		array[i] = ABSENT;
	map_init(&map);
	for (unsigned step = 0; step < STEPS; step++) {
		const unsigned i = (unsigned)rand() % KEYS;
		const uint64_t key = i * UINT64_C(0x100000001);
		uint32_t value = ABSENT;

		assert_int_equal(map_find(&map, key, &value), array[i] != ABSENT);
		assert_int_equal(value, array[i]);
		if (rand() % 2 == 0) {
			count += array[i] == ABSENT;
			array[i] = (uint32_t)rand() % 1000;
			assert_int_equal(map_set(&map, key, array[i]), 0);
		} else {
			assert_int_equal(map_remove(&map, key), array[i] != ABSENT);
			count -= array[i] != ABSENT;
			array[i] = ABSENT;
		}
		assert_int_equal(map.count, count);
	}
	map_fini(&map);
}

static void
half_a_million(void **state)
{
	enum { MANY = 500000 };
	struct map map;
	size_t position = 0;
	size_t seen = 0;
	uint64_t key;
	uint64_t sum = 0;
	uint32_t value;

	(void)state;
	map_init(&map);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(map_set(&map, (uint64_t)i << 16, i), 0);
	assert_true(map.capacity <= 1 << 20);
	for (uint32_t i = 0; i < MANY; i += 2)
		assert_true(map_remove(&map, (uint64_t)i << 16));
	while (map_next(&map, &position, &key, &value)) {
		assert_int_equal(key, (uint64_t)value << 16);
		assert_int_equal(value % 2, 1);
		sum += value;
		seen++;
	}
	assert_int_equal(seen, MANY / 2);
	assert_int_equal(sum, (uint64_t)MANY / 2 * (MANY / 2));
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(map_find(&map, (uint64_t)i << 16, &value), i % 2);
	map_fini(&map);
}

/* Keys that differ in any two bits only must not meet in the low bits that a table uses. */
static void
hash_spreads(void **state)
{
	enum { BITS = 12, SLOTS = 1 << BITS };
	unsigned counts[SLOTS] = {0};
	unsigned most = 0;

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		for (unsigned j = 0; j < 64; j++)
			counts[map_hash(UINT64_C(1) << i ^ UINT64_C(1) << j) % SLOTS]++;
	}
	counts[map_hash(0) % SLOTS] -= 64; /* where i = j */
	for (unsigned i = 0; i < SLOTS; i++)
		most = counts[i] > most ? counts[i] : most;
	/* Each pair came twice; a random spread of 2016 over 4096 hardly ever has seven in one. */
	assert_true(most <= 2 * 8);
}

static void
hash_of_bytes_sees_every_bit(void **state)
{
	uint8_t data[100];

	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof data; len++) {
		const uint64_t hash = map_hash_bytes(data, len, 0);

		assert_true(hash == map_hash_bytes(data, len, 0));
		assert_true(hash != map_hash_bytes(data, len, 1));
		for (size_t bit = 0; bit < len * 8; bit++) {
			data[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_true(hash != map_hash_bytes(data, len, 0));
			data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	}
}

/* Zeros are what netlink messages are full of. */
static void
hash_of_bytes_sees_the_length(void **state)
{
	const uint8_t zeros[200] = {0};
	uint64_t hashes[200];

	(void)state;
	unit_each (len, hashes) {
		hashes[len] = map_hash_bytes(zeros, len, 0);
		for (size_t i = 0; i < len; i++)
			assert_true(hashes[i] != hashes[len]);
	}
}

static void
hash_of_bytes_reads_only_them(void **state)
{
	(void)state;
	/* On the heap, so that AddressSanitizer looks; at every alignment. */
	for (size_t len = 1; len < 80; len++) {
		for (size_t offset = 0; offset < 8; offset++) {
			uint8_t *const data = calloc(1, len + offset);
			const uint8_t zeros[80] = {0};

			assert_non_null(data);
			assert_true(map_hash_bytes(data + offset, len, 9) ==
				    map_hash_bytes(zeros, len, 9));
			free(data);
		}
	}
}

static void
hash_of_16_sees_every_bit(void **state)
{
	/* On the heap and of their size, so that AddressSanitizer looks. */
	uint8_t *const data = calloc(1, 17);
	uint64_t hash;

	(void)state;
	assert_non_null(data);
	hash = map_hash_16(data + 1, 0);
	assert_true(hash == map_hash_16(data + 1, 0));
	for (size_t bit = 0; bit < 64; bit++)
		assert_true(hash != map_hash_16(data + 1, UINT64_C(1) << bit));
	for (size_t bit = 0; bit < 128; bit++) {
		data[1 + bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_true(hash != map_hash_16(data + 1, 0));
		data[1 + bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(sets_and_replaces),
		cmocka_unit_test(behaves_like_an_array),
		cmocka_unit_test(half_a_million),
		cmocka_unit_test(hash_spreads),
		cmocka_unit_test(hash_of_bytes_sees_every_bit),
		cmocka_unit_test(hash_of_bytes_sees_the_length),
		cmocka_unit_test(hash_of_bytes_reads_only_them),
		cmocka_unit_test(hash_of_16_sees_every_bit),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
