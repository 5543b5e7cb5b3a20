/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "collector/probe/probe_schedule.h"

#include <string.h>

#include "unit.h"

#define MS UINT64_C(1000000)
#define T0 (UINT64_C(5000) * MS)

static const struct message_probe_start usual = {
	.flows = 1, .first_ttl = 1, .max_ttl = 30, .interval_ms = 1000, .cycles = 0};

/* Takes all that is due by then; returns how many, and the ttls as bits of each flow. */
static unsigned
take_until(
	struct probe_schedule *schedule, uint64_t now_ns, uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX])
{
	struct probe_schedule_step step;
	unsigned count = 0;

	memset(ttls, 0, PROBE_SCHEDULE_FLOWS_MAX * sizeof ttls[0]);
	while (probe_schedule_take(schedule, now_ns, &step)) {
		ttls[step.flow] |= UINT64_C(1) << step.ttl;
		probe_schedule_sent(schedule, &step);
		count++;
	}
	return count;
}

/* The same by somebody who is always there in time. */
static unsigned
run_until(
	struct probe_schedule *schedule, uint64_t until_ns, uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX])
{
	uint64_t now[PROBE_SCHEDULE_FLOWS_MAX], next_ns;
	unsigned count = 0;

	memset(ttls, 0, PROBE_SCHEDULE_FLOWS_MAX * sizeof ttls[0]);
	while ((next_ns = probe_schedule_next_ns(schedule)) <= until_ns) {
		count += take_until(schedule, next_ns, now);
		for (unsigned i = 0; i < PROBE_SCHEDULE_FLOWS_MAX; i++)
			ttls[i] |= now[i];
	}
	return count;
}

/* Bits first to last. */
static uint64_t
bits(unsigned first, unsigned last)
{
	return (UINT64_C(2) << last) - (UINT64_C(1) << first);
}

static void
answer(struct probe_schedule *schedule, uint8_t ttl, uint8_t flow, bool is_end)
{
	probe_schedule_answered(schedule, &(struct probe_schedule_step){.ttl = ttl, .flow = flow},
		is_end ? PROBE_SCHEDULE_END : PROBE_SCHEDULE_ROUTER);
}

static void
answer_as_router(struct probe_schedule *schedule, uint8_t ttl)
{
	probe_schedule_answered(
		schedule, &(struct probe_schedule_step){.ttl = ttl}, PROBE_SCHEDULE_AS_ROUTER);
}

static void
first_cycle_goes_everywhere_in_waves(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	assert_int_equal(probe_schedule_next_ns(&schedule), T0);
	assert_int_equal(take_until(&schedule, T0, ttls), 3);
	assert_int_equal(ttls[0], bits(1, 3));
	/* Eight hops within the ten milliseconds that a full path may take more than its way. */
	assert_true(run_until(&schedule, T0 + 5 * MS, ttls) >= 5);
	run_until(&schedule, T0 + 100 * MS, ttls);
	assert_int_equal(ttls[0] & bits(20, 30), bits(20, 30));
	assert_int_equal(probe_schedule_next_ns(&schedule), T0 + 1000 * MS);
}

/* A schedule that is late does not probe a near target thirty times at once. */
static void
waves_keep_their_distance(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	assert_int_equal(take_until(&schedule, T0 + 50 * MS, ttls), 3);
	assert_int_equal(probe_schedule_next_ns(&schedule), T0 + 51 * MS);
	assert_int_equal(take_until(&schedule, T0 + 60 * MS, ttls), 3);
	assert_int_equal(ttls[0], bits(4, 6));
	answer(&schedule, 5, 0, true);
	assert_int_equal(run_until(&schedule, T0 + 500 * MS, ttls), 0);
}

