/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The past of counters of two namespaces, read from what the kernel prints. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/counter/counter_choice.h>
#include <sockwatch/analysis/counter/counter_history.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/netns.h>

#include "model/apply.h"
#include "model/model_private.h"
#include "model/system/sysctl_values.h"
#include "unit.h"

static struct model model;
static struct model_private private_parts;
static struct netns_row netns[2];
static struct netns_row *rows[2] = {&netns[0], &netns[1]};
static struct counter_history history;

static int
setup(void **state)
{
	(void)state;
	memset(&model, 0, sizeof model);
	memset(netns, 0, sizeof netns);
	memset(&private_parts, 0, sizeof private_parts);
	model.own = &private_parts;
	for (size_t i = 0; i < UNIT_COUNT_OF(netns); i++)
		assert_int_equal(counters_init(&netns[i].counters), 0);
	model.netns = rows;
	model.netns_count = 2;
	model.counter_names = counter_names_new();
	assert_non_null(model.counter_names);
	counter_history_init(&history);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < UNIT_COUNT_OF(netns); i++)
		counters_fini(&netns[i].counters);
	sysctl_values_clear(&private_parts.sysctls);
	counter_names_free(model.counter_names);
	counter_history_fini(&history);
	return 0;
}

/* What a namespace has at a time. */
static void
read_file(size_t which, enum counter_source source, unsigned second, const char *text)
{
	const struct message_counters message = {.source = source,
		.monotonic_ns = (uint64_t)second * UINT64_C(1000000000),
		.text = text_of(text)};

	counters_read(&netns[which].counters, model.counter_names, &message);
}

static void
read_opens(size_t which, unsigned second, unsigned opens)
{
	char text[128];

	snprintf(text, sizeof text, "Tcp: ActiveOpens CurrEstab Odd\nTcp: %u 5 0\n", opens);
	read_file(which, COUNTER_SNMP, second, text);
}

static void
snapshot(unsigned second)
{
	model.complete_sequence++;
	model.snapshot_monotonic_ns = (uint64_t)second * UINT64_C(1000000000);
	counter_history_update(&history, &model);
}

static const struct counter_figures *
find(const char *name)
{
	for (size_t i = 0; i < history.count; i++) {
		if (strcmp(history.rows[i].name, name) == 0)
			return &history.rows[i];
	}
	fail_msg("there is no counter %s", name);
	return NULL;
}

static bool
is_near(double number, double expected)
{
	return fabs(number - expected) < 1e-6;
}

static void
rates_have_a_mean_and_a_most(void **state)
{
	const struct counter_figures *opens;

	(void)state;
	read_opens(0, 1, 100);
	snapshot(1);
	opens = find("Tcp.ActiveOpens");
	assert_true(opens->has_total);
	assert_int_equal(opens->total, 100);
	assert_true(isnan(opens->rate) && isnan(opens->most));
	assert_true(isnan(counter_figures_mean(opens)));
	assert_int_equal(opens->sample_count, 0);
	read_opens(0, 3, 120);
	snapshot(3);
	read_opens(0, 4, 150);
	snapshot(4);
	read_opens(0, 7, 150);
	snapshot(7);
	opens = find("Tcp.ActiveOpens");
	assert_true(is_near(opens->rate, 0));
	assert_true(is_near(opens->most, 30));
	/* 50 in 6 seconds, however unequal the refreshes were. */
	assert_true(is_near(counter_figures_mean(opens), 50.0 / 6));
	assert_int_equal(opens->sample_count, 3);
	assert_true(is_near((double)opens->samples[1], 30));
	assert_true(is_near(counter_figures_highest(opens), 30));
	/* The same snapshot is not counted again. */
	counter_history_update(&history, &model);
	assert_int_equal(opens->sample_count, 3);
}

static void
namespaces_are_added_and_chosen(void **state)
{
	(void)state;
	for (unsigned second = 1; second <= 2; second++) {
		read_opens(0, second, 10 * second);
		read_opens(1, second, 100 * second);
		snapshot(second);
	}
	assert_int_equal(find("Tcp.ActiveOpens")->total, 220);
	assert_true(is_near(find("Tcp.ActiveOpens")->rate, 110));
	counter_history_choose(&history, 1);
	assert_int_equal(history.count, 0);
	counter_history_update(&history, &model);
	assert_int_equal(find("Tcp.ActiveOpens")->total, 200);
	assert_true(is_near(find("Tcp.ActiveOpens")->rate, 100));
	netns[1].gone = true;
	snapshot(3);
	assert_false(find("Tcp.ActiveOpens")->has_total);
	assert_true(isnan(find("Tcp.ActiveOpens")->rate));
}

