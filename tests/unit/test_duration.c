/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/base/duration.h>

#include <string.h>

#include <sockwatch/base/clock.h>

#include "unit.h"

static const struct {
	uint64_t ns;
	const char *in_short, *in_long;
} cases[] = {
	{0, "0 us", "0 us"},
	{999999, "999 us", "999 us"},
	{CLOCK_NS_PER_MS, "1.0 ms", "1.0 ms"},
	{999999999, "999.9 ms", "999.9 ms"},
	{3250 * CLOCK_NS_PER_MS, "3.2 s", "3.2 s"},
	{60 * CLOCK_NS_PER_S - 1, "59.9 s", "59.9 s"},
	{60 * CLOCK_NS_PER_S, "1m00s", "1 min 0 s"},
	{3600 * CLOCK_NS_PER_S - 1, "59m59s", "59 min 59 s"},
	{3600 * CLOCK_NS_PER_S, "1h00m", "1 h 0 min"},
	{125 * CLOCK_NS_PER_S, "2m05s", "2 min 5 s"},
	{11520 * CLOCK_NS_PER_S, "3h12m", "3 h 12 min"},
	{UINT64_MAX, "5124095h34m", "5124095 h 34 min"},
};

static void
two_styles(void **state)
{
	char text[DURATION_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		duration_format(cases[i].ns, DURATION_SHORT, text, sizeof text);
		assert_string_equal(text, cases[i].in_short);
		duration_format(cases[i].ns, DURATION_LONG, text, sizeof text);
		assert_string_equal(text, cases[i].in_long);
	}
}

static void
a_small_room_cuts(void **state)
{
	char text[8] = "xxxxxxx";

	(void)state;
	assert_ptr_equal(duration_format(UINT64_MAX, DURATION_SHORT, text, 4), text);
	assert_memory_equal(text, "512\0xxx", 7);
	duration_format(1, DURATION_SHORT, text, 0);
	assert_string_equal(text, "512");
}

/* Cut to the room that there is, with its end, and no byte further. */
static void
fits_into_its_room(void **state)
{
	static const char whole[] = "999 us";

	(void)state;
	for (size_t size = 1; size <= sizeof whole + 1; size++) {
		char out[16];

		memset(out, '#', sizeof out);
		assert_ptr_equal(duration_format(999999, DURATION_SHORT, out, size), out);
		assert_int_equal(strlen(out), size < sizeof whole ? size - 1 : sizeof whole - 1);
		assert_memory_equal(out, whole, strlen(out));
		assert_int_equal(out[strlen(out) + 1], '#');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_styles),
		cmocka_unit_test(a_small_room_cuts),
		cmocka_unit_test(fits_into_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
