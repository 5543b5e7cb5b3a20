/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of severities: each trouble at its threshold and one below, where it is seen, in words.
 */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/trouble.h>
#include <sockwatch/analysis/verdict.h>
#include <sockwatch/model/conversation.h>

#include "feed.h"
#include "unit.h"

enum { NOW_MS = 100000 };

static struct model model = {
	.epoch_ms = 1000, .now_ns = (UINT64_C(1000) + NOW_MS) * UINT64_C(1000000)};

static struct socket_row
connection(void)
{
	return (struct socket_row){.protocol = IPPROTO_TCP,
		.state = TCP_STATE_ESTABLISHED,
		.tcp = {.known_bytes = 280,
			.snd_wnd = 65536,
			.rcv_wnd = 65536,
			.bytes_received = 100}};
}

static struct socket_row
in_state(enum tcp_state state, enum socket_timer timer, uint8_t retries)
{
	struct socket_row row = connection();

	row.state = (uint8_t)state;
	row.timer = (uint8_t)timer;
	row.timer_retries = retries;
	return row;
}

static struct socket_row
listener(uint32_t waiting)
{
	return (struct socket_row){.protocol = IPPROTO_TCP,
		.state = TCP_STATE_LISTEN,
		.receive_queue = waiting,
		.send_queue = 10};
}

static enum severity
judge(const struct socket_row *row, enum trouble trouble)
{
	struct trouble_set set;

	trouble_judge(&model, row, &set);
	assert_int_equal(trouble_worst(&model, row), set.worst);
	return set.severity[trouble];
}

static const char *
sentence(const struct socket_row *row)
{
	static char text[256];
	struct trouble_set set;

	trouble_judge(&model, row, &set);
	trouble_format(row, &set, text, sizeof text);
	return text;
}

static void
nothing_is_wrong_with_a_quiet_row(void **state)
{
	struct socket_row row = connection();
	struct trouble_set set;

	(void)state;
	trouble_judge(&model, &row, &set);
	assert_int_equal(set.worst, SEVERITY_INFO);
	assert_string_equal(sentence(&row), "");
	row.state = TCP_STATE_CLOSE_WAIT;
	assert_int_equal(trouble_worst(&model, &row), SEVERITY_WARNING);
	/* What has ended troubles nobody any more. */
	row.flags = SOCKET_CLOSED;
	assert_int_equal(trouble_worst(&model, &row), SEVERITY_INFO);
}

static void
accept_queue_fills(void **state)
{
	const struct socket_row half = listener(5), more = listener(6), limit = listener(10),
				full = listener(11);

	(void)state;
	assert_int_equal(judge(&half, TROUBLE_QUEUE_FULL), SEVERITY_INFO);
	assert_int_equal(judge(&more, TROUBLE_QUEUE_FULL), SEVERITY_WARNING);
	assert_int_equal(judge(&limit, TROUBLE_QUEUE_FULL), SEVERITY_WARNING);
	assert_int_equal(judge(&full, TROUBLE_QUEUE_FULL), SEVERITY_CRITICAL);
	assert_string_equal(sentence(&full),
		"the accept queue is full (11 wait, 10 may): new connections are dropped, the "
		"program does not accept");
	assert_non_null(strstr(sentence(&more), "more than half full (6 wait, 10 may)"));
}

static void
half_open_connections_fill_the_backlog(void **state)
{
	const struct socket_row row = listener(0);

	(void)state;
	assert_int_equal(trouble_of_half_open(&row, 0), SEVERITY_INFO);
	assert_int_equal(trouble_of_half_open(&row, 5), SEVERITY_INFO);
	assert_int_equal(trouble_of_half_open(&row, 6), SEVERITY_WARNING);
	assert_int_equal(trouble_of_half_open(&row, 9), SEVERITY_WARNING);
	assert_int_equal(trouble_of_half_open(&row, 10), SEVERITY_CRITICAL);
}

