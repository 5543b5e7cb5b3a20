/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/clock.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

/* 2026-11-22T13:02:31.123456789Z, winter in Berlin. */
#define WINTER (UINT64_C(1795352551) * CLOCK_NS_PER_S + 123456789)
/* 2026-07-01T12:00:00Z, summer. */
#define SUMMER (UINT64_C(1782907200) * CLOCK_NS_PER_S)

/* Rules rather than a name: the box need not have a time zone database. */
static int
live_in_berlin(void **state)
{
	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return 0;
}

static void
clocks_run(void **state)
{
	const uint64_t monotonic = clock_monotonic_ns();
	const uint64_t realtime = clock_realtime_ns();

	(void)state;
	assert_true(clock_monotonic_ns() >= monotonic);
	assert_true(realtime / CLOCK_NS_PER_S >= (uint64_t)time(NULL) - 2);
	assert_true(realtime / CLOCK_NS_PER_S <= (uint64_t)time(NULL) + 2);
}

static void
formats(void **state)
{
	char out[CLOCK_TEXT_SIZE];

	(void)state;
	assert_int_equal(clock_format_rfc3339(WINTER, out, sizeof out), 35);
	assert_string_equal(out, "2026-11-22T14:02:31.123456789+01:00");
	clock_format_rfc3339(SUMMER, out, sizeof out);
	assert_string_equal(out, "2026-07-01T14:00:00.000000000+02:00");
	assert_int_equal(clock_format_time(WINTER, out, sizeof out), 15);
	assert_string_equal(out, "14:02:31.123456");
	clock_format_rfc3339(UINT64_MAX, out, sizeof out);
	assert_string_equal(out, "2554-07-22T01:34:33.709551615+02:00");
	assert_int_equal(clock_format_time(WINTER, out, 6), 5);
	assert_string_equal(out, "14:02");
	assert_int_equal(clock_format_time(WINTER, out, 0), 0);
}

static void
formats_west(void **state)
{
	char out[CLOCK_TEXT_SIZE];

	(void)state;
	setenv("TZ", "NST3:30", 1);
	tzset();
	clock_format_rfc3339(WINTER, out, sizeof out);
	assert_string_equal(out, "2026-11-22T09:32:31.123456789-03:30");
	live_in_berlin(state);
}

enum { HOUR_S = 3600 };

static int
parse(const char *text, uint64_t begin_ns, uint64_t end_ns, uint64_t *realtime_ns)
{
	const struct clock_span span = {.begin_ns = begin_ns, .end_ns = end_ns};

	return clock_parse(text, &span, realtime_ns);
}

static void
parses(void **state)
{
	static const struct {
		const char *text;
		uint64_t begin_ns, expected;
	} cases[] = {
		{"2026-11-22T14:02:31.123456789+01:00", 0, WINTER},
		{"2026-11-22T13:02:31.123456789Z", 0, WINTER},
		{"2026-11-22t13:02:31.1234567890123z", 0, WINTER},
		{"2026-11-22 09:32:31.123456789-03:30", 0, WINTER},
		{"2026-11-22T14:02:31.123456789", 0, WINTER}, /* local */
		{"2026-07-01T14:00:00", 0, SUMMER},
		{"2026-07-01T12:00:00Z", 0, SUMMER},
		{"2026-07-01T00:30:00.5-11:30", 0, SUMMER + 500 * CLOCK_NS_PER_MS},
		{"1970-01-01T00:00:00Z", WINTER, 0},
		{"2024-02-29T00:00:00Z", 0, UINT64_C(1709164800) * CLOCK_NS_PER_S},
		{"2016-12-31T23:59:60Z", 0, UINT64_C(1483228800) * CLOCK_NS_PER_S},
		{"14:02:31.123456789", WINTER - HOUR_S * CLOCK_NS_PER_S, WINTER},
		{"14:02:31.123456789", WINTER, WINTER},
		{"14:02:32", WINTER, WINTER - 123456789 + CLOCK_NS_PER_S},
		{"14:03", WINTER, WINTER - 123456789 + 29 * CLOCK_NS_PER_S},
		{"23:59:59", WINTER, WINTER - 123456789 + 35848 * CLOCK_NS_PER_S},
		{"14:00", SUMMER, SUMMER},
		{"+12.5", 1000, 12500 * CLOCK_NS_PER_MS + 1000},
		{"+0", 1000, 1000},
		{"+1h", 1000, HOUR_S * CLOCK_NS_PER_S + 1000},
		{"+1h30m", 0, 5400 * CLOCK_NS_PER_S},
		{"+1d1h1m1.5s", 0, 90061500 * CLOCK_NS_PER_MS},
		{"+1m5", 0, 65 * CLOCK_NS_PER_S},
		{"@0", WINTER, 0},
		{"@1795352551.123456789", 0, WINTER},
	};

	(void)state;
	unit_each (i, cases) {
		uint64_t result = 1;

		assert_int_equal(parse(cases[i].text, cases[i].begin_ns, 0, &result), 0);
		assert_true(result == cases[i].expected);
	}
}

