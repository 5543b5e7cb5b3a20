/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dumps do to the socket table: births, changes, rates, ends. */
#include <config.h>

#include <netinet/in.h>
#include <string.h>

#include "feed.h"
#include "model/model_private.h"
#include "stream/message_table.h"
#include "unit.h"

static struct feed_socket
established(uint64_t cookie)
{
	return (struct feed_socket){
		.cookie = cookie,
		.state = 1,
		.local = "10.0.0.1",
		.remote = "10.0.0.2",
		.local_port = 443,
		.remote_port = (uint16_t)cookie,
		.inode = (uint32_t)cookie + 100,
		.info_len = 280,
		.congestion = "cubic",
	};
}

/* Every message of a collector (numbers from 64 on are of the viewer); its namespace is known. */
static void
every_message_has_a_handler(void **state)
{
	struct feed feed = feed_new();

	(void)state;
	for (unsigned type = MESSAGE_HELLO; type < MESSAGE_SUBSCRIPTION; type++) {
		const struct message_layout *const layout = message_layout(type);
		union message_body body = {0};

		if (layout == NULL)
			continue;
		for (size_t i = 0; i < layout->attribute_count; i++) {
			const struct message_attribute *const row = &layout->attributes[i];
			void *const member = (uint8_t *)&body + row->offset;

			if (strcmp(row->name, "netns") == 0)
				*(uint32_t *)member = FEED_NETNS;
			if (strcmp(row->name, "protocols") == 0)
				*(uint8_t *)member = PROTOCOL_TCP;
		}
		feed_message(&feed, (enum message_type)type, &body);
		if (feed.model->bad_records != 0)
			fail_msg(
				"message %s is refused: the table of src/model/apply.c needs a function for it",
				layout->name);
	}
	feed_free(&feed);
}

static void
first_dump_then_changes(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket sockets[2] = {established(1), established(2)};
	uint64_t changes;

	(void)state;
	feed_snapshot(&feed, true, sockets, 2);
	assert_int_equal(feed.model->sockets.count, 2);
	assert_int_equal(feed.model->opened, 0);
	assert_false(feed_row(&feed, 1)->flags & SOCKET_BIRTH_SEEN);
	assert_string_equal(model_text(feed.model, feed_row(&feed, 1)->congestion), "cubic");
	feed_wait(&feed, 1000);
	/* New rows get their rates now: this is seen, and then there is quiet. */
	feed_snapshot(&feed, false, NULL, 0);
	changes = feed.model->socket_changes;
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, NULL, 0);
	/* A row that is sent again as it was, but older, is no change either. */
	sockets[0].expires_ms = 77;
	sockets[0].info.tcpi_last_data_recv = 2000;
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, sockets, 1);
	assert_int_equal(feed.model->socket_changes, changes);
	assert_int_equal(feed_row(&feed, 1)->timer_ms, 77);
	assert_int_equal(feed_row(&feed, 1)->seen_ms, 3000);
	assert_int_equal(feed_row(&feed, 1)->first_ms, 0);
	/* A new one and a change of state. */
	sockets[0].state = 8;
	sockets[1] = established(3);
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, sockets, 2);
	assert_int_equal(feed.model->socket_changes, changes + 2);
	assert_int_equal(feed.model->opened, 1);
	assert_true(feed_row(&feed, 3)->flags & SOCKET_BIRTH_SEEN);
	assert_int_equal(feed_row(&feed, 3)->first_ms, 4000);
	assert_int_equal(feed_row(&feed, 1)->state, TCP_STATE_CLOSE_WAIT);
	assert_int_equal(feed_row(&feed, 1)->previous_state, TCP_STATE_ESTABLISHED);
	assert_int_equal(feed_row(&feed, 1)->changed_ms, 4000);
	assert_int_equal(feed.model->sockets.by_state[0][TCP_STATE_ESTABLISHED], 2);
	assert_int_equal(feed.model->sockets.by_state[0][TCP_STATE_CLOSE_WAIT], 1);
	assert_int_equal(feed.model->bad_records, 0);
	feed_free(&feed);
}