static void
local_ports_run_out(void **state)
{
	(void)state;
	assert_int_equal(trouble_of_ports(74.9), SEVERITY_INFO);
	assert_int_equal(trouble_of_ports(75), SEVERITY_WARNING);
	assert_int_equal(trouble_of_ports(94.9), SEVERITY_WARNING);
	assert_int_equal(trouble_of_ports(95), SEVERITY_CRITICAL);
}

static void
repeated_segments(void **state)
{
	static const struct {
		enum tcp_state state;
		enum socket_timer timer;
		uint8_t retries;
		enum severity severity;
		const char *words;
	} cases[] = {
		{TCP_STATE_SYN_SENT, SOCKET_TIMER_RETRANSMIT, 0, SEVERITY_INFO, ""},
		{TCP_STATE_SYN_SENT, SOCKET_TIMER_RETRANSMIT, 1, SEVERITY_WARNING,
			"the SYN was sent 2 times"},
		{TCP_STATE_SYN_SENT, SOCKET_TIMER_RETRANSMIT, 3, SEVERITY_WARNING, "4 times"},
		{TCP_STATE_SYN_SENT, SOCKET_TIMER_RETRANSMIT, 4, SEVERITY_CRITICAL, "5 times"},
		{TCP_STATE_SYN_RECEIVED, SOCKET_TIMER_RETRANSMIT, 1, SEVERITY_WARNING,
			"the SYN-ACK was sent 2 times"},
		{TCP_STATE_ESTABLISHED, SOCKET_TIMER_RETRANSMIT, 1, SEVERITY_INFO, ""},
		{TCP_STATE_ESTABLISHED, SOCKET_TIMER_RETRANSMIT, 2, SEVERITY_WARNING,
			"2 retransmissions in a row"},
		{TCP_STATE_ESTABLISHED, SOCKET_TIMER_RETRANSMIT, 4, SEVERITY_WARNING, "4 retr"},
		{TCP_STATE_ESTABLISHED, SOCKET_TIMER_RETRANSMIT, 5, SEVERITY_CRITICAL, "5 retr"},
		{TCP_STATE_LAST_ACK, SOCKET_TIMER_RETRANSMIT, 2, SEVERITY_WARNING, "the FIN"},
		/* The same number counts probes then. */
		{TCP_STATE_ESTABLISHED, SOCKET_TIMER_PERSIST, 9, SEVERITY_INFO, ""},
	};

	(void)state;
	unit_each (i, cases) {
		const struct socket_row row =
			in_state(cases[i].state, cases[i].timer, cases[i].retries);

		assert_int_equal(judge(&row, TROUBLE_RETRIES), cases[i].severity);
		assert_true(strstr(sentence(&row), cases[i].words) != NULL);
	}
}

static void
keepalive_probes(void **state)
{
	struct socket_row row = in_state(TCP_STATE_ESTABLISHED, SOCKET_TIMER_KEEPALIVE, 0);

	(void)state;
	assert_int_equal(judge(&row, TROUBLE_KEEPALIVE), SEVERITY_INFO);
	row.timer_retries = 1;
	assert_int_equal(judge(&row, TROUBLE_KEEPALIVE), SEVERITY_WARNING);
	assert_string_equal(sentence(&row), "1 keepalive probe without an answer");
	row.state = TCP_STATE_FIN_WAIT_2; /* the number is that of another timer */
	assert_int_equal(judge(&row, TROUBLE_KEEPALIVE), SEVERITY_INFO);
}

static void
closed_windows(void **state)
{
	struct socket_row row = connection();

	(void)state;
	row.send_queue = 2048;
	row.tcp.snd_wnd = 0;
	assert_int_equal(judge(&row, TROUBLE_PEER_WINDOW), SEVERITY_INFO);
	row.timer = SOCKET_TIMER_PERSIST;
	assert_int_equal(judge(&row, TROUBLE_PEER_WINDOW), SEVERITY_CRITICAL);
	assert_string_equal(
		sentence(&row), "the peer's window is closed: it does not read, 2.0k wait for it");
	row.timer = SOCKET_TIMER_NONE;
	row.tcp.snd_wnd = 1;
	row.tcp.rcv_wnd = 0;
	assert_int_equal(judge(&row, TROUBLE_OUR_WINDOW), SEVERITY_INFO);
	row.receive_queue = 2048;
	assert_int_equal(judge(&row, TROUBLE_OUR_WINDOW), SEVERITY_CRITICAL);
	assert_string_equal(
		sentence(&row), "our window is closed: the program does not read, 2.0k unread");
	/* A kernel that does not report it reports no 0 either. */
	row.tcp.known_bytes = 232;
	assert_int_equal(judge(&row, TROUBLE_OUR_WINDOW), SEVERITY_INFO);
}

