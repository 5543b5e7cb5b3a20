/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connects: without an answer, to many targets, only after several SYNs, refused. */
#include <config.h>

#include "doctor_lab.h"

enum { PID = 812, DATABASE = 5432, LONG = 14 };

static const char rules[] = "syn-sent-pile,scan-by-us,slow-handshake,refused";

static uint16_t port;
static unsigned tried; /* so far */

static int
open_ports(void **state)
{
	port = 20000;
	return open_lab(state);
}

static struct socket_row *
opened(enum tcp_state state, const char *remote, uint16_t remote_port)
{
	const bool is_v6 = strchr(remote, ':') != NULL;
	struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, state,
		is_v6 ? "2001:db8:1::1" : "10.0.0.1", port++, remote, remote_port);

	row->tcp.known_bytes = 280;
	row->flags |= SOCKET_BIRTH_SEEN;
	row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
	return row;
}

/* Connects of one process whose SYN was sent so often again; pid 0: it is not known. */
static void
try_target(unsigned count, uint8_t retries, uint32_t pid, const char *remote)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket_row *const row = opened(TCP_STATE_SYN_SENT, remote, DATABASE);

		row->timer = SOCKET_TIMER_RETRANSMIT;
		row->timer_retries = retries;
		if (pid != 0)
			sockets_hold(lab.model, row, pid, "app");
	}
}

static void
try_targets(unsigned count, uint32_t pid, bool is_v6)
{
	for (unsigned i = 0; i < count; i++) {
		char remote[32];

		tried++;
		snprintf(remote, sizeof remote, is_v6 ? "2001:db8::%x" : "203.0.%u.%u",
			is_v6 ? tried : tried / 250, tried % 250);
		try_target(1, 1, pid, remote);
	}
}

static int
pile(unsigned count, uint8_t retries, const char *remote)
{
	lab_again(&lab, rules);
	try_target(count, retries, PID, remote);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "scan-by-us"), LAB_NONE);
	return lab_severity(&lab, "syn-sent-pile");
}

static void
test_pile(void **state)
{
	static const char *const remotes[] = {"203.0.113.1", "2001:db8::1"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(pile(3, 2, remotes[i]), LAB_NONE);
		assert_int_equal(pile(4, 2, remotes[i]), SEVERITY_INFO);
		assert_int_equal(pile(19, 2, remotes[i]), SEVERITY_INFO);
		assert_int_equal(pile(20, 2, remotes[i]), SEVERITY_WARNING);
		/* A busy client whose first SYNs are under way. */
		assert_int_equal(pile(500, 0, remotes[i]), LAB_NONE);
	}
	assert_int_equal(pile(20, 2, remotes[0]), SEVERITY_WARNING);
	assert_string_equal(lab_find(&lab, "syn-sent-pile")->title,
		"app (812): 20 connects to 1 target without an answer, up to 3 SYNs sent; most of them to 203.0.113.1:5432 (20)");
	assert_string_equal(lab_find(&lab, "syn-sent-pile")->filter, "state syn-sent and pid 812");
}

/* Two programs with a few each, and two namespaces. */
static void
test_pile_apart(void **state)
{
	(void)state;
	try_target(3, 1, PID, "203.0.113.1");
	try_target(3, 1, PID + 1, "203.0.113.1");
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "syn-sent-pile"), LAB_NONE);
	try_target(4, 1, 0, "203.0.113.2");
	for (uint32_t id = 6; id < 10; id++)
		socket_table_row(&lab.model->sockets, id)->netns = lab_other_netns(&lab);
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "syn-sent-pile"), 1);
	assert_int_equal(lab_find(&lab, "syn-sent-pile")->netns, lab_other_netns(&lab));
	lab_says(&lab, "syn-sent-pile", "a process that is not known: 4 connects to 1 target");
	assert_string_equal(lab_find(&lab, "syn-sent-pile")->filter, "state syn-sent");
}

static int
scan(unsigned targets, bool is_v6)
{
	lab_again(&lab, rules);
	try_targets(targets, PID, is_v6);
	lab_looks(&lab, 2);
	return lab_severity(&lab, "scan-by-us");
}

