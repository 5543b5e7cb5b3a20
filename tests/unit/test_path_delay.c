/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the delay of a path begins. */
#include <config.h>

#include <sockwatch/analysis/path_delay.h>

#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/path_note.h>

#include "unit.h"

enum { HOPS = 5 };

/* Hops that answered after these microseconds, again and again; 0: never. */
static struct path *
make_path(const uint32_t *us)
{
	struct path *const path = calloc(1, sizeof *path);
	const uint8_t first[4] = {10, 0, 0, 1};

	assert_non_null(path);
	path->method = PROBE_METHOD_RAW;
	path->cycle = 3;
	path->reached = true;
	path->hop_count = HOPS;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++)
		for (unsigned k = 0; k < PATH_HISTORY; k++)
			path->hops[i].history_us[k] = PATH_HISTORY_EMPTY;
	for (unsigned i = 0; i < HOPS; i++) {
		struct hop *const hop = &path->hops[i];
		uint8_t bytes[4];

		memcpy(bytes, first, sizeof bytes);
		bytes[2] = (uint8_t)i;
		hop->ttl = (uint8_t)(i + 1);
		if (us[i] == 0)
			continue;
		hop->address_count = 1;
		hop->addresses[0].address = address_from_v4(bytes);
		hop->received = hop->timed = 3;
		/* One that was slow says nothing. */
		hop->history_us[0] = (int32_t)us[i];
		hop->history_us[1] = (int32_t)us[i] * 100;
		hop->history_us[2] = (int32_t)us[i];
	}
	return path;
}

static void
says(const uint32_t *us, const char *expected)
{
	struct path *const path = make_path(us);
	char text[256];

	path_verdict(path, text, sizeof text);
	assert_string_equal(text, expected);
	path_note(path, PATH_NOTE_DELAY, text, sizeof text);
	assert_string_equal(text, expected);
	free(path);
}

static void
it_begins_where_it_stays(void **state)
{
	(void)state;
	says((const uint32_t[HOPS]){300, 400, 80400, 80500, 81000},
		"delay begins at hop 3, 10.0.2.1: 80.0 of 81.0 ms");
	says((const uint32_t[HOPS]){20000, 20100, 20200, 20300, 21000},
		"delay begins at hop 1, 10.0.0.1: 20.0 of 21.0 ms");
	says((const uint32_t[HOPS]){300, 0, 0, 80500, 81000},
		"delay begins between hop 1 and hop 4, 10.0.3.1: 80.2 of 81.0 ms");
}

/* What comes back from beyond it sooner has passed it sooner. */
static void
a_router_slow_to_answer_is_none(void **state)
{
	(void)state;
	says((const uint32_t[HOPS]){300, 90000, 400, 500, 600}, "");
	says((const uint32_t[HOPS]){300, 90000, 400, 500, 30500},
		"delay begins at hop 5, 10.0.4.1: 30.0 of 30.5 ms");
}

static void
it_may_grow(void **state)
{
	(void)state;
	says((const uint32_t[HOPS]){5000, 11000, 16000, 20000, 24000},
		"delay grows along the path, most at hop 2, 10.0.1.1: 6.0 of 24.0 ms");
	says((const uint32_t[HOPS]){1000, 2000, 3000, 4000, 5000}, "");
	says((const uint32_t[HOPS]){0, 0, 0, 0, 0}, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_begins_where_it_stays),
		cmocka_unit_test(a_router_slow_to_answer_is_none),
		cmocka_unit_test(it_may_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
