/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "model/wire/wire_input.h"
#include "unit.h"

#include <linux/if_arp.h>
#include <netinet/in.h>
#include <stdlib.h>

#include <sockwatch/model/socket.h>
#include <sockwatch/stream/stream.h>

#include "packets.h"
#include "segments.h"

static const struct wire_options small = {
	.conversations = 64, .half_open = 16, .events = 64, .fold_above = UINT32_MAX};

static void
check_side(struct wire *wire, uint8_t side, const char *word)
{
	char text[16];

	conversation_format_side(find(wire), side, text, sizeof text);
	assert_string_equal(text, word);
}

static void
test_local_side(void **state)
{
	struct wire *wire = wire_new(&small);

	(void)state;
	send_at(wire, &handshake[0], 0, 2, SEGMENT_IN);
	check_side(wire, 0, "peer");
	check_side(wire, 1, "us");
	wire_free(wire);
	wire = wire_new(&small);
	send_at(wire, &handshake[0], 0, 2, SEGMENT_OUT);
	check_side(wire, 0, "us");
	assert_true(find(wire)->half_open);
	/* Our own question was answered: the kernel does the rest. */
	send_at(wire, &handshake[1], 0, 2, SEGMENT_IN);
	assert_false(find(wire)->half_open);
	assert_true(find(wire)->established);
	wire_free(wire);
}

/* Which side is ours is not taken from the connection that had the place before. */
static void
test_local_side_again(void **state)
{
	struct wire *const wire = wire_new(&small);

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		const struct segment segment = unconfirmed(i);

		wire_segment(wire, &segment);
	}
	send_at(wire, &handshake[0], UINT64_C(1000000000), 2, SEGMENT_DIRECTION_UNKNOWN);
	assert_int_equal(find(wire)->local_side, CONVERSATION_SIDE_UNKNOWN);
	check_side(wire, 0, "client");
	wire_free(wire);
}

static void
test_flood(void **state)
{
	struct wire *const wire = wire_new(&small);
	const struct conversation *conversation;
	uint32_t half_open = 0;

	(void)state;
	play(wire, handshake, 3);
	for (uint32_t i = 0; i < 5000; i++) {
		struct segment segment = unconfirmed(i);

		wire_segment(wire, &segment);
		segment = answer(&segment);
		wire_segment(wire, &segment);
		if (i % 3 == 0) { /* refuses, ends */
			segment.flags = R;
			segment.seq++;
			wire_segment(wire, &segment);
		}
	}
	conversation = find(wire);
	assert_non_null(conversation);
	assert_int_equal(conversation->side[0].state, TCP_STATE_ESTABLISHED);
	assert_true(conversation->established_ns != 0);
	for (uint32_t slot = 0; slot < wire_slots(wire); slot++)
		half_open += wire_slot(wire, slot) != NULL && wire_slot(wire, slot)->half_open;
	assert_int_equal(half_open, small.half_open);
	assert_int_equal(wire_counts(wire)->evicted_half_open, 5000 - small.half_open);
	assert_int_equal(wire_counts(wire)->evicted, 0);
	assert_int_equal(wire_counts(wire)->syn, 5001);
	assert_true(wire_slots(wire) <= small.conversations);
	wire_free(wire);
}

/* Of those that stood, the ended ones go first, then the longest silent. */
static void
test_many_standing(void **state)
{
	struct wire *const wire = wire_new(&small);
	struct segment last;

	(void)state;
	for (uint32_t i = 0; i < 500; i++) {
		struct segment syn = unconfirmed(i), segment;

		wire_segment(wire, &syn);
		segment = answer(&syn);
		wire_segment(wire, &segment);
		syn.flags = A;
		syn.seq++;
		syn.ack = segment.seq + 1;
		wire_segment(wire, &syn);
		if (i == 490)
			last = syn;
	}
	assert_int_equal(wire_counts(wire)->evicted, 500 - (small.conversations - small.half_open));
	assert_int_equal(wire_counts(wire)->evicted_half_open, 0);
	assert_non_null(wire_find(wire, 0, 0, &last.source, last.source_port, &last.destination,
		last.destination_port));
	last.flags = R | A;
	wire_segment(wire, &last);
	for (uint32_t i = 1000; i < 1001; i++) {
		struct segment syn = unconfirmed(i), segment;

		wire_segment(wire, &syn);
		segment = answer(&syn);
		wire_segment(wire, &segment);
		syn.flags = A;
		syn.seq++;
		syn.ack = segment.seq + 1;
		wire_segment(wire, &syn);
	}
	assert_null(wire_find(wire, 0, 0, &last.source, last.source_port, &last.destination,
		last.destination_port));
	wire_free(wire);
}