static void
test_scan(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		assert_int_equal(scan(49, is_v6), LAB_NONE);
		assert_int_equal(lab_severity(&lab, "syn-sent-pile"), SEVERITY_WARNING);
		/* One cause, one finding. */
		assert_int_equal(scan(50, is_v6), SEVERITY_WARNING);
		assert_int_equal(lab_severity(&lab, "syn-sent-pile"), LAB_NONE);
		assert_int_equal(scan(199, is_v6), SEVERITY_WARNING);
		assert_int_equal(scan(200, is_v6), SEVERITY_CRITICAL);
	}
	lab_says(&lab, "scan-by-us", "app (812) is connecting to 200 addresses and ports");
	lab_says(&lab, "scan-by-us", "; none of them has answered");
	/* What another program waits for is no part of it. */
	try_target(20, 2, PID + 1, "198.51.100.1");
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "syn-sent-pile"), SEVERITY_WARNING);
	assert_int_equal(lab_find(&lab, "syn-sent-pile")->pid, PID + 1);
}

static void
give_up(void)
{
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		if ((socket_table_row(&lab.model->sockets, id)->flags & SOCKET_FREE) == 0)
			socket_table_remove(&lab.model->sockets, id);
}

/* So many new ones a second, each of which gives up after a second; others stand. */
static int
scan_at(unsigned pace)
{
	lab_again(&lab, rules);
	for (unsigned second = 0; second < 4; second++) {
		give_up();
		try_targets(60, PID, false);
		for (uint32_t id = 0; id < lab.model->sockets.used; id++)
			socket_table_row(&lab.model->sockets, id)->first_ms = 0;
		/* After the last look. */
		lab.model->now_ns += CLOCK_NS_PER_MS;
		try_targets(pace, PID, false);
		lab.model->now_ns -= CLOCK_NS_PER_MS;
		lab_look(&lab);
	}
	return lab_severity(&lab, "scan-by-us");
}

static void
test_scan_pace(void **state)
{
	(void)state;
	assert_int_equal(scan_at(0), SEVERITY_WARNING);
	assert_int_equal(scan_at(49), SEVERITY_WARNING);
	lab_says(&lab, "scan-by-us", ", 49 new ones a second; none of them has answered");
	assert_int_equal(scan_at(50), SEVERITY_CRITICAL);
}

/* On a busy box looks come late and then soon, and each has what one snapshot found. */
static void
test_scan_pace_of_late_looks(void **state)
{
	(void)state;
	lab_again(&lab, rules);
	for (unsigned second = 0; second < 8; second++) {
		give_up();
		try_targets(60, PID, false);
		for (uint32_t id = 0; id < lab.model->sockets.used; id++)
			socket_table_row(&lab.model->sockets, id)->first_ms = 0;
		lab.model->now_ns += CLOCK_NS_PER_MS;
		try_targets(40, PID, false);
		lab.model->now_ns -= CLOCK_NS_PER_MS;
		/* 0.4 s late, or as much sooner after that. */
		if (second % 2 == 0)
			lab.model->now_ns += 400 * CLOCK_NS_PER_MS;
		else
			lab.model->now_ns -= 400 * CLOCK_NS_PER_MS;
		lab_look(&lab);
	}
	assert_int_equal(lab_severity(&lab, "scan-by-us"), SEVERITY_WARNING);
	lab_says(&lab, "scan-by-us", ", 40 new ones a second; none of them has answered");
	/* The last look, at the same snapshot. */
	lab.model->now_ns += 50 * CLOCK_NS_PER_MS;
	doctor_look(lab.doctor, lab.model, true);
	lab_says(&lab, "scan-by-us", ", 40 new ones a second; none of them has answered");
}

/* So many established lately, of which some needed more than one SYN. */
static int
handshakes(unsigned slow, unsigned all, uint64_t repeated_a_look, const char *remote)
{
	const struct lab_rate again = {COUNTER_SYN_RETRANS, repeated_a_look};

	lab_again(&lab, rules);
	lab_run(&lab, 0, &again, 1, LONG);
	for (unsigned i = 0; i < all; i++) {
		struct socket_row *const row = opened(TCP_STATE_ESTABLISHED, remote, DATABASE);

		row->tcp.total_retrans = i < slow;
	}
	lab_run(&lab, 0, &again, 1, 2);
	return lab_severity(&lab, "slow-handshake");
}