static void
limits_count_while_there_is_data(void **state)
{
	struct socket_row row = connection();

	(void)state;
	row.tcp.busy_time = 1000000;
	row.tcp.rwnd_limited = 500000;
	assert_int_equal(judge(&row, TROUBLE_RECEIVER), SEVERITY_INFO);
	row.send_queue = 1;
	assert_int_equal(judge(&row, TROUBLE_RECEIVER), SEVERITY_WARNING);
	assert_string_equal(sentence(&row),
		"the peer's window holds the sender up: 50% of the time with data, 500ms of 1.0s");
	row.tcp.rwnd_limited = 499999;
	assert_int_equal(judge(&row, TROUBLE_RECEIVER), SEVERITY_INFO);
	row.tcp.sndbuf_limited = 1000000;
	assert_int_equal(judge(&row, TROUBLE_SEND_BUFFER), SEVERITY_WARNING);
	/* All of a moment is no trouble. */
	row.tcp.busy_time = row.tcp.sndbuf_limited = 99999;
	assert_int_equal(judge(&row, TROUBLE_SEND_BUFFER), SEVERITY_INFO);
}

static void
udp_buffer_fills(void **state)
{
	struct socket_row row = {.protocol = IPPROTO_UDP,
		.state = TCP_STATE_CLOSED,
		.has = SOCKET_HAS_MEMORY,
		.mem_receive = 4096 - 768,
		.receive_buffer = 4096};

	(void)state;
	assert_int_equal(judge(&row, TROUBLE_BUFFER_FULL), SEVERITY_INFO);
	row.mem_receive++;
	assert_int_equal(judge(&row, TROUBLE_BUFFER_FULL), SEVERITY_WARNING);
	assert_string_equal(sentence(&row),
		"the receive buffer is full (3.2k of 4.0k in use): what comes now is dropped");
	/* An empty one is not full, however small. */
	row.mem_receive = 0;
	row.receive_buffer = 100;
	assert_int_equal(judge(&row, TROUBLE_BUFFER_FULL), SEVERITY_INFO);
	row.mem_receive = 100;
	row.has = 0;
	assert_int_equal(judge(&row, TROUBLE_BUFFER_FULL), SEVERITY_INFO);
}

static void
retransmissions_need_a_number(void **state)
{
	struct socket_row row = connection();

	(void)state;
	row.tcp.segs_out = 9;
	row.tcp.total_retrans = 9;
	assert_int_equal(judge(&row, TROUBLE_RETRANSMITS), SEVERITY_INFO);
	row.tcp.total_retrans = 10;
	row.tcp.segs_out = 200;
	assert_int_equal(judge(&row, TROUBLE_RETRANSMITS), SEVERITY_WARNING);
	assert_string_equal(
		sentence(&row), "10 of 200 segments were retransmissions: the path loses");
	row.tcp.segs_out = 201;
	assert_int_equal(judge(&row, TROUBLE_RETRANSMITS), SEVERITY_INFO);
}

/* One segment whose ACK is delayed is no queue. */
static void
round_trip_counts_with_many_under_way(void **state)
{
	struct socket_row row = connection();

	(void)state;
	row.send_queue = 1000;
	row.tcp.rtt = 42000;
	row.tcp.min_rtt = 7;
	row.tcp.unacked = 7;
	assert_int_equal(judge(&row, TROUBLE_ROUND_TRIP), SEVERITY_INFO);
	row.tcp.unacked = 8;
	assert_int_equal(judge(&row, TROUBLE_ROUND_TRIP), SEVERITY_WARNING);
	assert_string_equal(sentence(&row),
		"the round trip takes 42ms, at best it took 7us: a queue fills somewhere");
	row.tcp.rtt = 10000; /* a delay that nobody feels */
	assert_int_equal(judge(&row, TROUBLE_ROUND_TRIP), SEVERITY_INFO);
}

