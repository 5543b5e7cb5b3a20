/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sent again, or overtaken on its way, or seen twice: data below what was sent before. */
#include <config.h>

#include "unit.h"

#include "segments.h"

enum { MS = 1000, NO_ID = 0 };

static const struct wire_options small = {
	.conversations = 64, .half_open = 16, .events = 1024, .fold_above = UINT32_MAX};

/* One segment of data of the server, or an ACK of the client where len is 0. */
struct move {
	uint32_t us;
	uint32_t seq, len; /* of an ACK: seq is what it acknowledges */
	uint16_t ip_id;
	enum event_kind kind;
	const char *words;
};

/* The client is 5 ms from the capture, the server 10 ms. */
static struct wire *
begin(void)
{
	static const struct line lines[] = {{.ms = 0, .side = 0, .flags = S},
		{.ms = 10, .side = 1, .flags = S | A, .ack = 1},
		{.ms = 15, .side = 0, .flags = A, .seq = 1, .ack = 1}};
	struct wire *const wire = wire_new(&small);

	assert_non_null(wire);
	play(wire, lines, UNIT_COUNT_OF(lines));
	return wire;
}

static void
make(struct wire *wire, const struct move *move)
{
	const struct line data = {
		.side = 1, .flags = A, .seq = move->seq, .ack = 1, .len = move->len};
	const struct line ack = {.side = 0, .flags = A, .seq = 1, .ack = move->seq};
	struct segment segment = segment_of(move->len != 0 ? &data : &ack);

	segment.time_ns += 20000000 + move->us * UINT64_C(1000);
	segment.ip_id = move->ip_id;
	wire_segment(wire, &segment);
}

static void
check(const struct move *moves, size_t count, unsigned retransmits)
{
	struct wire *const wire = begin();

	for (size_t i = 0; i < count; i++) {
		make(wire, &moves[i]);
		if (last_event(wire)->kind != moves[i].kind ||
			strcmp(last_event(wire)->words, moves[i].words) != 0)
			print_error("move %zu: %s, \"%s\"\n", i,
				event_kind_name(last_event(wire)->kind), last_event(wire)->words);
		assert_int_equal(last_event(wire)->kind, moves[i].kind);
		assert_string_equal(last_event(wire)->words, moves[i].words);
	}
	assert_int_equal(find(wire)->side[1].retransmits, retransmits);
	wire_free(wire);
}

#define CHECK(moves, retransmits) check(moves, UNIT_COUNT_OF(moves), retransmits)

/* Nothing proves anything but time: nobody repeats that soon. */
static void
test_overtaken(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{200, 201, 100, NO_ID, EVENT_DATA, ""},
		{400, 401, 100, NO_ID, EVENT_DATA, ""},
		{600, 601, 100, NO_ID, EVENT_DATA, ""},
		{800, 501, 100, NO_ID, EVENT_DATA, "out of order"},
		{900, 101, 100, NO_ID, EVENT_DATA, "out of order"},
		{1000, 301, 100, NO_ID, EVENT_DATA, "out of order"},
	};

	(void)state;
	CHECK(moves, 0);
}

/* A hole in the middle of which something comes first; more of them than are kept. */
static void
test_many_holes(void **state)
{
	struct wire *wire = begin();
	struct move move = {.seq = 1, .len = 100};

	(void)state;
	make(wire, &move);
	move.seq = 1001;
	make(wire, &move);
	for (uint32_t i = 0; i < 9; i++) {
		move.seq = 101 + i * 200 % 900;
		move.us = 10 * i;
		make(wire, &move);
		assert_string_equal(last_event(wire)->words, "out of order");
	}
	assert_int_equal(find(wire)->side[1].bytes, 1100);
	wire_free(wire);
	wire = begin();
	move = (struct move){.seq = 1, .len = 100};
	for (uint32_t i = 0; i < 100; i++, move.seq += 200, move.us += 10)
		make(wire, &move);
	for (move.seq = 101; move.seq < 19900; move.seq += 200, move.us += 10) {
		make(wire, &move);
		assert_string_equal(last_event(wire)->words, "out of order");
	}
	assert_int_equal(find(wire)->side[1].retransmits, 0);
	wire_free(wire);
}

