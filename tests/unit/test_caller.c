/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that opened or closed a connection: the table, and what the model makes of it. */
#include <config.h>

#include "model/model_private.h"
#include "unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/caller.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/stream/losses.h>

#include "feed_wire.h"

enum { SERVER = 80, CLIENT = 40000, S = SEGMENT_SYN, A = SEGMENT_ACK, F = SEGMENT_FIN };

static const uint8_t us[4] = {10, 0, 0, 2}, them[4] = {10, 0, 0, 1};

/* Our end of our connection to them. */
static struct caller
caller_of(uint16_t port, uint32_t pid, const char *comm)
{
	struct caller caller = {.local = address_from_v4(us),
		.remote = address_from_v4(them),
		.local_port = port,
		.remote_port = SERVER,
		.netns = FEED_NETNS,
		.pid = pid};

	memcpy(caller.comm, comm, strnlen(comm, sizeof caller.comm));
	return caller;
}

static const struct caller_row *
find(const struct caller_table *table, const struct caller *caller)
{
	return caller_table_find(table, &(struct caller_end){
						.local = caller->local,
						.remote = caller->remote,
						.local_port = caller->local_port,
						.remote_port = caller->remote_port,
						.netns = caller->netns,
					});
}

static void
newest_word_counts(void **state)
{
	struct caller caller = caller_of(CLIENT, 7, "curl");
	struct caller_table table;

	(void)state;
	caller_table_init(&table);
	assert_null(find(&table, &caller));
	assert_int_equal(caller_table_add(&table, &caller, 5), 0);
	assert_int_equal(find(&table, &caller)->pid, 7);
	assert_string_equal(find(&table, &caller)->comm, "curl");
	assert_true(find(&table, &caller)->time_ns == 5);
	caller = caller_of(CLIENT, 8, "as long as it is");
	assert_int_equal(caller_table_add(&table, &caller, 6), 0);
	assert_int_equal(find(&table, &caller)->pid, 8);
	assert_string_equal(find(&table, &caller)->comm, "as long as it i");
	assert_int_equal(table.count, 1);
	/* The other end, another namespace. */
	caller.local_port = SERVER;
	caller.remote_port = CLIENT;
	assert_null(find(&table, &caller));
	caller = caller_of(CLIENT, 8, "");
	caller.netns++;
	assert_null(find(&table, &caller));
	caller_table_fini(&table);
}

static void
nobody_and_nothing_are_refused(void **state)
{
	struct caller caller = caller_of(CLIENT, 0, "swapper");
	struct caller_table table;

	(void)state;
	caller_table_init(&table);
	assert_int_equal(caller_table_add(&table, &caller, 5), -EINVAL);
	caller.pid = 7;
	caller.remote_port = 0;
	assert_int_equal(caller_table_add(&table, &caller, 5), -EINVAL);
	assert_int_equal(table.count, 0);
	caller_table_fini(&table);
}

static void
the_oldest_make_room(void **state)
{
	struct caller caller;
	struct caller_table table;

	(void)state;
	caller_table_init(&table);
	for (uint32_t i = 0; i < CALLER_ROWS_MAX + 1000; i++) {
		caller = caller_of((uint16_t)(1 + i % 60000), i + 1, "x");
		caller.remote_port = (uint16_t)(1 + i / 60000);
		assert_int_equal(caller_table_add(&table, &caller, i), 0);
	}
	assert_int_equal(table.count, CALLER_ROWS_MAX);
	assert_int_equal(table.by_ends.count, CALLER_ROWS_MAX);
	for (uint32_t i = 0; i < CALLER_ROWS_MAX + 1000; i++) {
		caller = caller_of((uint16_t)(1 + i % 60000), i + 1, "x");
		caller.remote_port = (uint16_t)(1 + i / 60000);
		if (i < 1000)
			assert_null(find(&table, &caller));
		else
			assert_int_equal(find(&table, &caller)->pid, i + 1);
	}
	caller_table_fini(&table);
	assert_null(find(&table, &caller));
	caller_table_fini(&table);
}

static void
feed_callers(struct feed *feed, const struct caller *callers, size_t count)
{
	feed_message(feed, MESSAGE_CALLERS,
		&(struct message_callers){.callers = {.data = callers, .count = count}});
}

