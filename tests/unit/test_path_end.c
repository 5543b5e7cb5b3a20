/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that are not well: what could not be sent, refusals, targets that answer in unusual ways.
 */
#include <config.h>

#include <math.h>

#include <sockwatch/model/path.h>

#include "path_lab.h"
#include "unit.h"

static void
state_of(const struct lab *lab, int error, const char *text)
{
	const struct message_probe_state state = {.id = ID,
		.running = 1,
		.method = PROBE_METHOD_RAW,
		.error = error,
		.text = text_of(text)};

	path_on_state(lab->table, &state, T0);
}

/* What could not be sent is lost, but by no hop. */
static void
what_could_not_be_sent_is_lost(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_sent unsent = {.id = ID, .cycle = 2, .error = 101};

	(void)state;
	state_of(&lab, 0, "by raw socket");
	for (unsigned i = 0; i < 20; i++)
		cycle(&lab, 1, 0);
	for (unsigned i = 0; i < 20; i++) {
		unsent.sequence = ++lab.sequence;
		unsent.ttl = (uint8_t)(1 + i % 2);
		unsent.sent_ns = T0 + i;
		path_on_sent(lab.table, &unsent);
	}
	pass(&lab, 1);
	assert_true(lab.path->is_blocked);
	assert_int_equal(lab.path->send_errors, 20);
	assert_int_equal(lab.path->send_error, 101);
	assert_int_equal(lab.path->unsent_ns, T0 + 19);
	for (unsigned ttl = 1; ttl <= 2; ttl++) {
		assert_int_equal(hop(&lab, ttl)->sent, 30);
		assert_int_equal(hop(&lab, ttl)->unsent, 10);
		assert_int_equal(hop(&lab, ttl)->pending, 0);
		assert_true(fabs(hop(&lab, ttl)->loss - 1.0 / 3) < 1e-9);
		assert_true(hop(&lab, ttl)->link_loss < 1e-9);
		assert_int_equal(hop(&lab, ttl)->verdict, HOP_VERDICT_NONE);
		assert_int_equal(hop(&lab, ttl)->history_us[20], PATH_HISTORY_LOST);
	}
	/* The way is there again; a state of the collector takes nothing back. */
	state_of(&lab, 101, "no route");
	assert_string_equal(lab.path->text, "by raw socket");
	assert_string_equal(lab.path->reason, "no route");
	state_of(&lab, 0, "by raw socket");
	assert_string_equal(lab.path->text, "by raw socket");
	assert_string_equal(lab.path->reason, "");
	answer_target(&lab, send_probe(&lab, 2, 0), 100);
	assert_false(lab.path->is_blocked);
	assert_int_equal(lab.path->send_error, 101);
	path_table_free(lab.table);
}

/* A router searches the host for three seconds: that is not how long the path is. */
static void
the_search_for_a_neighbour_is_no_delay(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_answer answer;
	uint64_t us;

	(void)state;
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 100);
	answer = answer_of(&lab, send_probe(&lab, 2, 0), 3060000);
	answer.from = router(1, 0);
	answer.icmp_type = 3;
	answer.icmp_code = 1;
	path_on_answer(lab.table, &answer);
	assert_int_equal(hop(&lab, 2)->received, 1);
	assert_int_equal(hop(&lab, 2)->errors, 1);
	assert_int_equal(hop(&lab, 2)->timed, 0);
	assert_int_equal(hop(&lab, 2)->worst_us, 0);
	assert_false(hop_percentile(hop(&lab, 2), 50, &us));
	assert_int_equal(address_compare(&hop(&lab, 2)->error_from, &answer.from), 0);
	/* The host is there again. */
	answer_target(&lab, send_probe(&lab, 2, 0), 200);
	assert_int_equal(hop(&lab, 2)->timed, 1);
	assert_int_equal(hop(&lab, 2)->best_us, 200);
	assert_true(fabs(hop(&lab, 2)->mean_us - 200) < 1e-9);
	assert_true(hop(&lab, 2)->jitter_us < 1e-9);
	/* A refusal comes at once, so its time is that of the path. */
	answer_error(&lab, send_probe(&lab, 2, 0), 1, 3, 13);
	assert_int_equal(hop(&lab, 2)->timed, 2);
	assert_int_equal(hop(&lab, 2)->errors, 2);
	path_table_free(lab.table);
}

static void
answer_exceeded_by_target(struct lab *lab, uint32_t sequence)
{
	struct message_probe_answer answer = answer_of(lab, sequence, 100);

	answer.from = target;
	path_on_answer(lab->table, &answer);
}

