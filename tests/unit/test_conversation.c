/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <string.h>

#include "unit.h"

#include "segments.h"

static void
test_orderly(void **state)
{
	static const uint8_t client[] = {SHUT, SENT, EST, FW1, FW2, TW};
	static const uint8_t server[] = {LIS, RCVD, EST, CW, LAST, SHUT};
	struct wire *const wire = RUN(orderly);
	const struct conversation *const conversation = find(wire);
	uint64_t network_us, ack_us;

	(void)state;
	CHECK_PATH(conversation, 0, client);
	CHECK_PATH(conversation, 1, server);
	assert_true(conversation->path_ns[1][0] == conversation->syn_ns);
	assert_true(conversation->path_ns[1][1] == conversation->syn_ack_ns);
	assert_true(conversation->path_ns[2][1] == conversation->established_ns);
	assert_true(conversation->path_ns[3][0] == conversation->fin_ns);
	assert_true(conversation->path_ns[5][0] == conversation->ended_ns);
	assert_int_equal(conversation->side[0].bytes, 100);
	assert_int_equal(conversation->side[1].bytes, 5000);
	assert_int_equal(conversation->port[0], CLIENT_PORT);
	assert_true(conversation->established);
	assert_false(conversation->mid_stream);
	assert_int_equal(conversation->first_fin, 0);
	check_ending(wire, CONVERSATION_OUTCOME_CLOSED, "closed by client");
	assert_true(conversation_handshake(conversation, &network_us, &ack_us));
	assert_int_equal(network_us, 10000);
	assert_int_equal(ack_us, 2000);
	assert_int_equal(wire_counts(wire)->syn, 1);
	assert_int_equal(wire_counts(wire)->syn_ack, 1);
	assert_int_equal(wire_counts(wire)->fin, 2);
	assert_int_equal(wire_counts(wire)->data, 2);
	assert_int_equal(last_event(wire)->relative_seq, 102);
	assert_int_equal(last_event(wire)->relative_ack, 5002);
	wire_tick(wire, conversation->ended_ns + UINT64_C(61000000000));
	assert_int_equal(conversation->side[0].state, SHUT);
	wire_tick(wire, conversation->ended_ns + UINT64_C(601000000000));
	assert_null(find(wire));
	wire_free(wire);
}

/* The same, when only SYN and FIN are captured. */
static void
test_control_only(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{40, 0, F | A, 101, 5001, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
		{1000, 1, F | A, 5001, 102, 0, EVENT_FIN_ACK, "closed by client, lived 1.0 s",
			{TW, LAST}},
	};
	static const uint8_t client[] = {SHUT, SENT, EST, FW1, FW2, TW};
	static const uint8_t server[] = {LIS, RCVD, EST, CW, LAST};
	struct wire *const wire = RUN(lines);
	const struct conversation *const conversation = find(wire);
	uint64_t network_us, ack_us;

	(void)state;
	CHECK_PATH(conversation, 0, client);
	CHECK_PATH(conversation, 1, server);
	assert_int_equal(conversation->side[0].bytes, 100);
	assert_int_equal(conversation->side[1].bytes, 5000);
	assert_true(conversation->established);
	assert_false(conversation->half_open);
	assert_true(conversation_handshake(conversation, &network_us, &ack_us));
	assert_int_equal(network_us, 10000);
	assert_true(ack_us == CONVERSATION_UNKNOWN_US);
	check_ending(wire, CONVERSATION_OUTCOME_CLOSED, "closed by client");
	/* Not repeated: the FIN was acknowledged. */
	wire_tick(wire, conversation->ended_ns + UINT64_C(2000000000));
	assert_int_equal(conversation->side[1].state, SHUT);
	wire_free(wire);
}