static void
test_fold(void **state)
{
	static const struct wire_options folding = {
		.conversations = 4096, .half_open = 1024, .events = 64, .fold_above = 20};
	struct wire *const wire = wire_new(&folding);
	const struct event *fold = NULL;
	uint32_t events = 0, sum = 0;

	(void)state;
	/* 4000 sources twice each, within 80 ms: 20 alone, the rest in one. */
	for (uint32_t i = 0; i < 8000; i++) {
		struct segment segment = unconfirmed(i % 4000);

		segment.time_ns += i * UINT64_C(10000);
		segment.seq += i; /* no repeats */
		wire_segment(wire, &segment);
	}
	for (uint64_t i = 0; i < wire_event_end(wire); i++) {
		const struct event *const event = wire_event(wire, i);

		events++;
		sum += event->folded + 1;
		if (event->folded != 0)
			fold = event;
	}
	assert_int_equal(events, 21);
	assert_int_equal(sum, 8000);
	assert_non_null(fold);
	assert_int_equal(fold->kind, EVENT_SYN);
	assert_int_equal(fold->fold_scope, EVENT_FOLD_ENDPOINT);
	assert_int_equal(fold->folded, 7979);
	assert_in_range(fold->sources, 4000 * 75 / 100, 4000 * 125 / 100);
	wire_free(wire);
}

/* How many sources a fold has is estimated well however many they are. */
static void
test_fold_sources(void **state)
{
	static const struct wire_options folding = {
		.conversations = 64, .half_open = 16, .events = 64, .fold_above = 20};
	static const uint32_t counts[] = {100, 1000, 20000, 200000};

	(void)state;
	unit_each (c, counts) {
		struct wire *const wire = wire_new(&folding);

		for (uint32_t i = 0; i < counts[c]; i++) {
			struct segment segment = unconfirmed(i);

			segment.source_port = 1024;
			wire_segment(wire, &segment);
		}
		assert_int_equal(wire_event_end(wire), 21);
		/* The first ones have events of their own, and only the rest is folded. */
		assert_int_equal(last_event(wire)->folded, counts[c] - 21);
		assert_in_range(last_event(wire)->sources, (counts[c] - 21) * 7 / 10,
			(counts[c] - 21) * 13 / 10);
		wire_free(wire);
	}
}

/* Where a folded event was, another one stands alone. */
static void
test_fold_and_ring(void **state)
{
	static const struct wire_options folding = {
		.conversations = 64, .half_open = 16, .events = 64, .fold_above = 5};
	struct wire *const wire = wire_new(&folding);

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		const struct segment segment = unconfirmed(i);

		wire_segment(wire, &segment);
	}
	assert_int_equal(last_event(wire)->folded, 94);
	for (uint32_t i = 0; i < 200; i++) {
		struct segment segment = unconfirmed(1000 + i);

		segment.time_ns += (i + 30) * UINT64_C(150000000);
		wire_segment(wire, &segment);
		assert_int_equal(last_event(wire)->folded, 0);
		assert_int_equal(last_event(wire)->sources, 0);
	}
	wire_free(wire);
}

