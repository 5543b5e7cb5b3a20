/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection counts once, whatever is reported of it and in whichever order. */
#include <config.h>

#include "model/model_private.h"
#include "unit.h"

#include <netinet/in.h>

#include "feed.h"

enum { ESTABLISHED = 1, SYN_RECEIVED = 3, TIME_WAIT = 6, CLOSE = 7, TIMER_TIME_WAIT = 3 };

static const struct feed_socket life = {.cookie = 2,
	.state = ESTABLISHED,
	.local = "127.0.0.1",
	.remote = "127.0.0.2",
	.local_port = 40000,
	.remote_port = 80,
	.inode = 102};

/* What is left of a connection for the kernel. */
static struct feed_socket
wait_of(const struct feed_socket *socket, uint64_t cookie)
{
	struct feed_socket wait = *socket;

	wait.cookie = cookie;
	wait.state = TIME_WAIT;
	wait.timer = TIMER_TIME_WAIT;
	wait.inode = 0;
	wait.bare = true;
	return wait;
}

static struct feed_socket
other_end(const struct feed_socket *socket, uint64_t cookie)
{
	struct feed_socket other = *socket;

	other.cookie = cookie;
	other.local = socket->remote;
	other.remote = socket->local;
	other.local_port = socket->remote_port;
	other.remote_port = socket->local_port;
	return other;
}

static void
feed_destroyed(struct feed *feed, const struct feed_socket *socket)
{
	struct feed_socket gone = *socket;

	gone.state = CLOSE;
	gone.inode = 0;
	gone.protocol = IPPROTO_TCP;
	gone.info_len = 280;
	feed_socket(feed, &gone);
}

/* After a first dump, which knows nothing of the sockets to come. */
static struct feed
begin(void)
{
	struct feed feed = feed_new();

	feed_snapshot(&feed, true, NULL, 0);
	feed_wait(&feed, 1000);
	return feed;
}

static void
check(const struct feed *feed, uint64_t opened, uint64_t closed, uint64_t unlisted)
{
	assert_int_equal(feed->model->opened, opened);
	assert_int_equal(feed->model->closed, closed);
	assert_int_equal(feed->model->closed_unlisted, unlisted);
	assert_int_equal(feed->model->bad_records, 0);
}

static void
dump_nothing(struct feed *feed)
{
	feed_wait(feed, 1000);
	feed_snapshot(feed, false, NULL, 0);
}

static void
test_event_first(void **state)
{
	struct feed feed = begin();
	const struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_destroyed(&feed, &life);
	check(&feed, 1, 1, 1);
	feed_snapshot(&feed, false, &wait, 1);
	check(&feed, 1, 1, 1);
	feed_snapshot(&feed, true, &wait, 1);
	assert_non_null(feed_row(&feed, wait.cookie));
	feed_gone(&feed, wait.cookie);
	check(&feed, 1, 1, 1);
	dump_nothing(&feed);
	dump_nothing(&feed);
	assert_int_equal(feed.model->own->recent_count, 0);
	feed_free(&feed);
}

/* The event came while a dump was under way that had passed that place already. */
static void
test_event_within_dump(void **state)
{
	struct feed feed = begin();
	const struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_destroyed(&feed, &life);
	feed_end(&feed, PROTOCOL_TCP, true);
	feed_snapshot(&feed, false, &wait, 1);
	feed_gone(&feed, wait.cookie);
	check(&feed, 1, 1, 1);
	feed_free(&feed);
}

static void
test_wait_first(void **state)
{
	struct feed feed = begin();
	struct feed_socket late = life;
	struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_snapshot(&feed, false, &wait, 1);
	check(&feed, 1, 0, 0);
	feed_destroyed(&feed, &life);
	check(&feed, 1, 1, 1);
	/* The next one's is later still: its row is of the fourth dump before. */
	late.cookie = 3;
	late.local_port = 40001;
	wait = wait_of(&late, 13);
	feed_snapshot(&feed, false, &wait, 1);
	dump_nothing(&feed);
	dump_nothing(&feed);
	dump_nothing(&feed);
	check(&feed, 2, 1, 1);
	feed_destroyed(&feed, &late);
	check(&feed, 2, 2, 2);
	feed_gone(&feed, 12);
	feed_gone(&feed, 13);
	check(&feed, 2, 2, 2);
	feed_free(&feed);
}

/* Within one dump the TIME-WAIT must not take the row of the unlisted connection: that row has the
 * final figures. */
static void
test_wait_and_event_in_one_dump(void **state)
{
	struct feed feed = begin();
	const struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed.model->linger_ms = 3000;
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &wait);
	feed_destroyed(&feed, &life);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 1, 1, 1);
	assert_true(feed_row(&feed, life.cookie)->flags & SOCKET_CLOSED);
	assert_false(feed_row(&feed, wait.cookie)->flags & SOCKET_CLOSED);
	feed_free(&feed);
}