/* A recording that began at 14:02:31.1: earlier times of day are those of the next day. */
static void
time_of_day_from_the_begin(void **state)
{
	static const struct {
		const char *text;
		uint64_t after_s;
	} cases[] = {{"14:02:31", 24 * HOUR_S}, {"00:10", 36449}, {"14:02", 86369}};

	(void)state;
	unit_each (i, cases) {
		uint64_t result = 1;

		assert_int_equal(parse(cases[i].text, WINTER, 0, &result), 1);
		assert_true(result == WINTER - 123456789 + cases[i].after_s * CLOCK_NS_PER_S);
	}
}

static void
from_the_end(void **state)
{
	static const struct {
		const char *text;
		uint64_t before_s;
	} cases[] = {{"-0", 0}, {"-90", 90}, {"-5m", 300}, {"-1h30m", 5400}};
	uint64_t result = 1;

	(void)state;
	unit_each (i, cases) {
		assert_int_equal(parse(cases[i].text, 0, WINTER, &result), 0);
		assert_true(result == WINTER - cases[i].before_s * CLOCK_NS_PER_S);
	}
	assert_int_equal(parse("-2", 0, CLOCK_NS_PER_S, &result), 0);
	assert_true(result == 0);
	assert_int_equal(parse("-1.5s", 0, 2 * CLOCK_NS_PER_S, &result), 0);
	assert_true(result == 500 * CLOCK_NS_PER_MS);
}

/* 25 October 2026: at 3:00 summer time clocks go back, noon is 13 hours after midnight. */
static void
time_of_day_across_the_end_of_summer_time(void **state)
{
	uint64_t midnight;
	uint64_t noon;

	(void)state;
	assert_int_equal(parse("2026-10-25T00:00:00+02:00", 0, 0, &midnight), 0);
	assert_int_equal(parse("12:00", midnight, 0, &noon), 0);
	assert_true(noon - midnight == 13 * HOUR_S * CLOCK_NS_PER_S);
	assert_int_equal(parse("00:00", midnight + 1, 0, &noon), 1);
	assert_true(noon - midnight == 25 * HOUR_S * CLOCK_NS_PER_S);
}

static void
yesterday(void **state)
{
	static const struct {
		const char *text;
		const char *now;
		const char *expected;
	} cases[] = {
		{"yesterday 14:02", "2026-11-22T00:00:00", "2026-11-21T14:02:00"},
		{"yesterday 14:02:31.5", "2026-11-22T23:59:59", "2026-11-21T14:02:31.5"},
		{"yesterday 23:59", "2026-03-01T12:00:00", "2026-02-28T23:59:00"},
		{"yesterday 00:00", "2026-01-01T12:00:00", "2025-12-31T00:00:00"},
		/* The day that has 25 hours. */
		{"yesterday 00:30", "2026-10-26T00:30:00", "2026-10-25T00:30:00+02:00"},
		{"yesterday 12:00", "2026-10-26T00:30:00", "2026-10-25T12:00:00+01:00"},
	};
	static const char *const refused[] = {"yesterday", "yesterday ", "yesterday 24:00",
		"yesterday 14", "yesterday 14:02x", "yesterday  14:02", "Yesterday 14:02"};
	struct clock_span span = {.begin_ns = SUMMER, .end_ns = SUMMER};
	uint64_t result = 1, expected;

	(void)state;
	unit_each (i, cases) {
		assert_int_equal(parse(cases[i].now, 0, 0, &span.now_ns), 0);
		assert_int_equal(parse(cases[i].expected, 0, 0, &expected), 0);
		assert_int_equal(clock_parse(cases[i].text, &span, &result), 0);
		assert_true(result == expected);
	}
	result = 1;
	unit_each (i, refused) {
		assert_int_equal(clock_parse(refused[i], &span, &result), -EINVAL);
		assert_true(result == 1);
	}
	/* Now is not known. */
	assert_int_equal(parse("yesterday 14:02", WINTER, WINTER, &result), -EINVAL);
}

