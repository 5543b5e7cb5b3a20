/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conversations written down as a table of segments: who sends what when, and what the wire then
 * makes of it. Sequence numbers are relative to each side's initial one.
 */
#ifndef SOCKWATCH_TESTS_UNIT_SEGMENTS_H
#define SOCKWATCH_TESTS_UNIT_SEGMENTS_H

#include "model/wire/wire_input.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>

enum {
	F = SEGMENT_FIN,
	S = SEGMENT_SYN,
	R = SEGMENT_RST,
	P = SEGMENT_PSH,
	A = SEGMENT_ACK,
	U = SEGMENT_URG,
	CLIENT_PORT = 40000,
	SERVER_PORT = 80,
};

/* Enough of them that both wrap within a conversation. */
static const uint32_t isns[2] = {UINT32_MAX - 5, 0x7ffffff0};
static const uint64_t segments_epoch_ns = 1700000000000000000;

struct line {
	uint32_t ms; /* since the epoch of the test */
	uint8_t side;
	uint16_t flags;
	uint32_t seq, ack, len;
	enum event_kind kind;
	const char *words;
	uint8_t states[2]; /* after it */
};

static inline struct segment
segment_of(const struct line *line)
{
	static const uint8_t addresses[2][4] = {{192, 0, 2, 1}, {198, 51, 100, 2}};
	const uint8_t side = line->side;

	return (struct segment){
		.time_ns = segments_epoch_ns + line->ms * UINT64_C(1000000),
		.family = AF_INET,
		.source = address_from_v4(addresses[side]),
		.destination = address_from_v4(addresses[side ^ 1]),
		.source_port = side == 0 ? CLIENT_PORT : SERVER_PORT,
		.destination_port = side == 0 ? SERVER_PORT : CLIENT_PORT,
		.seq = isns[side] + line->seq,
		.ack = (line->flags & A) != 0 ? isns[side ^ 1] + line->ack : 0,
		.flags = line->flags,
		.len = line->len,
		.window = 1000,
		.ifindex = 2,
		.direction = SEGMENT_DIRECTION_UNKNOWN,
	};
}

/* The SYN of one of many. */
static inline struct segment
unconfirmed(uint32_t number)
{
	static const struct line line = {.ms = 10, .flags = S};
	struct segment segment = segment_of(&line);

	segment.time_ns += number;
	segment.source.bytes[15] = (uint8_t)number;
	segment.source.bytes[14] = (uint8_t)(number >> 8);
	segment.source.bytes[13] = (uint8_t)(number >> 16);
	segment.source_port = (uint16_t)(1024 + number);
	segment.direction = SEGMENT_IN;
	return segment;
}

static inline struct segment
answer(const struct segment *syn)
{
	struct segment segment = *syn;

	segment.source = syn->destination;
	segment.destination = syn->source;
	segment.source_port = syn->destination_port;
	segment.destination_port = syn->source_port;
	segment.flags = S | A;
	segment.ack = syn->seq + 1;
	segment.seq = 4711;
	segment.direction = SEGMENT_OUT;
	segment.time_ns += 5;
	return segment;
}

static inline struct conversation *
find(struct wire *wire)
{
	const struct line line = {.side = 0};
	const struct segment segment = segment_of(&line);

	return wire_find(
		wire, 0, 0, &segment.destination, SERVER_PORT, &segment.source, CLIENT_PORT);
}

static inline const struct event *
last_event(const struct wire *wire)
{
	return wire_event(wire, wire_event_end(wire) - 1);
}

#define NONE  TCP_STATE_UNKNOWN
#define LIS   TCP_STATE_LISTEN
#define SENT  TCP_STATE_SYN_SENT
#define RCVD  TCP_STATE_SYN_RECEIVED
#define EST   TCP_STATE_ESTABLISHED
#define FW1   TCP_STATE_FIN_WAIT_1
#define FW2   TCP_STATE_FIN_WAIT_2
#define CW    TCP_STATE_CLOSE_WAIT
#define LAST  TCP_STATE_LAST_ACK
#define CLING TCP_STATE_CLOSING
#define TW    TCP_STATE_TIME_WAIT
#define SHUT  TCP_STATE_CLOSED

