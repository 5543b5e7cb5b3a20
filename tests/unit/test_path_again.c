/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths whose probing was stopped, and is taken up again. */
#include <config.h>

#include <sockwatch/model/path.h>

#include "path_lab.h"
#include "unit.h"

/* The router at the first ttl and the target at the second, which answers after so long. */
static void
measure(struct lab *lab, uint8_t way, uint64_t rtt_us)
{
	answer_router(lab, send_probe(lab, 1, 0), 1, way, 100);
	answer_target(lab, send_probe(lab, 2, 0), rtt_us);
}

/* What was in flight is not held against anybody. */
static void
what_goes_on_keeps_its_figures(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_start start = lab.path->start;
	const struct hop *const hops = lab.path->hops;

	(void)state;
	measure(&lab, 0, 300);
	send_probe(&lab, 1, 0);
	send_probe(&lab, 2, 0);
	path_table_drain(lab.table, ID);
	pass(&lab, 2 * TIMEOUT_MS);
	assert_int_equal(hops[0].sent, 1);
	assert_int_equal(hops[1].pending, 0);
	assert_true(hops[1].loss == 0);

	/* The numbers start again, with other ports: another router is not a change of the path. */
	send_probe(&lab, 2, 0);
	start.continued = 1;
	assert_ptr_equal(path_table_start(lab.table, &start, lab.now_ns), lab.path);
	lab.sequence = 0;
	measure(&lab, 1, 500);
	pass(&lab, 2 * TIMEOUT_MS);
	assert_int_equal(hops[0].sent, 2);
	assert_int_equal(hops[0].received, 2);
	assert_int_equal(hops[1].worst_us, 500);
	assert_true(hops[1].loss == 0);
	assert_int_equal(lab.path->change_count, 0);
	assert_true(lab.path->running);

	/* To another port it is another path. */
	start.port = 81;
	(void)path_table_start(lab.table, &start, lab.now_ns);
	assert_int_equal(hops[0].sent, 0);
	path_table_free(lab.table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_on_keeps_its_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
