/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on a path as a whole. */
#include <config.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/explain_path.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_note.h>

#include "path_made.h"
#include "unit.h"

static void
check_verdict(struct path *path, double kernel_us, enum path_mood mood, const char *words)
{
	const struct path_rtts rtts = {.kernel_us = kernel_us, .handshake_us = (double)NAN};
	char text[256];

	assert_int_equal(explain_path_verdict(path, &rtts, text, sizeof text), mood);
	assert_string_equal(text, words);
}

static void
verdict_beside_the_kernels_time(void **state)
{
	struct path *const path = path_make();
	const double unknown = (double)NAN;
	static const char well[] = "the path is fine: nothing is lost, no hop delays";

	(void)state;
	check_verdict(path, unknown, PATH_WELL, well);
	check_verdict(path, 13000, PATH_WELL, well);
	check_verdict(path, 121000, PATH_ILL,
		"the path is fine; the kernel's rtt is 10 times as long: the peer answers late, or "
		"the connection fills a queue");
	path->hops[2].loss = 0.01;
	check_verdict(
		path, unknown, PATH_UNDECIDED, "some probes are lost, too few yet to show where");
	path->hops[2].sent = 2;
	check_verdict(path, unknown, PATH_UNDECIDED, "too few answers yet for a verdict");
	path->reached = path->hops[2].target = false;
	check_verdict(path, unknown, PATH_ILL, "the target has not answered");
	free(path);
}

static void
verdict_names_the_hop(void **state)
{
	struct path *const path = path_make();
	char text[256];

	(void)state;
	assert_int_equal(path_verdict(path, text, sizeof text), 0);
	path->hops[0].verdict = HOP_VERDICT_RATE_LIMITED;
	assert_int_equal(path_verdict(path, text, sizeof text), 0);
	path->hops[1].verdict = HOP_VERDICT_LOSS;
	path->hops[1].link_loss = 0.208;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "loss begins at hop 2, 10.0.1.1: 20.8%");
	/* A target may be able to answer more than it wants to. */
	path->hops[1].verdict = HOP_VERDICT_NONE;
	path->hops[2].verdict = HOP_VERDICT_LOSS;
	path->hops[2].link_loss = 0.9;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "loss begins at hop 3, 203.0.113.9: 90.0%");
	path->start.protocol = PROBE_PROTOCOL_ICMP;
	path_verdict(path, text, sizeof text);
	assert_string_equal(
		text, "loss begins at hop 3, 203.0.113.9: 90.0%, or it limits its answers");
	path->hops[1].verdict = HOP_VERDICT_LOSS;
	path->reached = false;
	path->hops[2].verdict = HOP_VERDICT_PROHIBITED;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "prohibited at hop 3, 203.0.113.9");
	path->hops[1].verdict = path->hops[2].verdict = HOP_VERDICT_NONE;
	path->hops[2].addresses[0].last_ns = UINT64_C(5000000000);
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "the target has not answered since 00:00:05");
	path->hops[2].addresses[0].last_ns = 0;
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "the target has not answered");
	path->method = PROBE_METHOD_NONE;
	memcpy(path->text, "no right", sizeof "no right");
	path_verdict(path, text, sizeof text);
	assert_string_equal(text, "no right");
	free(path);
}

static void
check_note(const struct path *path, enum path_note note, const char *words)
{
	char text[256];

	assert_int_equal(path_note(path, note, text, sizeof text), strlen(words));
	assert_string_equal(text, words);
}

/* What cannot be done is not health. */
static void
what_cannot_be_sent_is_said(void **state)
{
	struct path *const path = path_make();

	(void)state;
	check_note(path, PATH_NOTE_UNSENT, "");
	path->send_errors = 3;
	path->send_error = ENETUNREACH;
	path->unsent_ns = UINT64_C(5000000000);
	path->is_blocked = true;
	assert_true(path_is_blocked(path));
	check_verdict(
		path, (double)NAN, PATH_ILL, "not probing: there is no route to that network");
	/* The collector knows more. */
	path->error = EADDRNOTAVAIL;
	memcpy(path->reason, "no such source", sizeof "no such source");
	check_verdict(path, (double)NAN, PATH_ILL, "not probing: no such source");
	path->error = 0;
	path->reason[0] = '\0';
	path->is_blocked = false;
	check_verdict(path, (double)NAN, PATH_ILL,
		"3 probes not sent, the last at 00:00:05: there is no route to that network");
	path->send_errors = 1;
	check_note(path, PATH_NOTE_UNSENT,
		"1 probe not sent, at 00:00:05: there is no route to that network");
	/* It is over. */
	path->is_blocked = true;
	path->running = false;
	assert_false(path_is_blocked(path));
	check_note(path, PATH_NOTE_UNSENT,
		"1 probe not sent, at 00:00:05: there is no route to that network");
	free(path);
}

