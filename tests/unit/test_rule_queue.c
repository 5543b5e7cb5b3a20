/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queues of listeners: thresholds, who is named, and what is not told twice. */
#include <config.h>

#include "doctor_lab.h"

#include "analysis/doctor/rule.h"

enum { PORT = 8443, BACKLOG = 8, PID = 812, SHORT = 8, LONG = 14 };

static const char rules[] = "syn-flood,syn-queue-drops,syn-backlog-small,accept-queue";

static struct socket_row *
listener(uint16_t port, uint32_t waiting, bool is_v6)
{
	const char *const any = is_v6 ? "::" : "0.0.0.0";
	struct socket_row *const row =
		sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_LISTEN, any, port, any, 0);

	row->send_queue = BACKLOG;
	row->receive_queue = waiting;
	return row;
}

/* Each from an address of its own. */
static void
half_open(uint16_t port, unsigned count, bool is_v6, uint16_t netns)
{
	for (unsigned i = 0; i < count; i++) {
		char remote[32];

		if (is_v6)
			snprintf(remote, sizeof remote, "2001:db8::%x", i + 1);
		else
			snprintf(remote, sizeof remote, "203.0.113.%u", i + 1);
		sockets_add(lab.model, IPPROTO_TCP, TCP_STATE_SYN_RECEIVED,
			is_v6 ? "2001:db8:1::1" : "10.0.0.1", port, remote, 4000)
			->netns = netns;
	}
}

/* What the rules say of one port with so many half-open and these rates a second. */
struct queue_case {
	unsigned half_open;
	uint64_t sent, received, full, drops, overflows;
	int flood, queue_drops, backlog_small;
};

static void
check_case(const struct queue_case *c, bool is_v6)
{
	const struct lab_rate rates[] = {{COUNTER_SYNCOOKIES_SENT, c->sent},
		{COUNTER_SYNCOOKIES_RECV, c->received}, {COUNTER_REQ_Q_FULL_DROP, c->full},
		{COUNTER_LISTEN_DROPS, c->drops}, {COUNTER_LISTEN_OVERFLOWS, c->overflows}};

	lab_again(&lab, rules);
	(void)listener(PORT, 0, is_v6);
	half_open(PORT, c->half_open, is_v6, 0);
	lab_run(&lab, 0, rates, 5, LONG);
	assert_int_equal(lab_severity(&lab, "syn-flood"), c->flood);
	assert_int_equal(lab_severity(&lab, "syn-queue-drops"), c->queue_drops);
	assert_int_equal(lab_severity(&lab, "syn-backlog-small"), c->backlog_small);
}

