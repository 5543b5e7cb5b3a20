/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of a packet, and packets that were sent again. */
#include <config.h>

#include "unit.h"

#include "segments.h"

static const struct wire_options small = {
	.conversations = 64, .half_open = 16, .events = 64, .fold_above = UINT32_MAX};

/* A card, the bridge on it, and a veth pair after it: each sees every packet. */
static void
test_copies_elsewhere(void **state)
{
	static const struct {
		uint32_t ifindex;
		enum segment_direction direction;
	} places[] = {{2, SEGMENT_IN}, {3, SEGMENT_IN}, {4, SEGMENT_OUT}, {5, SEGMENT_IN}};
	static const struct line repeated = {.ms = 1001, .side = 1, .flags = S | A, .ack = 1};
	struct wire *const wire = wire_new(&small);

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (uint32_t place = 0; place < UNIT_COUNT_OF(places); place++)
			send_at(wire, &handshake[i], place * UINT64_C(30000), places[place].ifindex,
				places[place].direction);
	assert_int_equal(wire_counts(wire)->segments, 2);
	assert_int_equal(wire_counts(wire)->duplicates, 6);
	assert_int_equal(find(wire)->local_side, CONVERSATION_SIDE_UNKNOWN); /* it went through */
	for (uint32_t place = 0; place < UNIT_COUNT_OF(places); place++)
		send_at(wire, &repeated, place * UINT64_C(30000), places[place].ifindex,
			places[place].direction);
	assert_int_equal(wire_counts(wire)->segments, 3);
	assert_int_equal(wire_counts(wire)->duplicates, 9);
	assert_int_equal(last_event(wire)->kind, EVENT_RETRANSMIT);
	wire_free(wire);
}

/* The copy comes in another order, and bursts of several. */
static void
test_copies_in_bursts(void **state)
{
	static const struct line data[] = {
		{.ms = 3, .side = 0, .flags = A, .seq = 1, .ack = 1, .len = 100},
		{.ms = 3, .side = 0, .flags = A, .seq = 101, .ack = 1, .len = 100},
		{.ms = 3, .side = 0, .flags = A, .seq = 201, .ack = 1, .len = 100},
	};
	struct wire *const wire = wire_new(&small);

	(void)state;
	play(wire, handshake, 3);
	for (uint32_t ifindex = 2; ifindex < 5; ifindex++)
		for (size_t i = 0; i < 3; i++)
			send_at(wire, &data[i], ifindex * UINT64_C(1000) + i, ifindex,
				SEGMENT_DIRECTION_UNKNOWN);
	assert_int_equal(wire_counts(wire)->segments, 6);
	assert_int_equal(wire_counts(wire)->duplicates, 6);
	assert_int_equal(find(wire)->side[0].retransmits, 0);
	assert_int_equal(find(wire)->side[0].bytes, 300);
	wire_free(wire);
}

static void
test_reset_copied(void **state)
{
	static const struct line rst = {.ms = 5, .side = 1, .flags = R | A, .seq = 1, .ack = 1};
	struct wire *const wire = wire_new(&small);

	(void)state;
	play(wire, handshake, 3);
	send_at(wire, &rst, 0, 2, SEGMENT_IN);
	send_at(wire, &rst, 9000, 3, SEGMENT_OUT);
	assert_int_equal(wire_counts(wire)->rst, 1);
	send_at(wire, &rst, 20000, 2, SEGMENT_IN); /* where it was first seen: another one */
	assert_int_equal(wire_counts(wire)->rst, 2);
	wire_free(wire);
}

/* The side that refuses has sent nothing before: a router sees its RST come and go too. */
static void
test_refusal_copied(void **state)
{
	static const struct line rst = {.ms = 1, .side = 1, .flags = R | A, .seq = 0, .ack = 1};
	struct wire *const wire = wire_new(&small);
	struct segment segment = segment_of(&rst);

	(void)state;
	send_at(wire, &handshake[0], 0, 2, SEGMENT_IN);
	send_at(wire, &handshake[0], 5000, 3, SEGMENT_OUT);
	segment.seq = 0;
	segment.ifindex = 3;
	segment.direction = SEGMENT_IN;
	wire_segment(wire, &segment);
	segment.time_ns += 5000;
	segment.ifindex = 2;
	segment.direction = SEGMENT_OUT;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->rst, 1);
	assert_int_equal(wire_counts(wire)->duplicates, 2);
	assert_int_equal(last_event(wire)->kind, EVENT_REFUSED);
	wire_free(wire);
}

/* A file without interfaces, from a mirrored port: the IP header's id decides. */
static void
test_copies_in_files(void **state)
{
	struct wire *const wire = wire_new(&small);
	struct segment segment = segment_of(&handshake[0]);

	(void)state;
	segment.ifindex = 0;
	segment.ip_id = 77;
	wire_segment(wire, &segment);
	segment.time_ns += 30000;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	segment.ip_id = 78;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	segment.time_ns += 1000000000;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	assert_int_equal(wire_counts(wire)->syn, 3);
	/* Without an id, only at once. */
	segment.ip_id = 0;
	segment.time_ns += 1000000000;
	wire_segment(wire, &segment);
	segment.time_ns += 1000;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->duplicates, 2);
	segment.time_ns += 50000;
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->duplicates, 2);
	wire_free(wire);
}

/* One interface shows a packet once; but two captures of it may, with one time stamp. */
static void
test_same_interface(void **state)
{
	struct wire *const wire = wire_new(&small);

	(void)state;
	send_at(wire, &handshake[0], 0, 2, SEGMENT_IN);
	send_at(wire, &handshake[0], 0, 2, SEGMENT_IN);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	send_at(wire, &handshake[0], 1500, 2, SEGMENT_IN);
	assert_int_equal(wire_counts(wire)->syn, 2);
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies_elsewhere),
		cmocka_unit_test(test_copies_in_bursts),
		cmocka_unit_test(test_reset_copied),
		cmocka_unit_test(test_refusal_copied),
		cmocka_unit_test(test_copies_in_files),
		cmocka_unit_test(test_same_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
