/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FINs without an answer, and halves that stay open: the same sockets after the window. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"

enum { PORT = 8080, PID = 812, WARNING = 20 };

/* They enter the state now. */
static void
enter(enum tcp_state state, unsigned count, uint8_t timer, uint8_t retries, uint16_t port)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket_row *const row = sockets_add(lab.model, IPPROTO_TCP, state,
			i % 2 == 0 ? "10.0.0.1" : "2001:db8::1", port,
			i % 2 == 0 ? "198.51.100.9" : "2001:db8::9", (uint16_t)(1000 + i));

		row->timer = timer;
		row->timer_retries = retries;
		row->first_ms = row->changed_ms = row->seen_ms = model_now_ms(lab.model);
	}
}

static void
hold_all(uint32_t pid, uint32_t from, uint32_t to)
{
	for (uint32_t id = from; id < to; id++)
		sockets_hold(lab.model, socket_table_row(&lab.model->sockets, id), pid, "gateway");
}

static void
test_closing(void **state)
{
	static const enum tcp_state states[] = {
		TCP_STATE_FIN_WAIT_1, TCP_STATE_CLOSING, TCP_STATE_LAST_ACK};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		lab_again(&lab, "closing-pile");
		enter(states[i], WARNING - 1, SOCKET_TIMER_RETRANSMIT, 3, PORT);
		lab_looks(&lab, 6);
		assert_int_equal(lab_severity(&lab, "closing-pile"), LAB_NONE);
		/* The twentieth counts when it has stayed as long, and in two looks. */
		enter(states[i], 1, SOCKET_TIMER_RETRANSMIT, 3, PORT);
		lab_looks(&lab, 3);
		assert_int_equal(lab_severity(&lab, "closing-pile"), LAB_NONE);
		lab_look(&lab);
		assert_int_equal(lab_severity(&lab, "closing-pile"), SEVERITY_WARNING);
		assert_int_equal(lab_find(&lab, "closing-pile")->sockets, WARNING);
	}
}

static void
test_closing_words(void **state)
{
	(void)state;
	enter(TCP_STATE_FIN_WAIT_1, 10, SOCKET_TIMER_RETRANSMIT, 3, PORT);
	enter(TCP_STATE_CLOSING, 6, SOCKET_TIMER_RETRANSMIT, 1, PORT);
	enter(TCP_STATE_LAST_ACK, 4, SOCKET_TIMER_RETRANSMIT, 2, PORT);
	lab_looks(&lab, 5);
	assert_string_equal(lab_find(&lab, "closing-pile")->title,
		"20 sockets of :8080 wait for the last ACK (10 in FIN-WAIT-1, 6 in CLOSING, 4 in LAST-ACK), their FIN was sent again up to 3 times");
	/* All end: it is over after the time that the rule gives. */
	for (uint32_t id = 0; id < WARNING; id++)
		socket_table_remove(&lab.model->sockets, id);
	lab_looks(&lab, RULE_CLEAR_QUEUE_S - 1);
	assert_int_equal(lab_severity(&lab, "closing-pile"), SEVERITY_WARNING);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "closing-pile"), LAB_NONE);
}

/* Data that still flow to a slow reader, a FIN that was sent once, and short stays. */
static void
test_closing_healthy(void **state)
{
	(void)state;
	enter(TCP_STATE_FIN_WAIT_1, 100, SOCKET_TIMER_PERSIST, 5, PORT);
	enter(TCP_STATE_FIN_WAIT_1, 100, SOCKET_TIMER_RETRANSMIT, 0, PORT);
	enter(TCP_STATE_FIN_WAIT_1, WARNING - 1, SOCKET_TIMER_RETRANSMIT, 3, PORT + 1);
	enter(TCP_STATE_LAST_ACK, WARNING - 1, SOCKET_TIMER_RETRANSMIT, 3, PORT + 2);
	for (unsigned i = 0; i < 8; i++) {
		/* Others each second. */
		enter(TCP_STATE_LAST_ACK, 5, SOCKET_TIMER_RETRANSMIT, 1, PORT);
		lab_look(&lab);
		for (uint32_t id = 0; id < lab.model->sockets.used; id++)
			if (socket_table_row(&lab.model->sockets, id)->flags == 0 &&
				socket_table_row(&lab.model->sockets, id)->state ==
					TCP_STATE_LAST_ACK &&
				socket_table_row(&lab.model->sockets, id)->local_port == PORT)
				socket_table_remove(&lab.model->sockets, id);
	}
	assert_int_equal(lab_severity(&lab, "closing-pile"), LAB_NONE);
}