static void
test_slow_handshake(void **state)
{
	static const char *const remotes[] = {"198.51.100.9", "2001:db8::9"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(handshakes(2, 2, 9, remotes[i]), LAB_NONE);
		assert_int_equal(handshakes(3, 301, 9, remotes[i]), LAB_NONE);
		assert_int_equal(handshakes(3, 300, 9, remotes[i]), SEVERITY_INFO);
		assert_int_equal(handshakes(3, 61, 9, remotes[i]), SEVERITY_INFO);
		assert_int_equal(handshakes(3, 60, 1, remotes[i]), SEVERITY_INFO);
		assert_int_equal(handshakes(3, 60, 2, remotes[i]), SEVERITY_WARNING);
	}
	assert_int_equal(handshakes(3, 4, 2, remotes[1]), SEVERITY_WARNING);
	assert_string_equal(lab_find(&lab, "slow-handshake")->title,
		"3 of 4 connects to [2001:db8::9]:5432 needed more than one SYN: they took 1 s or longer");
	assert_string_equal(
		lab_find(&lab, "slow-handshake")->filter, "raddr 2001:db8::9 and rport = 5432");
}

/* Data that was sent again, connections that were accepted, and old ones. */
static void
test_no_slow_handshake(void **state)
{
	struct socket_row *row;

	(void)state;
	(void)sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 443, "0.0.0.0", 0);
	for (unsigned i = 0; i < 30; i++) {
		row = opened(TCP_STATE_ESTABLISHED, "198.51.100.9", DATABASE);
		row->tcp.total_retrans = 1;
		if (i % 3 == 0)
			row->tcp.bytes_retrans = 1448;
		else if (i % 3 == 1)
			row->local_port = 443;
		else
			row->first_ms -= 11000;
	}
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "slow-handshake"), LAB_NONE);
}

static int
refuse(uint64_t failed, uint64_t embryonic, uint64_t opens, uint16_t netns)
{
	const struct lab_rate rates[] = {{COUNTER_ATTEMPT_FAILS, failed},
		{COUNTER_EMBRYONIC_RSTS, embryonic}, {COUNTER_ACTIVE_OPENS, opens}};

	lab_again(&lab, rules);
	(void)lab_other_netns(&lab);
	lab_run(&lab, netns, rates, 3, LONG);
	return lab_severity(&lab, "refused");
}

static void
test_refused(void **state)
{
	(void)state;
	assert_int_equal(refuse(0, 0, 100, 0), LAB_NONE);
	assert_int_equal(refuse(1, 0, 100, 0), SEVERITY_INFO);
	lab_says(&lab, "refused",
		"1 connect a second fails at once (of 100), as when it is refused (ECONNREFUSED 111)");
	assert_int_equal(refuse(4, 0, 4, 0), SEVERITY_INFO);
	assert_int_equal(refuse(5, 0, 26, 0), SEVERITY_INFO);
	assert_int_equal(refuse(5, 0, 25, 0), SEVERITY_WARNING);
	lab_says(&lab, "refused",
		"5 connects a second fail at once (of 25), as when they are refused (ECONNREFUSED 111)");
	/* Requests that a RST took back are no connects of ours. */
	assert_int_equal(refuse(9, 9, 9, 0), LAB_NONE);
	assert_int_equal(refuse(9, 5, 9, 0), SEVERITY_INFO);
	assert_int_equal(refuse(5, 0, 25, 1), SEVERITY_WARNING);
	assert_int_equal(lab_find(&lab, "refused")->netns, 1);
	assert_int_equal(lab_standing(&lab, "refused"), 1);
	assert_true(lab_find(&lab, "refused")->needs[0] != '\0');
}

/* The addresses and ports begin anew, so that the page is the same each time. */
static int
begin(void **state)
{
	port = 0;
	tried = 0;
	return lab_begin(state);
}

/* The target with the most of them is named; of two with as many the one that was seen first. */
static void
test_pile_most(void **state)
{
	static const struct {
		unsigned first, second;
		const char *words;
	} cases[] = {{3, 2, "most of them to 203.0.113.1:5432 (3)"},
		{3, 3, "most of them to 203.0.113.1:5432 (3)"},
		{3, 4, "most of them to 203.0.113.2:5432 (4)"}};

	(void)state;
	unit_each (i, cases) {
		lab_again(&lab, rules);
		try_target(cases[i].first, 2, PID, "203.0.113.1");
		try_target(cases[i].second, 2, PID, "203.0.113.2");
		lab_looks(&lab, 2);
		lab_says(&lab, "syn-sent-pile", cases[i].words);
		lab_says(&lab, "syn-sent-pile", " to 2 targets without an answer");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pile, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_pile_apart, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_scan, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_scan_pace, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(
			test_scan_pace_of_late_looks, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_slow_handshake, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_no_slow_handshake, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_refused, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_pile_most, open_ports, close_lab),
	};

	lab_page = "rule-connect";
	lab_rules = rules;
	return cmocka_run_group_tests(tests, begin, lab_compare);
}
