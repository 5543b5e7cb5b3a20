/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data without an answer: peers that are gone, and paths on which only full segments vanish. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"

enum { MSS = 1448, RTO_MS = 6900, LONG_AGO_MS = 20000 };

static const char rules[] = "peer-gone,pmtu-blackhole";

static uint16_t port;

static int
open_ports(void **state)
{
	port = 1000;
	return open_lab(state);
}

static struct socket_row *
connection(const char *remote, uint32_t ack_ms)
{
	const bool is_v6 = strchr(remote, ':') != NULL;
	struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		is_v6 ? "2001:db8:1::1" : "10.0.0.1", 443, remote, port++);

	row->seen_ms = model_now_ms(lab.model) + 1000;
	row->tcp.known_bytes = 280;
	row->tcp.snd_mss = MSS;
	row->tcp.rto = RTO_MS * 1000;
	row->tcp.last_ack_recv = ack_ms;
	row->tcp.bytes_acked = 10 * MSS;
	return row;
}

static struct socket_row *
unanswered(const char *remote, uint8_t backoff)
{
	struct socket_row *const row = connection(remote, LONG_AGO_MS);

	row->timer = SOCKET_TIMER_RETRANSMIT;
	row->timer_retries = row->tcp.backoff = backoff;
	row->send_queue = 10 * MSS;
	return row;
}

static int
gone(unsigned count, uint8_t backoff, const char *remote)
{
	lab_again(&lab, rules);
	for (unsigned i = 0; i < count; i++)
		(void)unanswered(remote, backoff);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "pmtu-blackhole"), LAB_NONE);
	return lab_severity(&lab, "peer-gone");
}

static void
test_gone(void **state)
{
	static const char *const remotes[] = {"198.51.100.9", "2001:db8::9"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(gone(1, 2, remotes[i]), LAB_NONE);
		assert_int_equal(gone(100, 2, remotes[i]), LAB_NONE);
		assert_int_equal(gone(1, 3, remotes[i]), SEVERITY_WARNING);
		assert_string_equal(lab_find(&lab, "peer-gone")->title,
			"1 connection to 1 host gets no answer: up to 3 retransmits, the next after 6.9 s");
		assert_int_equal(gone(20, 3, remotes[i]), SEVERITY_WARNING);
		assert_int_equal(gone(21, 3, remotes[i]), SEVERITY_CRITICAL);
		lab_says(&lab, "peer-gone", "21 connections to 1 host get no answer");
	}
	(void)unanswered("203.0.113.7", 4);
	lab_look(&lab);
	lab_says(&lab, "peer-gone", "22 connections to 2 hosts get no answer: up to 4 retransmits");
}

/* A closed window backs off too, and an ACK within the time-out is an answer. */
static void
test_not_gone(void **state)
{
	(void)state;
	unanswered("198.51.100.9", 9)->timer = SOCKET_TIMER_PERSIST;
	unanswered("198.51.100.10", 3)->tcp.last_ack_recv = RTO_MS - 2000;
	unanswered("198.51.100.11", 3)->timer = SOCKET_TIMER_KEEPALIVE;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
}

/* Only the handshake and what is small was acknowledged. */
static struct socket_row *
stuck(const char *remote)
{
	struct socket_row *const row = unanswered(remote, 2);

	row->tcp.bytes_acked = 2 * MSS - 1;
	row->send_queue = MSS;
	return row;
}

static void
answer(const char *remote)
{
	/* As of the second look. */
	(void)connection(remote, 100);
}

static int
black_hole(unsigned count, const char *remote)
{
	lab_again(&lab, rules);
	for (unsigned i = 0; i < count; i++)
		(void)stuck(remote);
	answer(remote);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
	return lab_severity(&lab, "pmtu-blackhole");
}

