/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What single segments mean within a conversation. */
#include <config.h>

#include "unit.h"

#include "segments.h"

static void
test_retransmits(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{3, 0, P | A, 1, 1, 100, EVENT_DATA, "", {EST, EST}},
		{213, 0, P | A, 1, 1, 100, EVENT_RETRANSMIT, "again after 210.0 ms", {EST, EST}},
		{214, 1, A, 1, 101, 0, EVENT_ACK, "", {EST, EST}},
		{215, 0, A, 201, 1, 100, EVENT_DATA, "", {EST, EST}}, /* behind a hole */
		{216, 0, A, 101, 1, 100, EVENT_DATA, "out of order", {EST, EST}},
		{217, 0, F | A, 301, 1, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
		{430, 0, F | A, 301, 1, 0, EVENT_RETRANSMIT, "FIN again, 2nd try after 213.0 ms",
			{FW1, CW}},
		{431, 1, A, 1, 302, 0, EVENT_FIN_ACK, "FIN acknowledged", {FW2, CW}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	assert_int_equal(find(wire)->side[0].bytes, 300);
	assert_int_equal(find(wire)->side[0].retransmits, 2);
	wire_free(wire);
}

static void
test_keepalive(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{3, 0, P | A, 1, 1, 1, EVENT_DATA, "", {EST, EST}},
		{300, 0, P | A, 1, 1, 1, EVENT_RETRANSMIT, "again after 297.0 ms", {EST, EST}},
		{301, 1, A, 1, 2, 0, EVENT_ACK, "", {EST, EST}},
		{60000, 0, A, 1, 1, 0, EVENT_KEEPALIVE, "keep-alive", {EST, EST}},
		{60001, 1, A, 1, 2, 0, EVENT_ACK, "", {EST, EST}},
		{90000, 0, A, 1, 1, 1, EVENT_KEEPALIVE, "keep-alive", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	assert_int_equal(find(wire)->side[0].retransmits, 1);
	assert_int_equal(find(wire)->side[0].bytes, 1);
	wire_free(wire);
}

static void
send_window(struct wire *wire, uint32_t ms, uint16_t window, uint32_t ack)
{
	const struct line line = {.ms = ms, .side = 1, .flags = A, .seq = 1, .ack = ack};
	struct segment segment = segment_of(&line);

	segment.window = window;
	wire_segment(wire, &segment);
}

static void
test_window(void **state)
{
	static const struct line probe = {.ms = 1000, .side = 0, .flags = A, .seq = 100, .ack = 1};
	struct wire *const wire = run(orderly, 5);
	struct segment segment = segment_of(&probe);

	(void)state;
	send_window(wire, 100, 0, 101);
	assert_int_equal(last_event(wire)->kind, EVENT_ZERO_WINDOW);
	assert_string_equal(last_event(wire)->words, "server can take no more");
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_PROBE);
	send_window(wire, 1001, 0, 101);
	assert_int_equal(last_event(wire)->kind, EVENT_ACK); /* still */
	send_window(wire, 2600, 500, 101);
	assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_UPDATE);
	assert_string_equal(last_event(wire)->words, "window open again after 2.5 s");
	send_window(wire, 2601, 800, 101);
	assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_UPDATE);
	assert_string_equal(last_event(wire)->words, "");
	wire_free(wire);
}

/* One octet that a receiver without room does not take is sent until it takes it. */
static void
test_probe_octet(void **state)
{
	static const struct line probe = {.ms = 400, .flags = A, .seq = 101, .ack = 1, .len = 1};
	static const struct line data = {.ms = 2700, .flags = A, .seq = 101, .ack = 1, .len = 50};
	struct wire *const wire = run(orderly, 5);
	struct segment segment = segment_of(&probe);

	(void)state;
	send_window(wire, 100, 0, 101);
	for (uint32_t ms = 400; ms <= 1600; ms *= 2) {
		segment.time_ns = segments_epoch_ns + ms * UINT64_C(1000000);
		wire_segment(wire, &segment);
		assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_PROBE);
		send_window(wire, ms + 1, 0, 101);
		assert_int_equal(last_event(wire)->kind, EVENT_ACK);
	}
	assert_int_equal(find(wire)->side[0].bytes, 100);
	send_window(wire, 2600, 500, 101);
	segment = segment_of(&data);
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_DATA);
	assert_string_equal(last_event(wire)->words, "");
	assert_int_equal(find(wire)->side[0].retransmits, 0);
	assert_int_equal(find(wire)->side[0].bytes, 150);
	wire_free(wire);
}

/* The receiver takes the octet of the probe, and no more. */
static void
test_probe_octet_taken(void **state)
{
	static const struct line probe = {.ms = 400, .flags = A, .seq = 101, .ack = 1, .len = 1};
	static const struct line rest = {.ms = 900, .flags = A, .seq = 102, .ack = 1, .len = 49};
	struct wire *const wire = run(orderly, 5);
	struct segment segment = segment_of(&probe);

	(void)state;
	send_window(wire, 100, 0, 101);
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_PROBE);
	send_window(wire, 401, 0, 102);
	assert_int_equal(find(wire)->side[0].bytes, 101);
	segment = segment_of(&rest);
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_DATA);
	assert_int_equal(find(wire)->side[0].bytes, 150);
	wire_free(wire);
}