/* A listed row leaves all to its TIME-WAIT, and then its event comes. */
static void
test_event_after_heir(void **state)
{
	struct feed feed = begin();
	const struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_snapshot(&feed, false, &life, 1);
	check(&feed, 1, 0, 0);
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &wait);
	feed_gone(&feed, life.cookie);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 1, 0, 0);
	feed_destroyed(&feed, &life);
	check(&feed, 1, 0, 0);
	feed_gone(&feed, wait.cookie);
	check(&feed, 1, 1, 0);
	feed_free(&feed);
}

/* A dump that comes by while one becomes the other lists both. */
static void
test_listed_both(void **state)
{
	struct feed feed = begin();
	const struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &life);
	feed_socket(&feed, &wait);
	feed_end(&feed, PROTOCOL_TCP, true);
	feed_destroyed(&feed, &life);
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_gone(&feed, life.cookie);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 1, 0, 0);
	feed_gone(&feed, wait.cookie);
	check(&feed, 1, 1, 0);
	feed_free(&feed);
}

static void
test_event_after_end(void **state)
{
	struct feed feed = begin();

	(void)state;
	feed_snapshot(&feed, false, &life, 1);
	feed_wait(&feed, 1000);
	feed_gone(&feed, life.cookie);
	check(&feed, 1, 1, 0);
	feed_destroyed(&feed, &life);
	check(&feed, 1, 1, 0);
	feed_free(&feed);
}

/* The kernel had listed it into a buffer that was read after the event. */
static void
test_listed_late(void **state)
{
	struct feed feed = begin();

	(void)state;
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_destroyed(&feed, &life);
	feed_socket(&feed, &life);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 1, 1, 1);
	feed.model->linger_ms = 3000;
	feed_destroyed(&feed, &(struct feed_socket){.cookie = 3, .remote_port = 1});
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &(struct feed_socket){.cookie = 3, .state = 1, .remote_port = 1});
	feed_end(&feed, PROTOCOL_TCP, true);
	assert_true(feed_row(&feed, 3)->flags & SOCKET_CLOSED);
	feed_gone(&feed, 2);
	feed_gone(&feed, 3);
	check(&feed, 2, 2, 2);
	feed_free(&feed);
}

/* The same endpoints again and again: each is a connection. */
static void
test_reuse(void **state)
{
	struct feed feed = begin();
	struct feed_socket again = life;
	struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_destroyed(&feed, &life);
	again.cookie = 3;
	feed_destroyed(&feed, &again);
	check(&feed, 2, 2, 2);
	feed_snapshot(&feed, false, &wait, 1);
	check(&feed, 2, 2, 2);
	feed_gone(&feed, wait.cookie);
	again.cookie = 4;
	feed_snapshot(&feed, false, &again, 1);
	check(&feed, 3, 2, 2);
	feed_gone(&feed, again.cookie);
	check(&feed, 3, 3, 2);
	/* The event of this one was lost, and so long ago is no other. */
	dump_nothing(&feed);
	dump_nothing(&feed);
	wait.cookie = 13;
	feed_snapshot(&feed, false, &wait, 1);
	check(&feed, 4, 3, 2);
	feed_gone(&feed, wait.cookie);
	check(&feed, 4, 4, 2);
	feed_free(&feed);
}

/* A TIME-WAIT whose port is taken again is not continued by the next one. */
static void
test_wait_after_wait(void **state)
{
	struct feed feed = begin();
	const struct feed_socket first = wait_of(&life, 12), second = wait_of(&life, 13);
	struct feed_socket again = life;

	(void)state;
	feed_destroyed(&feed, &life);
	feed_snapshot(&feed, false, &first, 1);
	feed_wait(&feed, 1000);
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &second);
	feed_gone(&feed, first.cookie);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 2, 1, 1);
	again.cookie = 3;
	feed_destroyed(&feed, &again);
	check(&feed, 2, 2, 2);
	feed_gone(&feed, second.cookie);
	check(&feed, 2, 2, 2);
	feed_free(&feed);
}

static struct feed_socket
request_of(const struct feed_socket *socket, uint64_t cookie)
{
	struct feed_socket request = *socket;

	request.cookie = cookie;
	request.state = SYN_RECEIVED;
	request.inode = 0;
	request.bare = true;
	return request;
}