static void
the_worst_is_the_sentence(void **state)
{
	struct socket_row row = in_state(TCP_STATE_CLOSE_WAIT, SOCKET_TIMER_RETRANSMIT, 5);
	struct trouble_set set;

	(void)state;
	assert_string_equal(sentence(&row),
		"5 retransmissions in a row without an ACK: nothing is known of the peer any more "
		"(and 1 more below)");
	trouble_judge(&model, &row, &set);
	assert_int_equal(trouble_of_field(&set, "timer_retries"), SEVERITY_CRITICAL);
	assert_int_equal(trouble_of_field(&set, "state"), SEVERITY_CRITICAL);
	assert_int_equal(trouble_of_field(&set, "timer_ms"), SEVERITY_INFO);
	assert_int_equal(trouble_of_field(&set, "queue_in"), SEVERITY_INFO);
}

static void
page_has_one_verdict(void **state)
{
	struct socket_row row = connection();
	struct conversation conversation = {.outcome = CONVERSATION_OUTCOME_REFUSED};
	char text[256];

	(void)state;
	assert_int_equal(trouble_page(&model, &row, NULL, text, sizeof text), SEVERITY_INFO);
	assert_string_equal(text, "nothing wrong is seen");
	row.state = TCP_STATE_CLOSE_WAIT;
	assert_int_equal(trouble_page(&model, &row, NULL, text, sizeof text), SEVERITY_WARNING);
	assert_string_equal(
		text, "the peer has closed and everything is read, the program has not closed yet");
	row.flags = SOCKET_CLOSED;
	assert_int_equal(trouble_page(&model, &row, NULL, text, sizeof text), SEVERITY_INFO);
	assert_string_equal(text, "it has ended; how was not seen");
	assert_int_equal(
		trouble_page(&model, &row, &conversation, text, sizeof text), SEVERITY_CRITICAL);
	assert_non_null(strstr(text, "refused"));
	conversation.outcome = CONVERSATION_OUTCOME_CLOSED;
	assert_int_equal(
		trouble_page(&model, &row, &conversation, text, sizeof text), SEVERITY_INFO);
}

/* The table speaks of fields that there are. */
static void
fields_exist(void **state)
{
	static const char *const seen[] = {"queue_in", "accept_queue", "drops", "queue_out",
		"send_q", "snd_wnd_bytes", "recv_q", "rcv_wnd_bytes", "state", "timer",
		"timer_retries", "backoff", "keepalive", "mem_receive_bytes", "rwnd_limited_us",
		"sndbuf_limited_us", "retrans_total", "bytes_retrans", "rtt_us"};
	struct trouble_set all = {.worst = SEVERITY_WARNING};

	(void)state;
	for (size_t i = 0; i < TROUBLE_COUNT; i++)
		all.severity[i] = SEVERITY_WARNING;
	unit_each (i, seen) {
		assert_int_equal(trouble_of_field(&all, seen[i]), SEVERITY_WARNING);
		assert_true(field_find(&socket_fields, seen[i], strlen(seen[i])) != NULL);
	}
}