static void
test_half_open(void **state)
{
	static const struct queue_case cases[] = {
		/* A healthy listener: some half-open, no cookies. */
		{BACKLOG, 0, 0, 0, 0, 0, LAB_NONE, LAB_NONE, LAB_NONE},
		/* The rate, and the fill. */
		{BACKLOG, 9, 0, 0, 0, 0, LAB_NONE, LAB_NONE, LAB_NONE},
		{BACKLOG, 10, 0, 0, 0, 0, SEVERITY_WARNING, LAB_NONE, LAB_NONE},
		{BACKLOG - 1, 10, 0, 0, 0, 0, LAB_NONE, LAB_NONE, LAB_NONE},
		{BACKLOG, 1000, 0, 0, 0, 0, SEVERITY_WARNING, LAB_NONE, LAB_NONE},
		{BACKLOG, 1001, 0, 0, 0, 0, SEVERITY_CRITICAL, LAB_NONE, LAB_NONE},
		/* Clients that answer are no flood. */
		{BACKLOG, 10, 4, 0, 0, 0, SEVERITY_WARNING, LAB_NONE, LAB_NONE},
		{BACKLOG, 10, 5, 0, 0, 0, LAB_NONE, LAB_NONE, SEVERITY_WARNING},
		{BACKLOG, 9, 9, 0, 0, 0, LAB_NONE, LAB_NONE, SEVERITY_INFO},
		{BACKLOG, 1000, 499, 0, 0, 0, SEVERITY_WARNING, LAB_NONE, LAB_NONE},
		{BACKLOG, 1000, 500, 0, 0, 0, LAB_NONE, LAB_NONE, SEVERITY_WARNING},
		{BACKLOG, 1, 1, 0, 0, 0, LAB_NONE, LAB_NONE, SEVERITY_INFO},
		/* Without cookies SYNs are lost. */
		{BACKLOG, 0, 0, 10, 0, 0, SEVERITY_CRITICAL, SEVERITY_CRITICAL, LAB_NONE},
		{BACKLOG, 10, 0, 0, 1, 0, SEVERITY_CRITICAL, SEVERITY_CRITICAL, LAB_NONE},
		{1, 0, 0, 1, 0, 0, LAB_NONE, SEVERITY_CRITICAL, LAB_NONE},
		{1, 0, 0, 0, 1, 0, LAB_NONE, SEVERITY_CRITICAL, LAB_NONE},
		/* Drops of a full accept queue are not those of half-open ones. */
		{1, 0, 0, 0, 5, 5, LAB_NONE, LAB_NONE, LAB_NONE},
		{1, 0, 0, 0, 6, 5, LAB_NONE, SEVERITY_CRITICAL, LAB_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		print_message("case %zu\n", i);
		check_case(&cases[i], false);
		check_case(&cases[i], true);
	}
}

static void
end_half_open(void)
{
	for (uint32_t id = 0; id < lab.model->sockets.used; id++)
		if (socket_table_row(&lab.model->sockets, id)->state == TCP_STATE_SYN_RECEIVED)
			socket_table_remove(&lab.model->sockets, id);
}

static void
test_flood_words(void **state)
{
	static const struct lab_rate sent = {COUNTER_SYNCOOKIES_SENT, 20};

	(void)state;
	(void)listener(PORT, 0, false);
	half_open(PORT, BACKLOG, false, 0);
	lab_run(&lab, 0, &sent, 1, SHORT);
	assert_string_equal(lab_find(&lab, "syn-flood")->title,
		":8443: 8 half-open of 8 from 8 sources, 20 SYN cookies a second, 0.0% answered");
	assert_string_equal(
		lab_find(&lab, "syn-flood")->filter, "state syn-received and lport = 8443");
	assert_int_equal(lab_find(&lab, "syn-flood")->sockets, BACKLOG);
	assert_int_equal(lab_find(&lab, "syn-flood")->pid, 0);
	/* With its owner, and from a single source. */
	lab_again(&lab, rules);
	sockets_hold(lab.model, listener(PORT, 0, false), PID, "nginx");
	for (unsigned i = 0; i < BACKLOG; i++)
		half_open(PORT, 1, false, 0);
	lab_run(&lab, 0, &sent, 1, SHORT);
	lab_says(&lab, "syn-flood", ":8443 of nginx (812): 8 half-open of 8 from 1 source, ");
	end_half_open();
	lab_looks(&lab, RULE_CLEAR_QUEUE_S - 1);
	assert_int_equal(lab_severity(&lab, "syn-flood"), SEVERITY_WARNING);
	lab_look(&lab);
	assert_int_equal(lab_severity(&lab, "syn-flood"), LAB_NONE);
}

/* SYNs are dropped, and no half-open connection shows where. */
static void
test_drops_without_a_culprit(void **state)
{
	static const struct lab_rate full = {COUNTER_REQ_Q_FULL_DROP, 3};

	(void)state;
	(void)listener(PORT, 0, false);
	lab_run(&lab, 0, &full, 1, SHORT);
	assert_string_equal(
		lab_find(&lab, "syn-queue-drops")->title, "SYNs are dropped, 3 a second");
	assert_string_equal(lab_find(&lab, "syn-queue-drops")->filter, "");
	assert_int_equal(lab_find(&lab, "syn-queue-drops")->sockets, 0);
}

/* The one that dropped is named before the one with more half-open connections. */
static void
test_culprit(void **state)
{
	static const struct lab_rate full = {COUNTER_REQ_Q_FULL_DROP, 3};
	struct socket_row *dropping;

	(void)state;
	(void)listener(443, 0, false);
	half_open(443, 5, false, 0);
	dropping = listener(PORT, 0, false);
	half_open(PORT, 2, false, 0);
	for (unsigned i = 0; i < SHORT; i++) {
		dropping->drops_ms = model_now_ms(lab.model);
		lab_run(&lab, 0, &full, 1, 1);
	}
	lab_says(&lab, "syn-queue-drops", ": 2 half-open on :8443 (backlog 8)");
}

/* The listener that is named when at each look its last drop is so long ago. */
static void
culprit_after(uint32_t ms, const char *words)
{
	static const struct lab_rate full = {COUNTER_REQ_Q_FULL_DROP, 3};
	struct socket_row *dropping;

	lab_again(&lab, rules);
	(void)listener(443, 0, false);
	half_open(443, 5, false, 0);
	dropping = listener(PORT, 0, false);
	half_open(PORT, 2, false, 0);
	for (unsigned i = 0; i < SHORT; i++) {
		dropping->drops_ms = model_now_ms(lab.model) + 1000 - ms;
		lab_run(&lab, 0, &full, 1, 1);
	}
	lab_says(&lab, "syn-queue-drops", words);
}

static void
test_culprit_of_late(void **state)
{
	(void)state;
	culprit_after(3999, ": 2 half-open on :8443 (backlog 8)");
	culprit_after(4000, ": 5 half-open on :443 (backlog 8)");
}

/* The model is 4 s old: a listener that never dropped is not one that did. */
static void
test_culprit_at_the_start(void **state)
{
	static const struct lab_rate full = {COUNTER_REQ_Q_FULL_DROP, 3};
	struct socket_row *dropping;

	(void)state;
	lab.model->now_ns = SOCKETS_EPOCH_S * CLOCK_NS_PER_S;
	(void)listener(443, 0, false);
	half_open(443, 5, false, 0);
	dropping = listener(PORT, 0, false);
	half_open(PORT, 2, false, 0);
	dropping->drops_ms = 900;
	lab_run(&lab, 0, &full, 1, 3);
	lab_count(&lab, COUNTER_REQ_Q_FULL_DROP, 12);
	lab.model->now_ns += 900 * CLOCK_NS_PER_MS;
	lab.model->complete_sequence++;
	doctor_look(lab.doctor, lab.model, true);
	lab_says(&lab, "syn-queue-drops", ": 2 half-open on :8443 (backlog 8)");
}

/* Counters of one namespace say nothing about the queues of another. */
static void
test_namespaces_apart(void **state)
{
	static const struct lab_rate sent = {COUNTER_SYNCOOKIES_SENT, 20};
	const uint16_t other = lab_other_netns(&lab);

	(void)state;
	(void)listener(PORT, 0, false);
	half_open(PORT, BACKLOG, false, 0);
	lab_run(&lab, other, &sent, 1, SHORT);
	assert_int_equal(lab_severity(&lab, "syn-flood"), LAB_NONE);
	listener(PORT, 0, false)->netns = other;
	half_open(PORT, BACKLOG, false, other);
	lab_run(&lab, other, &sent, 1, SHORT);
	assert_int_equal(lab_standing(&lab, "syn-flood"), 1);
	assert_int_equal(lab_find(&lab, "syn-flood")->netns, other);
}

static void
test_accept(void **state)
{
	static const struct {
		uint32_t waiting;
		uint64_t overflows;
		int severity;
		const char *words;
	} cases[] = {
		{0, 0, LAB_NONE, NULL},
		{7, 0, LAB_NONE, NULL}, /* 80 % of 8 + 1 is 7.2 */
		{8, 0, SEVERITY_WARNING, "does not accept: 8 wait on :8443 (backlog 8)"},
		/* Full is one above the backlog. */
		{8, 5, SEVERITY_WARNING, "(backlog 8)"},
		{9, 0, SEVERITY_WARNING, "9 wait on"},
		{9, 1, SEVERITY_CRITICAL, "(backlog 8), 1 connection attempt a second dropped"},
		{9, 5, SEVERITY_CRITICAL, "(backlog 8), 5 connection attempts a second dropped"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int is_v6 = 0; is_v6 < 2; is_v6++) {
			const struct lab_rate rates[] = {
				{COUNTER_LISTEN_OVERFLOWS, cases[i].overflows},
				{COUNTER_LISTEN_DROPS, cases[i].overflows}};

			print_message("case %zu\n", i);
			lab_again(&lab, rules);
			(void)listener(PORT, cases[i].waiting, is_v6 != 0);
			lab_run(&lab, 0, rates, 2, SHORT);
			assert_int_equal(lab_severity(&lab, "accept-queue"), cases[i].severity);
			if (cases[i].words != NULL)
				lab_says(&lab, "accept-queue", cases[i].words);
		}
	lab_says(&lab, "accept-queue", "a process that is not known does not accept");
}

/* With a backlog of 9 it is 80 % of 10. */
static void
test_accept_exactly(void **state)
{
	struct socket_row *row;

	(void)state;
	row = listener(PORT, 7, false);
	row->send_queue = 9;
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "accept-queue"), LAB_NONE);
	row->receive_queue = 8;
	lab_looks(&lab, 2);
	assert_int_equal(lab_severity(&lab, "accept-queue"), SEVERITY_WARNING);
}