static void
test_control_only_large(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{40, 1, F | A, 3000000001, 51, 0, EVENT_FIN, "close begun by server", {CW, FW1}},
		{50, 0, F | A, 51, 3000000002, 0, EVENT_FIN_ACK, "closed by server, lived 50.0 ms",
			{LAST, TW}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	assert_int_equal(find(wire)->side[0].bytes, 50);
	assert_int_equal(find(wire)->side[1].bytes, 3000000000);
	check_ending(wire, CONVERSATION_OUTCOME_CLOSED, "closed by server");
	wire_free(wire);
}

/* The capture of all segments begins later: what comes then did not end the handshake. */
static void
test_watched_later(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{900, 0, P | A, 1, 1, 100, EVENT_DATA, "", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);
	const struct conversation *const conversation = find(wire);
	uint64_t network_us, ack_us;

	(void)state;
	assert_true(conversation->established);
	assert_true(conversation->path_ns[2][1] == 0);
	assert_true(conversation_handshake(conversation, &network_us, &ack_us));
	assert_true(ack_us == CONVERSATION_UNKNOWN_US);
	wire_free(wire);
}

/*
 * More bytes pass unseen than sequence numbers can count, before and while it is watched: the next
 * segment is far below, and is still not a retransmission.
 */
static void
test_watched_after_gigabytes(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{30000, 1, A, 1, 3200000001, 0, EVENT_ACK, "", {EST, EST}},
		{30000, 0, P | A, 3200000001, 1, 1000, EVENT_DATA, "", {EST, EST}},
		{30001, 1, A, 1, 3200001001, 0, EVENT_ACK, "", {EST, EST}},
		{30001, 0, P | A, 3200001001, 1, 1000, EVENT_DATA, "", {EST, EST}},
		/* A timeout is followed by what was not acknowledged. */
		{32001, 0, P | A, 3200001001, 1, 1000, EVENT_RETRANSMIT, "again after 2.0 s",
			{EST, EST}},
		{32002, 1, A, 1, 3200002001, 0, EVENT_ACK, "", {EST, EST}},
		/* 3.8 GB later. */
		{60000, 0, A, 2705034705, 1, 0, EVENT_ACK, "", {EST, EST}},
		{60001, 0, P | A, 2705034705, 1, 1000, EVENT_DATA, "", {EST, EST}},
		{60002, 1, A, 1, 2705035705, 0, EVENT_ACK, "", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);
	const struct conversation *const conversation = find(wire);

	(void)state;
	assert_int_equal(conversation->side[0].retransmits, 1);
	assert_int_equal(conversation->side[1].retransmits, 0);
	assert_true(conversation->side[0].bytes == UINT64_C(3200002000) + 3800000000 + 1000);
	assert_int_equal(conversation->side[0].acked, isns[0] + UINT32_C(2705035705));
	assert_int_equal(conversation->side[1].bytes, 0);
	wire_free(wire);
}

/* FIN and ACK in one segment; the server begins. */
static void
test_three_segment_close(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{3, 1, F | P | A, 1, 1, 10, EVENT_FIN, "close begun by server", {CW, FW1}},
		{4, 0, F | A, 1, 12, 0, EVENT_FIN_ACK, "closed by server, lived 4.0 ms",
			{LAST, TW}},
		{5, 1, A, 12, 2, 0, EVENT_FIN_ACK, "close done", {SHUT, TW}},
	};
	static const uint8_t server[] = {LIS, RCVD, EST, FW1, TW};
	struct wire *const wire = RUN(lines);

	(void)state;
	CHECK_PATH(find(wire), 1, server);
	assert_int_equal(find(wire)->side[1].bytes, 10);
	wire_free(wire);
}

static void
test_simultaneous_close(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{5, 0, F | A, 1, 1, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
		{6, 1, F | A, 1, 1, 0, EVENT_FIN_ACK, "closed by both at once, lived 6.0 ms",
			{CLING, CLING}},
		{7, 0, A, 2, 2, 0, EVENT_FIN_ACK, "FIN acknowledged", {CLING, TW}},
		{8, 1, A, 2, 2, 0, EVENT_FIN_ACK, "close done", {TW, TW}},
	};
	static const uint8_t client[] = {SHUT, SENT, EST, FW1, CLING, TW};
	static const uint8_t server[] = {LIS, RCVD, EST, FW1, CLING, TW};
	struct wire *const wire = RUN(lines);

	(void)state;
	CHECK_PATH(find(wire), 0, client);
	CHECK_PATH(find(wire), 1, server);
	check_ending(wire, CONVERSATION_OUTCOME_CLOSED, "closed by both at once");
	wire_free(wire);
}