/* Its age: longer than the way to the server and back, and than anything is overtaken for. */
static void
test_age(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS, 201, 100, NO_ID, EVENT_DATA, ""},
		{2 * MS, 401, 100, NO_ID, EVENT_DATA, ""},
		{12 * MS, 101, 100, NO_ID, EVENT_RETRANSMIT, "again after 11.0 ms"},
		{12 * MS + 1, 501, 100, NO_ID, EVENT_DATA, ""},
		{12 * MS + 2, 301, 100, NO_ID, EVENT_RETRANSMIT, "again after 10.0 ms"},
	};
	/* The server cannot have heard of it yet. */
	static const struct move early[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS, 201, 100, NO_ID, EVENT_DATA, ""},
		{2 * MS, 301, 100, NO_ID, EVENT_DATA, ""},
		{3 * MS, 1, 0, NO_ID, EVENT_ACK, ""},
		{3 * MS, 1, 0, NO_ID, EVENT_ACK, ""},
		{4 * MS, 1, 0, NO_ID, EVENT_ACK, ""},
		{8 * MS, 101, 100, NO_ID, EVENT_DATA, "out of order"},
	};

	(void)state;
	CHECK(moves, 2);
	CHECK(early, 0);
}

/* The first report is no reason yet: three are, or a quarter of the round trip after it. */
static void
test_reason(void **state)
{
	static const struct move early[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS, 201, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS + 10, 101, 0, NO_ID, EVENT_ACK, ""},
		{6 * MS, 301, 100, NO_ID, EVENT_DATA, ""},
		{6 * MS + 10, 101, 0, NO_ID, EVENT_ACK, ""},
		{12 * MS, 101, 100, NO_ID, EVENT_DATA, "out of order"},
	};
	static const struct move three[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS, 201, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS + 10, 101, 0, NO_ID, EVENT_ACK, ""},
		{1 * MS + 20, 301, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS + 30, 401, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS + 40, 101, 0, NO_ID, EVENT_ACK, ""},
		{12 * MS, 101, 100, NO_ID, EVENT_RETRANSMIT, "again after 11.0 ms"},
	};
	/* While it repeats what was missing before, the first report is enough. */
	static const struct move next[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{500, 201, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS, 401, 100, NO_ID, EVENT_DATA, ""},
		{1 * MS + 10, 101, 0, NO_ID, EVENT_ACK, ""},
		{12 * MS, 301, 100, NO_ID, EVENT_RETRANSMIT, "again after 11.0 ms"},
	};

	(void)state;
	CHECK(early, 0);
	CHECK(three, 1);
	CHECK(next, 1);
}

/* A fast retransmission while the download runs: data comes just before it. */
static void
test_fast_retransmit(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, 7001, EVENT_DATA, ""},
		{10, 101, 0, NO_ID, EVENT_ACK, ""},
		{1 * MS, 201, 100, 7003, EVENT_DATA, ""},
		{1 * MS + 10, 101, 0, NO_ID, EVENT_ACK, ""},
		{5 * MS, 301, 100, 7004, EVENT_DATA, ""},
		{5 * MS + 10, 101, 0, NO_ID, EVENT_ACK, ""},
		{11 * MS, 401, 100, 7005, EVENT_DATA, ""},
		{11 * MS + 100, 101, 100, 7006, EVENT_RETRANSMIT, "again after 10.1 ms"},
		{11 * MS + 200, 501, 100, 7007, EVENT_DATA, ""},
	};

	(void)state;
	CHECK(moves, 1);
}

/* The ids prove that it was sent before: 50 ms late, it was overtaken all the same. */
static void
test_earlier_id(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, 65534, EVENT_DATA, ""},
		{1 * MS, 101, 100, 65535, EVENT_DATA, ""},
		{2 * MS, 201, 100, 1, EVENT_DATA, ""},
		{3 * MS, 401, 100, 3, EVENT_DATA, ""},
		{53 * MS, 301, 100, 2, EVENT_DATA, "out of order"},
		{60 * MS, 601, 100, 5, EVENT_DATA, ""},
		{64 * MS, 501, 100, 7, EVENT_RETRANSMIT, "again after 4.0 ms"},
	};
	/* Of a sender that fills many connections at once; 1025 away is another count. */
	static const struct move near[] = {
		{0, 1, 100, 5000, EVENT_DATA, ""},
		{1 * MS, 101, 100, 5001, EVENT_DATA, ""},
		{2 * MS, 201, 100, 5002, EVENT_DATA, ""},
		{3 * MS, 401, 100, 6026, EVENT_DATA, ""},
		{53 * MS, 301, 100, 5002, EVENT_DATA, "out of order"},
	};
	static const struct move far[] = {
		{0, 1, 100, 5000, EVENT_DATA, ""},
		{1 * MS, 101, 100, 5001, EVENT_DATA, ""},
		{2 * MS, 201, 100, 5002, EVENT_DATA, ""},
		{3 * MS, 401, 100, 6026, EVENT_DATA, ""},
		{53 * MS, 301, 100, 5001, EVENT_RETRANSMIT, "again after 50.0 ms"},
	};
	/* Ids that do not count up prove nothing. */
	static const struct move random[] = {
		{0, 1, 100, 40000, EVENT_DATA, ""},
		{1 * MS, 101, 100, 2000, EVENT_DATA, ""},
		{2 * MS, 201, 100, 61000, EVENT_DATA, ""},
		{3 * MS, 401, 100, 30003, EVENT_DATA, ""},
		{53 * MS, 301, 100, 30002, EVENT_RETRANSMIT, "again after 50.0 ms"},
	};

	(void)state;
	CHECK(moves, 1);
	CHECK(near, 0);
	CHECK(far, 1);
	CHECK(random, 1);
}

