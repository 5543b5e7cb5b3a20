/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/ladder.h>
#include <sockwatch/model/segment.h>

#include "unit.h"

enum { WIDTH = 90 };

static struct event
event_of(uint8_t side, uint16_t flags, uint32_t seq, uint32_t ack, uint32_t len, uint64_t us,
	enum event_kind kind, const char *words)
{
	struct event event = {
		.segment = {.time_ns = us * 1000,
			.flags = flags,
			.seq = seq + 5000,
			.ack = ack + 7000,
			.len = len,
			.window = 502},
		.relative = true,
		.relative_seq = seq,
		.relative_ack = ack,
		.side = side,
		.kind = (uint8_t)kind,
	};

	snprintf(event.words, sizeof event.words, "%s", words);
	return event;
}

static struct ladder *
handshake(void)
{
	struct ladder *const ladder = malloc(sizeof *ladder);
	const struct event events[] = {
		event_of(0, SEGMENT_SYN, 0, 0, 0, 1000, EVENT_SYN, "1/3"),
		event_of(1, SEGMENT_SYN | SEGMENT_ACK, 0, 1, 0, 1085, EVENT_SYN_ACK, "2/3"),
		event_of(0, SEGMENT_ACK, 1, 1, 0, 13385, EVENT_HANDSHAKE_DONE, "established"),
		event_of(0, SEGMENT_PSH | SEGMENT_ACK, 1, 1, 100, 3013385, EVENT_DATA, ""),
	};

	assert_non_null(ladder);
	ladder_clear(ladder);
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		ladder_add(ladder, &events[i]);
	return ladder;
}

static void
draws_arrows(void **state)
{
	static const char *const expected[] = {
		"           |-- [S] seq 5000 win 502 -------------------->| 1/3",
		"    +85 us |<- [S.] seq 7000 ack 1 win 502 --------------| 2/3",
		"  +12.3 ms |-- [.] ack 1 win 502 ----------------------->| established",
		"    +3.0 s |-- [P.] seq 1:101 ack 1 win 502 len 100 ---->|",
	};
	struct ladder *const ladder = handshake();
	struct strip line;

	(void)state;
	/* The peer's own numbers. */
	ladder->first[1].segment.seq = 7000;
	assert_int_equal(ladder_lines(ladder), 4);
	for (size_t i = 0; i < 4; i++) {
		ladder_line(ladder, i, 0, WIDTH, true, &line);
		while (line.len > 0 && line.text[line.len - 1] == ' ')
			line.text[--line.len] = '\0';
		assert_string_equal(line.text, expected[i]);
	}
	free(ladder);
}

static void
turns_when_the_peer_opened(void **state)
{
	struct ladder *const ladder = handshake();
	struct strip line;

	(void)state;
	ladder_line(ladder, 0, 1, WIDTH, true, &line);
	assert_non_null(strstr(line.text, "|<- [S] seq 5000"));
	ladder_line(ladder, 0, 1, WIDTH, false, &line);
	assert_non_null(strstr(line.text, "│◀─ [S] seq 5000"));
	free(ladder);
}

static void
narrow_ladder_has_fewer_words(void **state)
{
	struct ladder *const ladder = handshake();
	struct strip line;

	(void)state;
	for (size_t width = 20; width < 200; width++) {
		ladder_line(ladder, 3, 0, width, false, &line);
		assert_non_null(strstr(line.text, "[P.]"));
		assert_true(width < 60 || line.columns <= width);
	}
	ladder_line(ladder, 3, 0, 60, true, &line);
	assert_null(strstr(line.text, "win"));
	/* The bytes, or at least their number, matter more than what was acknowledged. */
	ladder->first[3].relative_seq = 1000000000;
	ladder_line(ladder, 3, 0, 80, true, &line);
	assert_non_null(strstr(line.text, "[P.] seq 1000000000:1000000100 -"));
	ladder_line(ladder, 3, 0, 60, true, &line);
	assert_non_null(strstr(line.text, "[P.] len 100 -"));
	free(ladder);
}

static void
counts_what_it_leaves_out(void **state)
{
	struct ladder *const ladder = handshake();
	struct strip line;

	(void)state;
	ladder_clear(ladder);
	for (uint32_t i = 0; i < LADDER_FIRST + LADDER_LAST + 7; i++) {
		const struct event event =
			event_of(0, SEGMENT_ACK, 1, i, 0, 1000 + i, EVENT_ACK, "");

		ladder_add(ladder, &event);
	}
	assert_int_equal(ladder_lines(ladder), LADDER_FIRST + LADDER_LAST + 1);
	ladder_line(ladder, LADDER_FIRST - 1, 0, WIDTH, true, &line);
	assert_non_null(strstr(line.text, " ack 15 "));
	ladder_line(ladder, LADDER_FIRST, 0, WIDTH, true, &line);
	assert_non_null(strstr(line.text, "7 more"));
	ladder_line(ladder, LADDER_FIRST + 1, 0, WIDTH, true, &line);
	assert_non_null(strstr(line.text, " ack 23 "));
	ladder_line(ladder, LADDER_FIRST + LADDER_LAST, 0, WIDTH, true, &line);
	assert_non_null(strstr(line.text, " ack 534 "));
	assert_non_null(strstr(line.text, "+1 us"));
	free(ladder);
}

static void
names_both_ends(void **state)
{
	struct ladder *const ladder = handshake();
	struct strip heading, line;

	(void)state;
	ladder_heading("us a:1", "peer b:2", WIDTH, &heading);
	ladder_line(ladder, 0, 0, WIDTH, true, &line);
	assert_int_equal(
		strstr(heading.text, "us") - heading.text, strchr(line.text, '|') - line.text);
	assert_int_equal(heading.columns, strrchr(line.text, '|') + 1 - line.text);
	free(ladder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_arrows),
		cmocka_unit_test(turns_when_the_peer_opened),
		cmocka_unit_test(narrow_ladder_has_fewer_words),
		cmocka_unit_test(counts_what_it_leaves_out),
		cmocka_unit_test(names_both_ends),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
