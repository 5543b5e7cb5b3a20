/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a connection is opened: refused, unanswered, fast, from both sides; its times. */
#include <config.h>

#include "unit.h"

#include "segments.h"

/* Data of the SYN that is acknowledged with it, and answered before the ACK of the SYN-ACK comes.
 */
static void
test_fast_open(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 100, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 101, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{11, 1, P | A, 1, 101, 300, EVENT_DATA, "", {EST, RCVD}},
		{20, 0, A, 101, 1, 0, EVENT_HANDSHAKE_DONE, "established in 20.0 ms", {EST, EST}},
		{21, 0, A, 101, 301, 0, EVENT_ACK, "", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	assert_true(find(wire)->fast_open);
	wire_free(wire);
}

/* The ACK of the handshake acknowledges the answer too, and its end. */
static void
test_fast_open_answered(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 100, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 101, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{11, 1, P | A, 1, 101, 500, EVENT_DATA, "", {EST, RCVD}},
		{20, 0, A, 101, 501, 0, EVENT_HANDSHAKE_DONE, "established in 20.0 ms", {EST, EST}},
		{21, 0, A, 101, 501, 0, EVENT_ACK, "", {EST, EST}},
	};
	static const struct line ended[] = {
		{0, 0, S, 0, 0, 100, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 101, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{11, 1, P | A, 1, 101, 500, EVENT_DATA, "", {EST, RCVD}},
		{12, 1, F | A, 501, 101, 0, EVENT_FIN, "close begun by server", {CW, FW1}},
		{20, 0, A, 101, 502, 0, EVENT_HANDSHAKE_DONE, "established in 20.0 ms", {CW, FW2}},
		{21, 0, A, 101, 502, 0, EVENT_ACK, "", {CW, FW2}},
	};
	/* The server did not take the data, which comes again. */
	static const struct line not_taken[] = {
		{0, 0, S, 0, 0, 100, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{20, 0, A, 1, 1, 100, EVENT_HANDSHAKE_DONE, "established in 20.0 ms", {EST, EST}},
	};
	static const uint8_t path[] = {LIS, RCVD, FW1, FW2};
	struct wire *wire = RUN(lines);

	(void)state;
	assert_true(find(wire)->established);
	wire_free(wire);
	wire = RUN(ended);
	CHECK_PATH(find(wire), 1, path);
	assert_int_equal(find(wire)->established_ns, segments_epoch_ns + 20000000);
	wire_free(wire);
	wire = RUN(not_taken);
	wire_free(wire);
}

static void
test_simultaneous_open(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S, 0, 0, 0, EVENT_SIMULTANEOUS_SYN, "simultaneous open", {RCVD, RCVD}},
		{2, 0, S | A, 0, 1, 0, EVENT_SYN_ACK, "3/4", {RCVD, EST}},
		{3, 1, S | A, 0, 1, 0, EVENT_HANDSHAKE_DONE, "established in 3.0 ms", {EST, EST}},
		{4, 0, P | A, 1, 1, 7, EVENT_DATA, "", {EST, EST}},
	};
	static const uint8_t path[] = {SHUT, SENT, RCVD, EST};
	struct wire *const wire = RUN(lines);

	(void)state;
	CHECK_PATH(find(wire), 0, path);
	CHECK_PATH(find(wire), 1, path);
	assert_true(find(wire)->simultaneous);
	assert_false(find(wire)->half_open);
	wire_free(wire);
}

/* Opened at once, closed before it was established. */
static void
test_early_close(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S, 0, 0, 0, EVENT_SIMULTANEOUS_SYN, "simultaneous open", {RCVD, RCVD}},
		{2, 0, F | A, 1, 1, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
	};
	static const uint8_t path[] = {SHUT, SENT, RCVD, FW1};
	struct wire *const wire = RUN(lines);

	(void)state;
	CHECK_PATH(find(wire), 0, path);
	wire_free(wire);
}

static void
test_refused(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, R | A, 0, 1, 0, EVENT_REFUSED, "refused", {SHUT, SHUT}},
		/* the RST did not get through */
		{1000, 0, S, 0, 0, 0, EVENT_RETRANSMIT, "SYN again, 2nd try after 1.0 s",
			{SENT, NONE}},
	};
	struct wire *wire = run(lines, 2);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_REFUSED, "refused");
	assert_int_equal(find(wire)->ended_by, 1);
	wire_free(wire);
	wire = RUN(lines);
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "");
	wire_free(wire);
}