/* Listed while its socket was being made, which therefore has another cookie. */
static void
test_request(void **state)
{
	struct feed feed = begin();
	struct feed_socket other = life;
	struct feed_socket request = request_of(&life, 11);

	(void)state;
	feed_snapshot(&feed, false, &request, 1);
	check(&feed, 1, 0, 0);
	feed_destroyed(&feed, &life);
	check(&feed, 1, 1, 1);
	feed_gone(&feed, request.cookie);
	check(&feed, 1, 1, 1);
	/* An event that comes so late that the next one's request is there: each counts. */
	request.cookie = 14;
	feed_snapshot(&feed, false, &request, 1);
	other.cookie = 15;
	feed_destroyed(&feed, &other);
	check(&feed, 2, 2, 2);
	other.cookie = 14;
	feed_snapshot(&feed, false, &other, 1);
	check(&feed, 3, 2, 2);
	feed_gone(&feed, other.cookie);
	check(&feed, 3, 3, 2);
	feed.model->opened = feed.model->closed = feed.model->closed_unlisted = 1;
	/* This one lives when the next dump comes by. */
	other.local_port++;
	other.cookie = 3;
	request = request_of(&other, 12);
	feed_snapshot(&feed, false, &request, 1);
	feed_wait(&feed, 1000);
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &other);
	feed_gone(&feed, request.cookie);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 2, 1, 1);
	assert_int_equal(feed_row(&feed, 3)->previous_state, TCP_STATE_SYN_RECEIVED);
	assert_int_equal(feed_row(&feed, 3)->first_ms, 1000);
	/* It ends, and its port is taken by a request: that is not its TIME-WAIT. */
	request.cookie = 13;
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_socket(&feed, &request);
	feed_gone(&feed, other.cookie);
	feed_end(&feed, PROTOCOL_TCP, true);
	check(&feed, 3, 2, 1);
	feed_free(&feed);
}

/* The request was taken for that of the connection before, until its own event came. */
static void
test_request_destroyed(void **state)
{
	struct feed feed = begin();
	struct feed_socket own = life;
	const struct feed_socket request = request_of(&life, 14);

	(void)state;
	own.cookie = request.cookie;
	feed_snapshot(&feed, false, &request, 1);
	feed_destroyed(&feed, &life);
	check(&feed, 1, 1, 1);
	feed_destroyed(&feed, &own);
	check(&feed, 2, 1, 1);
	feed_gone(&feed, own.cookie);
	check(&feed, 2, 2, 1);
	feed_free(&feed);
}

/* Both ends are ours, and one of them keeps the TIME-WAIT. */
static void
test_loopback(void **state)
{
	struct feed feed = begin();
	const struct feed_socket other = other_end(&life, 3);
	const struct feed_socket wait = wait_of(&life, 12);

	(void)state;
	feed_destroyed(&feed, &other);
	feed_destroyed(&feed, &life);
	check(&feed, 2, 2, 2);
	feed_snapshot(&feed, false, &wait, 1);
	feed_gone(&feed, wait.cookie);
	check(&feed, 2, 2, 2);
	feed_free(&feed);
}

/* Refused or aborted: its peer's port is forgotten, and what its figures were. */
static void
test_aborted(void **state)
{
	static const struct feed_socket never = {.cookie = 6, .local_port = 80};
	struct feed feed = begin();
	struct feed_socket aborted = life;
	const struct socket_row *row;
	uint64_t bytes;

	(void)state;
	feed.model->linger_ms = 3000;
	aborted.remote_port = 0;
	aborted.send_queue = 65535;
	aborted.info.tcpi_bytes_acked = 1;
	feed_destroyed(&feed, &aborted);
	feed_destroyed(&feed, &never); /* a listener, or not connected */
	check(&feed, 1, 1, 1);
	assert_int_equal(feed.model->closings, 1);
	row = feed_row(&feed, aborted.cookie);
	assert_int_equal(row->send_queue, 0);
	assert_false(tcp_info_get(&row->tcp, TCP_INFO_bytes_acked, &bytes));
	assert_string_equal(model_socket_ownerless(feed.model, row, NULL), "aborted");
	feed_free(&feed);
}

/* Cookies start again. */
static void
test_other_boot(void **state)
{
	struct feed feed = begin();

	(void)state;
	feed_destroyed(&feed, &life);
	feed_hello(&feed, "other", UINT64_C(1) << 60, 0);
	assert_int_equal(feed.model->own->recent_count, 0);
	assert_int_equal(feed.model->own->awaiting_event.young.count, 0);
	feed_snapshot(&feed, true, NULL, 0);
	feed_destroyed(&feed, &life);
	check(&feed, 2, 2, 2);
	feed_free(&feed);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event_first),
		cmocka_unit_test(test_event_within_dump),
		cmocka_unit_test(test_wait_first),
		cmocka_unit_test(test_wait_and_event_in_one_dump),
		cmocka_unit_test(test_event_after_heir),
		cmocka_unit_test(test_listed_both),
		cmocka_unit_test(test_event_after_end),
		cmocka_unit_test(test_listed_late),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_wait_after_wait),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_destroyed),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_aborted),
		cmocka_unit_test(test_other_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
