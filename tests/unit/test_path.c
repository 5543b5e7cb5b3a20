/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/path.h>

#include <math.h>
#include <string.h>
#include <sys/socket.h>

#include "path_lab.h"
#include "unit.h"

static void
figures_are_those_of_the_samples(void **state)
{
	static const uint64_t rtts[] = {1000, 3000, 2000, 6000};
	struct lab lab = make_lab();
	uint64_t percentile;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, rtts[i]);
		pass(&lab, 10);
	}
	assert_int_equal(hop(&lab, 1)->sent, 4);
	assert_int_equal(hop(&lab, 1)->received, 4);
	assert_int_equal(hop(&lab, 1)->last_us, 6000);
	assert_int_equal(hop(&lab, 1)->best_us, 1000);
	assert_int_equal(hop(&lab, 1)->worst_us, 6000);
	assert_true(fabs(hop(&lab, 1)->mean_us - 3000) < 1e-6);
	/* Sum of squares about the mean: 4 + 0 + 1 + 9 million. */
	assert_true(fabs(hop(&lab, 1)->m2 - 14e6) < 1e-3);
	/* RFC 3550: J += (|D| - J) / 16 for D of 2000, 1000, 4000. */
	assert_true(fabs(hop(&lab, 1)->jitter_us - 418.457) < 1e-3);
	assert_true(hop_percentile(hop(&lab, 1), 50, &percentile));
	assert_int_equal(percentile, 2000);
	assert_true(hop_percentile(hop(&lab, 1), 95, &percentile));
	assert_int_equal(percentile, 6000);
	assert_true(hop_percentile(hop(&lab, 1), 0, &percentile));
	assert_int_equal(percentile, 1000);
	assert_false(hop_percentile(hop(&lab, 2), 50, &percentile));
	assert_true(hop(&lab, 1)->loss < 1e-9);
	assert_true(isnan(hop(&lab, 2)->loss));
	path_table_free(lab.table);
}

static void
probes_are_lost_when_their_time_is_over(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 500);
	send_probe(&lab, 1, 0);
	pass(&lab, TIMEOUT_MS);
	assert_int_equal(hop(&lab, 1)->pending, 1);
	assert_true(hop(&lab, 1)->loss < 1e-9); /* of the one that is decided */
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 1)->pending, 0);
	assert_true(fabs(hop(&lab, 1)->loss - 0.5) < 1e-9);
	assert_int_equal(hop(&lab, 1)->history_us[1], PATH_HISTORY_LOST);
	path_table_free(lab.table);
}

static void
late_answers_count_and_are_shown(void **state)
{
	struct lab lab = make_lab();
	const uint32_t sequence = send_probe(&lab, 1, 0);

	(void)state;
	pass(&lab, TIMEOUT_MS + 1);
	answer_router(&lab, sequence, 1, 0, 0);
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 1)->late, 1);
	assert_int_equal(hop(&lab, 1)->received, 1);
	assert_true(hop(&lab, 1)->loss < 1e-9);
	/* Twice is once. */
	answer_router(&lab, sequence, 1, 0, 0);
	assert_int_equal(hop(&lab, 1)->received, 1);
	assert_int_equal(lab.path->unknown_answers, 1);
	path_table_free(lab.table);
}

static void
stamps_that_come_later_correct_the_probe(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_sent sent = {.id = ID, .sequence = 1, .ttl = 1, .sent_ns = T0};

	(void)state;
	path_on_sent(lab.table, &sent);
	sent.sent_ns = T0 + 400 * 1000;
	sent.kernel_stamp = 1;
	path_on_sent(lab.table, &sent);
	assert_int_equal(hop(&lab, 1)->sent, 1);
	answer_router(&lab, 1, 1, 0, 1000);
	assert_int_equal(hop(&lab, 1)->last_us, 600);
	path_table_free(lab.table);
}

