/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths whose probing was stopped, and is taken up again. */
#include <config.h>

#include <sockwatch/model/path.h>

#include "unit.h"

enum { ID = 7, TIMEOUT_MS = 1000 };

static const struct address target = {{[10] = 0xff, [11] = 0xff, 10, 9, 9, 9}};
static const uint8_t routers[2][4] = {{10, 0, 1, 1}, {10, 1, 1, 1}};

struct lab {
	struct path_table *table;
	const struct path *path;
	uint32_t sequence;
	uint64_t now_ns;
};

static void
send_probe(struct lab *lab, uint8_t ttl)
{
	const struct message_probe_sent sent = {.id = ID,
		.sequence = ++lab->sequence,
		.cycle = 1,
		.ttl = ttl,
		.sent_ns = lab->now_ns};

	path_on_sent(lab->table, &sent);
}

/* The newest probe is answered. */
static void
answer(struct lab *lab, const struct address *from, uint64_t rtt_us)
{
	const struct message_probe_answer answer = {.id = ID,
		.sequence = lab->sequence,
		.kind = address_compare(from, &target) == 0 ? PROBE_ANSWER_ECHO : PROBE_ANSWER_ICMP,
		.icmp_type = 11,
		.ttl = 60,
		.from = *from,
		.received_ns = lab->now_ns + rtt_us * 1000};

	path_on_answer(lab->table, &answer);
}

static void
pass(struct lab *lab)
{
	lab->now_ns += TIMEOUT_MS * UINT64_C(2000000);
	path_tick(lab->table, lab->now_ns);
}

/* The router at the first ttl and the target at the second, which answers after so long. */
static void
measure(struct lab *lab, unsigned router, uint64_t rtt_us)
{
	const struct address from = address_from_v4(routers[router]);

	send_probe(lab, 1);
	answer(lab, &from, 100);
	send_probe(lab, 2);
	answer(lab, &target, rtt_us);
}

/* What was in flight is not held against anybody. */
static void
what_goes_on_keeps_its_figures(void **state)
{
	struct message_probe_start start = {.id = ID,
		.target = target,
		.flows = 1,
		.first_ttl = 1,
		.max_ttl = 30,
		.interval_ms = 1000,
		.timeout_ms = TIMEOUT_MS};
	struct lab lab = {.table = path_table_new(4), .now_ns = UINT64_C(1000000000000)};
	const struct hop *hops;

	(void)state;
	assert_non_null(lab.table);
	lab.path = path_table_start(lab.table, &start, lab.now_ns);
	assert_non_null(lab.path);
	hops = lab.path->hops;
	measure(&lab, 0, 300);
	send_probe(&lab, 1);
	send_probe(&lab, 2);
	path_table_drain(lab.table, ID);
	pass(&lab);
	assert_int_equal(hops[0].sent, 1);
	assert_int_equal(hops[1].pending, 0);
	assert_true(hops[1].loss == 0);

	/* The numbers start again, with other ports: another router is not a change of the path. */
	send_probe(&lab, 2);
	start.continued = 1;
	assert_ptr_equal(path_table_start(lab.table, &start, lab.now_ns), lab.path);
	lab.sequence = 0;
	measure(&lab, 1, 500);
	pass(&lab);
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