/* listen(fd, 0) keeps one. */
static void
test_accept_one(void **state)
{
	(void)state;
	listener(PORT, 1, false)->send_queue = 0;
	lab_looks(&lab, 2);
	lab_says(&lab, "accept-queue", "1 waits on :8443 (backlog 0)");
}

/* The queue is as long at every look, but by others: the program works it off. */
static void
test_accept_moves(void **state)
{
	struct socket_row *row, *child;

	(void)state;
	for (int tcp = TCP_STATE_ESTABLISHED; tcp < TCP_STATE_COUNT; tcp++) {
		if (tcp != TCP_STATE_ESTABLISHED && tcp != TCP_STATE_CLOSE_WAIT)
			continue;
		lab_again(&lab, rules);
		row = listener(PORT, BACKLOG, false);
		child = sockets_add(lab.model, IPPROTO_TCP, (enum tcp_state)tcp, "10.0.0.1", PORT,
			"192.0.2.7", 4000);
		for (unsigned i = 0; i < SHORT; i++) {
			child->changed_ms = model_now_ms(lab.model) + 1;
			lab_look(&lab);
		}
		assert_int_equal(lab_severity(&lab, "accept-queue"), LAB_NONE);
		/* This one waits for more than a second. */
		lab_looks(&lab, 3);
		assert_int_equal(lab_severity(&lab, "accept-queue"), SEVERITY_WARNING);
		assert_int_equal(row->receive_queue, BACKLOG);
	}
	/* What an accepted one does says nothing. */
	lab_again(&lab, rules);
	(void)listener(PORT, BACKLOG, false);
	child = sockets_add(
		lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "10.0.0.1", PORT, "192.0.2.7", 4000);
	child->inode = 7;
	child->changed_ms = UINT32_MAX / 2;
	lab_looks(&lab, 3);
	assert_int_equal(lab_severity(&lab, "accept-queue"), SEVERITY_WARNING);
}

