/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/tcp_state.h>

#include <string.h>

#include "unit.h"

static const struct {
	enum tcp_state state;
	const char *words[16];
} spellings[] = {
	{TCP_STATE_ESTABLISHED, {"ESTABLISHED", "established", "ESTAB", "estab", "Estab", "01"}},
	{TCP_STATE_SYN_SENT, {"SYN-SENT", "SYN_SENT", "syn_sent", "synsent", "02"}},
	{TCP_STATE_SYN_RECEIVED, {"SYN-RECEIVED", "SYN_RECV", "syn-recv", "synrecv", "SYN_RCVD",
					 "syn_rcvd", "syn-rcvd", "NEW_SYN_RECV", "03", "0C"}},
	{TCP_STATE_FIN_WAIT_1,
		{"FIN-WAIT-1", "FIN_WAIT_1", "FIN_WAIT1", "fin-wait-1", "finwait1", "04"}},
	{TCP_STATE_FIN_WAIT_2, {"FIN-WAIT-2", "FIN_WAIT_2", "FIN_WAIT2", "fin_wait2", "05"}},
	{TCP_STATE_TIME_WAIT, {"TIME-WAIT", "TIME_WAIT", "timewait", "Time-Wait", "06"}},
	{TCP_STATE_CLOSED,
		{"CLOSED", "CLOSE", "close", "UNCONN", "unconnected", "bound-inactive", "07"}},
	{TCP_STATE_CLOSE_WAIT, {"CLOSE-WAIT", "CLOSE_WAIT", "closewait", "close wait", "08"}},
	{TCP_STATE_LAST_ACK, {"LAST-ACK", "LAST_ACK", "lastack", "09"}},
	{TCP_STATE_LISTEN, {"LISTEN", "listen", "listening", "LISTENING", "0A", "0a"}},
	{TCP_STATE_CLOSING, {"CLOSING", "closing", "0B"}},
};

static uint32_t
parse(const char *word)
{
	return tcp_state_parse(word, strlen(word));
}

static void
knows_every_spelling(void **state)
{
	(void)state;
	assert_int_equal(UNIT_COUNT_OF(spellings), TCP_STATE_COUNT - 1);
	unit_each (i, spellings) {
		assert_string_equal(tcp_state_name(spellings[i].state), spellings[i].words[0]);
		for (size_t j = 0; spellings[i].words[j] != NULL; j++)
			assert_int_equal(parse(spellings[i].words[j]), 1u << spellings[i].state);
	}
}

static void
knows_groups(void **state)
{
	const uint32_t all = 0xffe;
	const uint32_t bucket = 1 << 3 | 1 << 6;

	(void)state;
	assert_int_equal(parse("all"), all);
	assert_int_equal(parse("connected"), all & ~(1u << 10 | 1u << 7));
	assert_int_equal(parse("SYNCHRONIZED"), all & ~(1u << 10 | 1u << 7 | 1u << 2));
	assert_int_equal(parse("bucket"), bucket);
	assert_int_equal(parse("big"), all & ~bucket);
	assert_int_equal(parse("half-open"), 1 << 2 | 1 << 3);
	assert_int_equal(parse("half_open"), 1 << 2 | 1 << 3);
	assert_int_equal(
		parse("closing-group"), 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 11);
}

static void
refuses_other_words(void **state)
{
	static const char *const words[] = {"", "-", "_", "estabx", "esta", "wait", "00", "0d", "1",
		"unknown", "establishedestablishedestablished"};

	(void)state;
	unit_each (i, words)
		assert_int_equal(parse(words[i]), 0);
	/* Only len bytes are the word. */
	assert_int_equal(tcp_state_parse("listening", 6), 1u << TCP_STATE_LISTEN);
	assert_int_equal(tcp_state_parse("listen\0x", 8), 0);
}

static void
lists_words(void **state)
{
	size_t count = 0;
	const char *word;

	(void)state;
	for (; (word = tcp_state_word(count)) != NULL; count++)
		assert_int_not_equal(parse(word), 0);
	assert_int_equal(count, TCP_STATE_COUNT - 1 + 7);
	assert_string_equal(tcp_state_word(0), "ESTABLISHED");
	assert_null(tcp_state_word(count + 1));
	assert_string_equal(tcp_state_name((enum tcp_state)99), "UNKNOWN");
	assert_string_equal(tcp_state_name(TCP_STATE_COUNT), "UNKNOWN");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_every_spelling),
		cmocka_unit_test(knows_groups),
		cmocka_unit_test(refuses_other_words),
		cmocka_unit_test(lists_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
