/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets and destroy events in the model: who owns what, what ended how. */
#include <config.h>
#include <netinet/in.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/filter.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>

#include "unit.h"

#include "feed_wire.h"

enum { SERVER = 80, CLIENT = 40000, S = SEGMENT_SYN, A = SEGMENT_ACK, F = SEGMENT_FIN };

static const struct feed_socket listener = {
	.cookie = 1, .state = 10, .local = "0.0.0.0", .local_port = SERVER, .inode = 101};
static const struct feed_socket accepted = {.cookie = 2,
	.state = 1,
	.local = "10.0.0.2",
	.remote = "10.0.0.1",
	.local_port = SERVER,
	.remote_port = CLIENT,
	.inode = 102,
	.info_len = 280,
	.info = {.tcpi_bytes_received = 5}};

/* From 10.0.0.1:40000 to 10.0.0.2:80, or back. */
static void
feed_packet(struct feed *feed, bool out, unsigned flags, uint32_t seq, uint32_t ack)
{
	feed_wire(feed, &(struct feed_segment){.out = out,
				.ours = SERVER,
				.theirs = CLIENT,
				.flags = flags,
				.seq = seq,
				.ack = ack});
}

static void
handshake(struct feed *feed)
{
	feed_packet(feed, false, S, 1000, 0);
	feed_wait(feed, 10);
	feed_packet(feed, true, S | A, 5000, 1001);
	feed_wait(feed, 10);
}

static void
check_owner(const struct feed *feed, uint32_t pid, const char *comm)
{
	uint32_t found_pid = 0;
	const char *found = "";

	assert_true(model_conversation_owner(feed->model, feed_newest(feed), &found_pid, &found));
	assert_int_equal(found_pid, pid);
	assert_string_equal(found, comm);
}

/* The value of a field for a segment that this side sent, or "". */
static const char *
shown_of(const struct feed *feed, uint8_t side, const char *name)
{
	static char text[96];
	const struct field *const field = field_find(&event_fields, name, strlen(name));
	const struct field_context context = {.model = feed->model, .numeric = true};
	const struct event event = {.side = side};
	const struct event_row row = {.event = &event, .conversation = feed_newest(feed)};
	struct value value;

	assert_non_null(field);
	field_get(field, &context, &row, &value);
	field_format(field, &context, &value, 0, text, sizeof text);
	return text;
}

static void
test_owner(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {listener, accepted};

	(void)state;
	feed_process(&feed, 7, 1, "nginx");
	feed_hold(&feed, 7, 101, 3);
	feed_snapshot(&feed, true, sockets, 1);
	handshake(&feed);
	check_owner(&feed, 7, "nginx"); /* who listens there */
	assert_string_equal(shown_of(&feed, 0, "owner"), "nginx/7 (listens)");
	assert_string_equal(shown_of(&feed, 1, "process"), "nginx");
	assert_string_equal(shown_of(&feed, 1, "listens"), "yes");
	assert_true(model_conversation_listens_at(feed.model, feed_newest(&feed), 1));
	assert_true(feed_newest(&feed)->half_open);
	feed_wait(&feed, 100);
	feed_snapshot(&feed, true, sockets, 2);
	assert_false(feed_newest(&feed)->half_open); /* the table knows that it stands */
	assert_true(feed_newest(&feed)->established);
	assert_int_equal(feed_newest(&feed)->local_side, 1);
	assert_ptr_equal(feed_newest(&feed),
		model_socket_conversation(feed.model, feed_row(&feed, accepted.cookie)));
	assert_int_equal(model_conversation_end(feed.model, feed_newest(&feed), 0), SOCKET_NONE);
	assert_int_equal(model_conversation_end(feed.model, feed_newest(&feed), 1),
		socket_table_find(&feed.model->sockets, 0, accepted.cookie));
	feed_process(&feed, 9, 1, "worker");
	feed_hold(&feed, 9, 102, 4);
	check_owner(&feed, 9, "worker");
	assert_false(model_conversation_listens_at(feed.model, feed_newest(&feed), 1));
	assert_string_equal(shown_of(&feed, 1, "owner"), "worker/9");
	assert_string_equal(shown_of(&feed, 1, "listens"), "");
	/* Gone with its row, but remembered. */
	feed.model->linger_ms = 0;
	feed_gone(&feed, accepted.cookie);
	assert_null(feed_row(&feed, accepted.cookie));
	check_owner(&feed, 9, "worker");
	feed_free(&feed);
}