static void
test_half_close(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{5, 0, F | A, 1, 1, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
		{6, 1, A, 1, 2, 0, EVENT_FIN_ACK, "FIN acknowledged", {FW2, CW}},
		{7, 1, P | A, 1, 2, 50, EVENT_DATA, "", {FW2, CW}},
		{8, 0, A, 2, 51, 0, EVENT_ACK, "", {FW2, CW}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "half closed by client");
	assert_int_equal(find(wire)->side[1].bytes, 50);
	wire_free(wire);
}

static void
test_reset(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{3, 0, P | A, 1, 1, 9, EVENT_DATA, "", {EST, EST}},
		{4, 1, R | A, 1, 1, 0, EVENT_RST, "reset by server after data", {SHUT, SHUT}},
		{5, 1, R, 1, 0, 0, EVENT_RST, "after the end", {SHUT, SHUT}},
	};
	struct wire *wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_RESET, "reset by server after data");
	assert_int_equal(wire_counts(wire)->rst, 2);
	wire_free(wire);
	wire = run(lines, 3);
	wire_free(wire);
}

static void
test_reset_elsewhere(void **state)
{
	/* A SYN scan: the listener stays. */
	static const struct line scan[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, R, 1, 0, 0, EVENT_RST, "reset by client in the handshake", {SHUT, LIS}},
	};
	/* Closed, then data came. */
	static const struct line late[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{3, 0, F | A, 1, 1, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
		{4, 1, A, 1, 2, 0, EVENT_FIN_ACK, "FIN acknowledged", {FW2, CW}},
		{5, 1, P | A, 1, 2, 9, EVENT_DATA, "", {FW2, CW}},
		{6, 0, R, 2, 0, 0, EVENT_RST, "reset by client after a close", {SHUT, SHUT}},
	};
	/* Control segments only: the RST shows how much was sent. */
	static const struct line aborted[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, R | A, 701, 301, 0, EVENT_RST, "reset by client after data", {SHUT, SHUT}},
	};
	/* Nothing else was seen: in the handshake it need not have been. */
	static const struct line alone[] = {
		{0, 0, R, 1, 0, 0, EVENT_RST, "reset by client", {SHUT, SHUT}},
	};
	struct wire *wire = RUN(scan);

	(void)state;
	wire_free(wire);
	wire = RUN(alone);
	check_ending(wire, CONVERSATION_OUTCOME_RESET, "reset by client");
	wire_free(wire);
	wire = RUN(aborted);
	assert_int_equal(find(wire)->side[0].bytes, 700);
	assert_int_equal(find(wire)->side[1].bytes, 300);
	wire_free(wire);
	wire = RUN(late);
	check_ending(wire, CONVERSATION_OUTCOME_RESET, "reset by client after a close");
	wire_free(wire);
}