/* The destroy event of our socket on this port, which no dump had listed. */
static void
feed_destroyed(struct feed *feed, uint64_t cookie, uint16_t port)
{
	const struct feed_socket gone = {.cookie = cookie,
		.state = 7,
		.local = "10.0.0.2",
		.remote = "10.0.0.1",
		.local_port = port,
		.remote_port = SERVER,
		.protocol = IPPROTO_TCP,
		.info_len = 280};
	uint8_t message[FEED_MESSAGE_MAX];

	feed_diag(feed, message, feed_build(&gone, message));
}

/* A box with a listener and processes that were looked at. */
static struct feed
feed_box(void)
{
	static const struct feed_socket listener = {
		.cookie = 1, .state = 10, .local = "0.0.0.0", .local_port = 22, .inode = 101};
	struct feed feed = feed_new();

	feed.model->linger_ms = 3000;
	feed_process(&feed, 1, 1, "init");
	feed_snapshot(&feed, true, &listener, 1);
	feed_wait(&feed, 100);
	return feed;
}

static void
closed_rows_have_them(void **state)
{
	const struct caller caller = caller_of(CLIENT, 4711, "curl");
	struct feed feed = feed_box();
	const char *sentence = NULL;

	(void)state;
	feed_destroyed(&feed, 9, CLIENT);
	assert_string_equal(
		model_socket_ownerless(feed.model, feed_row(&feed, 9), &sentence), "not seen");
	assert_non_null(sentence);
	assert_null(model_socket_caller(feed.model, feed_row(&feed, 9)));
	/* The word may come after the event. */
	feed_callers(&feed, &caller, 1);
	assert_null(model_socket_ownerless(feed.model, feed_row(&feed, 9), NULL));
	assert_int_equal(model_socket_caller(feed.model, feed_row(&feed, 9))->pid, 4711);
	assert_string_equal(model_socket_caller(feed.model, feed_row(&feed, 9))->comm, "curl");
	assert_null(model_socket_caller(feed.model, feed_row(&feed, 1)));
	assert_int_equal(feed.model->bad_records, 0);
	feed_free(&feed);
}

/* A connection to a server that is alive: who listens on its port is known, who accepted it not. */
static void
listener_of_what_was_not_seen(void **state)
{
	const struct caller caller = caller_of(22, 4711, "curl");
	struct feed feed = feed_box();

	(void)state;
	feed_process(&feed, 812, 1, "sshd");
	feed_hold(&feed, 812, 101, 3);
	feed_destroyed(&feed, 9, 22);
	feed_destroyed(&feed, 10, CLIENT);
	assert_int_equal(model_socket_listener(feed.model, feed_row(&feed, 9))->pid, 812);
	assert_string_equal(
		model_socket_ownerless(feed.model, feed_row(&feed, 9), NULL), "not seen");
	assert_null(model_socket_listener(feed.model, feed_row(&feed, 10)));
	/* The listener itself is no such connection. */
	assert_null(model_socket_listener(feed.model, feed_row(&feed, 1)));
	/* The one who called is better. */
	feed_callers(&feed, &caller, 1);
	assert_null(model_socket_listener(feed.model, feed_row(&feed, 9)));
	/* And a listener that is gone is none. */
	feed_destroyed(&feed, 11, 22);
	feed_gone(&feed, 1);
	assert_null(model_socket_listener(feed.model, feed_row(&feed, 11)));
	feed_free(&feed);
}

/* A later connection between the same ends is somebody else's. */
static void
later_words_are_not_theirs(void **state)
{
	const struct caller caller = caller_of(CLIENT, 4711, "curl");
	struct feed feed = feed_box();

	(void)state;
	feed.model->linger_ms = 60000;
	feed_destroyed(&feed, 9, CLIENT);
	feed_wait(&feed, 5000);
	feed_callers(&feed, &caller, 1);
	assert_null(model_socket_caller(feed.model, feed_row(&feed, 9)));
	feed_free(&feed);
}

static void
bad_ones_are_counted(void **state)
{
	const struct caller callers[] = {
		caller_of(CLIENT, 0, "nobody"), caller_of(CLIENT, 7, "curl")};
	struct feed feed = feed_box();

	(void)state;
	feed_callers(&feed, callers, 2);
	assert_int_equal(feed.model->bad_records, 1);
	assert_int_equal(feed.model->own->callers.count, 1);
	feed_callers(&feed, NULL, 0);
	assert_int_equal(feed.model->bad_records, 1);
	/* Another collector gives namespaces other numbers. */
	feed_hello(&feed, "box", 0, 0);
	assert_int_equal(feed.model->own->callers.count, 0);
	feed_free(&feed);
}