static void
keeps_what_a_row_is(void **state)
{
	static const uint32_t memory[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct feed feed = feed_new();
	struct feed_socket socket = established(9);
	const struct socket_row *row;

	(void)state;
	socket.family = AF_INET6;
	socket.local = "::ffff:10.0.0.1";
	socket.remote = "::ffff:10.0.0.9";
	socket.memory = memory;
	socket.mark = 5;
	socket.ulp = "mptcp";
	socket.old_type = true;
	feed_snapshot(&feed, true, &socket, 1);
	row = feed_row(&feed, 9);
	assert_int_equal(row->family, AF_INET6);
	assert_true(address_is_v4(&row->remote));
	assert_int_equal(row->protocol, IPPROTO_TCP);
	assert_int_equal(row->mem_receive, 1);
	assert_int_equal(row->receive_buffer, 2);
	assert_int_equal(row->send_buffer, 4);
	assert_int_equal(row->mem_send, 6);
	assert_int_equal(row->drops, 9);
	assert_int_equal(row->mark, 5);
	assert_true(row->flags & SOCKET_MPTCP);
	/* Facts that are no longer reported are no longer known. */
	socket.memory = NULL;
	socket.info_len = 0;
	socket.congestion = NULL;
	feed_snapshot(&feed, false, &socket, 1);
	assert_false(row->has & SOCKET_HAS_MEMORY);
	assert_int_equal(row->tcp.known_bytes, 0);
	assert_int_equal(row->congestion, 0);
	feed_free(&feed);
}

static void
listeners_and_requests(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {
		{.cookie = 1,
			.state = 10,
			.inode = 7,
			.receive_queue = 6,
			.send_queue = 5,
			.info_len = 280},
		{.cookie = 2, .state = 12, .mark = 1, .bare = true},
		{.cookie = 3, .state = 3, .inode = 8, .info_len = 280},
		{.cookie = 4, .state = 13, .inode = 9},
		{.cookie = 5, .state = 9, .info_len = 280},
		{.cookie = 6, .state = 2, .inode = 10, .info_len = 280},
	};
	uint64_t value;

	(void)state;
	feed_snapshot(&feed, true, sockets, UNIT_COUNT_OF(sockets));
	assert_int_equal(feed_row(&feed, 1)->receive_queue, 6);
	assert_int_equal(feed_row(&feed, 1)->send_queue, 5);
	assert_int_equal(feed_row(&feed, 1)->tcp.known_bytes, 0);
	assert_true(feed_row(&feed, 2)->flags & SOCKET_REQUEST);
	assert_false(feed_row(&feed, 3)->flags & SOCKET_REQUEST);
	assert_int_equal(feed.model->sockets.by_state[0][TCP_STATE_SYN_RECEIVED], 2);
	assert_int_equal(feed_row(&feed, 4)->state, TCP_STATE_CLOSED);
	assert_true(feed_row(&feed, 5)->flags & SOCKET_ORPHAN);
	/* It has never sent: no age of what it sent. */
	assert_false(tcp_info_get(&feed_row(&feed, 6)->tcp, TCP_INFO_last_data_sent, &value));
	assert_true(tcp_info_get(&feed_row(&feed, 6)->tcp, TCP_INFO_retrans, &value));
	feed_free(&feed);
}

static void
keepalive_keeps_its_verdict(void **state)
{
	static const struct {
		uint8_t state, timer;
		uint32_t send_queue;
		bool known, on;
	} steps[] = {
		{1, 1, 9, false, false},
		{1, 2, 0, true, true},
		{1, 1, 9, true, true},
		{1, 0, 9, true, true},
		{1, 0, 0, true, false},
		{8, 4, 0, true, false},
		{8, 2, 0, true, true},
		/* Another timer with the same number. */
		{5, 0, 0, true, true},
	};
	struct feed feed = feed_new();

	(void)state;
	unit_each (i, steps) {
		struct feed_socket socket = established(1);

		socket.state = steps[i].state;
		socket.timer = steps[i].timer;
		socket.send_queue = steps[i].send_queue;
		feed_snapshot(&feed, i == 0, &socket, 1);
		assert_int_equal(
			(feed_row(&feed, 1)->has & SOCKET_HAS_KEEPALIVE) != 0, steps[i].known);
		assert_int_equal(
			(feed_row(&feed, 1)->flags & SOCKET_KEEPALIVE_ON) != 0, steps[i].on);
	}
	feed_free(&feed);
}

static void
expect_rates(const struct feed *feed, uint64_t cookie, double send, double receive)
{
	double got_send, got_receive;

	assert_true(
		model_socket_rates(feed->model, feed_row(feed, cookie), &got_send, &got_receive));
	assert_true(got_send > send - 0.01 && got_send < send + 0.01);
	assert_true(got_receive > receive - 0.01 && got_receive < receive + 0.01);
}

static bool
has_rates(const struct feed *feed, uint64_t cookie)
{
	double send, receive;

	return model_socket_rates(feed->model, feed_row(feed, cookie), &send, &receive);
}

static void
rates_are_of_the_last_refresh(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket sockets[3] = {established(1), established(2), established(3)};
	uint64_t changes;

	(void)state;
	sockets[0].info.tcpi_bytes_sent = 5000;
	/* An older kernel: no bytes_sent, and then nothing at all. */
	sockets[1].info_len = 136;
	sockets[2].info_len = 104;
	feed_snapshot(&feed, true, sockets, 3);
	assert_false(has_rates(&feed, 1));
	sockets[0].info.tcpi_bytes_sent = 9000;
	sockets[0].info.tcpi_bytes_received = 1000;
	sockets[1].info.tcpi_bytes_acked = 300;
	feed_wait(&feed, 2000);
	feed_snapshot(&feed, false, sockets, 3);
	expect_rates(&feed, 1, 2000, 500);
	expect_rates(&feed, 2, 150, 0);
	assert_false(has_rates(&feed, 3));
	/* Nothing is reported of them: while the dump runs the old rates stand, then they are 0. */
	feed_wait(&feed, 1000);
	changes = feed.model->socket_changes;
	feed_begin(&feed, PROTOCOL_TCP, false);
	expect_rates(&feed, 1, 2000, 500);
	feed_end(&feed, PROTOCOL_TCP, true);
	expect_rates(&feed, 1, 0, 0);
	expect_rates(&feed, 2, 0, 0);
	assert_int_equal(feed.model->socket_changes, changes + 1);
	/* The time is that since the last dump, not since the last word of the row. */
	sockets[0].info.tcpi_bytes_sent = 9400;
	feed_wait(&feed, 4000);
	feed_snapshot(&feed, false, sockets, 1);
	expect_rates(&feed, 1, 100, 0);
	/* Twice in one dump: the second time adds nothing and takes nothing. */
	sockets[0].info.tcpi_bytes_sent = 9500;
	feed_wait(&feed, 1000);
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &sockets[0]);
	feed_wait(&feed, 3);
	feed_socket(&feed, &sockets[0]);
	feed_end(&feed, PROTOCOL_TCP, true);
	expect_rates(&feed, 1, 100, 0);
	feed_free(&feed);
}

