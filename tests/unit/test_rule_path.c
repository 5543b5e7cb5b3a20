/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doctor's rules about the path: loss is of data, not of SYNs. */
#include <config.h>

#include "doctor_lab.h"

enum { CONNECTIONS = 150, MSS = 1448 };

/* Connections that were in SYN-SENT before, with something sent again. */
static void
establish(uint64_t bytes_again)
{
	for (uint16_t i = 0; i < CONNECTIONS; i++) {
		struct socket_row *const row = sockets_connection(
			lab.model, TCP_STATE_ESTABLISHED, "198.51.100.9", (uint16_t)(1000 + i));

		row->tcp = (struct tcp_info_kept){.known_bytes = 236,
			.snd_mss = MSS,
			.total_retrans = 2,
			.bytes_retrans = bytes_again};
	}
}

/* Eleven looks; what is established comes in the fifth. */
static void
run(uint64_t bytes_again)
{
	lab_looks(&lab, 4);
	establish(bytes_again);
	lab_looks(&lab, 8);
}

static void
test_repeated_syns_are_no_loss(void **state)
{
	(void)state;
	run(0);
	assert_false(lab_has(&lab, "loss"));
}

static void
test_repeated_data_are_loss(void **state)
{
	(void)state;
	run(2 * MSS);
	assert_true(lab_has(&lab, "loss"));
	assert_int_equal(lab_find(&lab, "loss")->severity, SEVERITY_CRITICAL);
}

/* Each second so many segments go out well, and so many more again. */
static int
lose(uint32_t again_a_second, uint32_t well_a_second, uint32_t doubles_a_second, bool is_v6)
{
	struct socket_row *row;

	lab_again(&lab, "loss");
	lab.model->netns[0]->own->complete[0].number = 1;
	row = sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		is_v6 ? "2001:db8:1::1" : "10.0.0.1", 443, is_v6 ? "2001:db8::9" : "198.51.100.9",
		1000);
	row->tcp = (struct tcp_info_kept){
		.known_bytes = 236, .snd_mss = MSS, .total_retrans = 1, .bytes_retrans = MSS};
	row->send_rate = (float)(well_a_second * MSS);
	row->rate_dump = 1;
	for (unsigned second = 0; second < 24; second++) {
		lab_look(&lab);
		row->tcp.total_retrans += again_a_second;
		row->tcp.dsack_dups += doubles_a_second;
	}
	return lab_severity(&lab, "loss");
}

static void
test_loss(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		const bool is_v6 = i != 0;

		assert_int_equal(lose(0, 1000, 0, is_v6), LAB_NONE);
		assert_int_equal(lose(1, 100, 0, is_v6), LAB_NONE);
		assert_int_equal(lose(1, 99, 0, is_v6), SEVERITY_INFO);
		assert_int_equal(lose(2, 99, 0, is_v6), SEVERITY_INFO);
		assert_int_equal(lose(2, 98, 0, is_v6), SEVERITY_WARNING);
		assert_int_equal(lose(9, 82, 0, is_v6), SEVERITY_WARNING);
		assert_int_equal(lose(9, 81, 0, is_v6), SEVERITY_CRITICAL);
		/* What the peer had already was not lost. */
		assert_int_equal(lose(9, 81, 9, is_v6), LAB_NONE);
		/* So few segments say nothing. */
		assert_int_equal(lose(1, 8, 0, is_v6), LAB_NONE);
		assert_int_equal(lose(1, 9, 0, is_v6), SEVERITY_CRITICAL);
	}
	assert_int_equal(lose(2, 98, 0, false), SEVERITY_WARNING);
	lab_says(&lab, "loss", "to 198.51.100.0/24 2.0% of the segments are sent again");
}

/* Connections with traffic whose round trip is so much, and their lowest so much. */
static void
delay(unsigned count, uint32_t rtt_us, uint32_t least_us, bool is_v6)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP,
			TCP_STATE_ESTABLISHED, is_v6 ? "2001:db8:1::1" : "10.0.0.1", 443,
			is_v6 ? "2001:db8::9" : "198.51.100.9", (uint16_t)(1000 + i));

		row->tcp = (struct tcp_info_kept){.known_bytes = 236,
			.snd_mss = MSS,
			.rtt = rtt_us,
			.min_rtt = least_us,
			.delivery_rate = 1000000};
		row->send_rate = 100000;
		row->rate_dump = 1;
		row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
	}
}

static int
delayed(unsigned count, uint32_t rtt_us, uint32_t least_us, unsigned others, bool is_v6)
{
	lab_again(&lab, "bufferbloat,loss");
	delay(count, rtt_us, least_us, is_v6);
	delay(others, least_us, least_us, is_v6);
	lab.model->netns[0]->own->complete[0].number = 1;
	lab_looks(&lab, 6);
	return lab_severity(&lab, "bufferbloat");
}