static void
nonsense_changes_nothing(void **state)
{
	struct lab lab = make_lab();
	const struct message_probe_sent sent[] = {
		{.id = ID + 1, .sequence = 1, .ttl = 1},
		{.id = ID, .sequence = 0, .ttl = 1},
		{.id = ID, .sequence = 1, .ttl = 0},
		{.id = ID, .sequence = 1, .ttl = PATH_TTL_MAX + 1},
	};
	struct message_probe_answer answer = answer_of(&lab, 0, 1);

	(void)state;
	for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++)
		path_on_sent(lab.table, &sent[i]);
	path_on_answer(lab.table, &answer);
	answer.sequence = 99;
	path_on_answer(lab.table, &answer);
	pass(&lab, 1);
	assert_int_equal(lab.path->hop_count, 0);
	assert_int_equal(lab.path->unknown_answers, 2);
	for (unsigned ttl = 1; ttl <= PATH_TTL_MAX; ttl++)
		assert_int_equal(hop(&lab, ttl)->sent, 0);
	path_table_free(lab.table);
}

static void
path_ends_at_the_nearest_ttl_of_the_target(void **state)
{
	struct lab lab = make_lab();
	uint32_t sequences[6];

	(void)state;
	for (uint8_t ttl = 1; ttl <= 5; ttl++)
		sequences[ttl] = send_probe(&lab, ttl, 0);
	answer_target(&lab, sequences[5], 300);
	assert_int_equal(lab.path->hop_count, 5);
	answer_target(&lab, sequences[4], 300);
	answer_target(&lab, sequences[3], 400);
	assert_int_equal(lab.path->hop_count, 3);
	assert_true(lab.path->reached);
	assert_true(hop(&lab, 3)->target);
	assert_false(hop(&lab, 4)->target);
	assert_false(hop(&lab, 5)->target);
	assert_int_equal(lab.path->full_ns, 0);
	answer_router(&lab, sequences[1], 1, 0, 100);
	assert_int_equal(lab.path->full_ns, 0);
	answer_router(&lab, sequences[2], 2, 0, 500);
	assert_int_equal(lab.path->full_ns, T0 + 500 * 1000);
	/* 64 - 60 + 1 */
	assert_int_equal(lab.path->reply_hops, 5);
	/* The target moves away: a router stands where it was. */
	answer_router(&lab, send_probe(&lab, 3, 0), 3, 0, 300);
	assert_false(lab.path->reached);
	assert_false(hop(&lab, 3)->target);
	answer_target(&lab, send_probe(&lab, 4, 0), 300);
	assert_int_equal(lab.path->hop_count, 4);
	assert_true(lab.path->reached);
	path_table_free(lab.table);
}

static void
silent_hops_do_not_keep_the_path_from_being_known(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	cycle(&lab, 3, 1 << 2);
	assert_int_equal(lab.path->full_ns, lab.now_ns);
	assert_int_equal(hop(&lab, 2)->verdict, HOP_VERDICT_SILENT);
	assert_int_equal(hop(&lab, 1)->verdict, HOP_VERDICT_NONE);
	assert_true(fabs(hop(&lab, 2)->loss - 1) < 1e-9);
	assert_true(hop(&lab, 2)->link_loss < 1e-9);
	assert_true(hop(&lab, 4)->link_loss < 1e-9);
	path_table_free(lab.table);
}

/* 40 % at each router and none at the target: what mtr shows of Linux's default limit. */
static void
routers_that_answer_few_are_no_loss(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		cycle(&lab, 3, i < 6 ? 0 : 0xe);
	for (unsigned ttl = 1; ttl <= 3; ttl++) {
		assert_int_equal(hop(&lab, ttl)->verdict, HOP_VERDICT_RATE_LIMITED);
		assert_true(fabs(hop(&lab, ttl)->loss - 0.4) < 1e-9);
		assert_true(hop(&lab, ttl)->link_loss < 1e-9);
	}
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_NONE);
	path_table_free(lab.table);
}

