/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search for the path MTU, on paths that answer as real ones do. */
#include <config.h>

#include "collector/probe/method/mtu_search.h"

#include "unit.h"

enum { FLOOR = 68, LIMIT = 1500, ROUNDS_MAX = 60 };

/* Sizes up to mtu are answered; of larger ones a router says what it takes, or nobody says a word.
 */
struct road {
	uint16_t mtu;
	uint16_t said;   /* 0: an old router that says no size */
	bool is_silent;  /* black hole */
	unsigned losses; /* the first packets are lost by chance */
};

/* Returns how many rounds it took. */
static unsigned
search_on(struct road *road, struct mtu_search *search)
{
	unsigned rounds = 0;
	size_t count;

	mtu_search_init(search, FLOOR, LIMIT);
	while ((count = mtu_search_next(search)) != 0) {
		uint16_t sizes[MTU_SEARCH_SIZES];

		assert_true(++rounds < ROUNDS_MAX);
		assert_true(count <= MTU_SEARCH_SIZES);
		for (size_t i = 0; i < count; i++) {
			sizes[i] = search->sizes[i];
			assert_in_range(sizes[i], FLOOR, LIMIT);
			assert_true(i == 0 || sizes[i] < sizes[i - 1]);
		}
		for (size_t i = 0; i < count; i++) {
			if (road->losses != 0)
				road->losses--;
			else if (sizes[i] <= road->mtu)
				mtu_search_passed(search, sizes[i]);
			else if (!road->is_silent)
				mtu_search_too_big(search, sizes[i], road->said);
		}
	}
	assert_true(search->is_over);
	return rounds;
}

static void
the_mtu_is_found(void **state)
{
	static const uint16_t mtus[] = {FLOOR, 69, 576, 1280, 1399, 1400, 1499, LIMIT};

	(void)state;
	for (size_t i = 0; i < sizeof mtus / sizeof mtus[0]; i++) {
		struct road said = {.mtu = mtus[i], .said = mtus[i]};
		struct road old = {.mtu = mtus[i]};
		struct road silent = {.mtu = mtus[i], .is_silent = true};
		struct mtu_search search;

		assert_true(search_on(&said, &search) <= 3);
		assert_int_equal(search.passed, mtus[i]);
		search_on(&old, &search);
		assert_int_equal(search.passed, mtus[i]);
		search_on(&silent, &search);
		assert_int_equal(search.passed, mtus[i]);
	}
}

static void
chance_does_not_decide(void **state)
{
	struct road road = {.mtu = LIMIT, .losses = 2 * MTU_SEARCH_SIZES};
	struct mtu_search search;

	(void)state;
	assert_int_equal(search_on(&road, &search), 3);
	assert_int_equal(search.passed, LIMIT);
}

/* Less than every link takes, or no less than what was dropped. */
static void
nonsense_is_not_believed(void **state)
{
	static const uint16_t said[] = {1, 1600, 1500};

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		struct road road = {.mtu = 1400, .said = said[i]};
		struct mtu_search search;

		search_on(&road, &search);
		assert_int_equal(search.passed, 1400);
	}
}

/* An answer to what a router has said not to take is an old one. */
static void
what_failed_does_not_pass(void **state)
{
	struct mtu_search search;

	(void)state;
	mtu_search_init(&search, FLOOR, LIMIT);
	mtu_search_too_big(&search, 1401, 1400);
	mtu_search_passed(&search, 1401);
	assert_int_equal(search.passed, 0);
	mtu_search_passed(&search, 1400);
	assert_int_equal(search.passed, 1400);
}

static void
nothing_may_pass(void **state)
{
	struct road road = {.mtu = 0, .is_silent = true};
	struct mtu_search search;

	(void)state;
	search_on(&road, &search);
	assert_int_equal(search.passed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_mtu_is_found),
		cmocka_unit_test(chance_does_not_decide),
		cmocka_unit_test(nonsense_is_not_believed),
		cmocka_unit_test(what_failed_does_not_pass),
		cmocka_unit_test(nothing_may_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
