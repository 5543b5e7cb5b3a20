/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who does not read, and whose send buffer is the limit; and slow readers that do read. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"

enum { PID = 812, MUCH = 65537, RECEIVED = 1000000, MB = 1000000 };

static uint16_t port;

static int
open_ports(void **state)
{
	port = 1000;
	return open_lab(state);
}

static void
again(void)
{
	lab_again(&lab, "zero-window,local-not-reading,sndbuf-limited");
}

static struct socket_row *
connection(bool is_v6)
{
	struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		is_v6 ? "2001:db8::1" : "10.0.0.1", 443, is_v6 ? "2001:db8::9" : "198.51.100.9",
		port++);

	row->tcp.known_bytes = 280;
	row->receive_buffer = 131072;
	row->tcp.rcv_wnd = 65536;
	row->tcp.bytes_received = RECEIVED;
	row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
	sockets_hold(lab.model, row, PID, "pushd");
	return row;
}

static void
close_windows(unsigned count, bool is_v6)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket_row *const row = connection(is_v6);

		row->timer = SOCKET_TIMER_PERSIST;
		row->send_queue = 2048;
	}
}

static int
zero_after(unsigned count, unsigned looks, bool is_v6)
{
	again();
	close_windows(count, is_v6);
	lab_looks(&lab, looks);
	return lab_severity(&lab, "zero-window");
}

static void
test_zero_window(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		/* 3 s, and two looks. */
		assert_int_equal(zero_after(1, 4, is_v6), LAB_NONE);
		assert_int_equal(zero_after(1, 5, is_v6), SEVERITY_INFO);
		assert_int_equal(zero_after(4, 5, is_v6), SEVERITY_INFO);
		assert_int_equal(zero_after(5, 5, is_v6), SEVERITY_WARNING);
		assert_int_equal(zero_after(1, 30, is_v6), SEVERITY_INFO);
		assert_int_equal(zero_after(1, 31, is_v6), SEVERITY_WARNING);
	}
	assert_int_equal(zero_after(1, 5, false), SEVERITY_INFO);
	assert_string_equal(lab_find(&lab, "zero-window")->title,
		"1 peer of pushd (812) does not read (such as 198.51.100.9): window closed, 2.0k wait in Send-Q");
	assert_int_equal(zero_after(5, 5, true), SEVERITY_WARNING);
	assert_string_equal(lab_find(&lab, "zero-window")->title,
		"5 peers of pushd (812) do not read (such as 2001:db8::9): window closed, 10k wait in Send-Q");
	assert_string_equal(lab_find(&lab, "zero-window")->filter, "timer persist and pid 812");
}

/* A window that opens now and then is a slow reader's. */
static void
test_zero_window_slow_reader(void **state)
{
	struct socket_row *row;

	(void)state;
	row = connection(false);
	row->send_queue = MUCH;
	for (unsigned i = 0; i < 40; i++) {
		row->timer = i % 3 == 2 ? SOCKET_TIMER_RETRANSMIT : SOCKET_TIMER_PERSIST;
		lab_look(&lab);
		assert_int_equal(lab_severity(&lab, "zero-window"), LAB_NONE);
	}
}

/* What was sent did not leave the box: the same timer, and the peer has room. */
static void
test_open_window(void **state)
{
	(void)state;
	again();
	close_windows(8, false);
	for (uint32_t id = 0; id < lab.model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&lab.model->sockets, id);

		row->tcp.known_bytes = 236;
		row->tcp.snd_mss = 1448;
		row->tcp.snd_wnd = 1448;
	}
	lab_looks(&lab, 8);
	assert_int_equal(lab_severity(&lab, "zero-window"), LAB_NONE);
	/* Less than a segment is as good as closed (RFC 9293 3.8.6.2.1). */
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		socket_table_row(&lab.model->sockets, id)->tcp.snd_wnd = 1447;
	lab_looks(&lab, 8);
	assert_int_equal(lab_severity(&lab, "zero-window"), SEVERITY_WARNING);
}

static void
test_zero_window_apart(void **state)
{
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	close_windows(8, false);
	for (uint32_t id = 0; id < 4; id++)
		socket_table_row(&lab.model->sockets, id)->netns = other;
	lab_looks(&lab, 6);
	assert_int_equal(lab_standing(&lab, "zero-window"), 2);
	assert_int_equal(lab_severity(&lab, "zero-window"), SEVERITY_INFO);
}

static void
leave_unread(unsigned count, uint32_t bytes, bool is_v6)
{
	for (unsigned i = 0; i < count; i++)
		connection(is_v6)->receive_queue = bytes;
}

static int
unread_after(unsigned count, uint32_t bytes, unsigned looks, bool is_v6)
{
	again();
	leave_unread(count, bytes, is_v6);
	lab_looks(&lab, looks);
	return lab_severity(&lab, "local-not-reading");
}