/* Every third probe is lost between 2 and 3; different ones at each ttl. */
static void
loss_begins_where_it_goes_on_beyond(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (unsigned i = 0; i < 60; i++)
		cycle(&lab, 4,
			(i % 3 == 0 ? 8U : 0) | (i % 3 == 1 ? 16U : 0) | (i % 3 == 2 ? 32U : 0));
	assert_int_equal(hop(&lab, 1)->verdict, HOP_VERDICT_NONE);
	assert_int_equal(hop(&lab, 2)->verdict, HOP_VERDICT_NONE);
	assert_int_equal(hop(&lab, 3)->verdict, HOP_VERDICT_LOSS);
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_NONE);
	assert_int_equal(hop(&lab, 5)->verdict, HOP_VERDICT_NONE);
	assert_true(fabs(hop(&lab, 3)->link_loss - 1.0 / 3) < 1e-9);
	assert_true(hop(&lab, 2)->link_loss < 1e-9);
	assert_true(hop(&lab, 4)->link_loss < 1e-9);
	path_table_free(lab.table);
}

/* A router that loses half of its answers on a path that loses a tenth: both are shown. */
static void
reluctance_and_loss_are_distinguished(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		cycle(&lab, 3,
			(i % 2 == 0 ? 1U << 2 : 0) | (i % 10 == 3 ? 1U << 3 : 0) |
				(i % 10 == 7 ? 1U << 4 : 0));
	assert_int_equal(hop(&lab, 2)->verdict, HOP_VERDICT_RATE_LIMITED);
	assert_int_equal(hop(&lab, 3)->verdict, HOP_VERDICT_LOSS);
	assert_true(fabs(hop(&lab, 3)->link_loss - 0.1) < 1e-9);
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_NONE);
	path_table_free(lab.table);
}

static void
one_loss_of_few_is_chance(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		cycle(&lab, 2, i == 4 ? 1U << 1 : i == 5 ? 1U << 3 : 0);
	for (unsigned ttl = 1; ttl <= 3; ttl++)
		assert_int_equal(hop(&lab, ttl)->verdict, HOP_VERDICT_NONE);
	path_table_free(lab.table);
}

static void
a_router_twice_is_a_loop(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (uint8_t ttl = 1; ttl <= 6; ttl++)
		answer_router(&lab, send_probe(&lab, ttl, 0), ttl < 4 ? ttl : 2 + ttl % 2, 0, 100);
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 3)->verdict, HOP_VERDICT_NONE);
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_LOOP);
	assert_int_equal(hop(&lab, 5)->verdict, HOP_VERDICT_LOOP);
	assert_false(lab.path->reached);
	path_table_free(lab.table);
}

static void
who_says_no_ends_the_path(void **state)
{
	struct lab lab = make_lab();
	uint32_t sequences[6];

	(void)state;
	for (uint8_t ttl = 1; ttl <= 5; ttl++)
		sequences[ttl] = send_probe(&lab, ttl, 0);
	answer_router(&lab, sequences[1], 1, 0, 100);
	answer_router(&lab, sequences[2], 2, 0, 100);
	for (uint8_t ttl = 3; ttl <= 5; ttl++)
		answer_error(&lab, sequences[ttl], 2, 3, 13);
	pass(&lab, 1);
	assert_int_equal(lab.path->hop_count, 3);
	assert_true(lab.path->ended);
	assert_false(lab.path->reached);
	assert_int_equal(hop(&lab, 3)->verdict, HOP_VERDICT_PROHIBITED);
	/* The firewall is gone: so is what it said. */
	answer_router(&lab, send_probe(&lab, 3, 0), 3, 0, 100);
	assert_false(lab.path->ended);
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 3)->verdict, HOP_VERDICT_NONE);
	answer_error(&lab, send_probe(&lab, 4, 0), 3, 3, 1);
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_UNREACHABLE);
	/* The target takes it back by answering. */
	answer_target(&lab, send_probe(&lab, 4, 0), 100);
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 4)->verdict, HOP_VERDICT_NONE);
	assert_string_equal(path_icmp_words(AF_INET, 3, 1), "host unreachable");
	assert_string_equal(path_icmp_words(AF_INET6, 1, 1), "administratively prohibited");
	assert_null(path_icmp_words(AF_INET, 11, 0));
	path_table_free(lab.table);
}