static void
what_is_of_the_machine_is_not_added(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++)
		read_file(i, COUNTER_SOCKSTAT, 1, "TCP: inuse 4 orphan 9 tw 2 alloc 8 mem 1\n");
	snapshot(1);
	assert_int_equal(find("TCP.inuse")->total, 8);
	assert_int_equal(find("TCP.orphan")->total, 9);
}

static void
gauges_have_values_and_no_rate(void **state)
{
	(void)state;
	read_file(0, COUNTER_SOCKSTAT, 1, "TCP: inuse 4\n");
	snapshot(1);
	read_file(0, COUNTER_SOCKSTAT, 2, "TCP: inuse 2\n");
	snapshot(2);
	assert_true(isnan(find("TCP.inuse")->rate));
	assert_true(is_near(find("TCP.inuse")->now, 2));
	assert_true(is_near(find("TCP.inuse")->most, 4));
	assert_true(is_near(counter_figures_mean(find("TCP.inuse")), 2));
	assert_int_equal(find("TCP.inuse")->sample_count, 2);
}

/* A namespace that was made anew begins at 0: that is no rate. */
static void
a_counter_that_fell_has_no_rate(void **state)
{
	(void)state;
	read_opens(0, 1, 100);
	snapshot(1);
	read_opens(0, 2, 110);
	snapshot(2);
	read_opens(0, 3, 4);
	snapshot(3);
	assert_true(isnan(find("Tcp.ActiveOpens")->rate));
	assert_int_equal(find("Tcp.ActiveOpens")->sample_count, 2);
	assert_true(is_near(counter_figures_mean(find("Tcp.ActiveOpens")), 10));
}

static void
samples_are_bounded(void **state)
{
	const struct counter_figures *opens;

	(void)state;
	for (unsigned second = 1; second <= COUNTER_SAMPLES + 5; second++) {
		read_opens(0, second, second * second);
		snapshot(second);
	}
	opens = find("Tcp.ActiveOpens");
	assert_int_equal(opens->sample_count, COUNTER_SAMPLES);
	/* From n^2 - (n - 1)^2 on, newest last. */
	assert_true(is_near(
		(double)opens->samples[COUNTER_SAMPLES - 1], 2 * (COUNTER_SAMPLES + 5) - 1));
	assert_true(is_near((double)opens->samples[0], 2 * 6 - 1));
}

static void
lists_what_is_worth_knowing(void **state)
{
	const struct counter_figures *listed[COUNTER_ROWS_MAX];
	const struct counter_figures *figures;

	(void)state;
	read_file(0, COUNTER_SNMP, 1,
		"Odd: A\nOdd: 1\nTcp: ActiveOpens Strange AttemptFails\nTcp: 3 4 0\nOdd: B\nOdd: 2\n");
	read_file(0, COUNTER_SOCKSTAT, 1, "TCP: inuse 4\n");
	snapshot(1);
	/* In the order of the table of counters, not of the files. */
	assert_int_equal(counter_history_list(&history, false, false, listed, COUNTER_ROWS_MAX), 2);
	assert_string_equal(listed[0]->name, "TCP.inuse");
	assert_string_equal(listed[0]->group, "sockets");
	assert_string_equal(listed[1]->name, "Tcp.ActiveOpens");
	assert_string_equal(listed[1]->group, "opens and ends");
	assert_int_equal(counter_history_list(&history, false, true, listed, COUNTER_ROWS_MAX), 3);
	/* The others group by group. */
	assert_int_equal(counter_history_list(&history, true, false, listed, COUNTER_ROWS_MAX), 5);
	assert_string_equal(listed[2]->name, "Odd.A");
	assert_string_equal(listed[3]->name, "Odd.B");
	figures = listed[4];
	assert_string_equal(figures->name, "Tcp.Strange");
	assert_null(figures->row);
	assert_int_equal(counter_history_list(&history, true, true, listed, 4), 4);
}

