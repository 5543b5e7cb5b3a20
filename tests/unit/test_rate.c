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
	for (size_t i = 0; i < UNIT_COUNT_OF(netns); i++)
		assert_int_equal(counters_init(&netns[i].counters), 0);
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
	for (size_t i = 0; i < UNIT_COUNT_OF(netns); i++)
		counters_fini(&netns[i].counters);
	wire_free(model.wire);
	return 0;
}

/* Two readings of the counter, two seconds apart. */
static void
count(size_t which, enum counter counter, uint64_t before, uint64_t after)
{
	struct counters *const counters = &netns[which].counters;

	counters->rows[counter].previous = before;
	counters->rows[counter].value = after;
	counters->rows[counter].known = counters->rows[counter].has_rate = true;
	for (size_t i = 0; i < COUNTER_SOURCES; i++) {
		counters->previous_monotonic_ns[i] = UINT64_C(1000000000);
		counters->monotonic_ns[i] = UINT64_C(3000000000);
	}
}

static void
update(void)
{
	model.complete_sequence++;
	model.snapshot_monotonic_ns += UINT64_C(2000000000);
	rate_update(&rates, &model);
}

static bool
is_near(double number, double expected)
{
	return fabs(number - expected) < 1e-9;
}

static void
nothing_is_known_at_first(void **state)
{
	(void)state;
	update();
	for (size_t i = 0; i < RATE_COUNT; i++)
		assert_true(isnan(rates.value[i]) && is_near(rates.total[i], 0));
	assert_true(isnan(rates.retransmitted_percent));
	assert_int_equal(rates.open_count, 0);
}

static void
namespaces_are_added(void **state)
{
	(void)state;
	count(0, COUNTER_ACTIVE_OPENS, 10, 16);
	update();
	/* Half of a sum is not known. */
	assert_true(isnan(rates.value[RATE_OPENED]));
	count(0, COUNTER_PASSIVE_OPENS, 0, 0);
	count(1, COUNTER_ACTIVE_OPENS, 100, 104);
	count(1, COUNTER_PASSIVE_OPENS, 5, 5);
	update();
	assert_true(is_near(rates.value[RATE_OPENED], 5));
	assert_int_equal(rates.open_count, 1);
}

/* Each figure from the counter whose name it has, over two seconds. */
static void
figures_are_those_of_the_kernel(void **state)
{
	static const struct {
		enum rate rate;
		enum counter counter;
	} cases[] = {
		{RATE_FAILED, COUNTER_ATTEMPT_FAILS},
		{RATE_RESET, COUNTER_ESTAB_RESETS},
		{RATE_RSTS_SENT, COUNTER_OUT_RSTS},
		{RATE_RETRANSMITTED, COUNTER_RETRANS_SEGS},
		{RATE_UDP_DROPS, COUNTER_UDP_IN_ERRORS},
	};

	(void)state;
	for (size_t i = 0; i < UNIT_COUNT_OF(cases); i++)
		count(0, cases[i].counter, 100, 110 + 2 * i);
	update();
	unit_each (i, cases) {
		assert_true(is_near(rates.value[cases[i].rate], 5 + (double)i));
		assert_true(is_near(rates.total[cases[i].rate], 10 + 2 * (double)i));
	}
	/* Datagrams of IPv6 have a counter of their own; and sums go on. */
	count(0, COUNTER_UDP6_IN_ERRORS, 0, 4);
	count(0, COUNTER_UDP_IN_ERRORS, 118, 118);
	update();
	assert_true(is_near(rates.value[RATE_UDP_DROPS], 2));
	assert_true(is_near(rates.total[RATE_UDP_DROPS], 22));
}

static void
open_and_fail(uint64_t opened, uint64_t failed)
{
	count(0, COUNTER_ACTIVE_OPENS, 0, opened);
	count(0, COUNTER_PASSIVE_OPENS, 0, 0);
	count(0, COUNTER_ATTEMPT_FAILS, 0, failed);
	count(0, COUNTER_CURR_ESTAB, 10, 10);
}

/* A second: ten opened, two failed, four more established. So four were closed. */
static void
closed_follows_from_the_rest(void **state)
{
	(void)state;
	update();
	open_and_fail(20, 4);
	count(0, COUNTER_CURR_ESTAB, 10, 18);
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 4));
	count(0, COUNTER_CURR_ESTAB, 10, 1000);
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 0));
}

/* Connections to a silent target are open and not closed; when they give up they have failed. */
static void
waiting_connections_are_not_closed(void **state)
{
	(void)state;
	update();
	open_and_fail(20, 0);
	model.sockets.by_state[0][TCP_STATE_SYN_SENT] = 20;
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 0));
	assert_true(is_near(rates.value[RATE_OPENED], 10));
	open_and_fail(0, 20);
	model.sockets.by_state[0][TCP_STATE_SYN_SENT] = 0;
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 0));
	assert_true(is_near(rates.value[RATE_FAILED], 10));
	/* The table saw two before their counter was read: they are not closed in the next. */
	open_and_fail(0, 0);
	model.sockets.by_state[0][TCP_STATE_SYN_SENT] = 2;
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 0));
	open_and_fail(2, 0);
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 0));
	open_and_fail(2, 0);
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 1));
}

/* A half-open scan: requests that a RST takes back were never opened, and hide no closings. */
static void
refused_requests_do_not_count_as_opened(void **state)
{
	(void)state;
	update();
	open_and_fail(20, 30);
	count(0, COUNTER_EMBRYONIC_RSTS, 0, 30);
	update();
	assert_true(is_near(rates.value[RATE_CLOSED], 10));
	assert_true(is_near(rates.value[RATE_FAILED], 15));
}

static void
retransmitted_is_a_share_of_what_was_sent(void **state)
{
	(void)state;
	/* The kernel does not count retransmissions among the segments that it sent. */
	count(0, COUNTER_OUT_SEGS, 0, 195);
	count(0, COUNTER_RETRANS_SEGS, 0, 5);
	update();
	assert_true(is_near(rates.retransmitted_percent, 2.5));
	count(0, COUNTER_OUT_SEGS, 195, 195);
	count(0, COUNTER_RETRANS_SEGS, 5, 105);
	update();
	assert_true(is_near(rates.retransmitted_percent, 100));
	/* One of one would be 100 % too. */
	count(0, COUNTER_RETRANS_SEGS, 105, 204);
	update();
	assert_true(isnan(rates.retransmitted_percent));
	assert_true(is_near(rates.value[RATE_RETRANSMITTED], 49.5));
	count(0, COUNTER_RETRANS_SEGS, 204, 204);
	update();
	assert_true(isnan(rates.retransmitted_percent));
	assert_true(is_near(rates.value[RATE_RETRANSMITTED], 0));
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
		cmocka_unit_test_setup_teardown(figures_are_those_of_the_kernel, setup, teardown),
		cmocka_unit_test_setup_teardown(closed_follows_from_the_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(
			waiting_connections_are_not_closed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			refused_requests_do_not_count_as_opened, setup, teardown),
		cmocka_unit_test_setup_teardown(
			retransmitted_is_a_share_of_what_was_sent, setup, teardown),
		cmocka_unit_test_setup_teardown(the_past_is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
