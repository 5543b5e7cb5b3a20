/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Silent connections: by age alone, and not those with keepalive. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"

enum { PORT = 1883, PID = 812, INFO = 10, WARNING = 50, AGE_MS = 300000, LONG_AGE_MS = 7200000 };

/* Silent for so long at the second look from now. */
static struct socket_row *
silent(uint16_t port, uint32_t ms, bool is_v6)
{
	static uint16_t remote_port = 1000;
	struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		is_v6 ? "2001:db8::1" : "10.0.0.1", port, is_v6 ? "2001:db8::9" : "10.0.0.9",
		remote_port++);

	row->tcp.known_bytes = 280;
	row->tcp.last_data_sent = row->tcp.last_data_recv = row->tcp.last_ack_recv = ms;
	row->seen_ms = model_now_ms(lab.model) + 2000;
	sockets_hold(lab.model, row, PID, "mqttd");
	return row;
}

static int
silence(unsigned count, uint32_t ms, bool is_v6)
{
	lab_again(&lab, "half-open-idle");
	for (unsigned i = 0; i < count; i++)
		(void)silent(PORT, ms, is_v6);
	lab_looks(&lab, 3);
	return lab_severity(&lab, "half-open-idle");
}

static void
test_silent(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		assert_int_equal(silence(INFO - 1, AGE_MS, is_v6), LAB_NONE);
		assert_int_equal(silence(WARNING, AGE_MS - 1, is_v6), LAB_NONE);
		assert_int_equal(silence(INFO, AGE_MS, is_v6), SEVERITY_INFO);
		/* The severity is that of the third look. */
		assert_int_equal(silence(WARNING - 1, LONG_AGE_MS, is_v6), SEVERITY_INFO);
		assert_int_equal(silence(WARNING, LONG_AGE_MS - 1001, is_v6), SEVERITY_INFO);
		assert_int_equal(silence(WARNING, LONG_AGE_MS - 1000, is_v6), SEVERITY_WARNING);
	}
	assert_string_equal(lab_find(&lab, "half-open-idle")->title,
		"50 connections to :1883 of mqttd (812) silent for up to 2 h 0 min, keepalive off: if a peer is gone, nothing will ever tell");
	assert_non_null(strstr(lab_find(&lab, "half-open-idle")->why, "looks the same"));
}

/* What is not silent, or would be told of by a probe. */
static void
test_others(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		silent(PORT, AGE_MS, false)->flags |= SOCKET_KEEPALIVE_ON;
		silent(PORT, AGE_MS, false)->timer = SOCKET_TIMER_KEEPALIVE;
		silent(PORT, AGE_MS, false)->send_queue = 1;
		silent(PORT, AGE_MS, false)->inode = 0;
		silent(PORT, AGE_MS, false)->tcp.last_data_sent = 1000;
		silent(PORT, AGE_MS, false)->tcp.last_data_recv = 1000;
		silent(PORT, AGE_MS, false)->tcp.last_ack_recv = 1000;
		silent(PORT, AGE_MS, false)->tcp.known_bytes = 0;
	}
	/* A few to each of several ports. */
	for (uint16_t i = 0; i < 10 * (INFO - 1); i++)
		(void)silent((uint16_t)(2000 + i % 10), AGE_MS, false);
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), LAB_NONE);
}

/* The ages of rows that nothing has reported since go on. */
static void
test_time_goes_on(void **state)
{
	(void)state;
	for (unsigned i = 0; i < INFO; i++)
		(void)silent(PORT, AGE_MS - 5000, false);
	lab_looks(&lab, 7);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), LAB_NONE);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), SEVERITY_INFO);
	/* They speak again: over after the time of a leak. */
	for (uint32_t id = 0; id < INFO; id++)
		socket_table_row(&lab.model->sockets, id)->timer = SOCKET_TIMER_RETRANSMIT;
	lab_looks(&lab, RULE_CLEAR_LEAK_S - 1);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), SEVERITY_INFO);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "half-open-idle"), LAB_NONE);
}

static void
test_apart(void **state)
{
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	for (unsigned i = 0; i < 2 * INFO - 1; i++) {
		struct socket_row *const row = silent(PORT, AGE_MS, i % 2 == 0);

		row->inode = 700000 + i; /* nobody's that is known */
		row->netns = i < INFO ? other : 0;
	}
	lab_looks(&lab, 3);
	assert_int_equal(lab_standing(&lab, "half-open-idle"), 1);
	assert_int_equal(lab_find(&lab, "half-open-idle")->netns, other);
	assert_int_equal(lab_find(&lab, "half-open-idle")->sockets, INFO);
	lab_says(&lab, "half-open-idle", "to :1883 of a process that is not known silent for");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_silent, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_others, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_time_goes_on, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_apart, open_lab, close_lab),
	};

	lab_page = "rule-silent";
	lab_rules = "half-open-idle";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