/* Both ends are ours, as on loopback: each has its row. */
static void
test_both_ends(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {accepted, {.cookie = 3,
								.state = 1,
								.local = "10.0.0.1",
								.remote = "10.0.0.2",
								.local_port = CLIENT,
								.remote_port = SERVER,
								.inode = 103}};

	(void)state;
	handshake(&feed);
	feed_snapshot(&feed, true, sockets, 2);
	assert_int_equal(model_conversation_end(feed.model, feed_newest(&feed), 0),
		socket_table_find(&feed.model->sockets, 0, 3));
	assert_int_equal(model_conversation_end(feed.model, feed_newest(&feed), 1),
		socket_table_find(&feed.model->sockets, 0, accepted.cookie));
	feed_free(&feed);
}

static bool
passes(const struct feed *feed, uint8_t side, const char *text)
{
	const struct field_context context = {.model = feed->model, .numeric = true};
	const struct event event = {.side = side};
	const struct event_row row = {.event = &event, .conversation = feed_newest(feed)};
	struct error error;
	struct filter *const filter = filter_parse(text, &event_fields, &error);
	bool match;

	assert_non_null(filter);
	match = filter_match(filter, &context, &row, NULL, 0);
	filter_free(filter);
	return match;
}

/* A line names the process that sent the segment, and the one that gets it where that is ours. */
static void
test_sender_and_receiver(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {accepted, {.cookie = 3,
								.state = 1,
								.local = "10.0.0.1",
								.remote = "10.0.0.2",
								.local_port = CLIENT,
								.remote_port = SERVER,
								.inode = 103}};

	(void)state;
	handshake(&feed);
	feed_process(&feed, 9, 1, "worker");
	feed_hold(&feed, 9, 102, 4);
	feed_snapshot(&feed, true, sockets, 1);
	/* Only one end is known to be here. */
	assert_string_equal(shown_of(&feed, 0, "owner"), "worker/9");
	assert_string_equal(shown_of(&feed, 1, "owner"), "worker/9");
	assert_string_equal(shown_of(&feed, 0, "peer_process"), "");
	feed_process(&feed, 8, 1, "curl");
	feed_hold(&feed, 8, 103, 4);
	feed_snapshot(&feed, true, sockets, 2);
	assert_string_equal(shown_of(&feed, 0, "owner"), "curl/8 > worker/9");
	assert_string_equal(shown_of(&feed, 1, "owner"), "worker/9 > curl/8");
	assert_string_equal(shown_of(&feed, 0, "process"), "curl");
	assert_string_equal(shown_of(&feed, 0, "peer_process"), "worker");
	assert_string_equal(shown_of(&feed, 1, "pid"), "9");
	assert_string_equal(shown_of(&feed, 1, "peer_pid"), "8");
	for (uint8_t side = 0; side < 2; side++) {
		assert_true(passes(&feed, side, "process curl and process worker and pid 8"));
		assert_false(passes(&feed, side, "process wget or pid 7"));
	}
	/* Both are remembered when their rows are gone. */
	feed.model->linger_ms = 0;
	feed_gone(&feed, 3);
	feed_gone(&feed, accepted.cookie);
	assert_string_equal(shown_of(&feed, 0, "owner"), "curl/8 > worker/9");
	feed_free(&feed);
}

/* Connections from before the first packet are known too. */
static void
test_late_capture(void **state)
{
	struct feed feed = feed_new();

	(void)state;
	feed_process(&feed, 9, 1, "worker");
	feed_hold(&feed, 9, 102, 4);
	feed_snapshot(&feed, true, &accepted, 1);
	feed_wait(&feed, 5000);
	feed_packet(&feed, false, F | A, 77, 99);
	check_owner(&feed, 9, "worker");
	assert_int_equal(model_conversation_socket(feed.model, feed_newest(&feed)),
		socket_table_find(&feed.model->sockets, 0, accepted.cookie));
	feed_free(&feed);
}

/* Why one capture does not run is not lost when that of another namespace does. */
static void
test_one_capture_fails(void **state)
{
	struct feed feed = feed_new();
	struct message_capture capture = {
		.netns = FEED_NETNS, .text = text_of("no packets in web: no memory")};

	(void)state;
	feed_message(&feed, MESSAGE_CAPTURE, &capture);
	assert_false(feed.model->capture.running);
	capture = (struct message_capture){.netns = FEED_NETNS + 1, .running = 1};
	feed_message(&feed, MESSAGE_CAPTURE, &capture);
	assert_true(feed.model->capture.running);
	assert_string_equal(feed.model->capture.text, "no packets in web: no memory");
	capture.netns = FEED_NETNS;
	feed_message(&feed, MESSAGE_CAPTURE, &capture);
	assert_string_equal(feed.model->capture.text, "");
	capture.running = 0;
	feed_message(&feed, MESSAGE_CAPTURE, &capture);
	assert_true(feed.model->capture.running);
	feed_free(&feed);
}

