/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records by key: found again, zeroed, bounded. */
#include <config.h>

#include <sockwatch/base/keyed.h>

#include "unit.h"

enum { LIMIT = 1000 };

struct record {
	uint64_t key;
	uint32_t count;
};

static void
found_again(void **state)
{
	struct keyed keyed;

	(void)state;
	keyed_init(&keyed, sizeof(struct record), sizeof(uint64_t), LIMIT);
	for (unsigned round = 1; round <= 3; round++)
		for (uint64_t key = 0; key < LIMIT; key++) {
			struct record *const record = keyed_get(&keyed, &key);

			assert_non_null(record);
			assert_int_equal(record->key, key);
			assert_int_equal(++record->count, round);
		}
	assert_int_equal(keyed.count, LIMIT);
	assert_int_equal(keyed.refused, 0);
	for (uint32_t i = 0; i < LIMIT; i++)
		assert_int_equal(((struct record *)keyed_at(&keyed, i))->key, i);
	keyed_fini(&keyed);
}

static void
bounded(void **state)
{
	struct keyed keyed;
	uint64_t key;

	(void)state;
	keyed_init(&keyed, sizeof(struct record), sizeof(uint64_t), 2);
	for (key = 5; key < 8; key++)
		assert_true((keyed_get(&keyed, &key) != NULL) == (key < 7));
	assert_int_equal(keyed.count, 2);
	assert_int_equal(keyed.refused, 1);
	key = 6;
	assert_non_null(keyed_find(&keyed, &key));
	key = 7;
	assert_null(keyed_find(&keyed, &key));
	keyed_clear(&keyed);
	key = 6;
	assert_null(keyed_find(&keyed, &key));
	((struct record *)keyed_get(&keyed, &key))->count = 9;
	keyed_clear(&keyed);
	assert_int_equal(((struct record *)keyed_get(&keyed, &key))->count, 0);
	keyed_fini(&keyed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_again),
		cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