static void
too_big_is_no_answer_of_the_hop(void **state)
{
	struct lab lab = make_lab();
	struct message_probe_answer answer;

	(void)state;
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 100);
	answer = answer_of(&lab, send_probe(&lab, 2, 0), 100);
	answer.from = router(1, 0);
	answer.icmp_type = 3;
	answer.icmp_code = 4;
	answer.info = 1400;
	path_on_answer(lab.table, &answer);
	assert_int_equal(lab.path->mtu, 1400);
	assert_int_equal(hop(&lab, 1)->mtu, 1400);
	assert_int_equal(hop(&lab, 2)->sent, 0);
	assert_int_equal(hop(&lab, 2)->pending, 0);
	assert_int_equal(hop(&lab, 2)->address_count, 0);
	path_table_free(lab.table);
}

/* Offset 8: version 2 header, an object of another class, then a stack of two labels. */
static const uint8_t extension[] = {0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 8, 9, 1, 1, 2, 3, 4,
	0, 12, 1, 1, 0x03, 0xe8, 0x04, 0x02, 0x12, 0x34, 0x5f, 0x40};

static void
answer_labels(struct lab *lab, const uint8_t *data, size_t len)
{
	struct message_probe_answer answer = answer_of(lab, send_probe(lab, 1, 0), 100);

	answer.from = router(1, 0);
	answer.extension = 8;
	answer.data = (struct text){(const char *)data, len};
	path_on_answer(lab->table, &answer);
}

static void
label_stacks_are_read(void **state)
{
	struct lab lab = make_lab();
	uint8_t cut[sizeof extension];

	(void)state;
	answer_labels(&lab, extension, sizeof extension);
	assert_int_equal(hop(&lab, 1)->label_count, 2);
	assert_int_equal(hop(&lab, 1)->labels[0].label, 16000);
	assert_int_equal(hop(&lab, 1)->labels[0].traffic_class, 2);
	assert_int_equal(hop(&lab, 1)->labels[0].bottom, 0);
	assert_int_equal(hop(&lab, 1)->labels[0].ttl, 2);
	assert_int_equal(hop(&lab, 1)->labels[1].label, 0x12345);
	assert_int_equal(hop(&lab, 1)->labels[1].traffic_class, 7);
	assert_int_equal(hop(&lab, 1)->labels[1].bottom, 1);
	assert_int_equal(hop(&lab, 1)->labels[1].ttl, 64);
	/* An object that is longer than what is there. */
	memcpy(cut, extension, sizeof cut);
	cut[21] = 200;
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 100);
	assert_int_equal(hop(&lab, 1)->label_count, 0);
	answer_labels(&lab, cut, sizeof cut);
	assert_int_equal(hop(&lab, 1)->label_count, 0);
	for (size_t len = 0; len < sizeof extension; len++)
		answer_labels(&lab, extension, len);
	/* Another version of the extension. */
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 100);
	memcpy(cut, extension, sizeof cut);
	cut[8] = 0x10;
	answer_labels(&lab, cut, sizeof cut);
	assert_int_equal(hop(&lab, 1)->label_count, 0);
	path_table_free(lab.table);
}

static void
flows_show_parallel_ways(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (uint8_t flow = 0; flow < 4; flow++) {
		answer_router(&lab, send_probe(&lab, 1, flow), 1, 0, 100);
		answer_router(&lab, send_probe(&lab, 2, flow), 2, flow == 0, 100);
		answer_target(&lab, send_probe(&lab, 3, flow), 100);
	}
	pass(&lab, 1);
	assert_int_equal(hop(&lab, 2)->address_count, 2);
	/* Most answers first. */
	assert_int_equal(hop(&lab, 2)->addresses[0].flows, 0xe);
	assert_int_equal(hop(&lab, 2)->addresses[0].received, 3);
	assert_int_equal(hop(&lab, 2)->addresses[1].flows, 1);
	/* Another way of another flow is no change. */
	assert_int_equal(lab.path->change_count, 0);
	assert_int_equal(lab.path->hop_count, 3);
	path_table_free(lab.table);
}