static void
rates_over_interrupted_dumps(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket sockets[2] = {established(1), established(2)};

	(void)state;
	feed_snapshot(&feed, true, sockets, 2);
	feed_wait(&feed, 1000);
	/* Interrupted after the first of them. */
	sockets[0].info.tcpi_bytes_sent = 1000;
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &sockets[0]);
	feed_end(&feed, PROTOCOL_TCP, false);
	feed_wait(&feed, 1000);
	sockets[0].info.tcpi_bytes_sent = 4000;
	sockets[1].info.tcpi_bytes_sent = 4000;
	feed_snapshot(&feed, false, sockets, 2);
	expect_rates(&feed, 1, 3000, 0);
	expect_rates(&feed, 2, 2000, 0);
	feed_free(&feed);
}

static void
rates_of_idle_rows_become_known(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket socket = established(1);
	uint64_t changes;

	(void)state;
	feed_snapshot(&feed, true, &socket, 1);
	assert_false(has_rates(&feed, 1));
	changes = feed.model->socket_changes;
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, NULL, 0);
	expect_rates(&feed, 1, 0, 0);
	assert_int_equal(feed.model->socket_changes, changes + 1);
	feed_free(&feed);
}

static void
closed_rows_linger(void **state)
{
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	const struct feed_socket sockets[] = {established(1), established(2), established(3)};
	uint64_t changes;

	(void)state;
	model->linger_ms = 5000;
	feed_hold(&feed, 812, 101, 4);
	feed_process(&feed, 812, 55, "nginx");
	feed_snapshot(&feed, true, sockets, 3);
	feed_wait(&feed, 1000);
	changes = model->socket_changes;
	feed_gone(&feed, 1);
	feed_gone(&feed, 1);
	feed_gone(&feed, 4711);
	assert_int_equal(model->closed, 1);
	assert_int_equal(model->socket_changes, changes + 1);
	assert_true(feed_row(&feed, 1)->flags & SOCKET_CLOSED);
	assert_int_equal(feed_row(&feed, 1)->closed_ms, 1000);
	assert_int_equal(model->sockets.by_state[0][TCP_STATE_ESTABLISHED], 2);
	assert_int_equal(model->sockets.closed, 1);
	/* Who held it is known although the descriptor is gone. */
	feed_message(&feed, MESSAGE_OWNERS,
		&(struct message_owners){
			.pid = 812, .released = {&(uint64_t){UINT64_C(101) << 32 | 4}, 1}});
	assert_int_equal(model_socket_process(model, feed_row(&feed, 1))->pid, 812);
	assert_null(model_socket_ownerless(model, feed_row(&feed, 1), NULL));
	feed_wait(&feed, 2000);
	feed_gone(&feed, 2);
	model_tick(model, feed.realtime_ns + UINT64_C(2999) * 1000000);
	assert_non_null(feed_row(&feed, 1));
	changes = model->socket_changes;
	model_tick(model, feed.realtime_ns + UINT64_C(3000) * 1000000);
	assert_null(feed_row(&feed, 1));
	assert_non_null(feed_row(&feed, 2));
	assert_int_equal(model->socket_changes, changes + 1);
	model_tick(model, feed.realtime_ns + UINT64_C(5000) * 1000000);
	assert_null(feed_row(&feed, 2));
	assert_int_equal(model->sockets.count, 1);
	assert_int_equal(model->sockets.closed, 0);
	/* Without lingering a row goes at once. */
	model->linger_ms = 0;
	feed_gone(&feed, 3);
	assert_int_equal(model->sockets.count, 0);
	assert_int_equal(model->closed, 3);
	feed_free(&feed);
}

