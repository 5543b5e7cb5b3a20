/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/number.h>

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

static void
parses_whole_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t min, max;
		int status;
		uint64_t number;
	} cases[] = {
		{"0", 0, UINT64_MAX, 0, 0},
		{"007", 0, 10, 0, 7},
		{"18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX},
		{"18446744073709551616", 0, UINT64_MAX, -ERANGE, 0},
		{"99999999999999999999999", 0, UINT64_MAX, -ERANGE, 0},
		{"99999999999999999999999x", 0, UINT64_MAX, -EINVAL, 0},
		{"65536", 1, 65535, -ERANGE, 0},
		{"0", 1, 65535, -ERANGE, 0},
		{"", 0, 1, -EINVAL, 0},
		{"-1", 0, 1, -EINVAL, 0},
		{"+1", 0, 1, -EINVAL, 0},
		{" 1", 0, 1, -EINVAL, 0},
		{"1 ", 0, 1, -EINVAL, 0},
		{"0x1", 0, 1, -EINVAL, 0},
	};

	(void)state;
	unit_each (i, cases) {
		uint64_t number = 0;

		assert_int_equal(number_parse(cases[i].text, cases[i].min, cases[i].max, &number),
			cases[i].status);
		if (cases[i].status == 0)
			assert_true(number == cases[i].number);
	}
}

static void
parses_units(void **state)
{
	static const struct {
		const char *text;
		enum unit unit;
		int status;
		double number;
	} cases[] = {
		{"100ms", UNIT_US, 0, 100000},
		{"1.5s", UNIT_US, 0, 1500000},
		{"1.5s", UNIT_MS, 0, 1500},
		{"1.5s", UNIT_S, 0, 1.5},
		{"5m", UNIT_S, 0, 300},
		{"2h", UNIT_S, 0, 7200},
		{"1d", UNIT_MS, 0, 86400000},
		{"100us", UNIT_MS, 0, 0.1},
		{"250", UNIT_MS, 0, 250},
		{"64k", UNIT_BYTES, 0, 65536},
		{"64K", UNIT_BYTES, 0, 65536},
		{"64kB", UNIT_BYTES, 0, 65536},
		{"12B", UNIT_BYTES, 0, 12},
		{"1.5M", UNIT_BYTES, 0, 1572864},
		{"2G", UNIT_BYTES, 0, 2147483648.0},
		{"1T", UNIT_BYTES, 0, 1099511627776.0},
		{"1M", UNIT_BYTES_PER_SECOND, 0, 1048576},
		{"1M/s", UNIT_BYTES_PER_SECOND, 0, 1048576},
		{"1MB/s", UNIT_BYTES_PER_SECOND, 0, 1048576},
		{"10/s", UNIT_BYTES_PER_SECOND, 0, 10},
		{"10k", UNIT_COUNT, 0, 10000},
		{"1.2k", UNIT_SEGMENTS, 0, 1200},
		{"10%", UNIT_PERCENT, 0, 10},
		{"0.4", UNIT_PERCENT, 0, 0.4},
		{".5", UNIT_PERCENT, 0, 0.5},
		{"443", UNIT_NONE, 0, 443},
		{"0.1234567890123456789012345", UNIT_COUNT, 0, 0.1234567890123456789},
		{"000000000000000000000000000012", UNIT_COUNT, 0, 12},
		{"18446744073709549568", UNIT_COUNT, 0, 18446744073709549568.0},
		{"18446744073709551616", UNIT_COUNT, -ERANGE, 0},
		{"16777216T", UNIT_BYTES, -ERANGE, 0},
		{"1M/s", UNIT_BYTES, -EINVAL, 0},
		{"1k", UNIT_NONE, -EINVAL, 0},
		{"10%", UNIT_COUNT, -EINVAL, 0},
		{"10ms", UNIT_BYTES, -EINVAL, 0},
		{"10k", UNIT_MS, -EINVAL, 0},
		{"10 ms", UNIT_MS, -EINVAL, 0},
		{"10MS", UNIT_MS, -EINVAL, 0},
		{"", UNIT_MS, -EINVAL, 0},
		{"ms", UNIT_MS, -EINVAL, 0},
		{".", UNIT_MS, -EINVAL, 0},
		{"1.", UNIT_MS, -EINVAL, 0},
		{"1.2.3", UNIT_MS, -EINVAL, 0},
		{"-1", UNIT_MS, -EINVAL, 0},
		{"1e3", UNIT_MS, -EINVAL, 0},
		{"nan", UNIT_MS, -EINVAL, 0},
		{"inf", UNIT_MS, -EINVAL, 0},
	};

	(void)state;
	unit_each (i, cases) {
		double number = 0;

		assert_int_equal(number_parse_unit(cases[i].text, strlen(cases[i].text),
					 cases[i].unit, &number),
			cases[i].status);
		if (cases[i].status == 0)
			assert_true(number == cases[i].number);
	}
}