static void
changes_are_dated(void **state)
{
	struct lab lab = make_lab();
	const struct address before = router(1, 0), after = router(1, 5);

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		answer_router(&lab, send_probe(&lab, 1, 0), 1, 0, 100);
	pass(&lab, 500);
	/* One answer of another is none yet. */
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 5, 100);
	assert_int_equal(lab.path->change_count, 0);
	answer_router(&lab, send_probe(&lab, 1, 0), 1, 5, 200);
	assert_int_equal(lab.path->change_count, 1);
	assert_int_equal(lab.path->changes[0].ttl, 1);
	assert_int_equal(lab.path->changes[0].time_ns, lab.now_ns + 100 * 1000);
	assert_int_equal(address_compare(&lab.path->changes[0].from, &before), 0);
	assert_int_equal(address_compare(&lab.path->changes[0].to, &after), 0);
	path_table_free(lab.table);
}

static void
old_probes_make_room_for_new_ones(void **state)
{
	struct lab lab = make_lab();

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		send_probe(&lab, 1, 0);
	assert_int_equal(hop(&lab, 1)->sent, 5000);
	assert_int_equal(hop(&lab, 1)->pending, 1024);
	pass(&lab, TIMEOUT_MS + 1);
	assert_int_equal(hop(&lab, 1)->pending, 0);
	path_table_free(lab.table);
}

static void
table_is_bounded(void **state)
{
	struct path_table *const table = path_table_new(2);
	struct message_probe_start start = {.id = 1};
	struct message_probe_state stopped = {.id = 2, .text = text_of("\x1b[31mred")};

	(void)state;
	assert_non_null(path_table_start(table, &start, T0));
	start.id = 2;
	assert_non_null(path_table_start(table, &start, T0));
	start.id = 3;
	assert_null(path_table_start(table, &start, T0));
	path_on_state(table, &stopped, T0);
	assert_null(strchr(path_table_find(table, 2)->text, '\x1b'));
	assert_non_null(path_table_start(table, &start, T0));
	assert_null(path_table_find(table, 2));
	assert_int_equal(path_table_at(table, 1)->id, 3);
	path_table_forget(table, 1);
	assert_int_equal(path_table_at(table, 0)->id, 3);
	assert_null(path_table_at(table, 1));
	path_table_free(table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_the_samples),
		cmocka_unit_test(probes_are_lost_when_their_time_is_over),
		cmocka_unit_test(late_answers_count_and_are_shown),
		cmocka_unit_test(stamps_that_come_later_correct_the_probe),
		cmocka_unit_test(nonsense_changes_nothing),
		cmocka_unit_test(path_ends_at_the_nearest_ttl_of_the_target),
		cmocka_unit_test(silent_hops_do_not_keep_the_path_from_being_known),
		cmocka_unit_test(routers_that_answer_few_are_no_loss),
		cmocka_unit_test(loss_begins_where_it_goes_on_beyond),
		cmocka_unit_test(reluctance_and_loss_are_distinguished),
		cmocka_unit_test(one_loss_of_few_is_chance),
		cmocka_unit_test(a_router_twice_is_a_loop),
		cmocka_unit_test(who_says_no_ends_the_path),
		cmocka_unit_test(too_big_is_no_answer_of_the_hop),
		cmocka_unit_test(label_stacks_are_read),
		cmocka_unit_test(flows_show_parallel_ways),
		cmocka_unit_test(changes_are_dated),
		cmocka_unit_test(old_probes_make_room_for_new_ones),
		cmocka_unit_test(table_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