static void
refuses(void **state)
{
	static const char *const cases[] = {
		"",
		"now",
		"+",
		"+x",
		"+1x",
		"+1.",
		"+-1",
		"+1.5h",
		"+1hh",
		"+h",
		"+1h ",
		"+99999999999999",
		"+18446744073709551615",
		"+18446744072",
		"+999999d",
		"-",
		"-5x",
		"@",
		"@-1",
		"@1x",
		"@18446744073",
		"1:02",
		"24:00",
		"12:60",
		"12:00:61",
		"12:00:00.",
		"12:00x",
		"12:00:00Z",
		"2026-11-22",
		"2026-11-22T14:02Z",
		"2026-11-22T14:02:31+0100",
		"2026-11-22T14:02:31+24:00",
		"2026-11-22T14:02:31+01:00x",
		"2026-11-22T14:02:31x",
		"2026-11-22T14:02:31+",
		"2026-11-22T14:02:31-",
		"2026-11-22T14:02:31+01",
		"2026-11-22T14:02:31+01:",
		"2026-11-22T14:02:31+01:60",
		"2026-11-22T14:02:31-01:0",
		"2026-13-22T14:02:31Z",
		"2026-00-22T14:02:31Z",
		"2026-11-00T14:02:31Z",
		"2026-11-31T14:02:31Z",
		"2026-02-29T14:02:31Z",
		"1969-12-31T23:59:59Z",
		"2600-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z",
	};
	uint64_t result = 1;

	(void)state;
	unit_each (i, cases) {
		assert_int_equal(parse(cases[i], WINTER, WINTER, &result), -EINVAL);
		assert_true(result == 1);
	}
	/* Before an end that is not known. */
	assert_int_equal(parse("-5", WINTER, 0, &result), -EINVAL);
	assert_true(result == 1);
}

static void
reads_what_it_writes(void **state)
{
	char out[CLOCK_TEXT_SIZE];

	(void)state;
	for (uint64_t ns = 1; ns < UINT64_MAX / 2; ns = ns * 3 + 1) {
		uint64_t result = 0;

		clock_format_rfc3339(ns, out, sizeof out);
		assert_int_equal(parse(out, 0, 0, &result), 0);
		assert_true(result == ns);
	}
}

/* East of Greenwich the first day began before there was a number for it. */
static void
before_1970(void **state)
{
	uint64_t result = 1;

	(void)state;
	assert_int_equal(parse("00:30", CLOCK_NS_PER_S, 0, &result), -EINVAL);
	assert_true(result == 1);
	assert_int_equal(parse("01:30", CLOCK_NS_PER_S, 0, &result), 0);
	assert_true(result == 1800 * CLOCK_NS_PER_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_run),
		cmocka_unit_test(formats),
		cmocka_unit_test(formats_west),
		cmocka_unit_test(parses),
		cmocka_unit_test(time_of_day_from_the_begin),
		cmocka_unit_test(from_the_end),
		cmocka_unit_test(time_of_day_across_the_end_of_summer_time),
		cmocka_unit_test(yesterday),
		cmocka_unit_test(refuses),
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(before_1970),
	};

	return cmocka_run_group_tests_name("clock", tests, live_in_berlin, NULL);
}