static void
closed_rows_may_return(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket socket = established(1);

	(void)state;
	feed.model->linger_ms = 5000;
	feed_snapshot(&feed, true, &socket, 1);
	feed_wait(&feed, 1000);
	feed_gone(&feed, 1);
	feed_snapshot(&feed, true, &socket, 1);
	assert_false(feed_row(&feed, 1)->flags & SOCKET_CLOSED);
	assert_int_equal(feed_row(&feed, 1)->first_ms, 0);
	assert_int_equal(feed.model->sockets.by_state[0][TCP_STATE_ESTABLISHED], 1);
	feed_wait(&feed, 9000);
	model_tick(feed.model, feed.realtime_ns);
	assert_non_null(feed_row(&feed, 1));
	feed_free(&feed);
}

static void
closed_rows_are_bounded(void **state)
{
	enum { MORE = 10, ALL = MODEL_CLOSED_MAX + MORE };
	struct feed feed = feed_new();

	(void)state;
	feed.model->linger_ms = 60000;
	feed_begin(&feed, PROTOCOL_TCP, true);
	for (uint64_t cookie = 1; cookie <= ALL; cookie++)
		feed_socket(&feed, &(struct feed_socket){.cookie = cookie, .state = 1});
	feed_end(&feed, PROTOCOL_TCP, true);
	for (uint64_t cookie = 1; cookie <= ALL; cookie++)
		feed_gone(&feed, cookie);
	assert_int_equal(feed.model->sockets.count, MODEL_CLOSED_MAX);
	assert_int_equal(feed.model->closed, ALL);
	assert_null(feed_row(&feed, MORE));
	assert_non_null(feed_row(&feed, MORE + 1));
	/* The clock is set back by a day: nothing lingers for a day. */
	feed.realtime_ns -= UINT64_C(86400) * 1000000000;
	feed_gone(&feed, 1);
	feed_wait(&feed, feed.model->linger_ms + 1);
	feed_gone(&feed, 1);
	model_tick(feed.model, feed.model->now_ns);
	assert_int_equal(feed.model->sockets.count, 0);
	feed_free(&feed);
}