static void
test_delay(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		const bool is_v6 = i != 0;

		/* A LAN: 60 times the lowest, and below 100 ms. */
		assert_int_equal(delayed(100, 3000, 50, 0, is_v6), LAB_NONE);
		assert_int_equal(delayed(100, 100049, 50, 0, is_v6), LAB_NONE);
		assert_int_equal(delayed(100, 100050, 50, 0, is_v6), SEVERITY_INFO);
		/* A long way: 5 times the lowest is none, more is. */
		assert_int_equal(delayed(100, 150000, 30000, 0, is_v6), LAB_NONE);
		assert_int_equal(delayed(100, 150001, 30000, 0, is_v6), SEVERITY_INFO);
		/* How many. */
		assert_int_equal(delayed(2, 300000, 20000, 0, is_v6), LAB_NONE);
		assert_int_equal(delayed(3, 300000, 20000, 12, is_v6), SEVERITY_INFO);
		assert_int_equal(delayed(3, 300000, 20000, 13, is_v6), LAB_NONE);
		/* How much. */
		assert_int_equal(delayed(3, 519999, 20000, 0, is_v6), SEVERITY_INFO);
		assert_int_equal(delayed(3, 520000, 20000, 0, is_v6), SEVERITY_WARNING);
	}
	assert_int_equal(delayed(3, 520000, 20000, 0, false), SEVERITY_WARNING);
	lab_says(&lab, "bufferbloat",
		"the round trip to 198.51.100.0/24 is up to 520.0 ms, 20.0 ms when idle: a queue of about ");
	assert_int_equal(delayed(3, 520000, 20000, 0, true), SEVERITY_WARNING);
	lab_says(&lab, "bufferbloat", "the round trip to 2001:db8::/64 is up to 520.0 ms");
}

/* A delivery rate that no link has: the queue that follows from it is larger than 64 bits. */
static void
test_delay_and_any_rate(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_choose(&lab.settings, "bufferbloat", NULL), 0);
	delay(10, UINT32_MAX, 20000, false);
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		socket_table_row(&lab.model->sockets, id)->tcp.delivery_rate = UINT64_MAX;
	lab.model->netns[0]->own->complete[0].number = 1;
	lab_looks(&lab, 6);
	lab_says(&lab, "bufferbloat", ": a queue of about 15E stands in the path");
}

/* A peak is no queue that stands. */
static void
test_delay_that_passes(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_choose(&lab.settings, "bufferbloat", NULL), 0);
	delay(10, 300000, 20000, false);
	lab.model->netns[0]->own->complete[0].number = 1;
	for (unsigned i = 0; i < 20; i++) {
		for (uint32_t id = 0; id < lab.model->sockets.used; id++)
			socket_table_row(&lab.model->sockets, id)->tcp.rtt =
				i % 3 == 2 ? 25000 : 300000;
		lab_look(&lab);
		assert_int_equal(lab_severity(&lab, "bufferbloat"), LAB_NONE);
	}
}

/*
 * Ten connections with a delay of 3 s and no traffic at all in the look; what each of them is like
 * is set by `waits`. Severity after five looks.
 */
static int
delayed_between_answers(void (*waits)(struct socket_row *))
{
	lab_again(&lab, "bufferbloat");
	delay(10, 3000000, 20000, false);
	lab.model->netns[0]->own->complete[0].number = 1;
	for (uint32_t id = 0; id < lab.model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&lab.model->sockets, id);

		row->send_rate = row->receive_rate = 0;
		row->tcp.last_data_sent = row->tcp.last_data_recv = row->tcp.last_ack_recv = 3001;
		waits(row);
	}
	lab_looks(&lab, 6);
	return lab_severity(&lab, "bufferbloat");
}

static void
for_nothing(struct socket_row *row)
{
	(void)row;
}

static void
for_an_answer(struct socket_row *row)
{
	row->send_queue = 100;
}

static void
since_a_round_trip(struct socket_row *row)
{
	row->tcp.last_ack_recv = 3000;
}

/* Its delay is that of the time when somebody answered. */
static void
for_nobody(struct socket_row *row)
{
	for_an_answer(row);
	row->timer = SOCKET_TIMER_RETRANSMIT;
	row->tcp.backoff = 2;
}

/* Who waits seconds for an answer has no traffic meanwhile, and is delayed all the same. */
static void
test_delay_between_answers(void **state)
{
	(void)state;
	assert_int_equal(delayed_between_answers(for_nothing), LAB_NONE);
	assert_int_equal(delayed_between_answers(for_an_answer), SEVERITY_WARNING);
	assert_int_equal(delayed_between_answers(since_a_round_trip), SEVERITY_WARNING);
	assert_int_equal(delayed_between_answers(for_nobody), LAB_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_repeated_syns_are_no_loss, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_repeated_data_are_loss, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_loss, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_delay, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_delay_and_any_rate, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_delay_that_passes, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_delay_between_answers, open_lab, close_lab),
	};

	lab_page = "rule-path";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