/* RFC 9293, 3.10.7.3: only a RST that acknowledges the SYN refuses it. */
static void
test_refusal_judged(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, R | A, 0, 500, 0, EVENT_RST, "ignored: does not acknowledge the SYN",
			{SENT, NONE}},
		{2, 1, R | A, 0, 0, 0, EVENT_RST, "ignored: does not acknowledge the SYN",
			{SENT, NONE}},
		{3, 1, R, 1, 0, 0, EVENT_RST, "ignored: acknowledges no SYN", {SENT, NONE}},
		{4, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{5, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 5.0 ms", {EST, EST}},
	};
	/* The data of the SYN need not be acknowledged. */
	static const struct line fast_open[] = {
		{0, 0, S, 0, 0, 100, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, R | A, 0, 102, 0, EVENT_RST, "ignored: does not acknowledge the SYN",
			{SENT, NONE}},
		{2, 1, R | A, 0, 101, 0, EVENT_REFUSED, "refused", {SHUT, SHUT}},
	};
	struct wire *wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "");
	assert_int_equal(wire_counts(wire)->rst, 3);
	wire_free(wire);
	/* Nobody answers: what was ignored is no answer. */
	wire = run(lines, 4);
	wire_tick(wire, find(wire)->side[0].last_ns + UINT64_C(12000000000));
	check_ending(wire, CONVERSATION_OUTCOME_TIMEOUT, "no answer to 1 SYN");
	wire_free(wire);
	wire = run(fast_open, 3);
	check_ending(wire, CONVERSATION_OUTCOME_REFUSED, "refused");
	wire_free(wire);
}

static void
send_stamped(struct wire *wire, const struct line *line, uint32_t value, uint32_t echo)
{
	struct segment segment = segment_of(line);
	const uint8_t options[] = {1, 1, 8, 10, (uint8_t)(value >> 24), (uint8_t)(value >> 16),
		(uint8_t)(value >> 8), (uint8_t)value, (uint8_t)(echo >> 24), (uint8_t)(echo >> 16),
		(uint8_t)(echo >> 8), (uint8_t)echo};

	memcpy(segment.options, options, sizeof options);
	segment.option_len = sizeof options;
	segment.data_offset = 20 + sizeof options;
	wire_segment(wire, &segment);
}

/* TSecr names the SYN that was answered, whichever try it was. */
static void
test_answered_syn(void **state)
{
	static const struct {
		uint32_t echo;
		uint64_t network_us;
	} cases[] = {{1000, 3200000}, {2000, 2200000}, {4000, 200000}, {0, 200000}, {77, 200000},
		{4001, 200000}};
	static const struct line syns[] = {
		{.ms = 0, .flags = S}, {.ms = 1000, .flags = S}, {.ms = 3000, .flags = S}};
	static const struct line syn_ack = {.ms = 3200, .side = 1, .flags = S | A, .ack = 1};

	(void)state;
	unit_each (i, cases) {
		struct wire *const wire = wire_new(&conversation_options);
		uint64_t network_us, ack_us;

		unit_each (try, syns)
			send_stamped(wire, &syns[try], 1000 + syns[try].ms, 0);
		send_stamped(wire, &syn_ack, 777, cases[i].echo);
		assert_true(conversation_handshake(find(wire), &network_us, &ack_us));
		assert_int_equal(network_us, cases[i].network_us);
		assert_int_equal(last_event(wire)->syn_ack_us, cases[i].network_us);
		wire_free(wire);
	}
}

/* Before any data, and where none is captured: a RST that no receiver takes. */
static void
test_reset_of_handshake(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{11, 0, R, 0, 0, 0, EVENT_RST, "ignored: outside the window", {EST, RCVD}},
		{12, 0, R, 500000000, 0, 0, EVENT_RST, "ignored: outside the window", {EST, RCVD}},
		{13, 0, R, 1, 0, 0, EVENT_RST, "reset by client in the handshake", {SHUT, LIS}},
	};
	/* Gigabytes may have passed since. */
	static const struct line later[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{5000, 0, R, 0, 0, 0, EVENT_RST, "reset by client in the handshake", {SHUT, LIS}},
	};
	struct wire *wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_RESET, "reset by client in the handshake");
	wire_free(wire);
	wire = RUN(later);
	wire_free(wire);
}