static void
full_dumps_sweep(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {established(1), established(2), established(3)};

	(void)state;
	feed.model->linger_ms = 1000;
	feed_snapshot(&feed, true, sockets, 3);
	/* UDP's dump ends nothing of TCP. */
	feed_begin(&feed, PROTOCOL_UDP, true);
	feed_socket(&feed, &(struct feed_socket){.cookie = 50, .state = 7, .inode = 1});
	feed_end(&feed, PROTOCOL_UDP, true);
	assert_int_equal(feed_row(&feed, 50)->protocol, IPPROTO_UDP);
	assert_int_equal(feed.model->sockets.by_state[1][TCP_STATE_CLOSED], 1);
	/* An interrupted one says nothing of who is absent. */
	feed_wait(&feed, 1000);
	feed_begin(&feed, PROTOCOL_TCP, true);
	feed_socket(&feed, &sockets[0]);
	feed_end(&feed, PROTOCOL_TCP, false);
	assert_int_equal(feed.model->sockets.closed, 0);
	feed_begin(&feed, PROTOCOL_TCP, true);
	feed_socket(&feed, &sockets[0]);
	feed_socket(&feed, &sockets[0]);
	feed_end(&feed, PROTOCOL_TCP, true);
	assert_int_equal(feed.model->sockets.closed, 2);
	assert_true(feed_row(&feed, 2)->flags & SOCKET_CLOSED);
	assert_false(feed_row(&feed, 1)->flags & SOCKET_CLOSED);
	assert_false(feed_row(&feed, 50)->flags & SOCKET_CLOSED);
	feed_free(&feed);
}

static struct feed_socket
time_wait_of(const struct feed_socket *old, uint64_t cookie)
{
	return (struct feed_socket){
		.cookie = cookie,
		.state = 6,
		.timer = 3,
		.local = old->local,
		.remote = old->remote,
		.local_port = old->local_port,
		.remote_port = old->remote_port,
		.bare = true,
	};
}

static void
time_wait_inherits(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket old[] = {established(1), established(2), established(3)};
	struct feed_socket wait;

	(void)state;
	feed.model->linger_ms = 5000;
	feed_snapshot(&feed, true, old, 3);
	feed_wait(&feed, 1000);
	old[0].state = 5;
	feed_snapshot(&feed, false, old, 1);
	feed_wait(&feed, 1000);
	wait = time_wait_of(&old[0], 11);
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &wait);
	/* Of other addresses: it inherits nothing. */
	wait = time_wait_of(&(struct feed_socket){.local = "10.0.0.1"}, 12);
	feed_socket(&feed, &wait);
	/* An orphan in FIN-WAIT-2. */
	wait = time_wait_of(&old[2], 13);
	wait.state = 5;
	feed_socket(&feed, &wait);
	feed_end(&feed, PROTOCOL_TCP, true);
	feed_gone(&feed, 1);
	feed_gone(&feed, 2);
	feed_gone(&feed, 3);
	assert_null(feed_row(&feed, 1));
	assert_int_equal(feed_row(&feed, 11)->first_ms, 0);
	assert_int_equal(feed_row(&feed, 11)->changed_ms, 2000);
	assert_int_equal(feed_row(&feed, 11)->previous_state, TCP_STATE_FIN_WAIT_2);
	assert_false(feed_row(&feed, 11)->flags & SOCKET_BIRTH_SEEN);
	assert_int_equal(feed_row(&feed, 12)->first_ms, 2000);
	assert_true(feed_row(&feed, 2)->flags & SOCKET_CLOSED);
	assert_int_equal(feed_row(&feed, 13)->previous_state, TCP_STATE_ESTABLISHED);
	assert_true(feed_row(&feed, 13)->flags & SOCKET_ORPHAN);
	assert_int_equal(feed.model->opened, 1);
	assert_int_equal(feed.model->closed, 1);
	assert_int_equal(feed.model->sockets.count, 4);
	/* The next dump: too late to be a TIME-WAIT successor. */
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, &(struct feed_socket){.cookie = 20, .state = 1, .inode = 9}, 1);
	wait = time_wait_of(&(struct feed_socket){.cookie = 20}, 21);
	feed_snapshot(&feed, false, &wait, 1);
	feed_snapshot(&feed, false, NULL, 0);
	feed_gone(&feed, 20);
	assert_true(feed_row(&feed, 20)->flags & SOCKET_CLOSED);
	feed_free(&feed);
}