/* An event that was printed stands: what follows is another one. */
static void
test_fold_closed(void **state)
{
	static const struct wire_options folding = {
		.conversations = 64, .half_open = 16, .events = 64, .fold_above = 5};
	struct wire *const wire = wire_new(&folding);
	uint64_t number = 0;

	(void)state;
	for (uint32_t i = 0; i < 110; i++) {
		const struct segment segment = unconfirmed(i);

		if (i == 100) {
			number = last_event(wire)->number;
			wire_event_close(wire, number);
		}
		wire_segment(wire, &segment);
	}
	assert_int_equal(wire_event(wire, number)->folded, 94);
	assert_int_equal(last_event(wire)->number, number + 1);
	assert_int_equal(last_event(wire)->folded, 9);
	wire_free(wire);
}

/* SYNs of a flood that are answered are connections from their SYN on. */
static void
test_fold_answered(void **state)
{
	enum { SYNS = 200 };
	static const struct wire_options folding = {
		.conversations = 4096, .half_open = 1024, .events = 64, .fold_above = 5};
	struct wire *const wire = wire_new(&folding);
	unsigned known = 0;

	(void)state;
	for (uint32_t i = 0; i < SYNS; i++) {
		const struct segment syn = unconfirmed(i);

		wire_segment(wire, &syn);
	}
	for (uint32_t i = 0; i < SYNS; i++) {
		const struct segment syn = unconfirmed(i);
		const struct segment syn_ack = answer(&syn);
		const struct conversation *conversation;

		wire_segment(wire, &syn_ack);
		conversation = wire_find(wire, 0, 0, &syn.source, syn.source_port, &syn.destination,
			syn.destination_port);
		assert_non_null(conversation);
		known += conversation->syn_ns == syn.time_ns;
	}
	/* Two in one place are few. */
	assert_in_range(known, SYNS * 8 / 10, SYNS);
	wire_free(wire);
}

/* A port scan: no endpoint has many, but the address has. */
static void
test_fold_scan(void **state)
{
	static const struct wire_options folding = {
		.conversations = 4096, .half_open = 1024, .events = 64, .fold_above = 20};
	struct wire *const wire = wire_new(&folding);
	const struct event *fold;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		struct segment segment = unconfirmed(1);

		segment.destination_port = (uint16_t)(1 + i);
		wire_segment(wire, &segment);
	}
	fold = last_event(wire);
	assert_int_equal(wire_event_end(wire), 21);
	assert_int_equal(fold->folded, 979);
	assert_int_equal(fold->fold_scope, EVENT_FOLD_ADDRESS);
	assert_int_equal(fold->sources, 1);
	wire_free(wire);
}

/* When the flood is over, every event counts again; what stands is never folded. */
static void
test_fold_ends(void **state)
{
	static const struct wire_options folding = {
		.conversations = 64, .half_open = 16, .events = 256, .fold_above = 5};
	struct wire *const wire = wire_new(&folding);
	uint64_t end;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		const struct segment segment = unconfirmed(i);

		wire_segment(wire, &segment);
	}
	end = wire_event_end(wire);
	assert_int_equal(end, 6);
	for (uint32_t i = 0; i < 5; i++) {
		struct segment segment = unconfirmed(200 + i);

		segment.time_ns += (i + 3) * UINT64_C(150000000);
		wire_segment(wire, &segment);
	}
	assert_int_equal(wire_event_end(wire), end + 5);
	play(wire, handshake, 3);
	end = wire_event_end(wire);
	for (uint32_t i = 0; i < 100; i++) {
		const struct line line = {
			.ms = 3, .flags = A, .seq = 1 + i * 10, .ack = 1, .len = 10};

		play(wire, &line, 1);
	}
	assert_int_equal(wire_event_end(wire), end + 100);
	wire_free(wire);
}

static void
test_ring(void **state)
{
	struct wire *const wire = wire_new(&small);

	(void)state;
	assert_null(wire_event_from(wire, 0));
	assert_null(wire_event(wire, 0));
	for (uint32_t i = 0; i < 100; i++) {
		const struct segment segment = unconfirmed(i);

		wire_segment(wire, &segment);
	}
	assert_int_equal(wire_event_end(wire), 100);
	assert_int_equal(wire_event_from(wire, 0)->number, 36);
	assert_int_equal(wire_event_room(wire, 36), 1);
	assert_int_equal(wire_event_room(wire, 99), 64);
	assert_int_equal(wire_event_room(wire, 35), 0);
	assert_null(wire_event(wire, 35));
	assert_null(wire_event(wire, 100));
	for (uint64_t i = 36; i < 100; i++) {
		assert_int_equal(wire_event(wire, i)->number, i);
		assert_int_equal(wire_event(wire, i)->segment.source_port, 1024 + i);
	}
	wire_free(wire);
}

