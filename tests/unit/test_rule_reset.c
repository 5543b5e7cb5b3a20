/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doctor's rules about resets: who reset is told from counters that overlap. */
#include <config.h>

#include "doctor_lab.h"

/* How often something happens in a second. */
struct rate {
	enum counter counter;
	uint64_t a_second;
};

/* Twelve looks with these rates; a counter that is not named stands still. */
static void
run(const struct rate *rates, size_t count)
{
	static const enum counter all[] = {COUNTER_ESTAB_RESETS, COUNTER_ABORT_ON_CLOSE,
		COUNTER_ABORT_ON_DATA, COUNTER_ABORT_ON_TIMEOUT, COUNTER_OUT_RSTS,
		COUNTER_SYNCOOKIES_FAILED, COUNTER_ACTIVE_OPENS, COUNTER_PASSIVE_OPENS,
		COUNTER_ATTEMPT_FAILS, COUNTER_CURR_ESTAB};

	for (uint64_t second = 0; second < 12; second++) {
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			lab_count(&lab, all[i], 1000);
		for (size_t i = 0; i < count; i++)
			lab_count(&lab, rates[i].counter, 1000 + second * rates[i].a_second);
		lab_look(&lab);
	}
}

static void
check_severity(const char *rule, enum severity severity)
{
	assert_true(lab_has(&lab, rule));
	assert_int_equal(lab_find(&lab, rule)->severity, severity);
}

static void
test_by_peer(void **state)
{
	static const struct rate rates[] = {{COUNTER_ESTAB_RESETS, 8}, {COUNTER_ABORT_ON_CLOSE, 1},
		{COUNTER_ABORT_ON_DATA, 1}, {COUNTER_ABORT_ON_TIMEOUT, 1},
		{COUNTER_PASSIVE_OPENS, 50}, {COUNTER_OUT_RSTS, 2}};

	(void)state;
	run(rates, 6);
	/* 8 less 3 are 5, and 10 % of 50. */
	check_severity("resets-by-peer", SEVERITY_WARNING);
	check_severity("resets-by-us", SEVERITY_INFO);
	assert_false(lab_has(&lab, "rst-to-closed"));
}

/* One below each threshold. */
static void
test_few(void **state)
{
	static const struct rate one_less[] = {
		{COUNTER_ESTAB_RESETS, 4}, {COUNTER_PASSIVE_OPENS, 40}};
	static const struct rate small_part[] = {
		{COUNTER_ESTAB_RESETS, 5}, {COUNTER_PASSIVE_OPENS, 51}};
	static const struct rate ours[] = {{COUNTER_ESTAB_RESETS, 9}, {COUNTER_ABORT_ON_CLOSE, 9},
		{COUNTER_OUT_RSTS, 9}, {COUNTER_PASSIVE_OPENS, 9}};

	(void)state;
	run(one_less, 2);
	check_severity("resets-by-peer", SEVERITY_INFO);
	lab_close(&lab);
	lab_open(&lab);
	run(small_part, 2);
	check_severity("resets-by-peer", SEVERITY_INFO);
	lab_close(&lab);
	lab_open(&lab);
	run(ours, 4);
	assert_false(lab_has(&lab, "resets-by-peer"));
	check_severity("resets-by-us", SEVERITY_WARNING);
}

static void
test_to_closed(void **state)
{
	static const struct rate many[] = {{COUNTER_OUT_RSTS, 16}, {COUNTER_ABORT_ON_CLOSE, 1},
		{COUNTER_ABORT_ON_DATA, 2}, {COUNTER_SYNCOOKIES_FAILED, 3}};
	static const struct rate fewer[] = {{COUNTER_OUT_RSTS, 9}};
	static const struct rate all_ours[] = {
		{COUNTER_OUT_RSTS, 20}, {COUNTER_SYNCOOKIES_FAILED, 20}};

	(void)state;
	run(fewer, 1);
	check_severity("rst-to-closed", SEVERITY_INFO);
	lab_close(&lab);
	lab_open(&lab);
	run(all_ours, 2);
	assert_false(lab_has(&lab, "rst-to-closed"));
	lab_close(&lab);
	lab_open(&lab);
	/* Resets by us explain it: those of dead connections follow. */
	run(many, 4);
	assert_false(lab_has(&lab, "rst-to-closed"));
	assert_true(lab_has(&lab, "resets-by-us"));
	lab_close(&lab);
	lab_open(&lab);
	run(many, 1);
	check_severity("rst-to-closed", SEVERITY_WARNING);
}

/* At the threshold itself, and in the words for one. */
static void
test_one(void **state)
{
	static const struct rate by_peer[] = {
		{COUNTER_ESTAB_RESETS, 1}, {COUNTER_PASSIVE_OPENS, 50}};
	static const struct rate by_us[] = {{COUNTER_ABORT_ON_DATA, 1}, {COUNTER_OUT_RSTS, 1}};
	static const struct rate closed[] = {{COUNTER_OUT_RSTS, 1}};
	static const struct rate ten[] = {{COUNTER_OUT_RSTS, 10}};

	(void)state;
	run(by_peer, 2);
	check_severity("resets-by-peer", SEVERITY_INFO);
	assert_string_equal(lab_find(&lab, "resets-by-peer")->title,
		"1 connection a second is reset by its peer (ECONNRESET 104), of 50 opened");
	lab_close(&lab);
	lab_open(&lab);
	run(by_us, 2);
	check_severity("resets-by-us", SEVERITY_INFO);
	assert_string_equal(lab_find(&lab, "resets-by-us")->title,
		"we reset 1 connection a second: programs close with SO_LINGER 0");
	lab_close(&lab);
	lab_open(&lab);
	run(closed, 1);
	check_severity("rst-to-closed", SEVERITY_INFO);
	assert_string_equal(lab_find(&lab, "rst-to-closed")->title,
		"1 RST a second answers packets for closed ports or dead connections");
	lab_close(&lab);
	lab_open(&lab);
	run(ten, 1);
	check_severity("rst-to-closed", SEVERITY_WARNING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_by_peer, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_few, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_one, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_to_closed, open_lab, close_lab),
	};

	lab_page = "rule-reset";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