static void
a_refusal_is_named(void **state)
{
	struct path *const path = path_make();
	struct hop *const hop = &path->hops[2];

	(void)state;
	hop->error_type = 3;
	hop->error_code = 1;
	hop->error_from = path->hops[1].addresses[0].address;
	hop->errors = 2;
	hop->verdict = HOP_VERDICT_UNREACHABLE;
	path->reached = hop->target = false;
	path->ended = true;
	hop->answer = PATH_ANSWER_UNREACHABLE;
	check_verdict(path, (double)NAN, PATH_ILL, "host unreachable by 10.0.1.1, hop 3 (!H)");
	check_note(path, PATH_NOTE_REFUSED, "host unreachable by 10.0.1.1, hop 3 (!H)");
	assert_int_equal(path_answer_at_end(path), PATH_ANSWER_UNREACHABLE);
	path->start.source = hop->error_from;
	check_note(path, PATH_NOTE_REFUSED, "host unreachable, says this host (!H)");
	/* The target answers again. */
	path->reached = hop->target = true;
	hop->error_type = hop->error_code = 0;
	hop->verdict = HOP_VERDICT_NONE;
	check_verdict(path, (double)NAN, PATH_ILL,
		"2 of 100 probes to hop 3 were answered with \"unreachable\"");
	free(path);
}

static void
unusual_answers_are_told(void **state)
{
	struct path *const path = path_make();
	struct hop *const hop = &path->hops[2];

	(void)state;
	check_note(path, PATH_NOTE_ANSWER, "");
	hop->answer = PATH_ANSWER_EXCEEDED;
	check_verdict(path, (double)NAN, PATH_UNDECIDED,
		"the target answers with \"time exceeded\" only, as a router does");
	hop->answer = PATH_ANSWER_ECHO;
	hop->answer_from = path->start.target;
	/* A router that stood here before the path became shorter. */
	hop->addresses[1].address = path_make_address("10.0.2.1");
	hop->address_count = 2;
	check_note(path, PATH_NOTE_ANSWER, "");
	hop->answer_from = path_make_address("198.51.100.7");
	check_note(path, PATH_NOTE_ANSWER, "the target answers from another address, 198.51.100.7");
	hop->answer = PATH_ANSWER_PORT;
	check_note(path, PATH_NOTE_ANSWER,
		"port unreachable from 198.51.100.7: another address of the target, or a router that refuses");
	free(path);
}

/* "Port unreachable" is what a target says to UDP: no words for it there, but for a router, and for
 * any other error. */
static void
words_of_a_hop(void **state)
{
	static const struct {
		const char *target;
		uint8_t type, code;
		bool is_target, has_words;
	} cases[] = {
		{"192.0.2.9", 3, 3, true, false},
		{"192.0.2.9", 3, 3, false, true},
		{"192.0.2.9", 3, 4, true, true},
		{"192.0.2.9", 3, 1, true, true},
		{"2001:db8::9", 1, 4, true, false},
		{"2001:db8::9", 1, 4, false, true},
		{"2001:db8::9", 1, 3, true, true},
	};

	(void)state;
	unit_each (i, cases) {
		struct path *const path = path_make();
		struct hop *const hop = &path->hops[2];
		const struct hop_row row = {.path = path, .hop = hop};
		char words[128];

		path->start.target = path_make_address(cases[i].target);
		hop->target = cases[i].is_target;
		hop->error_type = cases[i].type;
		hop->error_code = cases[i].code;
		hop_row_words(&row, words, sizeof words);
		if ((words[0] != '\0') != cases[i].has_words)
			fail_msg("case %zu: \"%s\"", i, words);
		free(path);
	}
}

static void
a_guess_is_told_as_one(void **state)
{
	struct path *const path = path_make();

	(void)state;
	path->hops[2].reply_ttl = 30;
	check_note(path, PATH_NOTE_RETURN_PATH, "");
	path->hops[2].reply_ttl = 62;
	check_note(path, PATH_NOTE_RETURN_PATH, "");
	path->hops[2].reply_ttl = 60;
	check_note(path, PATH_NOTE_RETURN_PATH,
		"the return path may have another length: 5 hops if the answers begin with ttl 64, not 3");
	free(path);
}