/* Counts of a namespace go on from capture to capture, and from zero with a new collector. */
static void
test_captures_are_added_up(void **state)
{
	static const struct message_capture reports[] = {
		{.netns = FEED_NETNS, .running = 1, .received = 10, .dropped = 2, .cut = 1},
		{.netns = FEED_NETNS + 1, .running = 1, .received = 5},
		{.netns = FEED_NETNS, .running = 1, .received = 12, .dropped = 7, .cut = 1},
		/* Of a ring so short that all were lost; then of a new collector. */
		{.netns = FEED_NETNS + 1, .running = 1, .received = 5, .dropped = 3},
		{.netns = FEED_NETNS + 1, .running = 1, .received = 5, .dropped = 0},
		{.netns = FEED_NETNS, .running = 1, .received = 20, .dropped = 0, .cut = 2},
	};
	struct feed feed = feed_new();

	(void)state;
	unit_each (i, reports)
		feed_message(&feed, MESSAGE_CAPTURE, &reports[i]);
	assert_int_equal(feed.model->capture.sums.received, 12 + 5 + 5 + 20);
	assert_int_equal(feed.model->capture.sums.dropped, 7 + 3);
	assert_int_equal(feed.model->capture.sums.cut, 1 + 2);
	assert_int_equal(feed.model->losses[LOSS_PACKETS], 10);
	feed_free(&feed);
}

static struct feed_socket
destroyed(struct feed_socket socket)
{
	socket.state = 7;
	socket.inode = 0;
	socket.protocol = IPPROTO_TCP;
	socket.info_len = 280;
	socket.info.tcpi_bytes_received = 4711;
	return socket;
}

static void
feed_destroyed(struct feed *feed, const struct feed_socket *socket)
{
	const struct feed_socket gone = destroyed(*socket);
	uint8_t message[FEED_MESSAGE_MAX];
	const size_t len = feed_build(&gone, message);

	feed_diag(feed, message, len);
}

static void
test_closing_of_listed(void **state)
{
	struct feed feed = feed_new();

	(void)state;
	feed.model->linger_ms = 3000;
	feed_snapshot(&feed, true, &accepted, 1);
	feed_destroyed(&feed, &accepted);
	assert_int_equal(feed.model->closings, 1);
	assert_int_equal(feed.model->closed_unlisted, 0);
	assert_int_equal(feed.model->closed, 0); /* by the dump that lacks it */
	assert_int_equal(feed_row(&feed, accepted.cookie)->tcp.bytes_received, 4711);
	assert_int_equal(feed_row(&feed, accepted.cookie)->state, TCP_STATE_ESTABLISHED);
	feed_gone(&feed, accepted.cookie);
	assert_int_equal(feed.model->closed, 1);
	assert_int_equal(feed_row(&feed, accepted.cookie)->tcp.bytes_received, 4711);
	assert_int_equal(feed.model->bad_records, 0);
	feed_free(&feed);
}

static void
test_unlisted_connection(void **state)
{
	struct feed feed = feed_new();
	const struct conversation *conversation;
	char text[64];

	(void)state;
	feed.model->linger_ms = 3000;
	/* Before the first dump it could be any old one. */
	feed_destroyed(&feed, &accepted);
	assert_null(feed_row(&feed, accepted.cookie));
	feed_snapshot(&feed, true, &listener, 1);
	feed_wait(&feed, 200);
	handshake(&feed);
	feed_packet(&feed, true, F | A, 5001, 1001);
	feed_wait(&feed, 10);
	feed_packet(&feed, false, F | A, 1001, 5002);
	feed_wait(&feed, 10);
	feed_destroyed(&feed, &accepted);
	assert_int_equal(feed.model->closed_unlisted, 1);
	assert_int_equal(feed.model->opened, 1);
	assert_int_equal(feed.model->closed, 1);
	assert_true(feed_row(&feed, accepted.cookie)->flags & SOCKET_CLOSED);
	assert_true(feed_row(&feed, accepted.cookie)->flags & SOCKET_BIRTH_SEEN);
	assert_int_equal(feed_row(&feed, accepted.cookie)->tcp.bytes_received, 4711);
	assert_int_equal(feed_row(&feed, accepted.cookie)->closed_ms -
				 feed_row(&feed, accepted.cookie)->first_ms,
		40);
	conversation = model_socket_conversation(feed.model, feed_row(&feed, accepted.cookie));
	assert_non_null(conversation);
	conversation_format_outcome(conversation, text, sizeof text);
	assert_string_equal(text, "closed by us");
	feed_wait(&feed, 4000);
	model_tick(feed.model, feed.realtime_ns);
	assert_null(feed_row(&feed, accepted.cookie));
	feed_free(&feed);
}