static void
test_namespaces(void **state)
{
	struct wire *const wire = wire_new(&small);
	struct segment segment = segment_of(&handshake[0]);

	(void)state;
	wire_segment(wire, &segment);
	segment.netns = 1;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->syn, 2);
	assert_int_equal(wire_slots(wire), 2);
	wire_free(wire);
}

/* A socket that is connected to itself. */
static void
test_self(void **state)
{
	struct wire *const wire = wire_new(&small);

	(void)state;
	unit_each (i, handshake) {
		struct segment segment = segment_of(&handshake[i]);

		segment.source = segment.destination;
		segment.source_port = segment.destination_port = 5000;
		segment.ack = segment.ack != 0 ? segment.seq + 1 : 0;
		wire_segment(wire, &segment);
	}
	assert_int_equal(wire_counts(wire)->segments, 3);
	wire_free(wire);
}

static void
test_packets(void **state)
{
	struct wire *const wire = wire_new(&small);
	struct packet packet = {.len = 0};
	struct record record = {.kind = RECORD_PACKET, .arphrd = ARPHRD_NONE};

	(void)state;
	packet_add_ipv4(&packet, 0, IPPROTO_TCP, 40);
	packet_add_tcp(&packet, S, "", 0);
	record.data = packet.data;
	record.len = record.wire_len = packet.len;
	wire_packets(wire, &record, 1);
	record.len = 30;
	wire_packets(wire, &record, 1);
	packet.data[9] = IPPROTO_UDP;
	wire_packets(wire, &record, 1);
	packet.data[0] = 0x41;
	wire_packets(wire, &record, 1);
	assert_int_equal(wire_counts(wire)->packets, 4);
	assert_int_equal(wire_counts(wire)->segments, 1);
	assert_int_equal(wire_counts(wire)->cut, 1);
	assert_int_equal(wire_counts(wire)->not_tcp, 1);
	assert_int_equal(wire_counts(wire)->bad, 1);
	wire_free(wire);
}

enum { TOGETHER = 50 };

/* SYNs and answers of a few, by turns, a copy of some; what is no segment in between. */
static void
add_packet(struct packet *packet, struct record *record, uint32_t number)
{
	const uint16_t flags = number % 3 == 2 ? S | A : S;

	packet_add_ipv4(packet, 0, IPPROTO_TCP, 40);
	packet_add_tcp(packet, flags, "", 0);
	packet->data[number % 3 == 2 ? 19 : 15] = (uint8_t)(number % 7);
	if (number % 11 == 10)
		packet->data[9] = IPPROTO_UDP;
	if (number % 13 == 12)
		packet->data[0] = 0x41;
	*record = (struct record){.kind = RECORD_PACKET,
		.arphrd = ARPHRD_NONE,
		.ifindex = 1 + number % 2,
		.time_ns = segments_epoch_ns + number * 1000,
		.data = packet->data,
		.len = packet->len,
		.wire_len = packet->len};
}

