/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of the pane of paths, and what is said of a path as a whole. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/path_note.h>

#include "tui/paths/paths_text.h"
#include "unit.h"

static struct address
address_of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, strlen(text), &address, NULL), 0);
	return address;
}

/* Reached over three hops; of 100 probes all came back. */
static struct path *
make_path(void)
{
	struct path *const path = calloc(1, sizeof *path);

	assert_non_null(path);
	path->start = (struct message_probe_start){.protocol = PROBE_PROTOCOL_TCP,
		.port = 443,
		.first_ttl = 1,
		.target = address_of("203.0.113.9")};
	path->running = path->reached = true;
	path->method = PROBE_METHOD_RAW;
	path->hop_count = 3;
	path->cycle = 100;
	for (unsigned i = 0; i < 3; i++)
		path->hops[i] = (struct hop){.ttl = (uint8_t)(i + 1),
			.address_count = 1,
			.sent = 100,
			.received = 100,
			.loss = 0};
	path->hops[0].addresses[0].address = address_of("10.0.0.1");
	path->hops[1].addresses[0].address = address_of("10.0.1.1");
	path->hops[2].addresses[0].address = path->start.target;
	path->hops[2].target = true;
	path->hops[2].mean_us = 12100;
	path->hops[2].jitter_us = 400;
	return path;
}

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
	struct path *const path = make_path();
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
moods(struct path *path, double kernel_us, enum path_mood mood, const char *words)
{
	const struct path_rtts rtts = {.kernel_us = kernel_us, .handshake_us = (double)NAN};
	char text[256];

	assert_int_equal(explain_path_verdict(path, &rtts, text, sizeof text), mood);
	assert_string_equal(text, words);
}

static void
test_mood(void **state)
{
	struct path *const path = make_path();
	const double unknown = (double)NAN;
	static const char well[] = "the path is well: nothing is lost, no hop delays";

	(void)state;
	moods(path, unknown, PATH_WELL, well);
	moods(path, 13000, PATH_WELL, well);
	moods(path, 121000, PATH_ILL,
		"the path is well; the kernel's rtt is 10 times as long: the peer answers late, or "
		"the connection fills a queue");
	path->hops[2].loss = 0.01;
	moods(path, unknown, PATH_UNDECIDED, "some is lost, too little yet to show where");
	path->hops[2].sent = 2;
	moods(path, unknown, PATH_UNDECIDED, "too few answers yet for a verdict");
	path->reached = path->hops[2].target = false;
	moods(path, unknown, PATH_ILL, "the target has not answered");
	free(path);
}

static void
test_lines(void **state)
{
	struct path *const path = make_path();
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
	/* That the target is silent is the verdict, and not said twice. */
	path->reached = false;
	assert_int_equal(paths_lines(path, lines), 8);
	/* Everything at its bounds. */
	path->hop_count = PATH_TTL_MAX;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		path->hops[i].address_count = PATH_ADDRESSES_MAX;
		path->hops[i].label_count = PATH_LABELS_MAX;
	}
	assert_in_range(paths_lines(path, lines), PATH_TTL_MAX * 16, PATHS_LINES_MAX);
	free(lines);
	free(path);
}

static void
test_verdict(void **state)
{
	struct path *const path = make_path();
	char text[256];

	(void)state;
	assert_int_equal(path_verdict(path, text, sizeof text), 0);
	path->hops[0].verdict = HOP_VERDICT_RATE_LIMITED;
	assert_int_equal(path_verdict(path, text, sizeof text), 0);
	path->hops[1].verdict = HOP_VERDICT_LOSS;
	path->hops[1].link_loss = 0.208;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "loss begins at hop 2, 10.0.1.1: 20.8%");
	path->reached = false;
	path->hops[2].verdict = HOP_VERDICT_PROHIBITED;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "prohibited at hop 3, 203.0.113.9");
	path->hops[1].verdict = path->hops[2].verdict = HOP_VERDICT_NONE;
	path->hops[2].addresses[0].last_ns = UINT64_C(5000000000);
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "the target has not answered since 00:00:05");
	path->hops[2].addresses[0].last_ns = 0;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "the target has not answered");
	path->method = PROBE_METHOD_NONE;
	memcpy(path->text, "no right", sizeof "no right");
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "no right");
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_mood),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_verdict),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
