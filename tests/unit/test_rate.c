/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rates from the counters of two namespaces. */
#include <config.h>

#include <math.h>
#include <string.h>

#include <sockwatch/analysis/rate.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

#include "model/wire/wire_input.h"
#include "unit.h"

static struct model model;
static struct netns_row netns[2];
static struct netns_row *rows[2] = {&netns[0], &netns[1]};
static struct rates rates;

static int
setup(void **state)
{
	(void)state;
	memset(&model, 0, sizeof model);
	memset(netns, 0, sizeof netns);
	model.netns = rows;
	model.netns_count = 2;
	model.wire = wire_new(NULL);
	assert_non_null(model.wire);
	rate_init(&rates);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	wire_free(model.wire);
	return 0;
}

/* Two readings of the counter, two seconds apart. */
static void
count(size_t which, enum counter counter, uint64_t before, uint64_t after)
{
	struct counters *const counters = &netns[which].counters;

	counters->previous[counter] = before;
	counters->value[counter] = after;
	counters->known[counter] = counters->has_rate[counter] = true;
	counters->previous_monotonic_ns[COUNTER_SNMP] = UINT64_C(1000000000);
	counters->monotonic_ns[COUNTER_SNMP] = UINT64_C(3000000000);
}

static void
update(void)
{
	model.complete_sequence++;
	rate_update(&rates, &model);
}

static void
nothing_is_known_at_first(void **state)
{
	(void)state;
	update();
	assert_true(isnan(rates.opened) && isnan(rates.closed) && isnan(rates.reset) &&
		    isnan(rates.retransmitted_percent));
	assert_int_equal(rates.open_count, 0);
}

static void
namespaces_are_added(void **state)
{
	(void)state;
	count(0, COUNTER_ACTIVE_OPENS, 10, 16);
	count(0, COUNTER_PASSIVE_OPENS, 0, 0);
	count(1, COUNTER_ACTIVE_OPENS, 100, 104);
	count(1, COUNTER_PASSIVE_OPENS, 5, 5);
	update();
	assert_true(fabs(rates.opened - 5) < 1e-9);
	assert_int_equal(rates.open_count, 1);
}

/* A second: ten opened, two failed, four more established. So four were closed. */
static void
closed_follows_from_the_rest(void **state)
{
	(void)state;
	count(0, COUNTER_ACTIVE_OPENS, 0, 20);
	count(0, COUNTER_PASSIVE_OPENS, 0, 0);
	count(0, COUNTER_ATTEMPT_FAILS, 0, 4);
	count(0, COUNTER_CURR_ESTAB, 10, 18);
	update();
	assert_true(fabs(rates.closed - 4) < 1e-9);
	count(0, COUNTER_CURR_ESTAB, 10, 1000);
	update();
	assert_true(rates.closed <= 0 && rates.closed >= 0);
}

static void
retransmitted_is_a_share_of_what_was_sent(void **state)
{
	(void)state;
	count(0, COUNTER_OUT_SEGS, 0, 200);
	count(0, COUNTER_RETRANS_SEGS, 0, 5);
	update();
	assert_true(fabs(rates.retransmitted_percent - 2.5) < 1e-9);
	count(0, COUNTER_OUT_SEGS, 200, 200);
	count(0, COUNTER_RETRANS_SEGS, 5, 5);
	update();
	assert_true(rates.retransmitted_percent <= 0);
}

static void
the_past_is_bounded(void **state)
{
	(void)state;
	count(0, COUNTER_PASSIVE_OPENS, 0, 0);
	for (uint64_t i = 1; i <= RATE_SAMPLES + 3; i++) {
		count(0, COUNTER_ACTIVE_OPENS, 0, 2 * i);
		update();
		rate_update(&rates, &model); /* the same snapshot: no second sample */
	}
	assert_int_equal(rates.open_count, RATE_SAMPLES);
	assert_true(fabs(rates.opens[0] - 4) < 1e-9);
	assert_true(fabs(rate_highest_open(&rates) - (RATE_SAMPLES + 3)) < 1e-9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_known_at_first, setup, teardown),
		cmocka_unit_test_setup_teardown(namespaces_are_added, setup, teardown),
		cmocka_unit_test_setup_teardown(closed_follows_from_the_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(
			retransmitted_is_a_share_of_what_was_sent, setup, teardown),
		cmocka_unit_test_setup_teardown(the_past_is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
