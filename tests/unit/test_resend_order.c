/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without IP ids, on a short path: which of the late segments were sent again. */
#include <config.h>

#include "unit.h"

#include "segments.h"

enum { LEN = 100 };

static const struct wire_options small = {
	.conversations = 64, .half_open = 16, .events = 1024, .fold_above = UINT32_MAX};

/* The server's data has a length; value and echo are TSval and TSecr, 0: no timestamps. */
struct move {
	uint32_t us;
	uint8_t side;
	uint16_t flags;
	uint32_t seq, ack, len;
	uint8_t value, echo;
	const char *words; /* NULL: not looked at */
};

#define DATA(us, seq, value, echo, words)                                                          \
	{                                                                                          \
		us, 1, A, seq, 1, LEN, value, echo, words                                          \
	}
#define HEARD(us, ack, value)                                                                      \
	{                                                                                          \
		us, 0, A, 1, ack, 0, value, 50, NULL                                               \
	}

/* The client is where the capture is; the way to the server and back takes 200 us. */
static const struct move opening[] = {{0, 0, S, 0, 0, 0, 20, 0, NULL},
	{200, 1, S | A, 0, 1, 0, 50, 20, NULL}, {210, 0, A, 1, 1, 0, 20, 50, NULL}};

static void
make(struct wire *wire, const struct move *move)
{
	const struct line line = {.side = move->side,
		.flags = move->flags,
		.seq = move->seq,
		.ack = move->ack,
		.len = move->len};
	struct segment segment = segment_of(&line);

	segment.time_ns += move->us * UINT64_C(1000);
	segment.data_offset = 20;
	if (move->value != 0) {
		segment.data_offset = 32;
		segment.option_len = 12;
		memcpy(segment.options,
			(uint8_t[]){1, 1, 8, 10, 0, 0, 0, move->value, 0, 0, 0, move->echo}, 12);
	}
	wire_segment(wire, &segment);
}

static void
check(const struct move *moves, size_t count, unsigned retransmits, unsigned undecided)
{
	struct wire *const wire = wire_new(&small);

	assert_non_null(wire);
	unit_each (i, opening)
		make(wire, &opening[i]);
	for (size_t i = 0; i < count; i++) {
		make(wire, &moves[i]);
		if (moves[i].words == NULL)
			continue;
		if (strcmp(last_event(wire)->words, moves[i].words) != 0)
			print_error("move %zu: \"%s\"\n", i, last_event(wire)->words);
		assert_string_equal(last_event(wire)->words, moves[i].words);
	}
	assert_int_equal(find(wire)->side[1].retransmits, retransmits);
	assert_int_equal(find(wire)->side[1].undecided, undecided);
	wire_free(wire);
}

#define CHECK(moves, retransmits, undecided)                                                       \
	check(moves, UNIT_COUNT_OF(moves), retransmits, undecided)

/* Four duplicate ACKs, and the way there and back has passed: only what the sender knew decides. */
static void
test_knowledge(void **state)
{
	/* It was sent in the same millisecond as what overtook it, but had heard less. */
	static const struct move older_echo[] = {DATA(1000, 1, 51, 21, ""),
		DATA(1010, 201, 51, 22, ""), HEARD(1020, 101, 22), HEARD(1030, 101, 22),
		HEARD(1040, 101, 22), HEARD(1050, 101, 22),
		DATA(1500, 101, 51, 21, "out of order")};
	static const struct move newer_echo[] = {DATA(1000, 1, 51, 21, ""),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 22),
		DATA(1260, 101, 51, 22, "again after 250 us")};
	/* The client's clock went on before its first report, which this has not heard. */
	static const struct move older_than_report[] = {DATA(1000, 1, 51, 21, ""),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 22), HEARD(1030, 101, 22),
		HEARD(1040, 101, 22), HEARD(1050, 101, 22),
		DATA(1500, 101, 51, 21, "out of order")};
	static const struct move later_clock[] = {DATA(1000, 1, 51, 21, ""),
		DATA(1010, 201, 51, 21, ""), DATA(1100, 101, 52, 21, "again after 90 us")};
	static const struct move earlier_clock[] = {DATA(1000, 1, 51, 21, ""),
		DATA(1010, 201, 52, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(9000, 101, 51, 21, "out of order")};

	(void)state;
	CHECK(older_echo, 0, 0);
	CHECK(newer_echo, 1, 0);
	CHECK(older_than_report, 0, 0);
	CHECK(later_clock, 1, 0);
	CHECK(earlier_clock, 0, 0);
}