/* As the first cycle has it: all ttls are asked, and the target answers each as a router does. */
static void
a_target_may_answer_as_a_router(void **state)
{
	static const uint8_t order[] = {6, 3, 1, 5, 4, 2};
	struct lab lab = make_lab();
	uint32_t sequences[7];

	(void)state;
	for (uint8_t ttl = 1; ttl <= 6; ttl++)
		sequences[ttl] = send_probe(&lab, ttl, 0);
	for (size_t i = 0; i < sizeof order; i++)
		if (order[i] < 3)
			answer_router(&lab, sequences[order[i]], order[i], 0, 100);
		else
			answer_exceeded_by_target(&lab, sequences[order[i]]);
	pass(&lab, 1);
	assert_true(lab.path->reached);
	assert_int_equal(lab.path->hop_count, 3);
	assert_true(hop(&lab, 3)->target);
	assert_int_equal(hop(&lab, 3)->answer, PATH_ANSWER_EXCEEDED);
	assert_int_equal(hop(&lab, 3)->verdict, HOP_VERDICT_NONE);
	path_table_free(lab.table);
}

/* The target came one hop nearer: the router that stood there is behind it no more. */
static void
a_target_that_came_nearer_stays_the_end(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	answer_router(&lab, send_probe(&lab, 2, 0), 2, 0, 100);
	answer_target(&lab, send_probe(&lab, 1, 0), 100);
	answer_exceeded_by_target(&lab, send_probe(&lab, 1, 0));
	assert_true(lab.path->reached);
	assert_int_equal(lab.path->hop_count, 1);
	path_table_free(lab.table);
}

/* The first router has the target's address too. */
static void
a_router_with_the_targets_address_is_no_end(void **state)
{
	struct lab lab = make_lab();
	uint32_t sequences[5];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		for (uint8_t ttl = 1; ttl <= 4; ttl++)
			sequences[ttl] = send_probe(&lab, ttl, 0);
		answer_exceeded_by_target(&lab, sequences[1]);
		assert_int_equal(lab.path->hop_count, i == 0 ? 1 : 4);
		answer_router(&lab, sequences[2], 2, 0, 100);
		assert_int_equal(lab.path->reached, i != 0);
		answer_router(&lab, sequences[3], 3, 0, 100);
		answer_target(&lab, sequences[4], 100);
		pass(&lab, 1);
		assert_true(lab.path->reached);
		assert_int_equal(lab.path->hop_count, 4);
		assert_false(hop(&lab, 1)->target);
		assert_true(hop(&lab, 4)->target);
		assert_int_equal(hop(&lab, 4)->answer, PATH_ANSWER_ECHO);
	}
	path_table_free(lab.table);
}

/* "Port unreachable" by an address that was not seen nearer: the target has several. */
static void
a_target_may_answer_from_another_address(void **state)
{
	struct lab lab = make_lab_by(PROBE_PROTOCOL_UDP);
	uint32_t sequence;

	(void)state;
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 100);
	answer_error(&lab, send_probe(&lab, 2, 0), 9, 3, 3);
	assert_true(lab.path->reached);
	assert_true(hop(&lab, 2)->target);
	assert_int_equal(hop(&lab, 2)->answer, PATH_ANSWER_PORT);
	assert_int_equal(hop(&lab, 2)->errors, 0);
	/* The same router stands nearer: it is a firewall. That may be known only later. */
	sequence = send_probe(&lab, 3, 1);
	answer_error(&lab, send_probe(&lab, 4, 1), 8, 3, 3);
	assert_true(hop(&lab, 4)->target);
	answer_router(&lab, sequence, 8, 0, 100);
	assert_false(hop(&lab, 4)->target);
	assert_true(lab.path->ended);
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_UNREACHABLE);
	path_table_free(lab.table);
	/* A firewall that says so of an echo request is none either. */
	lab = make_lab();
	answer_error(&lab, send_probe(&lab, 2, 0), 9, 3, 3);
	assert_false(lab.path->reached);
	assert_true(lab.path->ended);
	path_table_free(lab.table);
}

/* Answers of routers at ttl 1, one a letter, all of flow 0; the second router of the path is b. */
static void
answer_in_turn(struct lab *lab, const char *ways)
{
	for (; *ways != '\0'; ways++) {
		answer_router(lab, send_probe(lab, 1, 0), 1, (uint8_t)(*ways - 'a'), 100);
		lab->now_ns += MS;
	}
}