static void
parses_only_len_bytes(void **state)
{
	double number;
	char many[1000];

	(void)state;
	assert_int_equal(number_parse_unit("12ms", 1, UNIT_US, &number), 0);
	assert_true(number == 1);
	memset(many, '9', sizeof many);
	assert_int_equal(number_parse_unit(many, sizeof many, UNIT_US, &number), -ERANGE);
	memset(many, '0', sizeof many);
	many[1] = '.';
	many[999] = '1';
	assert_int_equal(number_parse_unit(many, sizeof many, UNIT_US, &number), 0);
	assert_true(number == 0);
}

/* The suffixes that the error sentence offers are read. */
static void
suffixes_are_read(void **state)
{
	(void)state;
	for (unsigned unit = UNIT_NONE; unit <= UNIT_S; unit++) {
		char names[64];
		char *save = NULL;

		strcpy(names, number_suffixes((enum unit)unit));
		for (char *name = strtok_r(names, " ", &save); name != NULL;
			name = strtok_r(NULL, " ", &save)) {
			char text[16];
			double number;

			snprintf(text, sizeof text, "7%s", name);
			assert_int_equal(
				number_parse_unit(text, strlen(text), (enum unit)unit, &number), 0);
		}
	}
	assert_string_equal(number_suffixes(UNIT_NONE), "");
	assert_string_equal(number_suffixes(UNIT_MS), "us ms s m h d");
}

static void
writes_digits(void **state)
{
	char expected[32];
	char out[32];
	uint64_t number = 1;

	(void)state;
	out[number_write_unsigned(0, out)] = '\0';
	assert_string_equal(out, "0");
	for (unsigned i = 0; i < 64; i++, number *= 2) {
		for (unsigned off = 0; off < 3; off++) {
			snprintf(expected, sizeof expected, "%" PRIu64, number + off - 1);
			out[number_write_unsigned(number + off - 1, out)] = '\0';
			assert_string_equal(out, expected);
		}
	}
	assert_int_equal(number_write_unsigned(UINT64_MAX, out), 20);
}

