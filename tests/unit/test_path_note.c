/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on a path as a whole. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/explain_path.h>
#include <sockwatch/analysis/path_note.h>

#include "path_made.h"
#include "unit.h"

static void
check_verdict(struct path *path, double kernel_us, enum path_mood mood, const char *words)
{
	const struct path_rtts rtts = {.kernel_us = kernel_us, .handshake_us = (double)NAN};
	char text[256];

	assert_int_equal(explain_path_verdict(path, &rtts, text, sizeof text), mood);
	assert_string_equal(text, words);
}

static void
verdict_beside_the_kernels_time(void **state)
{
	struct path *const path = path_make();
	const double unknown = (double)NAN;
	static const char well[] = "the path is fine: nothing is lost, no hop delays";

	(void)state;
	check_verdict(path, unknown, PATH_WELL, well);
	check_verdict(path, 13000, PATH_WELL, well);
	check_verdict(path, 121000, PATH_ILL,
		"the path is fine; the kernel's rtt is 10 times as long: the peer answers late, or "
		"the connection fills a queue");
	path->hops[2].loss = 0.01;
	check_verdict(
		path, unknown, PATH_UNDECIDED, "some probes are lost, too few yet to show where");
	path->hops[2].sent = 2;
	check_verdict(path, unknown, PATH_UNDECIDED, "too few answers yet for a verdict");
	path->reached = path->hops[2].target = false;
	check_verdict(path, unknown, PATH_ILL, "the target has not answered");
	free(path);
}

static void
verdict_names_the_hop(void **state)
{
	struct path *const path = path_make();
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
		cmocka_unit_test(verdict_beside_the_kernels_time),
		cmocka_unit_test(verdict_names_the_hop),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