/* The original had an id, which is missing; the hole was found just before it was filled. */
static void
test_later_id(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, 7001, EVENT_DATA, ""},
		{1 * MS, 101, 100, 7002, EVENT_DATA, ""},
		{2 * MS, 201, 100, 7003, EVENT_DATA, ""},
		{300 * MS, 401, 100, 7005, EVENT_DATA, ""},
		{301 * MS, 301, 100, 7006, EVENT_RETRANSMIT, "again after 1.0 ms"},
	};
	/* As a program writes ids that only counts packets: proof of nothing. */
	static const struct move counted[] = {
		{0, 1, 100, 7001, EVENT_DATA, ""},
		{1 * MS, 101, 100, 7002, EVENT_DATA, ""},
		{2 * MS, 201, 100, 7003, EVENT_DATA, ""},
		{300 * MS, 401, 100, 7004, EVENT_DATA, ""},
		{301 * MS, 301, 100, 7005, EVENT_DATA, "out of order"},
	};

	(void)state;
	CHECK(moves, 1);
	CHECK(counted, 0);
}

/* Three ACKs that stand still, and time enough to be heard. */
static void
test_same_acks(void **state)
{
	struct wire *const wire = begin();
	static const struct move moves[] = {{0, 1, 100, NO_ID, 0, ""}, {10, 101, 0, NO_ID, 0, ""},
		{100, 201, 100, NO_ID, 0, ""}, {110, 101, 0, NO_ID, 0, ""},
		{200, 301, 100, NO_ID, 0, ""}, {210, 101, 0, NO_ID, 0, ""},
		{300, 401, 100, NO_ID, 0, ""}};
	struct move last[] = {{310, 101, 0, NO_ID, 0, ""}, {2000, 101, 100, NO_ID, 0, ""}};
	struct wire *near;

	(void)state;
	for (size_t i = 0; i < UNIT_COUNT_OF(moves); i++)
		make(wire, &moves[i]);
	make(wire, &last[1]);
	assert_int_equal(last_event(wire)->kind, EVENT_DATA);
	wire_free(wire);
	for (unsigned heard = 0; heard < 2; heard++) {
		near = begin();
		/* The server is on this machine's side of the network. */
		find(near)->answered_ns = find(near)->syn_ack_ns - 50000;
		for (size_t i = 0; i < UNIT_COUNT_OF(moves); i++)
			make(near, &moves[i]);
		if (heard)
			make(near, &last[0]);
		make(near, &last[1]);
		assert_int_equal(last_event(near)->kind, heard ? EVENT_RETRANSMIT : EVENT_DATA);
		wire_free(near);
	}
}

/* The capture had the ACK first: the data is neither repeated nor lost. */
static void
test_seen_after_ack(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{100, 301, 0, NO_ID, EVENT_ACK, ""},
		{120, 101, 100, NO_ID, EVENT_DATA, "seen after its ACK"},
		{130, 201, 100, NO_ID, EVENT_DATA, "seen after its ACK"},
		{150 * MS, 201, 100, NO_ID, EVENT_RETRANSMIT, "again after 149.8 ms"},
		{151 * MS, 401, 0, NO_ID, EVENT_ACK, ""},
		{400 * MS, 301, 100, NO_ID, EVENT_RETRANSMIT, "again after 249.0 ms"},
	};

	(void)state;
	CHECK(moves, 2);
}