static void
the_end_may_be_nearer(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	run_until(&schedule, T0 + 100 * MS, ttls);
	assert_int_equal(
		probe_schedule_may_be_end(&schedule, &(struct probe_schedule_step){.ttl = 2}), 0);
	answer(&schedule, 1, 0, false);
	answer(&schedule, 6, 0, true);
	assert_int_equal(
		probe_schedule_may_be_end(&schedule, &(struct probe_schedule_step){.ttl = 1}), 0);
	assert_int_equal(
		probe_schedule_may_be_end(&schedule, &(struct probe_schedule_step){.ttl = 2}), 6);
	assert_int_equal(
		probe_schedule_may_be_end(&schedule, &(struct probe_schedule_step){.ttl = 6}), 0);
	answer(&schedule, 2, 0, true);
	assert_int_equal(
		probe_schedule_may_be_end(&schedule, &(struct probe_schedule_step){.ttl = 2}), 0);
}

static void
a_near_target_is_not_asked_thirty_times(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	take_until(&schedule, T0, ttls);
	answer(&schedule, 2, 0, true);
	assert_int_equal(take_until(&schedule, T0 + 500 * MS, ttls), 0);
	assert_int_equal(probe_schedule_next_ns(&schedule), T0 + 1000 * MS);
	assert_int_equal(take_until(&schedule, T0 + 1999 * MS, ttls), 2);
	assert_int_equal(ttls[0], bits(1, 2));
}

static void
later_cycles_are_spread_over_half_of_the_interval(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	run_until(&schedule, T0 + 100 * MS, ttls);
	answer(&schedule, 10, 0, true);
	assert_int_equal(take_until(&schedule, T0 + 1000 * MS, ttls), 4);
	assert_int_equal(take_until(&schedule, T0 + 1199 * MS, ttls), 0);
	assert_int_equal(take_until(&schedule, T0 + 1250 * MS, ttls), 4);
	assert_int_equal(take_until(&schedule, T0 + 1500 * MS, ttls), 2);
	assert_int_equal(take_until(&schedule, T0 + 1999 * MS, ttls), 0);
}

static void
targets_begin_with_different_hops(void **state)
{
	struct probe_schedule_step first, second;
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule plans[2];

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		probe_schedule_init(&plans[i], &usual, i, T0);
		run_until(&plans[i], T0 + 100 * MS, ttls);
		answer(&plans[i], 8, 0, true);
	}
	assert_true(probe_schedule_take(&plans[0], T0 + 1000 * MS, &first));
	assert_true(probe_schedule_take(&plans[1], T0 + 1500 * MS, &second));
	assert_int_not_equal(first.ttl, second.ttl);
}

/* A hundred targets that began together: few wake-ups, and not all probes at once. */
static void
targets_share_their_wake_ups(void **state)
{
	static struct probe_schedule plans[100];
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	unsigned wake_ups = 0, all = 0, most = 0;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		probe_schedule_init(&plans[i], &usual, i, T0 + i * MS / 10);
		run_until(&plans[i], T0 + 110 * MS, ttls);
		answer(&plans[i], 10, 0, true);
	}
	for (uint64_t now_ns = T0 + 110 * MS; now_ns < T0 + 4000 * MS;) {
		uint64_t next_ns = PROBE_SCHEDULE_NEVER;
		unsigned count = 0;
		for (uint32_t i = 0; i < 100; i++) {
			count += take_until(&plans[i], now_ns, ttls);
			answer(&plans[i], 10, 0, true);
			if (probe_schedule_next_ns(&plans[i]) < next_ns)
				next_ns = probe_schedule_next_ns(&plans[i]);
		}
		wake_ups += now_ns >= T0 + 3000 * MS;
		all += now_ns >= T0 + 3000 * MS ? count : 0;
		most = count > most ? count : most;
		assert_true(next_ns > now_ns);
		now_ns = next_ns;
	}
	assert_in_range(wake_ups, 30, 42);
	assert_int_equal(all, 1000);
	assert_in_range(most, 10, 80);
}

