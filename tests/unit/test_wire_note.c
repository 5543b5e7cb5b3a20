/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the socket table adds to what the wire shows. */
#include <config.h>

#include "unit.h"

#include <netinet/in.h>

#include "segments.h"

static const struct wire_options small = {
	.conversations = 64, .half_open = 16, .events = 64, .fold_above = UINT32_MAX};

static void
note(struct wire *wire, uint8_t side, enum tcp_state tcp_state, bool destroyed)
{
	const struct line line = {.side = side};
	const struct segment segment = segment_of(&line);
	const struct wire_socket socket = {
		.local = segment.source,
		.remote = segment.destination,
		.local_port = segment.source_port,
		.remote_port = segment.destination_port,
		.socket = 7,
		.cookie = 99,
		.seen_ns = segment.time_ns + UINT64_C(500000000),
		.state = tcp_state,
		.pid = 812,
		.comm = "a name that is too long for it",
		.destroyed = destroyed,
	};

	wire_note_socket(wire, &socket);
}

static void
test_note_socket(void **state)
{
	struct wire *const wire = wire_new(&small);
	char text[64];

	(void)state;
	note(wire, 1, TCP_STATE_ESTABLISHED, false); /* nothing was seen of it */
	assert_null(find(wire));
	play(wire, handshake, 2);
	assert_true(find(wire)->half_open);
	note(wire, 1, TCP_STATE_ESTABLISHED, false);
	assert_false(find(wire)->half_open);
	assert_true(find(wire)->established);
	assert_int_equal(find(wire)->established_ns, 0);
	assert_int_equal(find(wire)->side[1].state, TCP_STATE_ESTABLISHED);
	assert_int_equal(find(wire)->local_side, 1);
	assert_int_equal(find(wire)->socket, 7);
	assert_int_equal(find(wire)->owner[1].pid, 812);
	assert_string_equal(find(wire)->owner[1].comm, "a name that is ");
	note(wire, 1, TCP_STATE_SYN_RECEIVED, false); /* it knew less than we do */
	assert_int_equal(find(wire)->side[1].state, TCP_STATE_ESTABLISHED);
	note(wire, 1, TCP_STATE_FIN_WAIT_2, false);
	assert_int_equal(find(wire)->side[1].state, TCP_STATE_FIN_WAIT_2);
	note(wire, 1, TCP_STATE_CLOSED, true);
	assert_int_equal(find(wire)->outcome, CONVERSATION_OUTCOME_NONE); /* packets may come yet */
	wire_tick(wire, segments_epoch_ns + UINT64_C(3000000000));
	assert_int_equal(find(wire)->outcome, CONVERSATION_OUTCOME_GONE);
	conversation_format_outcome(find(wire), text, sizeof text);
	assert_string_equal(text, "gone");
	wire_free(wire);
}

/* Its program did not wait for an answer. */
static void
test_given_up(void **state)
{
	struct wire *const wire = wire_new(&small);
	char text[64];

	(void)state;
	play(wire, handshake, 1);
	note(wire, 0, TCP_STATE_CLOSED, true);
	wire_tick(wire, segments_epoch_ns + UINT64_C(3000000000));
	assert_int_equal(find(wire)->outcome, CONVERSATION_OUTCOME_GONE);
	conversation_format_outcome(find(wire), text, sizeof text);
	assert_string_equal(text, "given up, no answer to 1 SYN");
	wire_free(wire);
}

static uint8_t
newest_kind(const struct wire *wire)
{
	return wire_event(wire, wire_event_end(wire) - 1)->kind;
}

/* The socket table has it established half a second before the ACK comes out of the ring. */
static void
test_note_before_ack(void **state)
{
	static const struct line late = {.ms = 900, .flags = A, .seq = 1, .ack = 1};
	struct wire *const wire = wire_new(&small);
	struct wire *const other = wire_new(&small);
	uint64_t network_us, ack_us;

	(void)state;
	play(wire, handshake, 2);
	note(wire, 1, TCP_STATE_ESTABLISHED, false);
	play(wire, handshake + 2, 1);
	assert_int_equal(newest_kind(wire), EVENT_HANDSHAKE_DONE);
	assert_true(conversation_handshake(find(wire), &network_us, &ack_us));
	assert_int_equal(network_us, 1000);
	assert_int_equal(ack_us, 1000);
	assert_int_equal(find(wire)->path_ns[2][1], segments_epoch_ns + 2000000);
	assert_int_equal(wire_event(wire, wire_event_end(wire) - 1)->ack_us, 1000);
	play(wire, &late, 1);
	assert_int_not_equal(newest_kind(wire), EVENT_HANDSHAKE_DONE);
	/* The ACK was not captured; this one answers a keepalive. */
	play(other, handshake, 2);
	note(other, 1, TCP_STATE_ESTABLISHED, false);
	play(other, &late, 1);
	assert_int_not_equal(newest_kind(other), EVENT_HANDSHAKE_DONE);
	assert_true(conversation_handshake(find(other), &network_us, &ack_us));
	assert_true(ack_us == CONVERSATION_UNKNOWN_US);
	wire_free(other);
	wire_free(wire);
}