static void
test_unread(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		assert_int_equal(unread_after(1, MUCH, 4, is_v6), LAB_NONE);
		assert_int_equal(unread_after(1, MUCH, 5, is_v6), SEVERITY_WARNING);
		assert_int_equal(unread_after(20, MUCH - 1, 9, is_v6), LAB_NONE);
		assert_int_equal(unread_after(9, MUCH, 5, is_v6), SEVERITY_WARNING);
		assert_int_equal(unread_after(10, MUCH, 5, is_v6), SEVERITY_CRITICAL);
		assert_int_equal(unread_after(1, MUCH, 60, is_v6), SEVERITY_WARNING);
		assert_int_equal(unread_after(1, MUCH, 61, is_v6), SEVERITY_CRITICAL);
	}
	assert_int_equal(unread_after(1, MUCH, 5, false), SEVERITY_WARNING);
	lab_says(&lab, "local-not-reading",
		"pushd (812) does not read: 1 connection with 64k unread");
	lab_says(&lab, "local-not-reading", "; its sender has been told to wait");
	assert_int_equal(unread_after(2, MUCH, 5, false), SEVERITY_WARNING);
	lab_says(&lab, "local-not-reading", "; their senders have been told to wait");
}

/* A quarter of the buffer, with the window closed. */
static void
test_unread_small_buffer(void **state)
{
	struct socket_row *row;

	(void)state;
	row = connection(false);
	row->receive_buffer = 4096;
	row->receive_queue = 1025;
	lab_looks(&lab, 6);
	assert_int_equal(lab_severity(&lab, "local-not-reading"), LAB_NONE);
	row->tcp.rcv_wnd = 0;
	row->receive_queue = 1024;
	lab_looks(&lab, 6);
	assert_int_equal(lab_severity(&lab, "local-not-reading"), LAB_NONE);
	row->receive_queue = 1025;
	lab_looks(&lab, 5);
	assert_int_equal(lab_severity(&lab, "local-not-reading"), SEVERITY_WARNING);
}

/* A queue that is always full but moves: the program reads, however slowly. */
static void
test_slow_reader(void **state)
{
	struct socket_row *row;

	(void)state;
	row = connection(false);
	row->receive_queue = 4 * MUCH;
	for (unsigned i = 0; i < 70; i++) {
		row->tcp.bytes_received += i % 2; /* a byte in two seconds */
		lab_look(&lab);
		assert_int_equal(lab_severity(&lab, "local-not-reading"), LAB_NONE);
	}
	/* It only fills up: nobody reads. */
	for (unsigned i = 0; i < 5; i++) {
		row->tcp.bytes_received += 100;
		row->receive_queue += 100;
		lab_look(&lab);
	}
	assert_int_equal(lab_severity(&lab, "local-not-reading"), SEVERITY_WARNING);
	/* It reads again. */
	row->receive_queue = 0;
	lab_looks(&lab, RULE_CLEAR_QUEUE_S);
	assert_int_equal(lab_severity(&lab, "local-not-reading"), LAB_NONE);
}

/* Looks in which it is busy all the time, and limited for so many hundredths of it. */
static int
limited_for(unsigned percent, float sent_per_s, unsigned looks, bool is_v6)
{
	struct socket_row *row;

	again();
	row = connection(is_v6);
	row->send_queue = MUCH;
	row->send_rate = sent_per_s;
	row->tcp.sndbuf_limited = 1;
	for (unsigned i = 0; i < looks; i++) {
		row->tcp.busy_time += MB;
		row->tcp.sndbuf_limited += percent * (MB / 100);
		lab_look(&lab);
	}
	return lab_severity(&lab, "sndbuf-limited");
}

static void
test_send_buffer(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		assert_int_equal(limited_for(29, 9 * MB, 12, is_v6), LAB_NONE);
		assert_int_equal(limited_for(30, 9 * MB, 12, is_v6), SEVERITY_INFO);
		assert_int_equal(limited_for(59, 9 * MB, 12, is_v6), SEVERITY_INFO);
		assert_int_equal(limited_for(60, 9 * MB, 12, is_v6), SEVERITY_WARNING);
		assert_int_equal(limited_for(60, MB, 12, is_v6), SEVERITY_WARNING);
		assert_int_equal(limited_for(60, MB - 1000, 12, is_v6), SEVERITY_INFO);
		/* 5 s, and two looks. */
		assert_int_equal(limited_for(90, MB, 6, is_v6), LAB_NONE);
		assert_int_equal(limited_for(90, MB, 7, is_v6), SEVERITY_WARNING);
	}
	lab_says(&lab, "sndbuf-limited",
		"the send buffer of pushd (812), not the network, is the limit on 1 connection (such as to 2001:db8::9), 90% of the time");
	/* It was limited once, long ago. */
	assert_int_equal(limited_for(0, 9 * MB, 12, false), LAB_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_zero_window, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(
			test_zero_window_slow_reader, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_open_window, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_zero_window_apart, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_unread, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_unread_small_buffer, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_slow_reader, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_send_buffer, open_ports, close_lab),
	};

	lab_page = "rule-flow";
	lab_rules = "zero-window,local-not-reading,sndbuf-limited";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
