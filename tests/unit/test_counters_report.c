/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters as text, JSON and CSV; the table of them; the words of the command. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sockwatch/analysis/counter/counter_table.h>
#include <sockwatch/report/counters_report.h>
#include <sockwatch/stream/message.h>

#include "app/command/counters/counters_words.h"
#include "feed.h"
#include "unit.h"

#define SECOND UINT64_C(1000000000)

static struct feed feed;
static struct buffer out;
static struct counters_report *report;

static void
begin_with(const struct counters_report_options *options)
{
	counters_report_free(report);
	report = counters_report_new(options, feed.model, &out);
	assert_non_null(report);
}

static void
begin(enum report_format format, bool is_rated, bool all)
{
	begin_with(&(struct counters_report_options){
		.format = format, .is_rated = is_rated, .all = all});
}

static int
setup(void **state)
{
	(void)state;
	feed = feed_new();
	buffer_init(&out, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	counters_report_free(report);
	report = NULL;
	buffer_fini(&out);
	feed_free(&feed);
	return 0;
}

/* A refresh at this second, in which snmp and sockstat print these. */
static void
refresh(unsigned second, const char *opens, const char *sockstat)
{
	struct message_counters message = {
		.netns = FEED_NETNS, .source = COUNTER_SNMP, .monotonic_ns = second * SECOND};
	char text[200];

	feed_message(&feed, MESSAGE_SNAPSHOT_BEGIN,
		&(struct message_snapshot_begin){.monotonic_ns = second * SECOND});
	text_add(text, sizeof text, 0,
		"Tcp: ActiveOpens CurrEstab InSegs OutSegs RetransSegs\nTcp: %s\n", opens);
	message.text = text_of(text);
	feed_message(&feed, MESSAGE_COUNTERS, &message);
	message.source = COUNTER_SOCKSTAT;
	message.text = text_of(sockstat);
	feed_message(&feed, MESSAGE_COUNTERS, &message);
	feed_message(&feed, MESSAGE_SNAPSHOT_END,
		&(struct message_snapshot_end){.monotonic_ns = second * SECOND});
	buffer_clear(&out);
	assert_int_equal(counters_report_snapshot(report, NULL), 0);
	buffer_append_char(&out, '\0');
}

static const char *
printed(void)
{
	return (const char *)out.data;
}

static void
columns_are_totals_and_then_rates(void **state)
{
	static const char headings[] =
		" -------sockets --------------opens -----------segments --------listen --trouble\n"
		"  tcp orph   tw actv pasv fail  rst   in  out  rtx rtx% over drop cook  tmo  udp\n";
	char expected[sizeof headings + 100] = "";

	(void)state;
	begin(REPORT_TEXT, true, false);
	refresh(1, "123456 5 9999 12345678901 7", "TCP: inuse 3 orphan 4 tw 5 alloc 6 mem 7\n");
	text_add(expected, sizeof expected, 0, "%s%s", headings,
		"    3    4    5 123k    -    -    - 9999  12G    7  0.0    -    -    -    -    -\n");
	assert_string_equal(printed(), expected);
	/* Two seconds later; a gauge is no rate, and what is rare does not look like nothing. */
	refresh(3, "123476 4 9999 12345678981 27",
		"TCP: inuse 30000 orphan 0 tw 5 alloc 6 mem 7\n");
	assert_string_equal(printed(),
		"  30k    0    5   10    -    -    -    0   40   10 20.0    -    -    -    -    -\n");
	refresh(13, "123477 4 9999 12345678981 27", "TCP: inuse 3 orphan 0 tw 5 alloc 6 mem 7\n");
	assert_string_equal(printed(),
		"    3    0    5  0.1    -    -    -    0    0    0    -    -    -    -    -    -\n");
	/* The namespace was made anew: a counter that fell has no rate. */
	refresh(14, "0 4 10000 0 0", "TCP: inuse 3 orphan 0 tw 5 alloc 6 mem 7\n");
	assert_string_equal(printed(),
		"    3    0    5    -    -    -    -    1    -    -    -    -    -    -    -    -\n");
}

static void
the_list_has_words(void **state)
{
	(void)state;
	begin(REPORT_TEXT, false, false);
	refresh(1, "40 5 6 7 8", "TCP: inuse 3 orphan 4 tw 5 alloc 6 mem 7\nFRAG: inuse 1\n");
	assert_non_null(strstr(printed(),
		"\nopens and ends\n  Tcp.ActiveOpens                          40  connections that programs here opened (connect)\n"));
	assert_non_null(strstr(printed(), " (of the machine)\n"));
	assert_null(strstr(printed(), "FRAG"));
	assert_null(strstr(printed(), "PassiveOpens"));
}

static void
all_are_those_that_are_not_zero(void **state)
{
	(void)state;
	begin(REPORT_TEXT, false, true);
	refresh(1, "40 0 6 7 8", "FRAG: inuse 1\nX\x1b[2J: a 2\n");
	assert_non_null(strstr(printed(), "FRAG.inuse"));
	assert_non_null(strstr(printed(), "Tcp.ActiveOpens"));
	assert_null(strstr(printed(), "CurrEstab"));
	assert_null(strchr(printed(), '\x1b'));
}

static void
json_has_totals_and_rates(void **state)
{
	(void)state;
	begin(REPORT_JSON, true, false);
	refresh(1, "40 5 6 7 8", "TCP: inuse 3\n");
	assert_non_null(strstr(printed(), "\"counters\":{\"Tcp.ActiveOpens\":40,"));
	assert_non_null(strstr(printed(), "\"TCP.inuse\":3}}\n"));
	assert_null(strstr(printed(), "rates"));
	assert_null(strstr(printed(), "interval_s"));
	refresh(3, "45 9 6 7 8", "TCP: inuse 4\n");
	assert_non_null(strstr(printed(), "\"interval_s\":2.000000,"));
	assert_non_null(strstr(printed(),
		"\"rates\":{\"Tcp.ActiveOpens\":2.500,\"Tcp.InSegs\":0.000,\"Tcp.OutSegs\":0.000,\"Tcp.RetransSegs\":0.000}}\n"));
}

static void
csv_has_a_row_for_each(void **state)
{
	(void)state;
	begin(REPORT_CSV, true, false);
	refresh(1, "40 5 6 7 8", "TCP: inuse 3\n");
	assert_int_equal(strncmp(printed(), "time,netns,interval_s,counter,total,rate\n", 41), 0);
	assert_non_null(strstr(printed(), ",,Tcp.ActiveOpens,40,\n"));
	refresh(3, "45 9 6 7 8", "TCP: inuse 4\n");
	assert_null(strstr(printed(), "time,netns"));
	assert_non_null(strstr(printed(), ",2.000000,Tcp.ActiveOpens,45,2.500\n"));
	assert_non_null(strstr(printed(), ",2.000000,TCP.inuse,4,\n"));
}

/* A cell has four characters, whatever the number. */
static void
a_cell_is_in_its_unit(void **state)
{
	static const struct {
		unsigned sockets;
		const char *cell;
	} cases[] = {
		{0, "    0 "},
		{9999, " 9999 "},
		{10000, "  10k "},
		{999499, " 999k "},
		{999500, " 1.0M "},
		{9949999, " 9.9M "},
		{9950000, "  10M "},
		{999499999, " 999M "},
		{999500000, "   1G "},
		{4000000000, "   4G "},
	};

	(void)state;
	unit_each (i, cases) {
		char sockstat[64];

		begin(REPORT_TEXT, true, false);
		text_add(sockstat, sizeof sockstat, 0, "TCP: inuse %u orphan 0 tw 0\n",
			cases[i].sockets);
		refresh(1 + (unsigned)i, "1 1 1 1 1", sockstat);
		assert_memory_equal(strchr(strchr(printed(), '\n') + 1, '\n') + 1, cases[i].cell,
			strlen(cases[i].cell));
	}
}

/* What is rare does not look like nothing. */
static void
a_rate_below_one_has_a_decimal(void **state)
{
	static const struct {
		unsigned seconds, opens;
		const char *cell;
	} cases[] = {
		{20, 1, "  0.1 "},
		{10, 1, "  0.1 "},
		{20, 3, "  0.1 "},
		{10, 2, "  0.2 "},
		{10, 9, "  0.9 "},
		{10, 10, "    1 "},
		{10, 0, "    0 "},
	};
	unsigned second = 1, opens = 1;
	char snmp[64];

	(void)state;
	begin(REPORT_TEXT, true, false);
	refresh(second, "1 1 1 1 1", "");
	unit_each (i, cases) {
		second += cases[i].seconds;
		opens += cases[i].opens;
		text_add(snmp, sizeof snmp, 0, "%u 1 1 1 1", opens);
		refresh(second, snmp, "");
		/* After those of three gauges. */
		assert_memory_equal(printed() + 15, cases[i].cell, strlen(cases[i].cell));
	}
}

/* Each is as wide as its name, eight at least; gauges stay totals. */
static void
those_that_are_chosen(void **state)
{
	(void)state;
	begin_with(&(struct counters_report_options){.format = REPORT_TEXT,
		.choice = "ActiveOpens,X.a,TCP.orphan,Tcp.RetransSegs",
		.is_rated = true});
	refresh(1, "40 5 6 7 123456789012", "TCP: inuse 3 orphan 4\nX: a 9\n");
	assert_string_equal(printed(), "Tcp.ActiveOpens      X.a TCP.orphan Tcp.RetransSegs\n"
				       "             40        9          4    123456789012\n");
	refresh(3, "45 5 6 7 123456789014", "TCP: inuse 3 orphan 5\nX: a 10\n");
	assert_string_equal(printed(), "            2.5       10          5               1\n");
	/* It fell; a gauge that is not printed any more. */
	refresh(4, "44 5 6 7 123456789014", "TCP: inuse 3 orphan 5\n");
	assert_memory_equal(printed(), "              -", 15);

	begin_with(&(struct counters_report_options){
		.format = REPORT_TEXT, .choice = "Tcp.InSegs,ActiveOpens"});
	refresh(5, "45 5 6 7 8", "");
	assert_string_equal(printed(),
		"  Tcp.InSegs                                6  segments that came in\n"
		"  Tcp.ActiveOpens                          45  connections that programs here opened (connect)\n");
}

static void
those_that_are_chosen_for_programs(void **state)
{
	(void)state;
	begin_with(&(struct counters_report_options){
		.format = REPORT_JSON, .choice = "ActiveOpens,X.a,OutSegs"});
	refresh(1, "40 5 6 7 8", "X: a 9\n");
	assert_non_null(strstr(
		printed(), "\"counters\":{\"Tcp.ActiveOpens\":40,\"X.a\":9,\"Tcp.OutSegs\":7}}\n"));
	refresh(3, "41 5 6 7 8", "X: a 9\n");
	assert_non_null(strstr(
		printed(), "\"rates\":{\"Tcp.ActiveOpens\":0.500,\"Tcp.OutSegs\":0.000}}\n"));
	begin_with(
		&(struct counters_report_options){.format = REPORT_CSV, .choice = "OutSegs,X.a"});
	refresh(4, "41 5 6 7 8", "X: a 9\n");
	assert_string_equal(strchr(printed(), '\n') + 1,
		"2023-11-14T22:13:20.000000000+00:00,own,,Tcp.OutSegs,7,\n"
		"2023-11-14T22:13:20.000000000+00:00,own,,X.a,9,\n");
}

static void
a_choice_that_is_wrong(void **state)
{
	struct error error = {.position = -1};

	(void)state;
	begin(REPORT_TEXT, false, false);
	refresh(1, "40 5 6 7 8", "");
	begin_with(
		&(struct counters_report_options){.format = REPORT_TEXT, .choice = "ActiveOpns"});
	assert_int_equal(counters_report_snapshot(report, &error), -EINVAL);
	assert_non_null(strstr(error.text, "did you mean \"Tcp.ActiveOpens\"?"));
}

/* The first totals are left out on demand; headings come again when the screen is full. */
static void
headings_come_again(void **state)
{
	static const bool has_headings[] = {true, false, false, true, false, false, true};

	(void)state;
	begin_with(&(struct counters_report_options){.format = REPORT_TEXT,
		.choice = "ActiveOpens",
		.is_rated = true,
		.no_first = true,
		.lines = 4});
	refresh(1, "40 5 6 7 8", "");
	assert_string_equal(printed(), "");
	unit_each (i, has_headings) {
		refresh(2 + (unsigned)i, "40 5 6 7 8", "");
		assert_int_equal(strncmp(printed(), "Tcp.ActiveOpens\n", 16) == 0, has_headings[i]);
	}
	begin_with(&(struct counters_report_options){
		.format = REPORT_TEXT, .is_rated = true, .lines = 4});
	unit_each (i, has_headings) {
		refresh(20 + (unsigned)i, "40 5 6 7 8", "");
		/* Of two lines. */
		assert_int_equal(strncmp(printed(), " ---", 4) == 0, i % 2 == 0);
	}
}

/* Each has its own line; one that has no readings has none, one that is gone neither. */
static void
each_namespace_is_named(void **state)
{
	struct message_counters message = {.netns = 2,
		.source = COUNTER_SNMP,
		.monotonic_ns = SECOND,
		.text = text_of("Tcp: ActiveOpens\nTcp: 7\n")};
	struct message_netns netns = {.id = 2, .inode = 77, .name = text_of("a\033b")};

	(void)state;
	feed_message(&feed, MESSAGE_NETNS, &netns);
	begin_with(&(struct counters_report_options){
		.format = REPORT_TEXT, .choice = "ActiveOpens", .is_rated = true, .lines = 9});
	refresh(1, "40 5 6 7 8", "");
	assert_string_equal(printed(), "Tcp.ActiveOpens\nnetwork namespace own\n             40\n");
	feed_message(&feed, MESSAGE_COUNTERS, &message);
	refresh(2, "40 5 6 7 8", "");
	assert_string_equal(printed(), "network namespace own\n              0\n"
				       "network namespace a?b\n              -\n");
	/* The lines of the names count: after nine lines the heading comes again. */
	refresh(3, "40 5 6 7 8", "");
	assert_string_equal(printed(), "network namespace own\n              0\n"
				       "Tcp.ActiveOpens\nnetwork namespace a?b\n              -\n");
	netns.gone = 1;
	feed_message(&feed, MESSAGE_NETNS, &netns);
	refresh(4, "40 5 6 7 8", "");
	assert_string_equal(printed(), "network namespace own\n              0\n");
}

static void
the_table_is_whole(void **state)
{
	(void)state;
	assert_non_null(counter_rows[0].title);
	for (size_t i = 0; i < counter_row_count; i++) {
		const struct counter_row *const row = &counter_rows[i];

		assert_row(row->name, counter_row_find(row->name) == row);
		assert_row(row->name, row->words[0] != '\0');
		assert_row(row->name, row->words[strlen(row->words) - 1] != '.');
	}
	assert_null(counter_row_find("Tcp"));
}

static void
words_are_an_interval_and_a_count(void **state)
{
	static const struct {
		const char *text;
		uint32_t interval_ms, count;
		const char *refused; /* a part of the sentence */
	} cases[] = {
		{"", 0, 0, NULL},
		{"1", 1000, 0, NULL},
		{"0.1 7", 100, 7, NULL},
		{"1m 4294967295", 60000, UINT32_MAX, NULL},
		{"0.09", 0, 0, "\"0.09\" is not an interval"},
		{"3601", 0, 0, "\"3601\" is not an interval"},
		{"often", 0, 0, "\"often\" is not an interval"},
		{"1 0", 0, 0, "\"0\" is not a count"},
		{"1 4294967296", 0, 0, "is not a count"},
		{"1 1.5", 0, 0, "\"1.5\" is not a count"},
		{"1 -1", 0, 0, "\"-1\" is not a count"},
		{"1 2 3", 0, 0, "\"3\" is one word too many"},
	};

	(void)state;
	unit_each (i, cases) {
		struct counters_words words;
		struct error error = {.position = -1};
		const int result = counters_words_read(cases[i].text, &words, &error);

		assert_int_equal(result != 0, cases[i].refused != NULL);
		if (cases[i].refused != NULL) {
			assert_non_null(strstr(error.text, cases[i].refused));
			continue;
		}
		assert_int_equal(words.interval_ms, cases[i].interval_ms);
		assert_int_equal(words.count, cases[i].count);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(columns_are_totals_and_then_rates, setup, teardown),
		cmocka_unit_test_setup_teardown(the_list_has_words, setup, teardown),
		cmocka_unit_test_setup_teardown(all_are_those_that_are_not_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(json_has_totals_and_rates, setup, teardown),
		cmocka_unit_test_setup_teardown(csv_has_a_row_for_each, setup, teardown),
		cmocka_unit_test_setup_teardown(a_cell_is_in_its_unit, setup, teardown),
		cmocka_unit_test_setup_teardown(a_rate_below_one_has_a_decimal, setup, teardown),
		cmocka_unit_test_setup_teardown(those_that_are_chosen, setup, teardown),
		cmocka_unit_test_setup_teardown(
			those_that_are_chosen_for_programs, setup, teardown),
		cmocka_unit_test_setup_teardown(a_choice_that_is_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(headings_come_again, setup, teardown),
		cmocka_unit_test_setup_teardown(each_namespace_is_named, setup, teardown),
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(words_are_an_interval_and_a_count),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