/* Segments sent in one of the two files, repeated SYNs in the other. */
static void
read_segments(unsigned second, unsigned out, unsigned again, unsigned syns)
{
	char text[128];

	snprintf(text, sizeof text, "Tcp: OutSegs RetransSegs\nTcp: %u %u\n", out, again);
	read_file(0, COUNTER_SNMP, second, text);
	snprintf(text, sizeof text, "TcpExt: TCPSynRetrans\nTcpExt: %u\n", syns);
	read_file(0, COUNTER_NETSTAT, second, text);
	snapshot(second);
}

/* Data that was sent again, and the share of all that was sent; by hand from the kernel's counters.
 */
static void
data_sent_again_is_told_from_syns(void **state)
{
	const struct counter_figures *const data = &history.derived[0];
	const struct counter_figures *listed[COUNTER_ROWS_MAX];

	(void)state;
	assert_string_equal(data->name, "RetransSegs-TCPSynRetrans");
	assert_false(data->has_total);
	read_segments(1, 900, 100, 80);
	assert_int_equal(data->total, 20);
	assert_true(isnan(data->rate));
	/* Since boot, as there is no rate yet: 20 and 100 of 1,000. */
	assert_true(is_near(data->share, 2));
	assert_true(is_near(find("Tcp.RetransSegs")->share, 10));
	assert_true(isnan(find("Tcp.OutSegs")->share));
	/* 95 sent, 5 again, of them 4 SYNs. */
	read_segments(2, 995, 105, 84);
	assert_int_equal(data->total, 21);
	assert_true(is_near(data->rate, 1) && is_near(data->share, 1));
	assert_true(is_near(find("Tcp.RetransSegs")->share, 5));
	/* The second file was read a moment later: never below 0. */
	read_segments(3, 995, 105, 85);
	assert_true(data->total == 20 && is_near(data->rate, 0));
	assert_true(isnan(data->share));
	read_segments(4, 995, 105, 200);
	assert_int_equal(data->total, 0);
	/* After the one that it is made of. */
	read_segments(5, 1000, 110, 85);
	assert_int_equal(counter_history_list(&history, false, false, listed, COUNTER_ROWS_MAX), 4);
	assert_string_equal(listed[2]->name, "Tcp.RetransSegs");
	assert_ptr_equal(listed[3], data);
	assert_string_equal(data->group, "delivery");
}

/* Pages of memory in bytes of the box's pages, beside tcp_mem where that is known. */
static void
memory_has_bytes_and_limits(void **state)
{
	union message_body body = {.sysctls = {.netns = 0}};
	char words[COUNTER_PAGES_SIZE];
	uint64_t bytes;

	(void)state;
	read_file(0, COUNTER_SOCKSTAT, 1, "TCP: inuse 4 orphan 3 tw 0 alloc 5 mem 1480\n");
	snapshot(1);
	assert_true(isnan(find("TCP.mem")->share));
	assert_false(counter_pages_bytes(&model, 1480, &bytes));
	assert_string_equal(counter_pages_words(&model, 1480, words), "");
	model.host.page_size = 4096;
	assert_true(counter_pages_bytes(&model, 1480, &bytes) && bytes == 1480 * 4096);
	assert_false(counter_pages_bytes(&model, UINT64_MAX / 4095, &bytes));
	assert_string_equal(counter_pages_words(&model, 1480, words), "5.7M");
	/* Of the machine. */
	body.sysctls.text =
		text_of("net.ipv4.tcp_mem=1000\t2000\t2960\nnet.ipv4.tcp_max_orphans=300\n");
	apply_sysctls(&model, &body);
	assert_string_equal(
		counter_pages_words(&model, 1480, words), "5.7M; tcp_mem 3.9M 7.8M 11M");
	read_file(0, COUNTER_SOCKSTAT, 2, "TCP: inuse 4 orphan 3 tw 0 alloc 5 mem 1480\n");
	snapshot(2);
	assert_true(is_near(find("TCP.mem")->share, 50));
	assert_true(is_near(find("TCP.orphan")->share, 1));
}