/* Probes that search the path MTU say nothing of loss, hops or times. */
static void
the_search_for_the_mtu_counts_for_no_hop(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_sent sent = {
		.id = ID, .ttl = 30, .size = 1500, .sent_ns = T0, .search = 1};
	struct message_probe_answer answer;

	(void)state;
	cycle(&lab, 1, 0);
	sent.sequence = ++lab.sequence;
	sent.sent_ns = lab.now_ns;
	path_on_sent(lab.table, &sent);
	answer = answer_of(&lab, sent.sequence, 100);
	answer.from = router(1, 0);
	answer.icmp_type = 3;
	answer.icmp_code = 4;
	answer.info = 1400;
	path_on_answer(lab.table, &answer);
	assert_int_equal(lab.path->mtu, 1400);
	assert_int_equal(hop(&lab, 1)->mtu, 1400);
	sent.sequence = ++lab.sequence;
	sent.size = 1400;
	path_on_sent(lab.table, &sent);
	answer_target(&lab, sent.sequence, 100);
	assert_int_equal(lab.path->passed_size, 1400);
	sent.sequence = ++lab.sequence;
	path_on_sent(lab.table, &sent);
	pass(&lab, TIMEOUT_MS + 1);
	assert_int_equal(lab.path->hop_count, 2);
	assert_int_equal(hop(&lab, 30)->sent, 0);
	assert_int_equal(hop(&lab, 30)->pending, 0);
	assert_int_equal(hop(&lab, 30)->received, 0);
	assert_int_equal(hop(&lab, 30)->history_us[0], PATH_HISTORY_EMPTY);
	assert_int_equal(lab.path->unknown_answers, 0);
	path_table_drain(lab.table, ID);
	assert_int_equal(hop(&lab, 30)->sent, 0);
	path_table_free(lab.table);
}

/* A router that chooses a way per packet is not a path that changes. */
static void
balancing_by_packet_is_no_change(void **state)
{
	static const char *const balanced[] = {"abababab", "aabbaabbab", "abcdabcd", "aaabbbaaab",
		"aabbccaabbcc", "aaaaaaabbbbbbbaaaaaaab"};
	static const struct {
		const char *ways;
		unsigned changes;
	} changing[] = {
		{"aaaabbbb", 1},
		{"aaaab", 0},
		{"aaaabaaaa", 0},
		{"aaaaaaaabbbbbbbbaaaaaaaabbbbbbbb", 3},
		{"aabb", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof balanced / sizeof balanced[0]; i++) {
		struct lab lab = make_lab();

		answer_in_turn(&lab, balanced[i]);
		assert_int_equal(lab.path->change_count, 0);
		assert_true(hop(&lab, 1)->balanced);
		path_table_free(lab.table);
	}
	for (size_t i = 0; i < sizeof changing / sizeof changing[0]; i++) {
		struct lab lab = make_lab();

		answer_in_turn(&lab, changing[i].ways);
		assert_int_equal(lab.path->change_count, changing[i].changes);
		assert_false(hop(&lab, 1)->balanced);
		path_table_free(lab.table);
	}
}

/* Changes of before, and those of other hops, stay. */
static void
only_what_was_no_change_is_taken_back(void **state)
{
	struct lab lab = make_lab();
	const struct address last = router(1, 2);

	(void)state;
	answer_in_turn(&lab, "aaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	assert_int_equal(lab.path->change_count, 1);
	for (unsigned i = 0; i < 4; i++)
		answer_router(&lab, send_probe(&lab, 2, 0), 2, i / 2, 100);
	assert_int_equal(lab.path->change_count, 2);
	for (unsigned i = 0; i < 4; i++)
		answer_router(&lab, send_probe(&lab, 1, 3), 1, (uint8_t)(i / 2), 100);
	answer_in_turn(&lab, "ccdd");
	assert_int_equal(lab.path->change_count, 5);
	answer_in_turn(&lab, "ccd");
	assert_int_equal(lab.path->change_count, 3);
	assert_int_equal(lab.path->changes[0].ttl, 1);
	assert_int_equal(lab.path->changes[1].ttl, 2);
	assert_int_equal(lab.path->changes[2].flow, 3);
	/* A way that is kept for long is a way again. */
	for (unsigned i = 0; i < 40; i++)
		answer_in_turn(&lab, "c");
	answer_in_turn(&lab, "bb");
	assert_int_equal(lab.path->change_count, 4);
	assert_int_equal(address_compare(&lab.path->changes[3].from, &last), 0);
	path_table_free(lab.table);
}

static void
initial_ttls_are_guessed(void **state)
{
	static const struct {
		uint8_t ttl;
		unsigned expected, back, first;
	} cases[] = {
		{60, 5, 5, 64},
		{28, 5, 5, 32},
		{28, 37, 37, 64},
		{32, 1, 1, 32},
		{33, 1, 32, 64},
		{124, 5, 5, 128},
		{251, 5, 5, 255},
		{255, 1, 1, 255},
		{129, 1, 127, 255},
		{61, 9, 4, 64},
		{20, 29, 45, 64},
	};
	unsigned first = 7;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(
			path_hops_back(cases[i].ttl, cases[i].expected, &first), cases[i].back);
		assert_int_equal(first, cases[i].first);
	}
	assert_int_equal(path_hops_back(0, 5, NULL), 0);
	assert_int_equal(path_hops_back(28, 5, NULL), 5);
}

static void
marks_are_those_of_traceroute(void **state)
{
	static const struct {
		int family;
		uint8_t type, code;
		const char *mark;
	} cases[] = {
		{AF_INET, 3, 0, "!N"},
		{AF_INET, 3, 1, "!H"},
		{AF_INET, 3, 2, "!P"},
		{AF_INET, 3, 3, ""},
		{AF_INET, 3, 10, "!<10>"},
		{AF_INET, 3, 13, "!X"},
		{AF_INET, 11, 0, ""},
		{AF_INET6, 1, 0, "!N"},
		{AF_INET6, 1, 1, "!X"},
		{AF_INET6, 1, 3, "!H"},
		{AF_INET6, 1, 4, ""},
		{AF_INET6, 1, 6, "!<6>"},
		{AF_INET6, 3, 0, ""},
	};
	char mark[8];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		path_icmp_mark(cases[i].family, cases[i].type, cases[i].code, mark, sizeof mark);
		assert_string_equal(mark, cases[i].mark);
	}
	assert_string_equal(path_answer_name(PATH_ANSWER_EXCEEDED), "time-exceeded");
	assert_null(path_answer_name(PATH_ANSWER_NONE));
}

