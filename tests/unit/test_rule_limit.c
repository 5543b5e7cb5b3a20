/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doctor's rules about limits: descriptors, datagrams without room, the connection tracking table.
 */
#include <config.h>

#include "doctor_lab.h"
#include "ports_lab.h"

enum { PID = 812, LIMIT = 100, WAITING = 7 };

static void
server(uint32_t open_files, uint32_t waiting)
{
	struct socket_row *const row = sockets_add(
		lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 8080, "0.0.0.0", 0);
	struct process_row *process;

	row->receive_queue = waiting;
	row->send_queue = 1024;
	sockets_hold(lab.model, row, PID, "nginx");
	process = process_table_find(&lab.model->processes, PID);
	process->open_files = open_files;
	process->files_limit = LIMIT;
	process->has_open_files = process->has_files_limit = true;
}

static void
check_files(uint32_t open_files, uint32_t waiting, enum severity severity)
{
	lab_close(&lab);
	lab_open(&lab);
	server(open_files, waiting);
	lab_looks(&lab, 2);
	assert_true(lab_has(&lab, "fd-limit"));
	assert_int_equal(lab_find(&lab, "fd-limit")->severity, severity);
	assert_int_equal(lab_find(&lab, "fd-limit")->pid, PID);
}

static void
test_files(void **state)
{
	(void)state;
	server(79, WAITING);
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "fd-limit"));
	check_files(80, WAITING, SEVERITY_WARNING);
	check_files(94, WAITING, SEVERITY_WARNING);
	check_files(95, WAITING, SEVERITY_CRITICAL);
	check_files(100, 0, SEVERITY_WARNING);
	check_files(100, WAITING, SEVERITY_CRITICAL);
	assert_non_null(strstr(lab_find(&lab, "fd-limit")->title,
		"nginx (812) has 100 of 100 descriptors open: accept(), socket() and open() fail with EMFILE (24); 7 connections wait on :8080"));
}

/* Without a limit, or with RLIMIT_NOFILE 0, there is no part of it; 1 of 100 is the least that can
 * be asked for. */
static void
test_files_without_limit(void **state)
{
	struct process_row *process;

	(void)state;
	assert_int_equal(doctor_settings_set(&lab.settings, "fd-limit.warning", "1", NULL), 0);
	server(1, WAITING);
	process = process_table_find(&lab.model->processes, PID);
	process->files_limit = 0;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "fd-limit"), LAB_NONE);
	process->files_limit = LIMIT;
	process->has_files_limit = false;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "fd-limit"), LAB_NONE);
	process->has_files_limit = true;
	process->has_open_files = false;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "fd-limit"), LAB_NONE);
	process->has_open_files = true;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "fd-limit"), SEVERITY_WARNING);
}

/* A process that holds nothing of what is looked at is somebody else's, unless that is not known.
 */
static void
test_files_elsewhere(void **state)
{
	struct process_row *process;

	(void)state;
	process = process_table_get(&lab.model->processes, PID + 1);
	process->open_files = process->files_limit = LIMIT;
	process->has_open_files = process->has_files_limit = true;
	lab_looks(&lab, 2);
	assert_false(lab_has(&lab, "fd-limit"));
	process_table_set_error(&lab.model->processes, process, 13);
	lab_looks(&lab, 2);
	assert_true(lab_has(&lab, "fd-limit"));
	assert_int_equal(lab_find(&lab, "fd-limit")->severity, SEVERITY_WARNING);
	assert_true(lab_find(&lab, "fd-limit")->needs[0] != '\0');
}

/* Five looks in which so many are lost and taken a second. */
static void
lose(enum counter lost, uint64_t lost_a_second, enum counter taken, uint64_t taken_a_second,
	struct socket_row *row)
{
	for (uint64_t second = 0; second < 5; second++) {
		lab_count(&lab, lost, 50 + second * lost_a_second);
		lab_count(&lab, taken, 50 + second * taken_a_second);
		row->drops = (uint32_t)(50 + second * lost_a_second);
		lab_look(&lab);
	}
}

static struct socket_row *
udp_server(void)
{
	struct socket_row *const row = sockets_add(
		lab.model, IPPROTO_UDP, TCP_STATE_CLOSED, "0.0.0.0", 5353, "0.0.0.0", 0);

	row->receive_buffer = 65536;
	sockets_hold(lab.model, row, PID, "dnsd");
	return row;
}