/* We try 10.0.0.1:81 from that port, and are refused. */
static void
feed_refused(struct feed *feed, uint16_t port)
{
	feed_wire(feed, &(struct feed_segment){
				.out = true, .ours = port, .theirs = 81, .flags = S, .seq = 1000});
	feed_wait(feed, 10);
	feed_wire(feed, &(struct feed_segment){
				.ours = port, .theirs = 81, .flags = SEGMENT_RST | A, .ack = 1001});
	feed_wait(feed, 10);
}

/* All that the kernel still knows of it. */
static void
feed_disconnected(struct feed *feed, uint32_t cookie, uint16_t port)
{
	const struct feed_socket socket = {
		.cookie = cookie, .local = "0.0.0.0", .remote = "10.0.0.1", .local_port = port};

	feed_destroyed(feed, &socket);
	feed_wait(feed, 10);
}

static void
check_refused(const struct feed *feed, uint32_t cookie, uint32_t lived_ms)
{
	const struct socket_row *const row = feed_row(feed, cookie);
	const struct conversation *const conversation = model_socket_conversation(feed->model, row);

	assert_int_equal(row->remote_port, 81);
	assert_false(address_is_any(&row->local));
	assert_non_null(conversation);
	assert_int_equal(conversation->outcome, CONVERSATION_OUTCOME_REFUSED);
	assert_int_equal(conversation->port[0], row->local_port);
	assert_int_equal(row->closed_ms - row->first_ms, lived_ms);
}

/* The packets show which connection it was, whether they come before or after. */
static void
test_disconnected(void **state)
{
	struct feed feed = feed_new();

	(void)state;
	feed.model->linger_ms = 3000;
	feed_snapshot(&feed, true, &listener, 1);
	feed_wait(&feed, 200);
	feed_refused(&feed, 40001);
	feed_disconnected(&feed, 11, 40001);
	feed_disconnected(&feed, 12, 40002);
	feed_disconnected(&feed, 13, 40003);
	assert_int_equal(feed_row(&feed, 11)->remote_port, 0);
	feed.realtime_ns -= UINT64_C(30) * 1000000;
	feed_refused(&feed, 40002);
	feed_wait(&feed, 30);
	feed_snapshot(&feed, true, &listener, 1);
	check_refused(&feed, 11, 20);
	check_refused(&feed, 12, 10);
	/* Nothing was seen of it. */
	assert_int_equal(feed_row(&feed, 13)->remote_port, 0);
	assert_int_equal(feed.model->bad_records, 0);
	feed_free(&feed);
}

/* Destroyed without a packet, as a connect that was given up: a dump without it must not reopen it.
 */
static void
test_destroyed_then_lacked(void **state)
{
	struct feed feed = feed_new();

	(void)state;
	feed.model->linger_ms = 3000;
	feed_snapshot(&feed, true, &listener, 1);
	feed_wait(&feed, 200);
	handshake(&feed);
	feed_wait(&feed, 10);
	feed_snapshot(&feed, true, &accepted, 1);
	feed_wait(&feed, 300);
	feed_destroyed(&feed, &accepted);
	feed_wait(&feed, 300);
	feed_gone(&feed, accepted.cookie);
	feed_wait(&feed, 3000);
	model_tick(feed.model, feed.realtime_ns);
	assert_int_equal(feed_newest(&feed)->outcome, CONVERSATION_OUTCOME_GONE);
	feed_free(&feed);
}

/* Packets that come later than the destroy event, but were captured before it, still count. */
static void
test_late_packets(void **state)
{
	struct feed feed = feed_new();
	uint64_t later_ns;

	(void)state;
	feed_snapshot(&feed, true, &listener, 1);
	feed_wait(&feed, 200);
	handshake(&feed);
	feed_wait(&feed, 10);
	feed_destroyed(&feed, &accepted);
	feed_wait(&feed, 3000);
	model_tick(feed.model, feed.realtime_ns);
	assert_int_equal(feed_newest(&feed)->outcome, CONVERSATION_OUTCOME_GONE);
	later_ns = feed.realtime_ns;
	feed.realtime_ns -= UINT64_C(3001) * 1000000;
	feed_packet(&feed, false, SEGMENT_RST | A, 1001, 5001);
	assert_int_equal(feed_newest(&feed)->outcome, CONVERSATION_OUTCOME_RESET);
	feed.realtime_ns = later_ns;
	feed_free(&feed);
}