static void
formats_short(void **state)
{
	static const struct {
		uint64_t number;
		enum unit unit;
		const char *text;
	} cases[] = {
		{0, UNIT_BYTES, "0"},
		{812, UNIT_BYTES, "812"},
		{1023, UNIT_BYTES, "1023"},
		{1024, UNIT_BYTES, "1.0k"},
		{1229, UNIT_BYTES, "1.2k"},
		{10239, UNIT_BYTES, "9.9k"},
		{10240, UNIT_BYTES, "10k"},
		{65536, UNIT_BYTES, "64k"},
		{1048575, UNIT_BYTES, "1023k"},
		{3565158, UNIT_BYTES, "3.3M"},
		{3565159, UNIT_BYTES_PER_SECOND, "3.4M"},
		{UINT64_MAX, UNIT_BYTES, "15E"},
		{85, UNIT_US, "85us"},
		{0, UNIT_US, "0us"},
		{999, UNIT_US, "999us"},
		{1000, UNIT_US, "1.0ms"},
		{12345, UNIT_US, "12ms"},
		{1234567, UNIT_US, "1.2s"},
		{59999999, UNIT_US, "59s"},
		{UINT64_C(299000000), UNIT_US, "4m"},
		{UINT64_C(10800000000), UNIT_US, "3h"},
		{UINT64_C(1040000000000), UNIT_US, "12d"},
		{5, UNIT_MS, "5ms"},
		{1200, UNIT_MS, "1.2s"},
		{5, UNIT_S, "5s"},
		{UINT64_MAX, UNIT_S, "999999999d"},
		{0, UNIT_COUNT, "0"},
		{99999, UNIT_COUNT, "99999"},
		{100000, UNIT_COUNT, "100k"},
		{123456, UNIT_SEGMENTS, "123k"},
		{1234567, UNIT_COUNT, "1.2M"},
		{UINT64_MAX, UNIT_COUNT, "18E"},
		{12, UNIT_PERCENT, "12%"},
		{UINT64_MAX, UNIT_PERCENT, "18E%"},
		{443, UNIT_NONE, "443"},
		{UINT64_C(99999999999999), UNIT_NONE, "99999999999999"},
		{UINT64_MAX, UNIT_NONE, "18E"},
	};

	(void)state;
	unit_each (i, cases) {
		char out[16];

		assert_ptr_equal(
			number_format_short(cases[i].number, cases[i].unit, out, sizeof out), out);
		assert_string_equal(out, cases[i].text);
	}
}

static void
formats_ids_in_full(void **state)
{
	char out[32];

	(void)state;
	assert_string_equal(number_format_short(UINT64_MAX, UNIT_NONE, out, sizeof out),
		"18446744073709551615");
}

static void
formats_real(void **state)
{
	static const struct {
		double number;
		enum unit unit;
		const char *text;
	} cases[] = {
		{0, UNIT_COUNT, "0"},
		{0.04, UNIT_COUNT, "0.0"},
		{0.25, UNIT_COUNT, "0.3"},
		{2.3, UNIT_COUNT, "2.3"},
		{3, UNIT_COUNT, "3"},
		{9.96, UNIT_COUNT, "10"},
		{153.4, UNIT_COUNT, "153"},
		{-2.5, UNIT_COUNT, "-2.5"},
		{-99999999999999.0, UNIT_NONE, "-99999999999999"},
		{0, UNIT_PERCENT, "0.0%"},
		{0.4, UNIT_PERCENT, "0.4%"},
		{12.54, UNIT_PERCENT, "12.5%"},
		{100, UNIT_PERCENT, "100%"},
		{1.5, UNIT_US, "1.5us"},
		{12100, UNIT_US, "12ms"},
		{1536, UNIT_BYTES_PER_SECOND, "1.5k"},
		{1e300, UNIT_BYTES, "15E"},
		{(double)NAN, UNIT_BYTES, "?"},
		{(double)INFINITY, UNIT_BYTES, "?"},
	};

	(void)state;
	unit_each (i, cases) {
		char out[16];

		assert_ptr_equal(
			number_format_real(cases[i].number, cases[i].unit, out, sizeof out), out);
		assert_string_equal(out, cases[i].text);
	}
}

/* What no integer holds is the largest that one does; just below it is itself. */
static void
beyond_all_numbers(void **state)
{
	char real[64], whole[64];

	(void)state;
	number_format_real(0x1p63, UNIT_NONE, real, 17);
	number_format_short(UINT64_MAX, UNIT_NONE, whole, 17);
	assert_string_equal(real, whole);
	number_format_real(0x1p62, UNIT_NONE, real, 17);
	number_format_short(UINT64_C(1) << 62, UNIT_NONE, whole, 17);
	assert_string_equal(real, whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_whole_numbers),
		cmocka_unit_test(parses_units),
		cmocka_unit_test(parses_only_len_bytes),
		cmocka_unit_test(suffixes_are_read),
		cmocka_unit_test(writes_digits),
		cmocka_unit_test(formats_short),
		cmocka_unit_test(formats_ids_in_full),
		cmocka_unit_test(formats_real),
		cmocka_unit_test(beyond_all_numbers),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