/* Without timestamps: what the server acknowledges never goes back. */
static void
test_acknowledged(void **state)
{
	static const struct move earlier[] = {{1000, 1, A, 1, 1, LEN, 0, 0, ""},
		{1001, 0, A, 1, 101, LEN, 0, 0, NULL}, {1010, 1, A, 201, 101, LEN, 0, 0, ""},
		{1020, 0, A, 101, 101, 0, 0, 0, NULL}, {1030, 0, A, 101, 101, 0, 0, 0, NULL},
		{1040, 0, A, 101, 101, 0, 0, 0, NULL},
		{1500, 1, A, 101, 1, LEN, 0, 0, "out of order"}};
	static const struct move later[] = {{1000, 1, A, 1, 1, LEN, 0, 0, ""},
		{1010, 1, A, 201, 1, LEN, 0, 0, ""}, {1020, 0, A, 1, 101, LEN, 0, 0, NULL},
		{1300, 1, A, 101, 101, LEN, 0, 0, "again after 290 us"}};

	(void)state;
	CHECK(earlier, 0, 0);
	CHECK(later, 1, 0);
}

/* Nobody has told the sender of the hole, or so lately that it cannot have heard of it. */
static void
test_not_reported(void **state)
{
	static const struct move unreported[] = {DATA(1000, 1, 51, 21, ""),
		DATA(1010, 201, 51, 21, ""), DATA(3500, 101, 51, 21, "out of order")};
	/* Time alone, where the client's ACKs are perhaps not captured. */
	static const struct move old[] = {DATA(1000, 1, 51, 21, ""), DATA(1010, 201, 51, 21, ""),
		DATA(4010, 101, 51, 21, "again after 3.0 ms")};

	(void)state;
	CHECK(unreported, 0, 0);
	CHECK(old, 1, 0);
}

/* Three duplicate ACKs in time: it is taken as sent again, until it is seen to be usual here. */
static void
test_guess(void **state)
{
	static const struct move lost[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(1260, 101, 51, 21, "again after 250 us")};
	/* Two are too few, and nothing else shows it. */
	static const struct move two[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		DATA(1260, 101, 51, 21, "out of order or sent again")};
	/* The handshake can have taken longer than the way. */
	static const struct move early[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(1100, 101, 51, 21, "out of order or sent again")};
	/* The first was overtaken by 400 us, so the second may have been. */
	static const struct move usual[] = {DATA(1000, 1, 51, 21, ""), DATA(1010, 201, 51, 22, ""),
		DATA(1410, 101, 51, 21, "out of order"), DATA(1420, 301, 51, 22, ""),
		HEARD(1425, 401, 22), DATA(1430, 501, 51, 22, ""), HEARD(1440, 401, 22),
		HEARD(1450, 401, 22), HEARD(1460, 401, 22),
		DATA(1800, 401, 51, 22, "out of order or sent again")};

	(void)state;
	CHECK(lost, 1, 0);
	CHECK(two, 0, 1);
	CHECK(early, 0, 1);
	CHECK(usual, 0, 1);
}

/* Soon after the segment that filled the hole it comes once more: this one was sent again, and the
 * first had been overtaken. */