/* Only what the target answered has passed the path. */
static void
the_size_that_passed_is_remembered(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_sent sent = {.id = ID, .ttl = 1, .size = 1500, .sent_ns = T0};

	(void)state;
	sent.sequence = ++lab.sequence;
	path_on_sent(lab.table, &sent);
	answer_router(&lab, lab.sequence, 1, 0, 100);
	assert_int_equal(lab.path->passed_size, 0);
	sent.ttl = 2;
	for (uint16_t size = 1400; size > 1200; size = (uint16_t)(size - 100)) {
		sent.sequence = ++lab.sequence;
		sent.size = size;
		path_on_sent(lab.table, &sent);
		answer_target(&lab, lab.sequence, 100);
	}
	assert_int_equal(lab.path->passed_size, 1400);
	/* A link became narrower: nothing of that size passes any more. */
	path_on_state(lab.table, &(struct message_probe_state){.id = ID, .mtu = 1500}, T0);
	assert_int_equal(lab.path->passed_size, 1400);
	path_on_state(lab.table, &(struct message_probe_state){.id = ID, .mtu = 1400}, T0);
	assert_int_equal(lab.path->passed_size, 1400);
	path_on_state(lab.table, &(struct message_probe_state){.id = ID, .mtu = 1300}, T0);
	assert_int_equal(lab.path->mtu, 1300);
	assert_int_equal(lab.path->passed_size, 0);
	path_table_free(lab.table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_could_not_be_sent_is_lost),
		cmocka_unit_test(the_search_for_a_neighbour_is_no_delay),
		cmocka_unit_test(a_target_may_answer_as_a_router),
		cmocka_unit_test(a_target_that_came_nearer_stays_the_end),
		cmocka_unit_test(a_router_with_the_targets_address_is_no_end),
		cmocka_unit_test(a_target_may_answer_from_another_address),
		cmocka_unit_test(the_search_for_the_mtu_counts_for_no_hop),
		cmocka_unit_test(balancing_by_packet_is_no_change),
		cmocka_unit_test(only_what_was_no_change_is_taken_back),
		cmocka_unit_test(initial_ttls_are_guessed),
		cmocka_unit_test(marks_are_those_of_traceroute),
		cmocka_unit_test(the_size_that_passed_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
