/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of time of a recording: its words and its bar. */
#include <config.h>

#include "tui/time/time_line.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sockwatch/base/clock.h>

#include "unit.h"

#define AT(s) ((uint64_t)(s)*CLOCK_NS_PER_S)

static void
test_moment(void **state)
{
	char text[TIME_LINE_SIZE];

	(void)state;
	setenv("TZ", "CET-1", 1);
	tzset();
	time_line_format_moment(AT(1796079751) + 4 * CLOCK_NS_PER_MS + 999999, text, sizeof text);
	assert_string_equal(text, "00:02:31.004 +0100");
	setenv("TZ", "UTC", 1);
	tzset();
	time_line_format_moment(AT(0), text, sizeof text);
	assert_string_equal(text, "00:00:00.000 +0000");
}

static void
test_place(void **state)
{
	struct tui_time time = {.begin_ns = AT(1000), .now_ns = AT(1192), .end_ns = AT(1600)};
	char text[TIME_LINE_SIZE];

	(void)state;
	time_line_format_place(&time, text, sizeof text);
	assert_string_equal(text, "3:12 of 10:00");
	time.end_ns = AT(1000 + 3600);
	time.now_ns = AT(1000 + 3599);
	time_line_format_place(&time, text, sizeof text);
	assert_string_equal(text, "59:59 of 1:00:00");
}

static void
test_speed(void **state)
{
	static const struct {
		const char *text;
		double speed;
		const char *shown;
	} cases[] = {
		{"1", 1, "1x"},
		{"0.1", 0.1, "0.1x"},
		{"100", 100, "100x"},
		{"2.5", 2.5, "2.5x"},
		{"max", TUI_TIME_SPEED_MAX, "max"},
	};
	static const char *const bad[] = {"", "0", "0.09", "101", "-1", "fast", "1x", "max "};
	struct error error = {.position = -1};
	char shown[16];
	double speed;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(tui_parse_speed(cases[i].text, &speed, &error), 0);
		assert_true(speed > cases[i].speed * 0.999 && speed < cases[i].speed * 1.001);
		time_line_format_speed(speed, shown, sizeof shown);
		assert_string_equal(shown, cases[i].shown);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		error.text[0] = '\0';
		assert_true(tui_parse_speed(bad[i], &speed, &error) < 0);
		assert_non_null(strstr(error.text, "is not a speed; it is 0.1 to 100, or max"));
	}
}

static void
test_bar(void **state)
{
	static const uint64_t marks[] = {AT(99), AT(102), AT(110), AT(111)};
	struct tui_time time = {.begin_ns = AT(100), .now_ns = AT(100), .end_ns = AT(110)};
	char bar[TIME_BAR_MAX];

	(void)state;
	time_line_fill_bar(&time, 11, bar);
	assert_string_equal(bar, "|----------");
	time.now_ns = AT(105);
	time_line_fill_bar(&time, 11, bar);
	assert_string_equal(bar, "=====|-----");
	time.now_ns = AT(110);
	time_line_fill_bar(&time, 11, bar);
	assert_string_equal(bar, "==========|");
	/* Marks within the span; the moment hides one. */
	time.marks_ns = marks;
	time.mark_count = sizeof marks / sizeof *marks;
	time.now_ns = AT(105);
	time_line_fill_bar(&time, 11, bar);
	assert_string_equal(bar, "==^==|----^");
	time.now_ns = AT(102);
	time_line_fill_bar(&time, 11, bar);
	assert_string_equal(bar, "==|-------^");
	/* No room, one cell, more room than it takes; a span of one moment. */
	time_line_fill_bar(&time, 0, bar);
	assert_string_equal(bar, "");
	time_line_fill_bar(&time, 1, bar);
	assert_string_equal(bar, "|");
	time_line_fill_bar(&time, 4000, bar);
	assert_int_equal(strlen(bar), TIME_BAR_MAX - 1);
	time = (struct tui_time){.begin_ns = AT(5), .now_ns = AT(5), .end_ns = AT(5)};
	time_line_fill_bar(&time, 5, bar);
	assert_string_equal(bar, "====|");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