/* A refused connection is remembered for minutes; an unanswered SYN is soon forgotten. */
static void
test_refused_is_remembered(void **state)
{
	static const struct line refused[] = {
		{.flags = S}, {.ms = 1, .side = 1, .flags = R | A, .ack = 1}};
	static const uint64_t second_ns = 1000000000;

	(void)state;
	for (enum segment_direction first = SEGMENT_DIRECTION_UNKNOWN; first <= SEGMENT_OUT;
		first++) {
		const enum segment_direction second = first == SEGMENT_OUT  ? SEGMENT_IN
						      : first == SEGMENT_IN ? SEGMENT_OUT
									    : first;
		struct wire *const wire = wire_new(&small);

		send_at(wire, &refused[0], 0, 2, first);
		send_at(wire, &refused[1], 0, 2, second);
		assert_true(find(wire)->half_open);
		assert_int_equal(find(wire)->outcome, CONVERSATION_OUTCOME_REFUSED);
		wire_tick(wire, segments_epoch_ns + 300 * second_ns);
		assert_true((find(wire) != NULL) == (first != SEGMENT_IN));
		wire_tick(wire, segments_epoch_ns + 700 * second_ns);
		assert_null(find(wire));
		wire_free(wire);
	}
}

static struct segment
on_link(const struct line *line, uint32_t ifindex)
{
	static const uint8_t addresses[2][16] = {{0xfe, 0x80, [15] = 1}, {0xfe, 0x80, [15] = 2}};
	struct segment segment = segment_of(line);

	segment.family = AF_INET6;
	segment.source = address_from_v6(addresses[line->side]);
	segment.destination = address_from_v6(addresses[line->side ^ 1]);
	segment.ifindex = ifindex;
	return segment;
}

static struct conversation *
find_on(struct wire *wire, uint32_t ifindex)
{
	const struct segment segment = on_link(&(struct line){.side = 0}, ifindex);

	return wire_find(
		wire, 0, ifindex, &segment.source, CLIENT_PORT, &segment.destination, SERVER_PORT);
}

/* fe80::1 and fe80::2 on two links, with the same ports: each link has a connection of its own. */
static void
test_link_local(void **state)
{
	static const struct line syn = {.flags = S}, reset = {.side = 1, .flags = R | A, .ack = 1};
	struct wire *const wire = wire_new(&small);
	struct segment segment;
	struct wire_socket socket;

	(void)state;
	for (uint32_t link = 3; link < 5; link++) {
		segment = on_link(&syn, link);
		wire_segment(wire, &segment);
	}
	segment = on_link(&reset, 3);
	wire_segment(wire, &segment);
	assert_int_equal(wire_slots(wire), 2);
	assert_null(find_on(wire, 5));
	assert_int_equal(find_on(wire, 3)->outcome, CONVERSATION_OUTCOME_REFUSED);
	assert_int_equal(find_on(wire, 4)->outcome, CONVERSATION_OUTCOME_NONE);
	segment = on_link(&syn, 4);
	socket = (struct wire_socket){.local = segment.source,
		.remote = segment.destination,
		.local_port = CLIENT_PORT,
		.remote_port = SERVER_PORT,
		.ifindex = 4,
		.socket = 8,
		.cookie = 100,
		.seen_ns = segment.time_ns,
		.state = TCP_STATE_SYN_SENT};
	wire_note_socket(wire, &socket);
	assert_int_equal(find_on(wire, 4)->cookie, 100);
	assert_int_equal(find_on(wire, 3)->cookie, 0);
	wire_free(wire);
}

/* SYNs that are kept as they came under a flood, on two links. */
static void
test_link_local_unanswered(void **state)
{
	static const struct wire_options flooded = {
		.conversations = 64, .half_open = 16, .events = 64, .fold_above = 1};
	static const struct line syn = {.flags = S},
				 answer_line = {.side = 1, .flags = S | A, .ack = 1};
	struct wire *const wire = wire_new(&flooded);
	struct segment segment;

	(void)state;
	for (uint32_t number = 0; number < 4; number++) {
		segment = on_link(&syn, 9);
		segment.source_port = (uint16_t)(1000 + number);
		wire_segment(wire, &segment);
	}
	segment = on_link(&syn, 3);
	wire_segment(wire, &segment);
	segment = on_link(&answer_line, 4);
	wire_segment(wire, &segment);
	assert_int_equal(find_on(wire, 4)->syn_ns, 0);
	segment = on_link(&answer_line, 3);
	wire_segment(wire, &segment);
	assert_int_not_equal(find_on(wire, 3)->syn_ns, 0);
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_note_socket),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_note_before_ack),
		cmocka_unit_test(test_refused_is_remembered),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_link_local_unanswered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