static void
bad_sockets_change_nothing(void **state)
{
	_Alignas(8) uint8_t message[2 * FEED_MESSAGE_MAX];
	struct feed feed = feed_new();
	struct feed_socket socket = established(1);
	size_t len;
	uint64_t changes;

	(void)state;
	feed_snapshot(&feed, true, &socket, 1);
	feed_begin(&feed, PROTOCOL_TCP, false);
	changes = feed.model->changes;
	socket.state = 8;
	len = feed_build(&socket, message);
	for (size_t cut = 1; cut < len; cut++)
		feed_diag(&feed, message, cut);
	assert_int_equal(feed.model->bad_records, len - 1);
	/* A bad one does not hide the good one behind it. */
	message[16] = 77;
	len += feed_build(&socket, message + len);
	feed_diag(&feed, message, len);
	assert_int_equal(feed.model->bad_records, len / 2);
	assert_int_equal(feed.model->changes, changes + 1);
	assert_int_equal(feed_row(&feed, 1)->state, TCP_STATE_CLOSE_WAIT);
	feed_end(&feed, PROTOCOL_TCP, true);
	/* Outside a dump; and the kernel's word that a socket is no more, which nobody asked for.
	 */
	feed_socket(&feed, &socket);
	assert_int_equal(feed.model->bad_records, len / 2 + 1);
	feed_socket(&feed, &(struct feed_socket){.cookie = 1, .state = 7, .protocol = IPPROTO_TCP});
	assert_int_equal(feed.model->bad_records, len / 2 + 1);
	assert_int_equal(feed_row(&feed, 1)->state, TCP_STATE_CLOSE_WAIT);
	feed_free(&feed);
}

static void
sockets_are_bounded(void **state)
{
	struct feed feed = feed_new();

	(void)state;
	feed.model->sockets.limit = 2;
	feed_begin(&feed, PROTOCOL_TCP, true);
	for (uint64_t cookie = 1; cookie <= 5; cookie++)
		feed_socket(&feed, &(struct feed_socket){.cookie = cookie, .state = 1});
	feed_end(&feed, PROTOCOL_TCP, true);
	assert_int_equal(feed.model->sockets.count, 2);
	assert_int_equal(feed.model->sockets.refused, 3);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_has_a_handler),
		cmocka_unit_test(first_dump_then_changes),
		cmocka_unit_test(keeps_what_a_row_is),
		cmocka_unit_test(listeners_and_requests),
		cmocka_unit_test(keepalive_keeps_its_verdict),
		cmocka_unit_test(rates_are_of_the_last_refresh),
		cmocka_unit_test(rates_over_interrupted_dumps),
		cmocka_unit_test(rates_of_idle_rows_become_known),
		cmocka_unit_test(closed_rows_linger),
		cmocka_unit_test(closed_rows_may_return),
		cmocka_unit_test(closed_rows_are_bounded),
		cmocka_unit_test(full_dumps_sweep),
		cmocka_unit_test(time_wait_inherits),
		cmocka_unit_test(bad_sockets_change_nothing),
		cmocka_unit_test(sockets_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