static void
fields_show_what_is_known(void **state)
{
	static const struct field_context context;
	static const struct {
		const char *field, *expected;
	} cases[] = {
		{"counter", "Tcp.ActiveOpens"},
		{"group", "opens and ends"},
		{"total", "1000000"},
		{"rate", "500"},
		{"mean", "500"},
		{"history", "#"},
		{"scope", "netns"},
	};

	(void)state;
	read_opens(0, 1, 1000000 - 500);
	snapshot(1);
	read_opens(0, 2, 1000000);
	snapshot(2);
	unit_each (i, cases) {
		const struct field *const field =
			field_find(&counter_fields, cases[i].field, strlen(cases[i].field));
		struct value value;
		char text[64];

		assert_non_null(field);
		field_get(field, &context, find("Tcp.ActiveOpens"), &value);
		field_format(field, &context, &value, 0, text, sizeof text);
		assert_string_equal(text, cases[i].expected);
	}
}

static void
counters_are_chosen_by_name(void **state)
{
	static const struct {
		const char *list;
		size_t count;      /* 0: refused */
		const char *words; /* the name of the last one, or part of the sentence */
	} cases[] = {
		{"Tcp.ActiveOpens", 1, "ActiveOpens"},
		{"TcpActiveOpens", 1, "ActiveOpens"},
		{"listendrops", 1, "ListenDrops"},
		{"Odd.Strange,ListenDrops,TCP.orphan", 3, "orphan"},
		/* A whole name decides, though another group has the member too. */
		{"Udp6InErrors", 1, "Udp6InErrors"},
		{"Strange", 1, "Strange"},
		{"inuse", 0, "\"TCP.inuse\" or"},
		{"ListenDrop", 0, "did you mean \"TcpExt.ListenDrops\""},
		{"Nothing.Of.This", 0, "--all"},
		{"ListenDrops,", 0, "missing"},
		{",ListenDrops", 0, "missing"},
		{"", 0, "missing"},
		{"\033[31m", 0, "\"?[31m\""},
	};

	(void)state;
	read_file(0, COUNTER_SNMP, 1, "Odd: Strange\nOdd: 1\n");
	unit_each (i, cases) {
		struct counter_choice choice;
		struct error error = {.text = ""};
		const int result =
			counter_choice_read(&choice, cases[i].list, model.counter_names, &error);

		assert_int_equal(result == 0, cases[i].count != 0);
		if (result != 0) {
			assert_non_null(strstr(error.text, cases[i].words));
			continue;
		}
		assert_int_equal(choice.count, cases[i].count);
		assert_string_equal(
			counter_name(model.counter_names, choice.indexes[choice.count - 1]).member,
			cases[i].words);
	}
}

static void
a_choice_is_bounded(void **state)
{
	char list[(COUNTER_CHOICE_MAX + 1) * 16] = "ListenDrops";
	struct counter_choice choice;
	struct error error;

	(void)state;
	for (size_t i = 1; i < COUNTER_CHOICE_MAX; i++)
		strcat(list, ",ListenDrops");
	assert_int_equal(counter_choice_read(&choice, list, model.counter_names, &error), 0);
	assert_int_equal(choice.count, COUNTER_CHOICE_MAX);
	strcat(list, ",ListenDrops");
	assert_true(counter_choice_read(&choice, list, model.counter_names, &error) != 0);
	assert_non_null(strstr(error.text, "64"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rates_have_a_mean_and_a_most, setup, teardown),
		cmocka_unit_test_setup_teardown(namespaces_are_added_and_chosen, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_of_the_machine_is_not_added, setup, teardown),
		cmocka_unit_test_setup_teardown(gauges_have_values_and_no_rate, setup, teardown),
		cmocka_unit_test_setup_teardown(a_counter_that_fell_has_no_rate, setup, teardown),
		cmocka_unit_test_setup_teardown(samples_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_what_is_worth_knowing, setup, teardown),
		cmocka_unit_test_setup_teardown(data_sent_again_is_told_from_syns, setup, teardown),
		cmocka_unit_test_setup_teardown(memory_has_bytes_and_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(fields_show_what_is_known, setup, teardown),
		cmocka_unit_test_setup_teardown(counters_are_chosen_by_name, setup, teardown),
		cmocka_unit_test_setup_teardown(a_choice_is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
