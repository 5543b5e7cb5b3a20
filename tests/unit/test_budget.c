/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A budget gives no more than its rate over any time, and its most at once. */
#include <config.h>

#include "unit.h"

#include <sockwatch/base/clock.h>
#include <sockwatch/privilege/budget.h>

static const uint64_t start_ns = 77 * CLOCK_NS_PER_S + 5;

static void
test_most_at_once(void **state)
{
	struct budget budget;

	(void)state;
	budget_init(&budget, 10, 3, start_ns);
	assert_true(budget_take(&budget, 2, start_ns));
	assert_false(budget_take(&budget, 2, start_ns));
	assert_true(budget_take(&budget, 1, start_ns));
	assert_false(budget_take(&budget, 1, start_ns));
	/* However long nothing is taken. */
	assert_int_equal(budget_left(&budget, start_ns + 3600 * CLOCK_NS_PER_S), 3);
	assert_int_equal(budget_left(&budget, UINT64_MAX), 3);
	assert_false(budget_take(&budget, 4, UINT64_MAX));
}

static void
test_rate(void **state)
{
	static const uint64_t rates[] = {1, 3, 7, 1000, 5000, 5000000, 999999937};
	struct budget budget;

	(void)state;
	for (size_t i = 0; i < UNIT_COUNT_OF(rates); i++) {
		uint64_t taken = 0;

		budget_init(&budget, rates[i], 10, start_ns);
		assert_true(budget_take(&budget, 10, start_ns));
		/* Steps in which there is less than a unit are not lost. */
		for (uint64_t ns = 0; ns <= CLOCK_NS_PER_S; ns += 99991)
			while (budget_take(&budget, 1, start_ns + ns))
				taken++;
		assert_true(taken <= rates[i]);
		if (rates[i] <= 5000)
			assert_true(taken + 1 >= rates[i]);
	}
}

static void
test_ready(void **state)
{
	struct budget budget;
	uint64_t ready_ns;

	(void)state;
	budget_init(&budget, 3, 5, start_ns);
	assert_int_equal(budget_ready_ns(&budget, 5, start_ns), start_ns);
	assert_true(budget_take(&budget, 5, start_ns));
	for (uint64_t amount = 1; amount <= 5; amount++) {
		ready_ns = budget_ready_ns(&budget, amount, start_ns);
		assert_true(budget_left(&budget, ready_ns - 1) < amount);
		assert_int_equal(budget_left(&budget, ready_ns), amount);
		budget_init(&budget, 3, 5, start_ns);
		assert_true(budget_take(&budget, 5, start_ns));
	}
	/* More than there can be: as soon as it is full. */
	assert_int_equal(
		budget_ready_ns(&budget, 50, start_ns), budget_ready_ns(&budget, 5, start_ns));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_most_at_once),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