static void
test_second_copy(void **state)
{
	static const struct move counted[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(1260, 101, 51, 21, "again after 250 us"),
		HEARD(1270, 301, 21), DATA(1400, 101, 52, 21, "again"),
		/* It has shown what is usual. */
		DATA(1500, 301, 52, 21, ""), HEARD(1505, 401, 21), DATA(1510, 501, 52, 21, ""),
		HEARD(1520, 401, 21), HEARD(1530, 401, 21), HEARD(1540, 401, 21),
		DATA(1780, 401, 52, 21, "out of order or sent again"), HEARD(1790, 601, 21),
		DATA(1900, 401, 53, 21, "again")};
	/* Much later it shows nothing of the first. */
	static const struct move later[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(1260, 101, 51, 21, "again after 250 us"),
		HEARD(1270, 301, 21), DATA(250000, 101, 99, 21, "again")};

	(void)state;
	CHECK(counted, 2, 0);
	CHECK(later, 2, 0);
}

/* A segment that comes after its own repetition is not counted: it was sent before. */
static void
test_after_repetition(void **state)
{
	static const struct move by_clock[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21),
		DATA(1260, 101, 53, 22, "again after 250 us"), HEARD(1270, 301, 22),
		DATA(1500, 101, 51, 21, "out of order, after its repetition")};
	static const struct move by_echo[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21),
		DATA(1260, 101, 51, 22, "again after 250 us"), HEARD(1270, 301, 22),
		DATA(1500, 101, 51, 21, "out of order, after its repetition")};
	/* Nothing had shown what the first was: now it counts. */
	static const struct move undecided[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		DATA(1260, 101, 51, 21, "out of order or sent again"), HEARD(1270, 301, 22),
		DATA(1500, 101, 50, 21, "out of order, after its repetition")};
	/* Two holes: the second is filled before the first one's original comes. */
	static const struct move two[] = {DATA(1000, 1, 51, 21, ""), DATA(1010, 201, 51, 21, ""),
		DATA(1011, 401, 51, 21, ""), HEARD(1020, 101, 21),
		DATA(1260, 101, 53, 21, "again after 250 us"),
		DATA(1261, 301, 53, 21, "again after 250 us"), HEARD(1270, 501, 22),
		DATA(1500, 301, 51, 21, "out of order, after its repetition"),
		DATA(1501, 101, 51, 21, "out of order, after its repetition")};

	(void)state;
	CHECK(by_clock, 1, 0);
	CHECK(by_echo, 1, 0);
	CHECK(undecided, 1, 0);
	CHECK(two, 2, 0);
}

/* One of the two was the first, nothing shows which; it is no copy either: its sender had heard. */
static void
test_either(void **state)
{
	static const struct move answered[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(1260, 101, 51, 21, "again after 250 us"),
		HEARD(1270, 301, 21), DATA(1300, 101, 51, 21, "out of order or sent again")};
	static const struct move at_once[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21), HEARD(1030, 101, 21),
		HEARD(1040, 101, 21), DATA(1260, 101, 51, 21, "again after 250 us"),
		DATA(1300, 101, 51, 21, "out of order or sent again")};

	(void)state;
	CHECK(answered, 1, 0);
	CHECK(at_once, 1, 0);
}

/* What was proven to be sent again shows how long the way takes: the handshake had been slow. */
static void
test_shorter_loop(void **state)
{
	static const struct move moves[] = {DATA(1000, 1, 51, 21, ""), HEARD(1005, 101, 21),
		DATA(1010, 201, 51, 21, ""), HEARD(1020, 101, 21),
		DATA(1080, 101, 52, 21, "again after 70 us"), DATA(1090, 301, 52, 21, ""),
		HEARD(1095, 401, 21), DATA(1100, 501, 52, 21, ""), HEARD(1110, 401, 21),
		HEARD(1111, 401, 21), HEARD(1112, 401, 21),
		DATA(1172, 401, 52, 21, "again after 72 us")};

	(void)state;
	CHECK(moves, 2, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_knowledge),
		cmocka_unit_test(test_acknowledged),
		cmocka_unit_test(test_not_reported),
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_second_copy),
		cmocka_unit_test(test_after_repetition),
		cmocka_unit_test(test_either),
		cmocka_unit_test(test_shorter_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