/* The window of a SYN is not scaled, and the first that is seen has none before it. */
static void
test_first_window(void **state)
{
	static const struct line first = {.ms = 1, .flags = A, .seq = 1, .ack = 1};
	struct wire *wire = wire_new(&conversation_options);
	struct segment segment = segment_of(&first);

	(void)state;
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_ACK);
	segment.time_ns += 1000000;
	segment.window++;
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_UPDATE);
	wire_free(wire);
	for (unsigned scaled = 0; scaled < 2; scaled++) {
		wire = run(orderly, 3);
		find(wire)->side[0].wscale = scaled != 0 ? 7 : CONVERSATION_WSCALE_UNKNOWN;
		find(wire)->side[1].wscale = 7;
		send_window(wire, 13, 2000, 1);
		assert_int_equal(
			last_event(wire)->kind, scaled != 0 ? EVENT_ACK : EVENT_WINDOW_UPDATE);
		send_window(wire, 14, 2001, 1);
		assert_int_equal(last_event(wire)->kind, EVENT_WINDOW_UPDATE);
		wire_free(wire);
	}
}

static void
test_illegal(void **state)
{
	static const struct {
		uint16_t flags;
		const char *words;
	} cases[] = {
		{0, "null: a scan"},
		{F | P | U, "xmas: a scan"},
		{F, "FIN without ACK: a scan"},
		{S | F, "SYN with FIN"},
		{S | R, "SYN with RST"},
		{F | R | A, "FIN with RST"},
		{P, "no ACK"},
	};
	struct wire *const wire = run(orderly, 5);

	(void)state;
	for (uint32_t i = 0; i < UNIT_COUNT_OF(cases); i++) {
		const struct line line = {
			.ms = 50 + i, .flags = cases[i].flags, .seq = 5000 + i * 7};
		const struct segment segment = segment_of(&line);

		wire_segment(wire, &segment);
		assert_int_equal(last_event(wire)->kind, EVENT_ILLEGAL);
		assert_string_equal(last_event(wire)->words, cases[i].words);
		assert_int_equal(find(wire)->side[0].state, EST);
		assert_int_equal(find(wire)->side[1].state, EST);
		assert_int_equal(find(wire)->side[0].bytes, 100);
	}
	assert_int_equal(wire_counts(wire)->illegal, UNIT_COUNT_OF(cases));
	wire_free(wire);
}

static void
test_names(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
		assert_true(event_kind_name((enum event_kind)kind)[0] != '\0');
	assert_string_equal(event_kind_name(EVENT_HANDSHAKE_DONE), "handshake-done");
	assert_string_equal(conversation_outcome_name(CONVERSATION_OUTCOME_GONE), "gone");
	assert_string_equal(conversation_outcome_name(
				    (enum conversation_outcome)(CONVERSATION_OUTCOME_GONE + 1)),
		"");
}

/* A forged SYN does not end an established connection; the other side's answer does. */
static void
test_syn_into_standing(void **state)
{
	static const struct line syn = {.ms = 100, .side = 0, .flags = S, .seq = 5000000};
	static const struct line challenge = {
		.ms = 101, .side = 1, .flags = A, .seq = 1, .ack = 101};
	static const struct line syn_ack = {
		.ms = 102, .side = 1, .flags = S | A, .seq = 7000000, .ack = 5000001};
	struct wire *const wire = run(orderly, 5);
	struct segment segment = segment_of(&syn);

	(void)state;
	wire_segment(wire, &segment);
	assert_string_equal(last_event(wire)->words, "into a connection that stands");
	assert_int_equal(find(wire)->side[0].state, EST);
	segment = segment_of(&challenge);
	wire_segment(wire, &segment);
	assert_int_equal(find(wire)->side[0].bytes, 100);
	segment = segment_of(&syn_ack);
	wire_segment(wire, &segment);
	assert_string_equal(last_event(wire)->words, "2/3");
	assert_int_equal(find(wire)->side[0].state, EST);
	assert_int_equal(find(wire)->side[1].state, RCVD);
	assert_int_equal(find(wire)->side[0].bytes, 0);
	assert_int_equal(last_event(wire)->relative_ack, 1);
	wire_free(wire);
}

/* RFC 5961: who still holds the old connection answers with its numbers. */
static void
test_challenge(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, A, 77777, 66666, 0, EVENT_ACK, "of an older connection", {SENT, NONE}},
	};
	static const struct line rest[] = {
		{2, 0, R, 66666, 0, 0, EVENT_RST, "", {SENT, NONE}},
		{1000, 0, S, 0, 0, 0, EVENT_RETRANSMIT, "", {SENT, NONE}},
		{1001, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "", {EST, RCVD}},
		{1002, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "", {EST, EST}},
	};
	struct wire *const wire = wire_new(&conversation_options);

	(void)state;
	for (size_t i = 0; i < UNIT_COUNT_OF(lines) + UNIT_COUNT_OF(rest); i++) {
		const struct line *const line =
			i < UNIT_COUNT_OF(lines) ? &lines[i] : &rest[i - UNIT_COUNT_OF(lines)];
		const struct segment segment = segment_of(line);

		wire_segment(wire, &segment);
		assert_int_equal(last_event(wire)->kind, line->kind);
		assert_int_equal(find(wire)->side[0].state, line->states[0]);
	}
	assert_int_equal(find(wire)->side[1].state, EST);
	assert_true(find(wire)->established);
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_retransmits),
		cmocka_unit_test(test_keepalive),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_probe_octet),
		cmocka_unit_test(test_probe_octet_taken),
		cmocka_unit_test(test_first_window),
		cmocka_unit_test(test_illegal),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_syn_into_standing),
		cmocka_unit_test(test_challenge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