static void
test_black_hole(void **state)
{
	static const char *const remotes[] = {"198.51.100.9", "2001:db8::9"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(black_hole(0, remotes[i]), LAB_NONE);
		assert_int_equal(black_hole(1, remotes[i]), SEVERITY_WARNING);
		lab_says(&lab, "pmtu-blackhole",
			"segments of 1448 bytes on 1 connection to 1 peer (such as ");
		assert_int_equal(black_hole(4, remotes[i]), SEVERITY_WARNING);
		assert_int_equal(black_hole(5, remotes[i]), SEVERITY_CRITICAL);
	}
	/* They have not been answered for long: still not told as a peer that is gone. */
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		if (socket_table_row(&lab.model->sockets, id)->timer == SOCKET_TIMER_RETRANSMIT)
			socket_table_row(&lab.model->sockets, id)->tcp.backoff = 5;
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
}

/* One below each condition. */
static void
test_no_black_hole(void **state)
{
	(void)state;
	stuck("198.51.100.9")->send_queue = MSS - 1;
	stuck("198.51.100.9")->tcp.bytes_acked = 2 * MSS;
	stuck("198.51.100.9")->tcp.backoff = 1;
	answer("198.51.100.9");
	/* Nobody answers there, only next to it. */
	(void)stuck("198.51.100.10");
	(void)stuck("198.51.100.11");
	connection("198.51.100.11", 3000)->seen_ms = model_now_ms(lab.model);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "pmtu-blackhole"), LAB_NONE);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
}

/* The same address in another namespace is another peer. */
static void
test_namespaces_apart(void **state)
{
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	(void)stuck("198.51.100.9");
	answer("198.51.100.9");
	socket_table_row(&lab.model->sockets, 1)->netns = other;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "pmtu-blackhole"), LAB_NONE);
	socket_table_row(&lab.model->sockets, 0)->netns = other;
	socket_table_row(&lab.model->sockets, 1)->seen_ms = model_now_ms(lab.model);
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "pmtu-blackhole"), SEVERITY_WARNING);
	assert_int_equal(lab_find(&lab, "pmtu-blackhole")->netns, other);
	assert_int_equal(lab_find(&lab, "pmtu-blackhole")->sockets, 1);
}

static void
test_over(void **state)
{
	struct socket_row *row;

	(void)state;
	row = unanswered("198.51.100.9", 3);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
	lab_look(&lab);
	row->timer = SOCKET_TIMER_NONE;
	row->tcp.backoff = 0;
	lab_looks(&lab, RULE_CLEAR_QUEUE_S - 1);
	assert_int_equal(lab_severity(&lab, "peer-gone"), SEVERITY_WARNING);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
}

/* An ACK that is as old as the time-out was in time; a millisecond more is none. */
static void
test_gone_exactly(void **state)
{
	(void)state;
	/* At the second look from now. */
	(void)unanswered("198.51.100.9", 3);
	socket_table_row(&lab.model->sockets, 0)->tcp.last_ack_recv = RTO_MS - 1000;
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "peer-gone"), LAB_NONE);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "peer-gone"), SEVERITY_WARNING);
}

/* A peer that answered 3 s ago is not one that answers. */
static int
black_hole_after(uint32_t ack_ms)
{
	struct socket_row *row;

	lab_again(&lab, rules);
	(void)stuck("198.51.100.9");
	row = connection("198.51.100.9", ack_ms);
	for (unsigned i = 0; i < 3; i++) {
		row->seen_ms = model_now_ms(lab.model) + 1000;
		lab_look(&lab);
	}
	return lab_severity(&lab, "pmtu-blackhole");
}

static void
test_black_hole_exactly(void **state)
{
	(void)state;
	assert_int_equal(black_hole_after(2999), SEVERITY_WARNING);
	assert_int_equal(black_hole_after(3000), LAB_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_gone, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_not_gone, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_black_hole, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_no_black_hole, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_namespaces_apart, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_over, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_gone_exactly, open_ports, close_lab),
		cmocka_unit_test_setup_teardown(test_black_hole_exactly, open_ports, close_lab),
	};

	lab_page = "rule-answer";
	lab_rules = rules;
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