static const struct wire_options conversation_options = {
	.conversations = 64, .half_open = 16, .events = 64};

/* Runs the lines and checks each; the wire is the caller's then. */
static inline struct wire *
run(const struct line *lines, size_t count)
{
	struct wire *const wire = wire_new(&conversation_options);

	assert_non_null(wire);
	for (size_t i = 0; i < count; i++) {
		const struct segment segment = segment_of(&lines[i]);
		const struct conversation *conversation;
		const struct event *event;

		wire_segment(wire, &segment);
		conversation = find(wire);
		event = last_event(wire);
		if (event->kind != lines[i].kind || strcmp(event->words, lines[i].words) != 0 ||
			conversation->side[0].state != lines[i].states[0] ||
			conversation->side[1].state != lines[i].states[1])
			print_error("line %zu: %s, \"%s\", %s %s\n", i,
				event_kind_name(event->kind), event->words,
				tcp_state_name(conversation->side[0].state),
				tcp_state_name(conversation->side[1].state));
		assert_int_equal(wire_event_end(wire), i + 1);
		assert_int_equal(event->kind, lines[i].kind);
		assert_string_equal(event->words, lines[i].words);
		assert_int_equal(conversation->side[0].state, lines[i].states[0]);
		assert_int_equal(conversation->side[1].state, lines[i].states[1]);
		assert_true(event->relative || (lines[i].flags & R) != 0 ||
			    strncmp(lines[i].words, "ignored", 7) == 0);
		assert_int_equal(event->segment.seq, segment.seq);
		assert_int_equal(event->side, lines[i].side);
	}
	return wire;
}

#define RUN(lines) run(lines, UNIT_COUNT_OF(lines))

/* Opens, speaks, closes. */
static const struct line orderly[] = {
	{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
	{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
	{12, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 12.0 ms", {EST, EST}},
	{20, 0, P | A, 1, 1, 100, EVENT_DATA, "", {EST, EST}},
	{21, 1, A, 1, 101, 0, EVENT_ACK, "", {EST, EST}},
	{30, 1, P | A, 1, 101, 5000, EVENT_DATA, "", {EST, EST}},
	{31, 0, A, 101, 5001, 0, EVENT_ACK, "", {EST, EST}},
	{40, 0, F | A, 101, 5001, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
	{41, 1, A, 5001, 102, 0, EVENT_FIN_ACK, "FIN acknowledged", {FW2, CW}},
	{1000, 1, F | A, 5001, 102, 0, EVENT_FIN_ACK, "closed by client, lived 1.0 s", {TW, LAST}},
	{1001, 0, A, 102, 5002, 0, EVENT_FIN_ACK, "close done", {TW, SHUT}},
};

static const struct line handshake[] = {
	{.ms = 0, .side = 0, .flags = S},
	{.ms = 1, .side = 1, .flags = S | A, .ack = 1},
	{.ms = 2, .side = 0, .flags = A, .seq = 1, .ack = 1},
};

static inline void
play(struct wire *wire, const struct line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct segment segment = segment_of(&lines[i]);

		wire_segment(wire, &segment);
	}
}

static inline void
send_at(struct wire *wire, const struct line *line, uint64_t after_ns, uint32_t ifindex,
	enum segment_direction direction)
{
	struct segment segment = segment_of(line);

	segment.time_ns += after_ns;
	segment.ifindex = ifindex;
	segment.direction = (uint8_t)direction;
	wire_segment(wire, &segment);
}

static inline void
check_path(const struct conversation *conversation, uint8_t side, const uint8_t *path, uint8_t len)
{
	assert_int_equal(conversation->path_len[side], len);
	for (uint8_t i = 0; i < len; i++)
		assert_int_equal(conversation->path[i][side], path[i]);
}

#define CHECK_PATH(conversation, side, path) check_path(conversation, side, path, sizeof path)

static inline void
check_ending(const struct wire *wire, enum conversation_outcome outcome, const char *words)
{
	const struct conversation *const conversation = wire_slot(wire, 0);
	char text[64];

	assert_int_equal(conversation->outcome, outcome);
	assert_int_equal(
		conversation_format_outcome(conversation, text, sizeof text), strlen(words));
	assert_string_equal(text, words);
}

#endif