static void
changes_are_listed(void **state)
{
	struct path *const path = path_make();
	char text[192];

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		path->changes[i % PATH_CHANGES_MAX] =
			(struct path_change){.time_ns = i * UINT64_C(1000000000),
				.ttl = 3,
				.from = path_make_address("10.0.0.1"),
				.to = path_make_address("10.0.1.1")};
		path->change_count++;
	}
	assert_int_equal(path_changes_kept(path), PATH_CHANGES_MAX);
	path_change_format(path, 0, text, sizeof text);
	assert_string_equal(text, "00:00:19: hop 3 from 10.0.0.1 to 10.0.1.1");
	path_change_format(path, PATH_CHANGES_MAX - 1, text, sizeof text);
	assert_string_equal(text, "00:00:04: hop 3 from 10.0.0.1 to 10.0.1.1");
	check_note(path, PATH_NOTE_CHANGES,
		"the path changed 20 times, last at 00:00:19: hop 3 from 10.0.0.1 to 10.0.1.1");
	path->change_count = 1;
	assert_int_equal(path_changes_kept(path), 1);
	check_note(path, PATH_NOTE_CHANGES,
		"the path changed at 00:00:16: hop 3 from 10.0.0.1 to 10.0.1.1");
	free(path);
}

/* A router, or the first link, only says what does not pass. */
static void
an_mtu_is_proven_by_what_passed(void **state)
{
	struct path *const path = path_make();

	(void)state;
	path->mtu = 1400;
	check_note(path, PATH_NOTE_MTU, "");
	path->start.dont_fragment = 1;
	check_note(path, PATH_NOTE_MTU, "path MTU at most 1400");
	path->passed_size = 92;
	check_note(path, PATH_NOTE_MTU, "path MTU at least 92, at most 1400");
	path->passed_size = 1400;
	check_note(path, PATH_NOTE_MTU, "path MTU 1400");
	path->mtu = 0;
	check_note(path, PATH_NOTE_MTU, "path MTU at least 1400");
	free(path);
}

/* The pieces of which sentences are made. */
static void
pieces_of_sentences(void **state)
{
	static const struct {
		uint8_t protocol;
		uint16_t port;
		const char *words;
	} ways[] = {
		{PROBE_PROTOCOL_ICMP, 80, "icmp"},
		{PROBE_PROTOCOL_UDP, 0, "udp"},
		{PROBE_PROTOCOL_TCP, 1, "tcp 1"},
		{PROBE_PROTOCOL_TCP, 0, "tcp"},
		{PROBE_PROTOCOL_TCP + 1, 0, "icmp"},
	};
	static const struct {
		double us;
		const char *words;
	} times[] = {{0, "0.000 ms"}, {999, "0.999 ms"}, {1000, "1.0 ms"}, {123456, "123.5 ms"}};
	static const struct {
		uint32_t sent, pending, received;
		const char *words;
	} losses[] = {
		{0, 0, 0, ""}, {5, 0, 5, ""}, {5, 1, 4, ""}, {5, 1, 3, " (1 of 4)"}, {5, 0, 6, ""}};
	char text[64];

	(void)state;
	unit_each (i, ways) {
		const struct message_probe_start start = {
			.protocol = ways[i].protocol, .port = ways[i].port};

		assert_int_equal(
			explain_path_protocol(&start, text, sizeof text), strlen(ways[i].words));
		assert_string_equal(text, ways[i].words);
	}
	unit_each (i, times) {
		assert_int_equal(
			explain_path_ms(times[i].us, text, sizeof text), strlen(times[i].words));
		assert_string_equal(text, times[i].words);
	}
	text[0] = 'x';
	assert_int_equal(explain_path_ms((double)NAN, text, sizeof text), 0);
	assert_string_equal(text, "");
	unit_each (i, losses) {
		const struct hop hop = {.sent = losses[i].sent,
			.pending = losses[i].pending,
			.received = losses[i].received};

		text[0] = 'x';
		assert_int_equal(
			explain_path_lost(&hop, text, sizeof text), strlen(losses[i].words));
		assert_string_equal(text, losses[i].words);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdict_beside_the_kernels_time),
		cmocka_unit_test(verdict_names_the_hop),
		cmocka_unit_test(what_cannot_be_sent_is_said),
		cmocka_unit_test(a_refusal_is_named),
		cmocka_unit_test(unusual_answers_are_told),
		cmocka_unit_test(words_of_a_hop),
		cmocka_unit_test(a_guess_is_told_as_one),
		cmocka_unit_test(changes_are_listed),
		cmocka_unit_test(an_mtu_is_proven_by_what_passed),
		cmocka_unit_test(pieces_of_sentences),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