static void
shows_why_it_cannot(void **state)
{
	struct feed feed = feed_box();

	(void)state;
	assert_string_equal(feed.model->trace.text, "");
	feed_message(&feed, MESSAGE_CALLERS_STATE,
		&(struct message_callers_state){
			.error = EPERM, .text = text_of("no right\033[2J")});
	assert_false(feed.model->trace.running);
	assert_non_null(strstr(feed.model->trace.text, "no right"));
	assert_null(strchr(feed.model->trace.text, '\033'));
	feed_message(&feed, MESSAGE_CALLERS_STATE,
		&(struct message_callers_state){.running = 1, .reported = 12});
	assert_true(feed.model->trace.running);
	assert_int_equal(feed.model->trace.reported, 12);
	assert_string_equal(feed.model->trace.text, "");
	feed_message(&feed, MESSAGE_LOSS, &(struct message_loss){.what = LOSS_CALLERS, .count = 3});
	assert_int_equal(feed.model->losses[LOSS_CALLERS], 3);
	feed_free(&feed);
}

/* From us:CLIENT to them:SERVER, or back; as the capture on our box sees it. */
static void
feed_packet(struct feed *feed, bool out, unsigned flags, uint32_t seq, uint32_t ack)
{
	feed_wire(feed, &(struct feed_segment){.out = out,
				.ours = CLIENT,
				.theirs = SERVER,
				.flags = flags,
				.seq = seq,
				.ack = ack});
	feed_wait(feed, 1);
}

static void
check_words(const struct feed *feed, const char *expected)
{
	const char *sentence = NULL;
	const char *const word =
		model_conversation_ownerless(feed->model, feed_newest(feed), &sentence);

	assert_true((word != NULL) == (sentence != NULL));
	if (expected == NULL)
		assert_null(word);
	else
		assert_string_equal(word, expected);
}

static void
conversations_have_them(void **state)
{
	const struct caller caller = caller_of(CLIENT, 4711, "curl");
	struct feed feed = feed_box();
	uint32_t pid = 0;
	const char *comm = "";

	(void)state;
	feed_packet(&feed, true, S, 1000, 0);
	check_words(&feed, NULL); /* not over: somebody may still be found */
	feed_packet(&feed, false, S | A, 5000, 1001);
	feed_packet(&feed, true, F | A, 1001, 5001);
	check_words(&feed, NULL);
	feed_packet(&feed, false, F | A, 5001, 1002);
	check_words(&feed, "not seen");
	assert_false(model_conversation_owner(feed.model, feed_newest(&feed), &pid, &comm));
	feed_callers(&feed, &caller, 1);
	check_words(&feed, NULL);
	assert_true(model_conversation_owner(feed.model, feed_newest(&feed), &pid, &comm));
	assert_int_equal(pid, 4711);
	assert_string_equal(comm, "curl");
	/* The next connection between these ends is not his. */
	feed_wait(&feed, 5000);
	feed_packet(&feed, true, S, 9000, 0);
	assert_false(model_conversation_owner(feed.model, feed_newest(&feed), &pid, &comm));
	feed_free(&feed);
}

/* An attempt from outside that was refused never had a process; a file shows no processes. */
static void
invents_nothing_where_nobody_was(void **state)
{
	struct feed feed = feed_box();
	struct feed file = feed_new();

	(void)state;
	feed_packet(&feed, false, S, 1000, 0);
	feed_packet(&feed, true, SEGMENT_RST | A, 0, 1001);
	assert_int_equal(feed_newest(&feed)->outcome, CONVERSATION_OUTCOME_REFUSED);
	check_words(&feed, NULL);
	feed_packet(&file, true, S, 1000, 0);
	feed_packet(&file, false, SEGMENT_RST | A, 0, 1001);
	check_words(&file, NULL);
	feed_free(&file);
	feed_free(&feed);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_word_counts),
		cmocka_unit_test(nobody_and_nothing_are_refused),
		cmocka_unit_test(the_oldest_make_room),
		cmocka_unit_test(closed_rows_have_them),
		cmocka_unit_test(listener_of_what_was_not_seen),
		cmocka_unit_test(later_words_are_not_theirs),
		cmocka_unit_test(bad_ones_are_counted),
		cmocka_unit_test(shows_why_it_cannot),
		cmocka_unit_test(conversations_have_them),
		cmocka_unit_test(invents_nothing_where_nobody_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