static void
short_intervals_have_their_own_grid(void **state)
{
	struct message_probe_start start = usual;
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	start.interval_ms = 20;
	probe_schedule_init(&schedule, &start, 0, T0);
	run_until(&schedule, T0 + 19 * MS, ttls);
	answer(&schedule, 3, 0, true);
	for (uint64_t i = 1; i < 50; i++) {
		assert_int_equal(take_until(&schedule, T0 + (i * 20 + 10) * MS, ttls), 3);
		answer(&schedule, 3, 0, true);
	}
}

static void
cycles_end(void **state)
{
	struct message_probe_start start = usual;
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	start.cycles = 2;
	start.max_ttl = 4;
	start.first_ttl = 2;
	probe_schedule_init(&schedule, &start, 0, T0);
	assert_int_equal(run_until(&schedule, T0 + 999 * MS, ttls), 3);
	assert_int_equal(ttls[0], bits(2, 4));
	assert_int_equal(take_until(&schedule, T0 + 1999 * MS, ttls), 3);
	assert_int_equal(probe_schedule_next_ns(&schedule), PROBE_SCHEDULE_NEVER);
	assert_int_equal(take_until(&schedule, T0 + 99999 * MS, ttls), 0);
	assert_int_equal(schedule.cycle, 2);
}

static void
who_slept_does_not_catch_up(void **state)
{
	struct message_probe_start start = usual;
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	start.max_ttl = 3;
	probe_schedule_init(&schedule, &start, 0, T0);
	run_until(&schedule, T0 + 10 * MS, ttls);
	assert_true(take_until(&schedule, T0 + 60000 * MS, ttls) <= 3);
	assert_true(probe_schedule_next_ns(&schedule) > T0 + 60000 * MS);
}

static void
unknown_end_is_looked_for_a_little_beyond(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	run_until(&schedule, T0 + 100 * MS, ttls);
	answer(&schedule, 4, 0, false);
	run_until(&schedule, T0 + 1900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 9));
	run_until(&schedule, T0 + 2900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 9));
	/* Then who stands there is left in peace for a while. */
	run_until(&schedule, T0 + 5900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 4));
	run_until(&schedule, T0 + 6900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 9));
	/* Each second time, to the end. */
	run_until(&schedule, T0 + 9900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 4));
	run_until(&schedule, T0 + 10900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 30));
	/* Something new: at once. */
	answer(&schedule, 6, 0, false);
	run_until(&schedule, T0 + 11900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 11));
}

static void
an_end_that_moves_is_followed(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	run_until(&schedule, T0 + 100 * MS, ttls);
	answer(&schedule, 6, 0, true);
	/* Nearer. */
	answer(&schedule, 5, 0, true);
	take_until(&schedule, T0 + 1900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 5));
	/* Farther: a router answers where it was. */
	answer(&schedule, 5, 0, false);
	take_until(&schedule, T0 + 2900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 10));
	answer(&schedule, 7, 0, true);
	take_until(&schedule, T0 + 3900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 7));
}

static void
a_quiet_end_is_looked_beyond(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX], seen = 0;
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	run_until(&schedule, T0 + 100 * MS, ttls);
	answer(&schedule, 3, 0, true);
	for (unsigned i = 2; i < 20; i++) {
		take_until(&schedule, T0 + (i * 1000 - 100) * MS, ttls);
		seen |= ttls[0];
		if (i < 4)
			assert_int_equal(seen, bits(1, 3));
	}
	assert_int_equal(seen, bits(1, 30));
}

/* Steps that were not taken, because the router was to be spared, do not make the end quiet. */
static void
an_end_that_was_not_asked_is_not_quiet(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule_step step;
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	run_until(&schedule, T0 + 100 * MS, ttls);
	answer(&schedule, 3, 0, true);
	for (unsigned i = 2; i < 20; i++)
		while (probe_schedule_take(&schedule, T0 + (i * 1000 - 100) * MS, &step))
			assert_true(step.ttl <= 3);
}