static void
test_closing_namespaces(void **state)
{
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	enter(TCP_STATE_FIN_WAIT_1, WARNING - 1, SOCKET_TIMER_RETRANSMIT, 3, PORT);
	enter(TCP_STATE_FIN_WAIT_1, WARNING, SOCKET_TIMER_RETRANSMIT, 3, PORT);
	for (uint32_t id = WARNING - 1; id < 2 * WARNING - 1; id++)
		socket_table_row(&lab.model->sockets, id)->netns = other;
	lab_looks(&lab, 6);
	assert_int_equal(lab_standing(&lab, "closing-pile"), 1);
	assert_int_equal(lab_find(&lab, "closing-pile")->netns, other);
	assert_int_equal(lab_find(&lab, "closing-pile")->sockets, WARNING);
}

static void
test_halves(void **state)
{
	(void)state;
	enter(TCP_STATE_FIN_WAIT_2, WARNING - 1, SOCKET_TIMER_NONE, 0, PORT);
	/* Of no program: the kernel ends them after tcp_fin_timeout. */
	enter(TCP_STATE_FIN_WAIT_2, 100, SOCKET_TIMER_TIMEWAIT, 0, PORT);
	hold_all(PID, 0, WARNING - 1);
	lab_looks(&lab, 6);
	assert_int_equal(lab_severity(&lab, "fin-wait-2"), LAB_NONE);
	enter(TCP_STATE_FIN_WAIT_2, 1, SOCKET_TIMER_NONE, 0, PORT);
	hold_all(PID, WARNING - 1 + 100, WARNING + 100);
	lab_looks(&lab, 5);
	assert_int_equal(lab_severity(&lab, "fin-wait-2"), SEVERITY_WARNING);
	assert_string_equal(lab_find(&lab, "fin-wait-2")->title,
		"20 sockets of gateway (812) have sent FIN and wait for the peer's, which keeps its half open");
	assert_string_equal(lab_find(&lab, "fin-wait-2")->filter, "state fin-wait-2 and pid 812");
	assert_int_equal(lab_find(&lab, "fin-wait-2")->sockets, WARNING);
}

/* Two programs with a few each; then those whose owner is not known. */
static void
test_halves_owners(void **state)
{
	(void)state;
	enter(TCP_STATE_FIN_WAIT_2, 2 * (WARNING - 1), SOCKET_TIMER_NONE, 0, PORT);
	hold_all(PID, 0, WARNING - 1);
	hold_all(PID + 1, WARNING - 1, 2 * (WARNING - 1));
	lab_looks(&lab, 6);
	assert_int_equal(lab_severity(&lab, "fin-wait-2"), LAB_NONE);
	enter(TCP_STATE_FIN_WAIT_2, WARNING, SOCKET_TIMER_NONE, 0, PORT);
	for (uint32_t id = 2 * (WARNING - 1); id < lab.model->sockets.used; id++)
		socket_table_row(&lab.model->sockets, id)->inode = 500000 + id;
	lab_looks(&lab, 5);
	assert_int_equal(lab_standing(&lab, "fin-wait-2"), 1);
	lab_says(&lab, "fin-wait-2", "20 sockets of a process that is not known have sent FIN");
	assert_string_equal(lab_find(&lab, "fin-wait-2")->filter, "state fin-wait-2");
}

static void
test_one(void **state)
{
	(void)state;
	assert_int_equal(doctor_settings_set(&lab.settings, "closing-pile.warning", "1", NULL), 0);
	assert_int_equal(doctor_settings_set(&lab.settings, "fin-wait-2.warning", "1", NULL), 0);
	enter(TCP_STATE_FIN_WAIT_2, 1, SOCKET_TIMER_NONE, 0, PORT);
	hold_all(PID, 0, 1);
	enter(TCP_STATE_LAST_ACK, 1, SOCKET_TIMER_RETRANSMIT, 1, PORT);
	lab_looks(&lab, 5);
	assert_string_equal(lab_find(&lab, "closing-pile")->title,
		"1 socket of :8080 waits for the last ACK (1 in LAST-ACK), its FIN was sent again up to 1 time");
	assert_string_equal(lab_find(&lab, "fin-wait-2")->title,
		"1 socket of gateway (812) has sent FIN and waits for the peer's, which keeps its half open");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_closing, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_closing_words, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_closing_healthy, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_closing_namespaces, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_halves, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_halves_owners, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_one, open_lab, close_lab),
	};

	lab_page = "rule-closing";
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