/* Nothing but the number of an ACK shows that data before it was lost, or is late. */
static void
test_position(void **state)
{
	static const struct line lines[] = {
		{.ms = 20, .side = 1, .flags = A, .seq = 1, .ack = 1, .len = 100},
		{.ms = 21, .side = 0, .flags = A, .seq = 1, .ack = 101, .len = 50},
		{.ms = 22, .side = 1, .flags = A, .seq = 201, .ack = 51},
		{.ms = 23, .side = 1, .flags = A, .seq = 101, .ack = 1, .len = 100},
		{.ms = 24, .side = 1, .flags = A, .seq = 301, .ack = 51},
		{.ms = 240, .side = 1, .flags = A, .seq = 201, .ack = 51, .len = 100},
		/* Nobody can have sent that much. */
		{.ms = 241, .side = 1, .flags = A, .seq = 5000000, .ack = 51},
		{.ms = 242, .side = 1, .flags = A, .seq = 301, .ack = 51, .len = 100},
	};
	static const char *const words[] = {
		"", "", "", "out of order", "", "again after 216.0 ms", "", ""};
	struct wire *const wire = begin();

	(void)state;
	unit_each (i, lines) {
		send_at(wire, &lines[i], 0, 2, SEGMENT_DIRECTION_UNKNOWN);
		assert_string_equal(last_event(wire)->words, words[i]);
	}
	assert_int_equal(find(wire)->side[1].bytes, 400);
	assert_int_equal(find(wire)->side[1].retransmits, 1);
	wire_free(wire);
}

/* Before its first data only the handshake was seen. */
static void
test_first_overtaken(void **state)
{
	static const struct move moves[] = {
		{0, 101, 100, NO_ID, EVENT_DATA, ""},
		{100, 1, 100, NO_ID, EVENT_DATA, "out of order"},
		{2 * MS, 1, 100, NO_ID, EVENT_RETRANSMIT, "again"},
	};

	(void)state;
	CHECK(moves, 1);
}

static void
send_stamped(struct wire *wire, uint32_t us, uint32_t seq, uint8_t stamp)
{
	const struct line line = {
		.ms = 20, .side = 1, .flags = A, .seq = seq, .ack = 1, .len = 100};
	struct segment segment = segment_of(&line);

	segment.time_ns += us * UINT64_C(1000);
	segment.option_len = 12;
	segment.data_offset = 32;
	memcpy(segment.options, (uint8_t[]){1, 1, 8, 10, 0, 0, 0, stamp, 0, 0, 0, 1}, 12);
	wire_segment(wire, &segment);
}

/* Where there are no ids, timestamps show what was sent first. */
static void
test_timestamps(void **state)
{
	struct wire *const wire = begin();

	(void)state;
	send_stamped(wire, 0, 1, 50);
	send_stamped(wire, 10, 201, 52);
	send_stamped(wire, 40 * MS, 101, 51);
	assert_string_equal(last_event(wire)->words, "out of order");
	send_stamped(wire, 41 * MS, 401, 93);
	send_stamped(wire, 45 * MS, 301, 94);
	assert_string_equal(last_event(wire)->words, "again after 4.0 ms");
	/* With one time stamp it was not sent for the sake of an ACK in between. */
	send_stamped(wire, 50 * MS, 501, 100);
	make(wire, &(struct move){.us = 51 * MS, .seq = 601});
	send_stamped(wire, 54 * MS, 501, 100);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	send_stamped(wire, 54 * MS, 501, 101);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	assert_int_equal(last_event(wire)->kind, EVENT_RETRANSMIT);
	wire_free(wire);
}

/* Part of it is new. */
static void
test_repacked(void **state)
{
	static const struct move moves[] = {
		{0, 1, 100, NO_ID, EVENT_DATA, ""},
		{300 * MS, 51, 100, NO_ID, EVENT_RETRANSMIT, "again"},
		{301 * MS, 151, 100, NO_ID, EVENT_DATA, ""},
		{302 * MS, 351, 100, NO_ID, EVENT_DATA, ""},
		{602 * MS, 201, 200, NO_ID, EVENT_RETRANSMIT, "again after 300.0 ms"},
	};

	(void)state;
	CHECK(moves, 2);
}

/* The capture began between two segments that were turned round. */
static void
test_before_start(void **state)
{
	static const struct {
		uint64_t after_ns;
		uint32_t seq;
		enum event_kind kind;
		const char *words;
	} moves[] = {{0, 1001, EVENT_DATA, ""}, {100000, 901, EVENT_DATA, "out of order"},
		{200000, 801, EVENT_DATA, "out of order"},
		{2000000, 901, EVENT_RETRANSMIT, "again"}};
	struct wire *const wire = wire_new(&small);

	(void)state;
	unit_each (i, moves) {
		const struct line line = {
			.side = 1, .flags = A, .seq = moves[i].seq, .ack = 1, .len = 100};

		send_at(wire, &line, moves[i].after_ns, 2, SEGMENT_IN);
		assert_int_equal(last_event(wire)->kind, moves[i].kind);
		assert_string_equal(last_event(wire)->words, moves[i].words);
	}
	wire_free(wire);
}