static void
test_udp(void **state)
{
	(void)state;
	lose(COUNTER_UDP_RCVBUF_ERRORS, 0, COUNTER_UDP_IN, 100, udp_server());
	assert_false(lab_has(&lab, "udp-drops"));
	/* Not even where any loss is told, and nothing comes. */
	lab_close(&lab);
	lab_open(&lab);
	assert_int_equal(doctor_settings_set(&lab.settings, "udp-drops.warning", "0", NULL), 0);
	lose(COUNTER_UDP_RCVBUF_ERRORS, 0, COUNTER_UDP_IN, 0, udp_server());
	assert_false(lab_has(&lab, "udp-drops"));
	lab_close(&lab);
	lab_open(&lab);
	lose(COUNTER_UDP_RCVBUF_ERRORS, 1, COUNTER_UDP_IN, 99, udp_server());
	assert_int_equal(lab_find(&lab, "udp-drops")->severity, SEVERITY_WARNING);
	lab_says(&lab, "udp-drops", "dnsd (812) loses 1 datagram a second on :5353");
	lab_close(&lab);
	lab_open(&lab);
	lose(COUNTER_UDP_RCVBUF_ERRORS, 9, COUNTER_UDP_IN, 91, udp_server());
	assert_int_equal(lab_find(&lab, "udp-drops")->severity, SEVERITY_WARNING);
	assert_non_null(strstr(lab_find(&lab, "udp-drops")->title,
		"dnsd (812) loses 9 datagrams a second on :5353: its buffer of 64k is full"));
	lab_close(&lab);
	lab_open(&lab);
	lose(COUNTER_UDP6_RCVBUF_ERRORS, 10, COUNTER_UDP6_IN, 90, udp_server());
	assert_int_equal(lab_find(&lab, "udp-drops")->severity, SEVERITY_CRITICAL);
}

static int
track(uint64_t entries, uint64_t early_drops)
{
	const struct lab_rate rates[] = {{COUNTER_CONNTRACK_ENTRIES, 0},
		{COUNTER_CONNTRACK_EARLY_DROP, early_drops}, {COUNTER_CONNTRACK_DROP, 0}};

	lab_again(&lab, "conntrack");
	ports_lab_sysctls(lab.model, "net.netfilter.nf_conntrack_max=1000\n");
	lab_count(&lab, COUNTER_CONNTRACK_ENTRIES, entries);
	lab_run(&lab, 0, rates, 3, 8);
	return lab_severity(&lab, "conntrack");
}

static void
test_conntrack(void **state)
{
	(void)state;
	assert_int_equal(track(749, 0), LAB_NONE);
	assert_int_equal(track(750, 0), SEVERITY_WARNING);
	lab_says(&lab, "conntrack", "the connection tracking table has 750 of 1000 entries");
	assert_int_equal(track(949, 0), SEVERITY_WARNING);
	assert_int_equal(track(950, 0), SEVERITY_CRITICAL);
	assert_int_equal(track(10, 1), SEVERITY_CRITICAL);
	lab_says(&lab, "conntrack", ": 1 a second is thrown out early");
	assert_int_equal(track(1000, 400), SEVERITY_CRITICAL);
	lab_says(&lab, "conntrack", "1000 of 1000 entries: 400 a second are thrown out early");
}

/* Without the limit nothing can be said. */
static void
test_conntrack_unknown(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_choose(&lab.settings, "conntrack", NULL), 0);
	lab_count(&lab, COUNTER_CONNTRACK_ENTRIES, 1000);
	lab_looks(&lab, 8);
	assert_int_equal(lab_severity(&lab, "conntrack"), LAB_NONE);
}

/* Of two that lose as many the first is named, of others the one that loses more. */
static void
test_udp_worst(void **state)
{
	static const struct {
		uint32_t first, second; /* a second */
		const char *words;
	} cases[] = {{5, 5, ":5353"}, {5, 6, ":5354"}, {6, 5, ":5353"}};

	(void)state;
	unit_each (i, cases) {
		struct socket_row *first, *second;

		lab_again(&lab, "udp-drops");
		first = udp_server();
		second = sockets_add(
			lab.model, IPPROTO_UDP, TCP_STATE_CLOSED, "0.0.0.0", 5354, "0.0.0.0", 0);
		first->drops = second->drops = 50;
		sockets_hold(lab.model, second, PID + 1, "other");
		for (unsigned look = 0; look < 5; look++) {
			lab_count(&lab, COUNTER_UDP_RCVBUF_ERRORS, look * UINT64_C(20));
			lab_count(&lab, COUNTER_UDP_IN, look * UINT64_C(20));
			first->drops += cases[i].first;
			second->drops += cases[i].second;
			lab_look(&lab);
		}
		lab_says(&lab, "udp-drops", cases[i].words);
		assert_int_equal(lab_find(&lab, "udp-drops")->sockets, 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_files_without_limit, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_files_elsewhere, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_udp, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_udp_worst, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_conntrack, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_conntrack_unknown, open_lab, close_lab),
	};

	lab_page = "rule-limit";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