/* Connections that are lost are lost, however fast the rest is accepted. */
static void
test_accept_moves_and_loses(void **state)
{
	struct socket_row *child;

	(void)state;
	(void)listener(PORT, BACKLOG + 1, false);
	child = sockets_add(
		lab.model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "10.0.0.1", PORT, "192.0.2.7", 4000);
	for (unsigned i = 0; i < SHORT; i++) {
		lab_count(&lab, COUNTER_LISTEN_OVERFLOWS, 5 * i);
		child->changed_ms = model_now_ms(lab.model) + 1;
		lab_look(&lab);
	}
	assert_int_equal(lab_severity(&lab, "accept-queue"), SEVERITY_CRITICAL);
}

/* The half-open ones of a full accept queue are its own doing; those of another port are not. */
static void
test_accept_hides(void **state)
{
	static const struct lab_rate rates[] = {
		{COUNTER_SYNCOOKIES_SENT, 20}, {COUNTER_REQ_Q_FULL_DROP, 2}};
	const struct finding *hidden[8];

	(void)state;
	(void)listener(PORT, BACKLOG + 1, false);
	half_open(PORT, BACKLOG, false, 0);
	lab_run(&lab, 0, rates, 2, SHORT);
	assert_int_equal(lab_severity(&lab, "accept-queue"), SEVERITY_WARNING);
	assert_int_equal(lab_severity(&lab, "syn-flood"), LAB_NONE);
	assert_int_equal(lab_severity(&lab, "syn-queue-drops"), LAB_NONE);
	assert_int_equal(doctor_hidden(lab.doctor, lab_find(&lab, "accept-queue"), hidden, 8), 2);
	(void)listener(443, 0, false);
	half_open(443, BACKLOG, false, 0);
	lab_run(&lab, 0, rates, 2, SHORT);
	assert_int_equal(lab_standing(&lab, "syn-flood"), 1);
	lab_says(&lab, "syn-flood", ":443: ");
}

