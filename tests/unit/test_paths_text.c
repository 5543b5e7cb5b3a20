/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The title of the pane of paths, and the order of its lines. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/path_note.h>

#include "path_made.h"
#include "tui/paths/paths_text.h"
#include "unit.h"

static const char *
title_of(const struct path *path, double kernel_us, double handshake_us, size_t columns)
{
	static char title[256];
	const struct path_rtts rtts = {.kernel_us = kernel_us, .handshake_us = handshake_us};

	const size_t len = paths_title(path, &rtts, "-", columns, title, sizeof title);

	assert_int_equal(len, strlen(title));
	return title;
}

static void
test_title(void **state)
{
	struct path *const path = path_make();
	const double unknown = (double)NAN;

	(void)state;
	assert_string_equal(title_of(path, 12300, 12500, 200),
		"path to 203.0.113.9 (tcp 443) - 3 hops - loss 0.0% - avg 12.1 ms - "
		"jitter 0.400 ms - kernel rtt 12.3 ms - handshake 12.5 ms");
	assert_string_equal(title_of(path, 12300, unknown, 90),
		"path to 203.0.113.9 (tcp 443) - 3 hops - loss 0.0% - avg 12.1 ms - "
		"kernel rtt 12.3 ms");
	assert_string_equal(title_of(path, 12300, unknown, 80),
		"path to 203.0.113.9 (tcp 443) - loss 0.0% - avg 12.1 ms - kernel rtt 12.3 ms");
	assert_string_equal(title_of(path, 12300, 12500, 90),
		"path to 203.0.113.9 (tcp 443) - rtt: probe 12.1 ms, kernel 12.3 ms, "
		"handshake 12.5 ms");
	path->hops[2].sent = 104;
	path->hops[2].pending = 1;
	path->hops[2].received = 98;
	path->hops[2].loss = 5.0 / 103;
	assert_string_equal(title_of(path, 12300, 12500, 200),
		"path to 203.0.113.9 (tcp 443) - 3 hops - loss 4.9% (5 of 103) - avg 12.1 ms - "
		"jitter 0.400 ms - kernel rtt 12.3 ms - handshake 12.5 ms");
	assert_string_equal(title_of(path, 12300, unknown, 106),
		"path to 203.0.113.9 (tcp 443) - 3 hops - loss 4.9% - avg 12.1 ms - "
		"jitter 0.400 ms - kernel rtt 12.3 ms");
	path->hops[2].sent = path->hops[2].received = 100;
	path->hops[2].pending = 0;
	path->hops[2].loss = 0;
	path->running = false;
	path->start.protocol = PROBE_PROTOCOL_ICMP;
	assert_string_equal(title_of(path, unknown, unknown, 200),
		"path to 203.0.113.9 (icmp) - stopped - 3 hops - loss 0.0% - avg 12.1 ms - "
		"jitter 0.400 ms");
	path->hops[2].target = path->reached = false;
	path->hop_count = 2;
	assert_string_equal(title_of(path, unknown, unknown, 200),
		"path to 203.0.113.9 (icmp) - stopped - 2 hops - not reached");
	free(path);
}

static void
test_lines(void **state)
{
	struct path *const path = path_make();
	struct paths_line *const lines = calloc(PATHS_LINES_MAX, sizeof *lines);

	(void)state;
	assert_non_null(lines);
	assert_int_equal(paths_lines(path, lines), 3);
	/* Two routers and two labels at the second hop, a change, and a word of the collector. */
	path->hops[1].address_count = 2;
	path->hops[1].label_count = 2;
	path->change_count = 1;
	memcpy(path->text, "by raw socket", sizeof "by raw socket");
	assert_int_equal(paths_lines(path, lines), 8);
	assert_int_equal(lines[1].kind, PATHS_LINE_HOP);
	assert_int_equal(lines[2].kind, PATHS_LINE_ADDRESS);
	assert_int_equal(lines[2].hop, 1);
	assert_int_equal(lines[2].index, 1);
	assert_int_equal(lines[3].kind, PATHS_LINE_LABEL);
	assert_int_equal(lines[4].index, 1);
	assert_int_equal(lines[5].kind, PATHS_LINE_HOP);
	assert_int_equal(lines[6].kind, PATHS_LINE_NOTE);
	assert_int_equal(lines[6].index, PATH_NOTE_CHANGES);
	assert_int_equal(lines[7].index, PATHS_NOTE_TEXT);
	/* That the target is silent is the verdict, and not repeated. */
	path->reached = false;
	assert_int_equal(paths_lines(path, lines), 8);
	/* Several changes: the note has the last one, and those before follow. */
	path->reached = true;
	path->change_count = 3;
	assert_int_equal(paths_lines(path, lines), 10);
	assert_int_equal(lines[7].kind, PATHS_LINE_CHANGE);
	assert_int_equal(lines[7].index, 1);
	assert_int_equal(lines[8].index, 2);
	/* Everything at its bounds. */
	path->change_count = 1000;
	path->hop_count = PATH_TTL_MAX;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		path->hops[i].address_count = PATH_ADDRESSES_MAX;
		path->hops[i].label_count = PATH_LABELS_MAX;
	}
	assert_in_range(paths_lines(path, lines), PATH_TTL_MAX * 16, PATHS_LINES_MAX);
	free(lines);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_lines),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