/* A SYN-ACK that answers another SYN: the opener resets that, and waits on. */
static void
test_syn_ack_of_nothing(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 7000, 500, 0, EVENT_SYN_ACK, "ignored: does not acknowledge the SYN",
			{SENT, NONE}},
		{11, 0, R, 500, 0, 0, EVENT_RST, "of an older connection", {SENT, NONE}},
		{12, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{13, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 13.0 ms", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "");
	wire_free(wire);
}

/* SYN cookies give each try a number of its own. */
static void
test_other_syn_ack(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{1000, 0, S, 0, 0, 0, EVENT_RETRANSMIT, "SYN again, 2nd try after 1.0 s",
			{EST, RCVD}},
		{1010, 1, S | A, 5000, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{1030, 0, A, 1, 5001, 0, EVENT_HANDSHAKE_DONE, "established in 1.0 s", {EST, EST}},
		{1040, 1, S | A, 9000, 1, 0, EVENT_SYN_ACK, "into a connection that stands",
			{EST, EST}},
		{1050, 1, P | A, 5001, 1, 7, EVENT_DATA, "", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);
	uint64_t network_us, ack_us;

	(void)state;
	assert_int_equal(find(wire)->side[1].bytes, 7);
	assert_int_equal(find(wire)->side[1].retransmits, 0);
	assert_true(conversation_handshake(find(wire), &network_us, &ack_us));
	assert_int_equal(network_us, 10000);
	assert_int_equal(ack_us, 20000);
	wire_free(wire);
}

static void
test_syn_timeout(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1000, 0, S, 0, 0, 0, EVENT_RETRANSMIT, "SYN again, 2nd try after 1.0 s",
			{SENT, NONE}},
		{3000, 0, S, 0, 0, 0, EVENT_RETRANSMIT, "SYN again, 3rd try after 2.0 s",
			{SENT, NONE}},
		{3010, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{3011, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 3.0 s", {EST, EST}},
	};
	struct wire *wire = run(lines, 3);
	uint64_t network_us, ack_us;

	(void)state;
	wire_tick(wire, find(wire)->side[0].last_ns + UINT64_C(9000000000));
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "");
	wire_tick(wire, find(wire)->side[0].last_ns + UINT64_C(12000000000));
	check_ending(wire, CONVERSATION_OUTCOME_TIMEOUT, "no answer to 3 SYNs");
	assert_int_equal(find(wire)->side[0].state, SHUT);
	wire_free(wire);
	wire = RUN(lines);
	assert_true(conversation_handshake(find(wire), &network_us, &ack_us));
	assert_int_equal(network_us, 10000); /* of the try that was answered */
	assert_int_equal(find(wire)->side[0].syn_retransmits, 2);
	wire_free(wire);
}

static void
test_syn_ack_timeout(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{1010, 1, S | A, 0, 1, 0, EVENT_RETRANSMIT, "SYN-ACK again, 2nd try after 1.0 s",
			{EST, RCVD}},
	};
	struct wire *wire = run(lines, 2);

	(void)state;
	/* Said once: its ACK may have come, unseen. */
	wire_tick(wire, find(wire)->side[1].last_ns + UINT64_C(500000000000));
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "");
	wire_free(wire);
	wire = RUN(lines);
	wire_tick(wire, find(wire)->side[1].last_ns + UINT64_C(7000000000));
	check_ending(wire, CONVERSATION_OUTCOME_TIMEOUT, "handshake not completed");
	assert_int_equal(find(wire)->side[1].state, LIS);
	wire_free(wire);
}

/* The capture had the SYN-ACK before the SYN. */
static void
test_turned_round(void **state)
{
	static const struct line syn_ack = {.ms = 1, .side = 1, .flags = S | A, .seq = 0, .ack = 1};
	static const struct line syn = {.ms = 1, .side = 0, .flags = S, .seq = 0};
	static const struct line ack = {.ms = 2, .side = 0, .flags = A, .seq = 1, .ack = 1};
	struct wire *const wire = wire_new(&conversation_options);
	struct segment segment = segment_of(&syn_ack);

	(void)state;
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_SYN_ACK);
	segment = segment_of(&syn);
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_SYN);
	assert_int_equal(find(wire)->port[0], CLIENT_PORT);
	segment = segment_of(&ack);
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_HANDSHAKE_DONE);
	assert_int_equal(find(wire)->side[0].state, EST);
	assert_int_equal(find(wire)->side[1].state, EST);
	wire_free(wire);
}

/* The ACK is as old as the SYN-ACK on a box whose capture has no finer clock: 0, not unknown. */
static void
test_times(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{10, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 10.0 ms", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);
	struct conversation conversation = *find(wire);
	uint64_t network_us = 0, ack_us = 0;

	(void)state;
	assert_true(conversation_handshake(&conversation, &network_us, &ack_us));
	assert_int_equal(network_us, 10000);
	assert_int_equal(ack_us, 0);
	conversation.established_ns = 0;
	assert_true(conversation_handshake(&conversation, &network_us, &ack_us));
	assert_true(ack_us == CONVERSATION_UNKNOWN_US);
	conversation.answered_ns = conversation.syn_ack_ns;
	assert_true(conversation_handshake(&conversation, &network_us, &ack_us));
	assert_int_equal(network_us, 0);
	conversation.answered_ns = conversation.syn_ack_ns + 1;
	assert_false(conversation_handshake(&conversation, &network_us, &ack_us));
	conversation.answered_ns = 0;
	assert_false(conversation_handshake(&conversation, &network_us, &ack_us));
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fast_open),
		cmocka_unit_test(test_fast_open_answered),
		cmocka_unit_test(test_simultaneous_open),
		cmocka_unit_test(test_early_close),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_refusal_judged),
		cmocka_unit_test(test_answered_syn),
		cmocka_unit_test(test_reset_of_handshake),
		cmocka_unit_test(test_syn_ack_of_nothing),
		cmocka_unit_test(test_other_syn_ack),
		cmocka_unit_test(test_syn_timeout),
		cmocka_unit_test(test_syn_ack_timeout),
		cmocka_unit_test(test_turned_round),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