/* Somebody else's RST: its number is outside the window, or the side that it names goes on. */
static void
test_forged_reset(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{1, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{2, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 2.0 ms", {EST, EST}},
		{3, 0, P | A, 1, 1, 9, EVENT_DATA, "", {EST, EST}},
		{4, 1, R, 77777, 0, 0, EVENT_RST, "ignored: outside the window", {EST, EST}},
		{5, 1, R, 0, 0, 0, EVENT_RST, "ignored: outside the window", {EST, EST}},
		{6, 1, R, 1002, 0, 0, EVENT_RST, "ignored: outside the window", {EST, EST}},
		{7, 1, R, 1001, 0, 0, EVENT_RST, "reset by server after data", {SHUT, SHUT}},
		{8, 1, P | A, 1, 10, 20, EVENT_DATA, "", {EST, EST}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_NONE, "");
	wire_free(wire);
}

/* It ends once, whatever was still under way. */
static void
test_fin_after_reset(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "1/3", {SENT, NONE}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "2/3", {EST, RCVD}},
		{20, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "established in 20.0 ms", {EST, EST}},
		{30, 0, F | A, 1, 1, 0, EVENT_FIN, "close begun by client", {FW1, CW}},
		{40, 0, R, 2, 0, 0, EVENT_RST, "reset by client after a close", {SHUT, SHUT}},
		{40, 1, F | A, 1, 1, 0, EVENT_FIN, "after the end", {SHUT, SHUT}},
		{50, 1, F | A, 1, 1, 0, EVENT_RETRANSMIT, "FIN again, 2nd try after 10.0 ms",
			{SHUT, SHUT}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	check_ending(wire, CONVERSATION_OUTCOME_RESET, "reset by client after a close");
	assert_int_equal(find(wire)->ended_ns, segments_epoch_ns + 40000000);
	assert_false(find(wire)->both_closed);
	wire_free(wire);
}

static void
test_mid_stream(void **state)
{
	static const struct line lines[] = {
		{0, 1, P | A, 500, 300, 50, EVENT_DATA, "", {EST, EST}},
		{1, 0, A, 300, 550, 0, EVENT_ACK, "", {EST, EST}},
		{2, 0, P | A, 300, 550, 25, EVENT_DATA, "", {EST, EST}},
		{3, 1, F | A, 550, 325, 0, EVENT_FIN, "close begun by port 80", {FW1, CW}},
		{4, 0, F | A, 325, 551, 0, EVENT_FIN_ACK, "closed by port 80", {TW, LAST}},
	};
	struct wire *const wire = wire_new(&conversation_options);
	const struct conversation *conversation;

	(void)state;
	unit_each (i, lines) {
		const struct segment segment = segment_of(&lines[i]);

		wire_segment(wire, &segment);
		assert_int_equal(last_event(wire)->kind, lines[i].kind);
		assert_string_equal(last_event(wire)->words, lines[i].words);
	}
	conversation = find(wire);
	assert_int_equal(conversation->port[0], SERVER_PORT); /* it was seen first */
	assert_true(conversation->mid_stream);
	assert_false(conversation->half_open);
	assert_int_equal(conversation->side[0].bytes, 50);
	assert_int_equal(conversation->side[1].bytes, 25);
	assert_int_equal(conversation->side[0].state, TW);
	wire_free(wire);
}

/* Only the close is captured. */
static void
test_close_only(void **state)
{
	static const struct line lines[] = {
		{0, 0, F | A, 500, 300, 0, EVENT_FIN, "close begun by port 40000", {FW1, CW}},
		{1, 1, F | A, 300, 501, 0, EVENT_FIN_ACK, "closed by port 40000", {TW, LAST}},
	};
	struct wire *const wire = RUN(lines);

	(void)state;
	assert_false(find(wire)->half_open);
	wire_free(wire);
}

/* The same endpoints once more, while the old connection is in TIME-WAIT. */
static void
test_reuse(void **state)
{
	struct wire *const wire = RUN(orderly);
	const uint32_t generation = find(wire)->generation;
	const struct line line = {.ms = 2000, .side = 0, .flags = S, .seq = 999999};
	const struct segment segment = segment_of(&line);

	(void)state;
	wire_segment(wire, &segment);
	assert_int_equal(last_event(wire)->kind, EVENT_SYN);
	assert_int_not_equal(find(wire)->generation, generation);
	assert_null(wire_conversation(wire, 0, generation));
	assert_non_null(wire_conversation(wire, 0, find(wire)->generation));
	assert_int_equal(find(wire)->side[0].state, SENT);
	assert_int_equal(find(wire)->side[1].state, NONE);
	assert_int_equal(find(wire)->side[0].bytes, 0);
	assert_true(find(wire)->half_open);
	wire_free(wire);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orderly),
		cmocka_unit_test(test_control_only),
		cmocka_unit_test(test_watched_later),
		cmocka_unit_test(test_watched_after_gigabytes),
		cmocka_unit_test(test_control_only_large),
		cmocka_unit_test(test_three_segment_close),
		cmocka_unit_test(test_fin_after_reset),
		cmocka_unit_test(test_simultaneous_close),
		cmocka_unit_test(test_half_close),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_reset_elsewhere),
		cmocka_unit_test(test_forged_reset),
		cmocka_unit_test(test_mid_stream),
		cmocka_unit_test(test_close_only),
		cmocka_unit_test(test_reuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