/* Copies of a burst come after the whole burst: the same id. */
static void
test_copies_interleaved(void **state)
{
	struct wire *const wire = begin();
	struct move move = {.len = 100};

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 64; i++) {
			move.seq = 1 + 100 * i;
			move.ip_id = (uint16_t)(500 + i);
			move.us = round * 1500 + i * 10;
			make(wire, &move);
		}
	}
	assert_int_equal(wire_counts(wire)->duplicates, 128);
	assert_int_equal(find(wire)->side[1].retransmits, 0);
	/* A new id, and the same one much later. */
	move.us = 5000;
	move.ip_id = 900;
	make(wire, &move);
	assert_int_equal(last_event(wire)->kind, EVENT_RETRANSMIT);
	move.us = 5000 + 5001;
	make(wire, &move);
	assert_int_equal(wire_counts(wire)->duplicates, 128);
	assert_int_equal(find(wire)->side[1].retransmits, 2);
	wire_free(wire);
}

/* Without an id: the receiver has sent nothing since, so nobody asked for it. */
static void
test_copies_without_id(void **state)
{
	struct wire *const wire = begin();
	struct move move = {.seq = 1, .len = 100}, ack = {.us = 1500, .seq = 101};

	(void)state;
	make(wire, &move);
	move.us = 900;
	make(wire, &move);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	make(wire, &ack);
	move.us = 1600;
	make(wire, &move);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	assert_int_equal(last_event(wire)->kind, EVENT_RETRANSMIT);
	move.us = 1600 + 1001;
	make(wire, &move);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	assert_int_equal(find(wire)->side[1].retransmits, 2);
	wire_free(wire);
}

/* One byte of the options differs: two segments. */
static void
test_options_differ(void **state)
{
	static const struct line line = {.ms = 30, .side = 0, .flags = A, .seq = 1, .ack = 1};
	struct wire *const wire = begin();
	struct segment segment = segment_of(&line);
	uint64_t expected;

	(void)state;
	segment.option_len = 12;
	segment.data_offset = 32;
	memcpy(segment.options, (uint8_t[]){1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 100}, 12);
	wire_segment(wire, &segment);
	expected = wire_counts(wire)->segments;
	for (uint8_t i = 0; i < 12; i++) {
		segment.options[i] ^= 1;
		wire_segment(wire, &segment);
		assert_int_equal(wire_counts(wire)->segments, ++expected);
	}
	wire_segment(wire, &segment);
	assert_int_equal(wire_counts(wire)->segments, expected);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	wire_free(wire);
}

/* Two cards of one bond: what comes second on the other one is new, not a copy. */
static void
test_overtaken_elsewhere(void **state)
{
	static const struct line first = {
		.ms = 20, .side = 1, .flags = A, .seq = 1, .ack = 1, .len = 100};
	static const struct line late = {
		.ms = 20, .side = 1, .flags = A, .seq = 101, .ack = 1, .len = 100};
	static const struct line early = {
		.ms = 20, .side = 1, .flags = A, .seq = 201, .ack = 1, .len = 100};
	struct wire *const wire = begin();

	(void)state;
	send_at(wire, &first, 0, 2, SEGMENT_IN);
	send_at(wire, &early, 1000, 2, SEGMENT_IN);
	send_at(wire, &late, 2000, 3, SEGMENT_IN);
	assert_string_equal(last_event(wire)->words, "out of order");
	send_at(wire, &late, 3000, 9, SEGMENT_IN);
	assert_int_equal(wire_counts(wire)->duplicates, 1);
	assert_int_equal(find(wire)->side[1].bytes, 300);
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overtaken),
		cmocka_unit_test(test_many_holes),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_reason),
		cmocka_unit_test(test_fast_retransmit),
		cmocka_unit_test(test_earlier_id),
		cmocka_unit_test(test_later_id),
		cmocka_unit_test(test_same_acks),
		cmocka_unit_test(test_seen_after_ack),
		cmocka_unit_test(test_position),
		cmocka_unit_test(test_first_overtaken),
		cmocka_unit_test(test_timestamps),
		cmocka_unit_test(test_repacked),
		cmocka_unit_test(test_before_start),
		cmocka_unit_test(test_copies_interleaved),
		cmocka_unit_test(test_copies_without_id),
		cmocka_unit_test(test_options_differ),
		cmocka_unit_test(test_overtaken_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