/* A read that takes data takes the FIN after it too: an empty queue proves nothing. */
static void
the_end_is_seen_only_with_proof(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket socket = {.cookie = 1,
		.state = TCP_STATE_CLOSE_WAIT,
		.local_port = 80,
		.remote = "10.0.0.9",
		.remote_port = 999,
		.info_len = 232,
		.info = {.tcpi_bytes_received = 6}};
	const struct socket_row *row;

	(void)state;
	feed_snapshot(&feed, true, &socket, 1);
	row = feed_row(&feed, 1);
	assert_int_equal(verdict_receive_queue(row), VERDICT_END_READ);
	socket.receive_queue = 6;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(row), VERDICT_DATA_UNREAD);
	socket.receive_queue = 0;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(row), VERDICT_END_READ);
	socket.receive_queue = 1;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(row), VERDICT_END_UNREAD);
	/* It was alone in the queue: the read returned 0. */
	socket.receive_queue = 0;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(row), VERDICT_NOT_CLOSED);
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(row), VERDICT_NOT_CLOSED);
	/* Nothing ever came before it. */
	socket.cookie = 2;
	socket.info.tcpi_bytes_received = 1;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(feed_row(&feed, 2)), VERDICT_NOT_CLOSED);
	/* One byte of data, read before the peer closed, is not the end. */
	socket.cookie = 3;
	socket.state = TCP_STATE_ESTABLISHED;
	socket.receive_queue = 1;
	feed_snapshot(&feed, true, &socket, 1);
	socket.state = TCP_STATE_CLOSE_WAIT;
	socket.receive_queue = 0;
	socket.info.tcpi_bytes_received = 2;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(verdict_receive_queue(feed_row(&feed, 3)), VERDICT_END_READ);
	feed_free(&feed);
}

static void
drops_are_news_while_they_grow(void **state)
{
	uint32_t memory[9] = {0};
	struct feed feed = feed_new();
	struct feed_socket socket = {
		.cookie = 1, .state = TCP_STATE_LISTEN, .local_port = 80, .memory = memory};
	const struct socket_row *row;
	struct trouble_set set;
	char text[128];

	(void)state;
	memory[8] = 5; /* SK_MEMINFO_DROPS; those may be old ones */
	feed_snapshot(&feed, true, &socket, 1);
	row = feed_row(&feed, 1);
	assert_int_equal(trouble_worst(feed.model, row), SEVERITY_INFO);
	memory[8] = 6;
	feed_snapshot(&feed, true, &socket, 1);
	trouble_judge(feed.model, row, &set);
	assert_int_equal(set.severity[TROUBLE_DROPS], SEVERITY_CRITICAL);
	trouble_format(row, &set, text, sizeof text);
	assert_string_equal(text,
		"6 connection requests dropped so far, and more lately: the program does not keep up "
		"with accepting");
	feed_wait(&feed, 9000);
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(trouble_worst(feed.model, row), SEVERITY_CRITICAL);
	feed_wait(&feed, 1001);
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(trouble_worst(feed.model, row), SEVERITY_INFO);
	/* Those of a socket that was born while we looked are new. */
	socket.cookie = 2;
	feed_snapshot(&feed, false, &socket, 1);
	assert_int_equal(trouble_worst(feed.model, feed_row(&feed, 2)), SEVERITY_CRITICAL);
	socket.cookie = 1;
	/* Without its memory, and with it again: nothing has grown. */
	socket.memory = NULL;
	feed_snapshot(&feed, true, &socket, 1);
	socket.memory = memory;
	feed_snapshot(&feed, true, &socket, 1);
	assert_int_equal(trouble_worst(feed.model, row), SEVERITY_INFO);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_wrong_with_a_quiet_row),
		cmocka_unit_test(accept_queue_fills),
		cmocka_unit_test(half_open_connections_fill_the_backlog),
		cmocka_unit_test(local_ports_run_out),
		cmocka_unit_test(repeated_segments),
		cmocka_unit_test(keepalive_probes),
		cmocka_unit_test(closed_windows),
		cmocka_unit_test(limits_count_while_there_is_data),
		cmocka_unit_test(udp_buffer_fills),
		cmocka_unit_test(retransmissions_need_a_number),
		cmocka_unit_test(round_trip_counts_with_many_under_way),
		cmocka_unit_test(the_worst_is_the_sentence),
		cmocka_unit_test(page_has_one_verdict),
		cmocka_unit_test(fields_exist),
		cmocka_unit_test(the_end_is_seen_only_with_proof),
		cmocka_unit_test(drops_are_news_while_they_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
