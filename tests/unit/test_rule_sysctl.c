/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doctor's rules about settings of the kernel: what misleads, keepalive that is not on, orphans. */
#include <config.h>

#include "doctor_lab.h"
#include "ports_lab.h"

enum { SILENT = 10, SILENT_MS = 61000, MOST_ORPHANS = 1000 };

static void
open_again(const char *sysctls)
{
	lab_close(&lab);
	lab_open(&lab);
	ports_lab_sysctls(lab.model, sysctls);
}

/* Those that the machine has once. */
static void
open_again_with_machine(const char *sysctls)
{
	struct feed feed;

	lab_close(&lab);
	lab_open(&lab);
	feed = (struct feed){.model = lab.model, .realtime_ns = lab.model->now_ns};
	feed_message(&feed, MESSAGE_SYSCTLS,
		&(struct message_sysctls){.netns = 0, .text = text_of(sysctls)});
}

static size_t
found(const char *sysctls)
{
	size_t count;

	open_again(sysctls);
	lab_looks(&lab, 2);
	(void)doctor_findings(lab.doctor, &count);
	return count;
}

static void
test_misleading(void **state)
{
	(void)state;
	assert_int_equal(found("net.ipv4.tcp_tw_reuse=1\nnet.ipv4.tcp_timestamps=1\n"), 0);
	assert_int_equal(found("net.ipv4.tcp_tw_reuse=2\nnet.ipv4.tcp_fin_timeout=60\n"), 0);
	assert_int_equal(found("net.ipv4.tcp_syncookies=1\nnet.ipv4.tcp_sack=1\n"), 0);
	assert_int_equal(found("net.ipv4.tcp_syncookies\n"), 0);
	assert_int_equal(found("net.ipv4.tcp_fin_timeout=59\n"), 1);
	assert_non_null(strstr(lab_find(&lab, "sysctl")->title,
		"net.ipv4.tcp_fin_timeout = 59 is about FIN-WAIT-2 that no program holds"));
	assert_int_equal(lab_find(&lab, "sysctl")->severity, SEVERITY_INFO);
	/* Time stamps are a finding of their own. */
	assert_int_equal(found("net.ipv4.tcp_tw_reuse=1\nnet.ipv4.tcp_timestamps=0\n"), 2);
	assert_int_equal(found("net.ipv4.tcp_syncookies=0\nnet.ipv4.tcp_sack=0\n"
			       "net.ipv4.tcp_window_scaling=0\n"
			       "net.ipv4.tcp_abort_on_overflow=1\n"),
		4);
}

/* Old lines are told with their place, and what could not be read as well. */
static void
test_files(void **state)
{
	static const char lines[] = "/etc/sysctl.conf\t3\tnet.ipv4.tcp_tw_recycle\t1\n"
				    "/etc/sysctl.conf\t4\tnet.ipv4.tcp_fin_timeout\t15\n"
				    "/etc/sysctl.conf\t5\tnet.ipv4.tcp_fack\n";
	const struct message_sysctl_files files = {.lines = text_of(lines),
		.left_out = 4,
		.unread = 1,
		.unread_file = text_of("/etc/sysctl.d/secret.conf")};
	struct feed feed;
	size_t count;

	(void)state;
	feed = (struct feed){.model = lab.model, .realtime_ns = lab.model->now_ns};
	feed_message(&feed, MESSAGE_SYSCTL_FILES, &files);
	lab_looks(&lab, 2);
	(void)doctor_findings(lab.doctor, &count);
	assert_int_equal(count, 1);
	assert_string_equal(lab_find(&lab, "sysctl")->title,
		"/etc/sysctl.conf:3 sets net.ipv4.tcp_tw_recycle, which is gone since Linux 4.12: it broke clients behind NAT");
	assert_non_null(strstr(lab_find(&lab, "sysctl")->needs, "/etc/sysctl.d/secret.conf"));
}

static void
be_silent(unsigned count, uint32_t ms)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket_row *const row = sockets_connection(
			lab.model, TCP_STATE_ESTABLISHED, "10.0.0.9", (uint16_t)(1000 + i));

		sockets_hold(lab.model, row, 812, "mqttd");
		row->tcp.known_bytes = UINT8_MAX;
		row->tcp.last_data_sent = row->tcp.last_data_recv = row->tcp.last_ack_recv = ms;
		row->seen_ms = model_now_ms(lab.model) + 1000;
	}
}

static bool
is_told(const char *sysctls, unsigned count, uint32_t ms)
{
	open_again(sysctls);
	be_silent(count, ms);
	lab_looks(&lab, 2);
	return lab_has(&lab, "keepalive-sysctl");
}

static void
test_keepalive(void **state)
{
	static const char set[] = "net.ipv4.tcp_keepalive_time=60\n";

	(void)state;
	assert_false(is_told("net.ipv4.tcp_keepalive_time=7200\nnet.ipv4.tcp_keepalive_intvl=75\n"
			     "net.ipv4.tcp_keepalive_probes=9\n",
		SILENT, SILENT_MS));
	assert_false(is_told(set, SILENT - 1, SILENT_MS));
	assert_false(is_told(set, SILENT, 59999));
	assert_true(is_told(set, SILENT, 60000));
	assert_true(is_told(set, SILENT, SILENT_MS));
	assert_non_null(strstr(lab_find(&lab, "keepalive-sysctl")->title,
		"net.ipv4.tcp_keepalive_time is 60 here, but 10 silent connections do not use keepalive"));
	assert_true(is_told("net.ipv4.tcp_keepalive_probes=3\n", SILENT, SILENT_MS));
}

static void
check_orphans(uint64_t count, bool is_raised, enum severity severity)
{
	open_again_with_machine("net.ipv4.tcp_max_orphans=1000\n");
	for (unsigned i = 0; i < 3; i++) {
		lab_count(&lab, COUNTER_TCP_ORPHAN, count);
		lab_look(&lab);
	}
	assert_int_equal(lab_has(&lab, "orphans"), is_raised);
	if (is_raised)
		assert_int_equal(lab_find(&lab, "orphans")->severity, severity);
}

static void
test_orphans(void **state)
{
	(void)state;
	check_orphans(MOST_ORPHANS / 4 - 1, false, SEVERITY_INFO);
	check_orphans(MOST_ORPHANS / 4, true, SEVERITY_WARNING);
	check_orphans(MOST_ORPHANS / 2 - 1, true, SEVERITY_WARNING);
	check_orphans(MOST_ORPHANS / 2, true, SEVERITY_CRITICAL);
	/* In a container the limit is not shown. */
	open_again_with_machine("net.ipv4.tcp_max_orphans\n");
	lab_count(&lab, COUNTER_TCP_ORPHAN, MOST_ORPHANS);
	lab_looks(&lab, 3);
	assert_false(lab_has(&lab, "orphans"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_misleading, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_files, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_keepalive, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_orphans, open_lab, close_lab),
	};

	lab_page = "rule-sysctl";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