/* Packets that are taken in together do what each of them does alone. */
static void
test_together(void **state)
{
	struct wire *const alone = wire_new(&small);
	struct packet packets[TOGETHER] = {{.len = 0}};
	struct record records[TOGETHER];

	(void)state;
	for (uint32_t i = 0; i < TOGETHER; i++) {
		add_packet(&packets[i], &records[i], i);
		wire_packets(alone, &records[i], 1);
	}
	for (uint32_t size = 2; size <= TOGETHER; size++) {
		struct wire *const wire = wire_new(&small);

		for (uint32_t i = 0; i < TOGETHER; i += size)
			wire_packets(wire, &records[i], size < TOGETHER - i ? size : TOGETHER - i);
		assert_memory_equal(
			wire_counts(wire), wire_counts(alone), sizeof(struct wire_counts));
		assert_int_equal(wire_event_end(wire), wire_event_end(alone));
		assert_int_equal(
			last_event(wire)->segment.time_ns, last_event(alone)->segment.time_ns);
		wire_free(wire);
	}
	assert_int_equal(wire_counts(alone)->packets, TOGETHER);
	assert_true(wire_counts(alone)->syn_ack > 4 && wire_counts(alone)->duplicates > 4);
	assert_true(wire_counts(alone)->not_tcp == 4 && wire_counts(alone)->bad == 3);
	wire_packets(alone, records, 0);
	assert_int_equal(wire_counts(alone)->packets, TOGETHER);
	wire_free(alone);
}

/* The page of a busy connection lets all of it be captured: that leaves the flags in their place.
 */
static void
test_flags_stay(void **state)
{
	struct wire *const wire = wire_new(&small);

	(void)state;
	play(wire, handshake, 3);
	for (uint32_t i = 0; i < 1000; i++) {
		const struct line line = {
			.ms = 3, .flags = A, .seq = 1 + i * 10, .ack = 1, .len = 10};

		play(wire, &line, 1);
	}
	assert_int_equal(wire_event_end(wire), 1003);
	assert_int_equal(wire_flag_from(wire, 0)->number, 0);
	assert_int_equal(wire_flag_from(wire, 1)->kind, EVENT_SYN_ACK);
	assert_int_equal(wire_flag_before(wire, UINT64_MAX)->kind, EVENT_HANDSHAKE_DONE);
	assert_null(wire_flag_from(wire, 3));
	assert_null(wire_flag_before(wire, 0));
	/* Of the rest as many as there is room for, in order and after the flags. */
	assert_int_equal(wire_event_from(wire, 3)->number, 1003 - 64);
	assert_int_equal(wire_event(wire, 2)->kind, EVENT_HANDSHAKE_DONE);
	assert_null(wire_event(wire, 3));
	assert_int_equal(wire_event_room(wire, 1002), 64);
	wire_free(wire);
}

/* Whatever comes, in any order: bounds hold, and every slot is in its place. */
static void
test_anything(void **state)
{
	struct wire *const wire = wire_new(&small);
	uint32_t random = 1;

	(void)state;
	for (uint32_t i = 0; i < 200000; i++) {
		struct line line = {.ms = i / 100};
		struct segment segment;

		random = random * 1664525 + 1013904223;
		line.side = random >> 31;
		line.flags = random >> 20 & 0x1f;
		line.seq = random >> 8 & 7;
		line.ack = random >> 12 & 7;
		line.len = random >> 16 & 3;
		segment = segment_of(&line);
		random = random * 1664525 + 1013904223;
		segment.ifindex = random >> 30;
		if (line.side == 0)
			segment.source_port = (uint16_t)(random >> 24);
		else
			segment.destination_port = (uint16_t)(random >> 24);
		wire_segment(wire, &segment);
		if (i % 1000 == 0)
			wire_tick(wire, segment.time_ns + random % 64 * UINT64_C(1000000000));
	}
	assert_true(wire_slots(wire) <= small.conversations);
	for (uint32_t slot = 0; slot < wire_slots(wire); slot++) {
		const struct conversation *const conversation = wire_slot(wire, slot);

		if (conversation == NULL)
			continue;
		assert_ptr_equal(
			conversation, wire_find(wire, conversation->netns, conversation->link,
					      &conversation->address[1], conversation->port[1],
					      &conversation->address[0], conversation->port[0]));
		assert_ptr_equal(
			conversation, wire_conversation(wire, slot, conversation->generation));
	}
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_side),
		cmocka_unit_test(test_local_side_again),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_many_standing),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_sources),
		cmocka_unit_test(test_fold_and_ring),
		cmocka_unit_test(test_fold_closed),
		cmocka_unit_test(test_fold_answered),
		cmocka_unit_test(test_fold_scan),
		cmocka_unit_test(test_fold_ends),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_flags_stay),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_self),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
