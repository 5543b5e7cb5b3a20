/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "unit.h"

#include "feed.h"

/* Subflows have the inode of their connection, and its queues. */
static void
queues_of_mptcp(void **state)
{
	const uint64_t receive[] = {UINT64_C(50) << 32 | 835}, send[] = {UINT64_C(50) << 32 | 7};
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {{.cookie = 1, .state = 1, .inode = 50},
		{.cookie = 2, .state = 1, .inode = 51, .receive_queue = 3},
		{.cookie = 3, .state = 10, .inode = 50, .receive_queue = 4}};
	const struct message_mptcp mptcp = {.netns = FEED_NETNS,
		.receive = {.data = receive, .count = 1},
		.send = {.data = send, .count = 1}};
	const struct message_mptcp none = {.netns = FEED_NETNS};

	(void)state;
	feed_snapshot(&feed, true, sockets, 3);
	feed_message(&feed, MESSAGE_MPTCP, &mptcp);
	assert_int_equal(feed_row(&feed, 1)->receive_queue, 835);
	assert_int_equal(feed_row(&feed, 1)->send_queue, 7);
	assert_int_equal(feed_row(&feed, 2)->receive_queue, 3);
	assert_int_equal(
		feed_row(&feed, 3)->receive_queue, 4); /* of a listener it is another one */
	/* The subflow is listed again, with its own empty queue. */
	feed_snapshot(&feed, false, sockets, 1);
	assert_int_equal(feed_row(&feed, 1)->receive_queue, 835);
	feed_message(&feed, MESSAGE_MPTCP, &none);
	feed_snapshot(&feed, false, sockets, 1);
	assert_int_equal(feed_row(&feed, 1)->receive_queue, 0);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(queues_of_mptcp)};

	return cmocka_run_group_tests_name("mptcp", tests, NULL, NULL);
}