static void
flows_wait_for_the_first_one(void **state)
{
	struct message_probe_start start = usual;
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	start.flows = 3;
	probe_schedule_init(&schedule, &start, 0, T0);
	run_until(&schedule, T0 + 400 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 30));
	assert_int_equal(ttls[1], 0);
	answer(&schedule, 4, 0, true);
	run_until(&schedule, T0 + 999 * MS, ttls);
	assert_int_equal(ttls[0], 0);
	assert_int_equal(ttls[1], bits(1, 4));
	assert_int_equal(ttls[2], bits(1, 4));
	/* As far as the first one, until the way proves to be longer. */
	answer(&schedule, 3, 1, false);
	take_until(&schedule, T0 + 1999 * MS, ttls);
	assert_int_equal(ttls[1], bits(1, 4));
	answer(&schedule, 4, 1, false);
	answer(&schedule, 4, 2, true);
	take_until(&schedule, T0 + 2999 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 4));
	assert_int_equal(ttls[1], bits(1, 9));
	assert_int_equal(ttls[2], bits(1, 4));
	assert_true(probe_schedule_is_before_end(
		&schedule, &(struct probe_schedule_step){.ttl = 3, .flow = 2}));
	assert_false(probe_schedule_is_before_end(
		&schedule, &(struct probe_schedule_step){.ttl = 4, .flow = 2}));
	assert_false(probe_schedule_is_before_end(
		&schedule, &(struct probe_schedule_step){.ttl = 4, .flow = 1}));
}

/* "Time exceeded" from the target's address. */
static void
a_target_that_answers_as_a_router_is_the_end(void **state)
{
	uint64_t ttls[PROBE_SCHEDULE_FLOWS_MAX];
	struct probe_schedule schedule;

	(void)state;
	probe_schedule_init(&schedule, &usual, 0, T0);
	take_until(&schedule, T0, ttls);
	answer(&schedule, 1, 0, false);
	answer_as_router(&schedule, 3);
	answer_as_router(&schedule, 2);
	/* Another router may have that address, so the first cycle goes on. */
	run_until(&schedule, T0 + 500 * MS, ttls);
	assert_int_equal(ttls[0], bits(4, 30));
	run_until(&schedule, T0 + 1900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 2));
	/* Now and then it is looked beyond it. */
	run_until(&schedule, T0 + 17000 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 30));
	/* Where a router follows it was none, nor where one answers at the same ttl. */
	answer(&schedule, 5, 0, false);
	answer_as_router(&schedule, 2);
	answer_as_router(&schedule, 5);
	assert_int_equal(schedule.flow[0].as_router, 0);
	answer_as_router(&schedule, 6);
	assert_int_equal(schedule.flow[0].as_router, 6);
	answer(&schedule, 6, 0, false);
	assert_int_equal(schedule.flow[0].as_router, 0);
	run_until(&schedule, T0 + 17900 * MS, ttls);
	run_until(&schedule, T0 + 18900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 11));
	answer(&schedule, 7, 0, true);
	run_until(&schedule, T0 + 19900 * MS, ttls);
	assert_int_equal(ttls[0], bits(1, 7));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_cycle_goes_everywhere_in_waves),
		cmocka_unit_test(waves_keep_their_distance),
		cmocka_unit_test(the_end_may_be_nearer),
		cmocka_unit_test(a_near_target_is_not_asked_thirty_times),
		cmocka_unit_test(later_cycles_are_spread_over_half_of_the_interval),
		cmocka_unit_test(targets_begin_with_different_hops),
		cmocka_unit_test(targets_share_their_wake_ups),
		cmocka_unit_test(short_intervals_have_their_own_grid),
		cmocka_unit_test(cycles_end),
		cmocka_unit_test(who_slept_does_not_catch_up),
		cmocka_unit_test(unknown_end_is_looked_for_a_little_beyond),
		cmocka_unit_test(an_end_that_moves_is_followed),
		cmocka_unit_test(a_quiet_end_is_looked_beyond),
		cmocka_unit_test(an_end_that_was_not_asked_is_not_quiet),
		cmocka_unit_test(a_target_that_answers_as_a_router_is_the_end),
		cmocka_unit_test(flows_wait_for_the_first_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
