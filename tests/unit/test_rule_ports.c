/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules about local ports: near the end, at it, and TIME-WAITs that are no trouble. */
#include <config.h>

#include "doctor_lab.h"
#include "ports_lab.h"

enum { LOW = 40000, PORTS = 100, TIME_WAIT_MS = 60000 };

static int
open_sysctls(void **state)
{
	const int result = open_lab(state);

	ports_lab_sysctls(lab.model,
		"net.ipv4.ip_local_port_range=40000\t40099\nnet.ipv4.ip_local_reserved_ports=\n"
		"net.ipv4.tcp_tw_reuse=2\nnet.ipv4.tcp_timestamps=1\n"
		"net.ipv4.tcp_max_tw_buckets=1000\n");
	return result;
}

static void
connect_from(uint16_t first, uint16_t count, enum tcp_state state, const char *remote)
{
	/* After the last look. */
	lab.model->now_ns += CLOCK_NS_PER_MS;
	for (uint16_t i = 0; i < count; i++) {
		struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, state,
			"10.0.0.1", (uint16_t)(first + i), remote, 5432);

		row->first_ms = row->seen_ms = model_now_ms(lab.model);
		row->timer_ms = TIME_WAIT_MS;
		if (state == TCP_STATE_ESTABLISHED)
			sockets_hold(lab.model, row, 812, "worker");
	}
}

static void
near_the_end(void **state)
{
	const struct finding *finding;

	(void)state;
	connect_from(LOW, 74, TCP_STATE_ESTABLISHED, "198.51.100.9");
	connect_from(LOW, 60, TCP_STATE_ESTABLISHED, "198.51.100.10");
	lab_looks(&lab, 3);
	assert_false(lab_has(&lab, "port-exhaustion"));
	connect_from(LOW + 74, 2, TCP_STATE_ESTABLISHED, "198.51.100.9");
	lab_looks(&lab, 2);
	finding = lab_find(&lab, "port-exhaustion");
	assert_int_equal(finding->over_ns, 0);
	assert_int_equal(finding->severity, SEVERITY_WARNING);
	assert_int_equal(finding->sockets, 76);
	assert_int_equal(finding->pid, 812);
	assert_non_null(strstr(finding->title,
		"76 of 100 local ports from 10.0.0.1 to 198.51.100.9:5432 are in use (0 TIME-WAIT)"));
	assert_non_null(strstr(finding->title, "none is left, as the use grows now"));
	assert_string_equal(
		finding->filter, "laddr 10.0.0.1 and raddr 198.51.100.9 and rport = 5432");
	assert_true(FINDING_FIGURES_MAX > finding->figure_count && finding->figure_count >= 4);
}

static void
at_the_end(void **state)
{
	const struct finding *finding;

	(void)state;
	connect_from(LOW, PORTS - 6, TCP_STATE_TIME_WAIT, "198.51.100.9");
	lab_looks(&lab, 2);
	assert_int_equal(lab_find(&lab, "port-exhaustion")->severity, SEVERITY_WARNING);
	connect_from(LOW + PORTS - 6, 6, TCP_STATE_TIME_WAIT, "198.51.100.9");
	lab_looks(&lab, 2);
	finding = lab_find(&lab, "port-exhaustion");
	assert_int_equal(finding->severity, SEVERITY_CRITICAL);
	assert_non_null(strstr(finding->title, "100 of 100"));
	assert_non_null(strstr(finding->title, "connect() fails with EADDRNOTAVAIL (99)"));
	/* The kernel would take them again. */
	ports_lab_sysctls(lab.model, "net.ipv4.tcp_tw_reuse=1\n");
	lab_looks(&lab, 31);
	assert_int_not_equal(lab_find(&lab, "port-exhaustion")->over_ns, 0);
}

/* The 32 nearest to the end are reported; the others are counted. */
static void
more_than_are_kept(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 34; i++) {
		char remote[32];

		snprintf(remote, sizeof remote, "198.51.100.%u", i + 1);
		connect_from(LOW, 80, TCP_STATE_TIME_WAIT, remote);
	}
	lab_looks(&lab, 2);
	assert_int_equal(lab_standing(&lab, "port-exhaustion"), 32);
	assert_true(doctor_refused(lab.doctor) == 2);
	lab_says(&lab, "not-judged", "2 sockets, peers or findings had no room");
}

static void
time_waits(void **state)
{
	const struct finding *finding;

	(void)state;
	for (uint16_t i = 0; i < 499; i++)
		sockets_connection(
			lab.model, TCP_STATE_TIME_WAIT, "198.51.100.9", (uint16_t)(10000 + i));
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "time-wait-many"));
	sockets_connection(lab.model, TCP_STATE_TIME_WAIT, "198.51.100.9", 9999);
	lab_looks(&lab, 2);
	finding = lab_find(&lab, "time-wait-many");
	assert_int_equal(finding->severity, SEVERITY_INFO);
	assert_non_null(strstr(
		finding->title, "500 TIME-WAIT, most of port 443: 50% of tcp_max_tw_buckets"));
	assert_int_equal(finding->sockets, 500);
	/* The kernel's own count, and its limit. */
	lab_count(&lab, COUNTER_TCP_TW, 800);
	lab_looks(&lab, 2);
	finding = lab_find(&lab, "time-wait-many");
	assert_int_equal(finding->severity, SEVERITY_WARNING);
	assert_non_null(strstr(finding->title, "80% of tcp_max_tw_buckets"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(near_the_end, open_sysctls, close_lab),
		cmocka_unit_test_setup_teardown(at_the_end, open_sysctls, close_lab),
		cmocka_unit_test_setup_teardown(more_than_are_kept, open_sysctls, close_lab),
		cmocka_unit_test_setup_teardown(time_waits, open_sysctls, close_lab),
	};

	lab_page = "rule-ports";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