/* Cookies that most clients answer now explain the flood that was seen before. */
static void
test_backlog_hides_flood(void **state)
{
	static const struct lab_rate flood = {COUNTER_SYNCOOKIES_SENT, 20};
	static const struct lab_rate answered[] = {
		{COUNTER_SYNCOOKIES_SENT, 40}, {COUNTER_SYNCOOKIES_RECV, 40}};

	(void)state;
	(void)listener(PORT, 0, false);
	half_open(PORT, BACKLOG, false, 0);
	lab_run(&lab, 0, answered, 2, 1); /* both are known from the start */
	lab_run(&lab, 0, &flood, 1, SHORT);
	assert_int_equal(lab_severity(&lab, "syn-flood"), SEVERITY_WARNING);
	lab_run(&lab, 0, answered, 2, LONG);
	assert_int_equal(lab_severity(&lab, "syn-flood"), LAB_NONE);
	assert_int_equal(lab_severity(&lab, "syn-backlog-small"), SEVERITY_WARNING);
	lab_says(&lab, "syn-backlog-small",
		"real clients get SYN cookies on :8443: backlog 8, 8 half-open, 40 cookies a second, 100% answered");
}

/* Counters are compared in as many namespaces as the model keeps. */
static void
test_many_namespaces(void **state)
{
	static const struct lab_rate rate = {COUNTER_SYNCOOKIES_SENT, 20};
	uint16_t last = 0;

	(void)state;
	for (uint32_t id = 2; id <= MODEL_NETNS_MAX; id++)
		last = netns_get(lab.model, id)->index;
	assert_int_equal(last, MODEL_NETNS_MAX - 1);
	listener(PORT, 0, false)->netns = last;
	half_open(PORT, BACKLOG, false, last);
	lab_run(&lab, last, &rate, 1, SHORT);
	assert_int_equal(lab_severity(&lab, "syn-flood"), SEVERITY_WARNING);
	assert_int_equal(lab_find(&lab, "syn-flood")->netns, last);
	assert_true(doctor_refused(lab.doctor) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_half_open, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_flood_words, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_drops_without_a_culprit, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_culprit, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_culprit_of_late, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_culprit_at_the_start, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_namespaces_apart, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accept, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accept_exactly, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accept_one, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accept_moves, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accept_moves_and_loses, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_accept_hides, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_backlog_hides_flood, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_many_namespaces, open_lab, close_lab),
	};

	lab_page = "rule-queue";
	lab_rules = rules;
	return cmocka_run_group_tests(tests, lab_begin, lab_compare);
}