/* The row of an earlier connection says nothing of the one that has its endpoints now. */
static void
test_reused_endpoints(void **state)
{
	struct feed feed = feed_new();
	struct feed_socket socket = accepted;

	(void)state;
	socket.state = 6;
	feed_snapshot(&feed, true, &socket, 1);
	feed_wait(&feed, 100);
	feed_packet(&feed, false, S, 1000, 0);
	feed_gone(&feed, socket.cookie);
	assert_int_equal(feed_newest(&feed)->side[0].state, TCP_STATE_SYN_SENT);
	assert_int_equal(feed_newest(&feed)->side[1].state, TCP_STATE_UNKNOWN);
	feed_free(&feed);
}

/* A connection that is over and had a process of ours: none is known, and it is said. */
static void
test_no_owner(void **state)
{
	static const struct {
		const char *opener, *other;
		uint8_t local_side;
		bool is_over, is_established, had_owner;
	} cases[] = {
		{"10.0.0.2", "192.0.2.1", 0, true, false, true},
		{"10.0.0.2", "192.0.2.1", 0, false, true, false},
		{"192.0.2.1", "10.0.0.2", 1, true, true, true},
		{"192.0.2.1", "10.0.0.2", 1, true, false, false},
		{"192.0.2.1", "10.0.0.2", CONVERSATION_SIDE_UNKNOWN, true, true, false},
		{"127.0.0.1", "127.0.0.2", CONVERSATION_SIDE_UNKNOWN, true, false, true},
		{"10.0.0.2", "10.0.0.2", CONVERSATION_SIDE_UNKNOWN, true, false, true},
	};
	struct feed feed = feed_new();

	(void)state;
	feed_process(&feed, 7, 1, "nginx");
	feed_snapshot(&feed, true, NULL, 0);
	unit_each (i, cases) {
		struct conversation conversation = {.local_side = cases[i].local_side,
			.netns = FEED_NETNS,
			.port = {40000, 80},
			.socket = SOCKET_NONE,
			.established = cases[i].is_established,
			.outcome = cases[i].is_over ? CONVERSATION_OUTCOME_CLOSED
						    : CONVERSATION_OUTCOME_NONE};

		assert_int_equal(address_parse(cases[i].opener, strlen(cases[i].opener),
					 &conversation.address[0], NULL),
			0);
		assert_int_equal(address_parse(cases[i].other, strlen(cases[i].other),
					 &conversation.address[1], NULL),
			0);
		assert_int_equal(
			model_conversation_ownerless(feed.model, &conversation, NULL) != NULL,
			cases[i].had_owner);
	}
	feed_free(&feed);
}

/* A destroyed connection is gone on the wire as well, whatever its peer's port. */
static void
test_closing_of_any_port(void **state)
{
	static const uint16_t ports[] = {1, 2, CLIENT, UINT16_MAX};

	(void)state;
	unit_each (i, ports) {
		struct feed feed = feed_new();
		struct feed_socket socket = accepted;

		feed_wire(&feed,
			&(struct feed_segment){
				.ours = SERVER, .theirs = ports[i], .flags = S, .seq = 1000});
		feed_wire(&feed, &(struct feed_segment){.out = true,
					 .ours = SERVER,
					 .theirs = ports[i],
					 .flags = S | A,
					 .seq = 5000,
					 .ack = 1001});
		assert_true(feed_newest(&feed)->gone_ns == 0);
		socket.remote_port = ports[i];
		feed_destroyed(&feed, &socket);
		assert_true(feed_newest(&feed)->gone_ns != 0);
		feed_free(&feed);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_both_ends),
		cmocka_unit_test(test_sender_and_receiver),
		cmocka_unit_test(test_late_capture),
		cmocka_unit_test(test_one_capture_fails),
		cmocka_unit_test(test_captures_are_added_up),
		cmocka_unit_test(test_closing_of_listed),
		cmocka_unit_test(test_unlisted_connection),
		cmocka_unit_test(test_destroyed_then_lacked),
		cmocka_unit_test(test_disconnected),
		cmocka_unit_test(test_late_packets),
		cmocka_unit_test(test_reused_endpoints),
		cmocka_unit_test(test_no_owner),
		cmocka_unit_test(test_closing_of_any_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
