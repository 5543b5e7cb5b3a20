/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/report/path_report.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/base/errno_words.h>

#include "path_made.h"
#include "unit.h"

#define T0 UINT64_C(1000000000000)

/* Hop 1 answers twice, by a name with an escape sequence in it; 2 is silent; 3 is the target, with
 * a label. */
static struct path_table *
make_path(void)
{
	static const uint8_t target[4] = {10, 9, 9, 9}, first[4] = {10, 0, 0, 1};
	static const uint8_t stack[] = {
		0, 0, 0, 0, 0x20, 0, 0, 0, 0, 8, 1, 1, 0x03, 0xe8, 0x05, 0x02};
	const struct message_probe_start start = {.id = 1,
		.target = address_from_v4(target),
		.flows = 1,
		.first_ttl = 1,
		.max_ttl = 30,
		.timeout_ms = 1000};
	struct path_table *const table = path_table_new(1);
	struct message_probe_sent sent = {.id = 1, .cycle = 2, .sent_ns = T0};
	struct message_probe_answer answer = {
		.id = 1, .kind = PROBE_ANSWER_ICMP, .icmp_type = 11, .ttl = 64};

	path_table_start(table, &start, T0);
	for (sent.sequence = 1; sent.sequence <= 6; sent.sequence++) {
		sent.ttl = (uint8_t)((sent.sequence - 1) % 3 + 1);
		path_on_sent(table, &sent);
		answer.sequence = sent.sequence;
		answer.received_ns = T0 + sent.sequence * 250000;
		answer.from = address_from_v4(sent.ttl == 1 ? first : target);
		answer.kind = sent.ttl == 1 ? PROBE_ANSWER_ICMP : PROBE_ANSWER_ECHO;
		answer.data = (struct text){(const char *)stack, sizeof stack};
		answer.extension = sent.ttl == 1 ? 4 : 0;
		if (sent.ttl != 2)
			path_on_answer(table, &answer);
	}
	path_tick(table, T0 + UINT64_C(2000000000));
	return table;
}

static const char *
name_of(void *context, const struct address *address)
{
	(void)context;
	return address->bytes[15] == 1 ? "gw\x1b[2J.example" : NULL;
}

static const char *
text_of_report(const struct path_report *report, struct buffer *out)
{
	struct path_table *const table = make_path();

	buffer_init(out, 0);
	path_report_text(report, path_table_at(table, 0), out);
	buffer_append_char(out, '\0');
	path_table_free(table);
	return (const char *)out->data;
}

static void
text_is_as_mtr_has_it(void **state)
{
	const struct path_report report = {.target = "host.example", .host = "box"};
	struct buffer out;
	const char *const text = text_of_report(&report, &out);

	(void)state;
	assert_non_null(strstr(text, "HOST: box"));
	assert_non_null(strstr(text, "  Loss%   Snt   Last    Avg   Best   Wrst  StDev\n"));
	assert_non_null(strstr(text, "to host.example (10.9.9.9)"));
	assert_non_null(strstr(text,
		"\n  1.|-- 10.0.0.1               0.0%     2    1.0  0.625  0.250    1.0  0.530\n"
		"    |  +-- [MPLS: Lbl 16000 TC 2 S 1 TTL 2]\n"
		"  2.|-- ???                  100.0%     2      -      -      -      -      -  "
		"silent\n"
		"  3.|-- 10.9.9.9               0.0%     2"));
	buffer_fini(&out);
}

static void
names_are_clean_and_lines_fit(void **state)
{
	struct path_report report = {
		.target = "\x1b[31mred", .host = "box", .columns = 60, .lines = 4, .name = name_of};
	struct buffer out;
	const char *text = text_of_report(&report, &out);
	unsigned lines = 0;

	(void)state;
	assert_null(strchr(text, '\x1b'));
	assert_non_null(strstr(text, "gw?[2J.example"));
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
		assert_true(strcspn(line, "\n") <= 60);
		lines++;
	}
	assert_int_equal(lines, 3);
	buffer_fini(&out);
}

static void
json_has_the_keys_of_a_hop(void **state)
{
	const struct path_report report = {.target = "x", .host = "box", .name = name_of};
	struct path_table *const table = make_path();
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	assert_int_equal(path_report_json(&report, path_table_at(table, 0), &out), 0);
	buffer_append_char(&out, '\0');
	assert_non_null(strstr((const char *)out.data,
		"{\"target\":\"10.9.9.9\",\"ttl\":1,\"addrs\":[\"10.0.0.1\"],\"names\":[\"gw?[2J.example\"],\"loss_pct\":0,"
		"\"sent\":2,\"received\":2,"));
	assert_non_null(
		strstr((const char *)out.data, "\"last_us\":1000,\"avg_us\":625,\"best_us\":250,"
					       "\"worst_us\":1000,\"stddev_us\":530,"));
	assert_non_null(
		strstr((const char *)out.data, "\"mpls\":[\"label=16000 tc=2 s=1 ttl=2\"]"));
	/* Unknown is left out, never 0. */
	assert_non_null(strstr((const char *)out.data,
		"\n{\"target\":\"10.9.9.9\",\"ttl\":2,\"loss_pct\":100,\"sent\":2,"
		"\"received\":0,\"late\":0,\"link_loss_pct\":0,"
		"\"verdict\":\"silent\"}\n"));
	buffer_fini(&out);
	path_table_free(table);
}

/* The lines of a path to 10.9.9.9 of which only hop 1 answers, with this target as named. */
static char *
lines_of_silent(enum report_format format, bool has_heading)
{
	static const uint8_t target[4] = {10, 9, 9, 9}, first[4] = {10, 0, 0, 1};
	const struct path_report report = {.target = "dead\x1b.example", .host = "box"};
	const struct message_probe_start start = {.id = 1,
		.target = address_from_v4(target),
		.protocol = PROBE_PROTOCOL_TCP,
		.port = 81,
		.flows = 1,
		.first_ttl = 1,
		.max_ttl = 30,
		.timeout_ms = 1000};
	const struct message_probe_state state = {
		.id = 1, .method = PROBE_METHOD_RAW, .text = text_of("by a test"), .cycle = 1};
	struct path_table *const table = path_table_new(1);
	struct message_probe_sent sent = {.id = 1, .cycle = 1, .sent_ns = T0};
	const struct message_probe_answer answer = {.id = 1,
		.sequence = 1,
		.kind = PROBE_ANSWER_ICMP,
		.icmp_type = 11,
		.ttl = 64,
		.from = address_from_v4(first),
		.received_ns = T0 + 250000};
	struct buffer out;

	path_table_start(table, &start, T0);
	path_on_state(table, &state, T0);
	for (sent.sequence = 1; sent.sequence <= 3; sent.sequence++) {
		sent.ttl = (uint8_t)sent.sequence;
		path_on_sent(table, &sent);
	}
	path_on_answer(table, &answer);
	path_tick(table, T0 + UINT64_C(2000000000));
	buffer_init(&out, 0);
	if (format == REPORT_JSON)
		path_report_json(&report, path_table_at(table, 0), &out);
	else if (format == REPORT_CSV)
		path_report_csv(&report, path_table_at(table, 0), has_heading, &out);
	else
		path_report_text(&report, path_table_at(table, 0), &out);
	buffer_append_char(&out, '\0');
	path_table_free(table);
	return (char *)out.data;
}

static void
silent_target_has_a_row(void **state)
{
	char *text = lines_of_silent(REPORT_TEXT, true);

	(void)state;
	assert_non_null(strstr(text, "\n  1.|-- 10.0.0.1 "));
	assert_non_null(strstr(text, "\n  2.|-- ???                  100.0%     1      -      -   "
				     "   -      -      -  no answer from here on\n"));
	assert_null(strstr(text, "  3.|--"));
	assert_non_null(strstr(text, "\nthe target has not answered\n"));
	free(text);
	text = lines_of_silent(REPORT_JSON, true);
	assert_non_null(
		strstr(text, "\n{\"target\":\"10.9.9.9\",\"ttl\":2,\"loss_pct\":100,\"sent\":1,"
			     "\"received\":0,\"late\":0,"
			     "\"verdict\":\"no answer from here on\"}\n"));
	assert_null(strstr(text, "\"ttl\":3"));
	free(text);
}

static void
json_ends_with_the_path_as_a_whole(void **state)
{
	const struct path_report report = {.target = "x", .host = "box"};
	struct path_table *const table = make_path();
	struct buffer out;
	char *const text = lines_of_silent(REPORT_JSON, true);
	const char *last;

	(void)state;
	last = strstr(text, "{\"target\":\"10.9.9.9\",\"host\"");
	assert_non_null(last);
	assert_non_null(strstr(last, "\"host\":\"dead\\u001b.example\",\"protocol\":\"tcp\","
				     "\"port\":81,\"method\":\"by a test\","));
	assert_non_null(strstr(last, "\"reached\":false,\"cycles\":1,\"sent\":1,\"received\":0,"
				     "\"loss_pct\":100,"));
	assert_non_null(strstr(last, "\"verdict\":\"the target has not answered\","
				     "\"notes\":[\"the target has not answered\"]}\n"));
	free(text);
	buffer_init(&out, 0);
	assert_int_equal(path_report_json(&report, path_table_at(table, 0), &out), 0);
	buffer_append_char(&out, '\0');
	last = strstr((const char *)out.data, "{\"target\":\"10.9.9.9\",\"host\":\"x\"");
	assert_non_null(last);
	assert_non_null(strstr(last, "\"reached\":true"));
	buffer_fini(&out);
	path_table_free(table);
}

static void
csv_has_one_heading(void **state)
{
	char *text = lines_of_silent(REPORT_CSV, true);

	(void)state;
	assert_int_equal(strncmp(text, "target,ttl,addrs,names,loss_pct,sent,", 37), 0);
	assert_non_null(strstr(text, "\n10.9.9.9,1,10.0.0.1,,0,1,1,"));
	assert_non_null(strstr(text, "\n10.9.9.9,2,,,100,1,0,"));
	free(text);
	text = lines_of_silent(REPORT_CSV, false);
	assert_int_equal(strncmp(text, "10.9.9.9,1,10.0.0.1,", 20), 0);
	free(text);
}

/* The object on the path as a whole. */
static char *
whole_of(const struct path *path)
{
	const struct path_report report = {.target = "named.example", .host = "box"};
	struct buffer out;
	char *last;

	buffer_init(&out, 0);
	assert_int_equal(path_report_json(&report, path, &out), 0);
	buffer_append_char(&out, '\0');
	last = strstr((char *)out.data, "{\"target\":\"203.0.113.9\",\"host\":\"named.example\"");
	assert_non_null(last);
	last = strdup(last);
	buffer_fini(&out);
	return last;
}

static void
expect_whole(const struct path *path, const char *part)
{
	char *const whole = whole_of(path);

	if (strstr(whole, part) == NULL)
		fail_msg("%s\nis not in\n%s", part, whole);
	free(whole);
}

static void
expect_no_whole(const struct path *path, const char *part)
{
	char *const whole = whole_of(path);

	if (strstr(whole, part) != NULL)
		fail_msg("%s\nis in\n%s", part, whole);
	free(whole);
}

static void
whole_has_the_figures_of_the_target(void **state)
{
	struct path *const path = path_make();

	(void)state;
	path->hops[2].timed = 100;
	path->hops[2].best_us = 11000;
	path->hops[2].worst_us = 14000;
	path->hops[2].received = 98;
	path->hops[2].loss = 0.02;
	path->start.source = path_make_address("192.0.2.1");
	path->ended = true;
	expect_whole(path, "\"protocol\":\"tcp\",\"port\":443,");
	expect_whole(path, "\"source\":\"192.0.2.1\"");
	expect_whole(path, "\"reached\":true,\"hops\":3,");
	expect_whole(path, "\"cycles\":100,\"sent\":100,\"received\":98,\"loss_pct\":2,"
			   "\"avg_us\":12100,\"best_us\":11000,\"worst_us\":14000");
	expect_no_whole(path, "\"errno\"");
	expect_no_whole(path, "\"changes\"");
	path->start.dont_fragment = 1;
	path->mtu = path->passed_size = 1400;
	expect_whole(path, "\"mtu\":1400");
	path->passed_size = 1399;
	expect_whole(path, "\"mtu_at_most\":1400");
	path->start.protocol = PROBE_PROTOCOL_ICMP;
	expect_no_whole(path, "\"port\"");
	free(path);
}

static void
whole_of_a_refusal_counts_no_answer(void **state)
{
	struct path *const path = path_make();

	(void)state;
	path->reached = path->hops[2].target = false;
	path->ended = true;
	path->hop_count = 2;
	path->hops[1].sent = 7;
	path->hops[1].received = 7;
	expect_whole(path, "\"reached\":false,");
	expect_whole(path, "\"sent\":7,\"received\":0,\"loss_pct\":100");
	expect_no_whole(path, "\"hops\":");
	/* Beyond the hops that answered, when nobody refuses; from the first ttl on. */
	path->ended = false;
	path->hops[2].sent = 5;
	expect_whole(path, "\"sent\":5,\"received\":0,\"loss_pct\":100");
	path->hop_count = 0;
	path->start.first_ttl = 2;
	expect_whole(path, "\"sent\":7,\"received\":0,");
	path->hops[1].sent = 0;
	expect_no_whole(path, "\"loss_pct\"");
	free(path);
}

static void
whole_has_why_it_cannot_be_probed(void **state)
{
	struct path *const path = path_make();
	struct buffer out;
	const struct path_report report = {.target = "x", .host = "box"};

	(void)state;
	path->reached = false;
	path->hop_count = 0;
	path->method = PROBE_METHOD_NONE;
	path->error = EACCES;
	snprintf(path->text, sizeof path->text, "not allowed here");
	expect_whole(path, "\"reached\":false,\"errno\":13,\"error\":\"EACCES\","
			   "\"meaning\":\"not allowed here\",\"verdict\":\"not allowed here\"");
	expect_no_whole(path, "\"method\"");
	expect_no_whole(path, "\"sent\"");
	/* CSV has its heading all the same. */
	buffer_init(&out, 0);
	path->hops[0].sent = 0;
	assert_int_equal(path_report_csv(&report, path, true, &out), 0);
	buffer_append_char(&out, '\0');
	assert_int_equal(strncmp((const char *)out.data, "target,", 7), 0);
	buffer_fini(&out);
	free(path);
}

/* Its name and its meaning are given where they are known. */
static void
whole_has_errors_by_name(void **state)
{
	struct path *const path = path_make();

	(void)state;
	path->error = ENETUNREACH;
	path->text[0] = 'x';
	expect_whole(path, "\"method\":\"x\",");
	expect_whole(path, "\"errno\":101,\"error\":\"ENETUNREACH\",\"meaning\":\"");
	expect_no_whole(path, "\"meaning\":\"x\"");
	expect_no_whole(path, "\"send_error");
	path->send_errors = 3;
	path->send_error = ENOBUFS;
	expect_whole(path, "\"send_errors\":3,");
	path->send_error = EPERM;
	expect_whole(path, "\"send_errors\":3,\"send_error\":\"EPERM\"");
	path->error = 9999;
	path->text[0] = '\0';
	expect_whole(path, "\"errno\":9999,\"verdict\"");
	expect_no_whole(path, "\"method\"");
	path->method = PROBE_METHOD_NONE;
	path->text[0] = 'x';
	expect_whole(path, "\"errno\":9999,\"meaning\":\"x\",\"verdict\"");
	free(path);
}

/* Each protocol by its name; one of a later version as the first. */
static void
whole_has_the_protocol(void **state)
{
	static const struct {
		uint8_t protocol;
		const char *words;
	} cases[] = {
		{PROBE_PROTOCOL_ICMP, "\"protocol\":\"icmp\","},
		{PROBE_PROTOCOL_UDP, "\"protocol\":\"udp\",\"port\":443,"},
		{PROBE_PROTOCOL_TCP, "\"protocol\":\"tcp\",\"port\":443,"},
		{PROBE_PROTOCOL_TCP + 1, "\"protocol\":\"icmp\","},
	};
	struct path *const path = path_make();

	(void)state;
	unit_each (i, cases) {
		path->start.protocol = cases[i].protocol;
		expect_whole(path, cases[i].words);
	}
	path->start.port = 0;
	expect_no_whole(path, "\"port\"");
	free(path);
}

/* Another address may have answered for the target. */
static void
whole_has_who_answered(void **state)
{
	struct path *const path = path_make();

	(void)state;
	expect_no_whole(path, "\"answer");
	path->hops[2].answer = PATH_ANSWER_REFUSED;
	path->hops[2].answer_from = path->start.target;
	expect_whole(path, "\"hops\":3,\"answer\":\"");
	expect_no_whole(path, "\"answered_by\"");
	path->hops[2].answer_from = path_make_address("203.0.113.1");
	expect_whole(path, "\"answered_by\":\"203.0.113.1\",");
	path->hops[2].address_count = 0;
	expect_no_whole(path, "\"answered_by\"");
	free(path);
}

/* The farthest hop that there is room for. */
static void
whole_of_the_longest_path(void **state)
{
	struct path *const path = path_make();

	(void)state;
	path->reached = path->hops[2].target = false;
	path->hop_count = PATH_TTL_MAX;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++)
		path->hops[i].sent = i + 1;
	expect_whole(path, "\"reached\":false,\"cycles\":100,\"sent\":64,");
	path->hop_count = PATH_TTL_MAX - 1;
	expect_whole(path, "\"sent\":64,");
	path->hop_count = PATH_TTL_MAX - 2;
	expect_whole(path, "\"sent\":63,");
	path->ended = true;
	expect_whole(path, "\"sent\":62,");
	path->hop_count = 0;
	path->start.first_ttl = 5;
	expect_whole(path, "\"sent\":5,");
	free(path);
}

static void
whole_lists_the_changes(void **state)
{
	struct path *const path = path_make();
	char *whole;
	unsigned count = 0;

	(void)state;
	path->change_count = PATH_CHANGES_MAX + 2;
	for (unsigned i = 0; i < PATH_CHANGES_MAX; i++)
		path->changes[i] = (struct path_change){.time_ns = (i + 1) * UINT64_C(1000000000),
			.ttl = (uint8_t)(i + 1),
			.from = path_make_address("10.0.1.1"),
			.to = path_make_address("10.0.1.2")};
	whole = whole_of(path);
	/* The oldest that is remembered comes first. */
	assert_non_null(strstr(whole, "\"route_changes\":18,\"changes\":[{\"ttl\":3,\"time\":"
				      "\"1970-01-01T00:00:03.000000000"));
	assert_non_null(strstr(whole, "\"from\":\"10.0.1.1\",\"to\":\"10.0.1.2\"},{\"ttl\":4,"));
	assert_non_null(strstr(whole, "\"to\":\"10.0.1.2\"}],"));
	for (const char *at = whole; (at = strstr(at, "\"from\":")) != NULL; at++)
		count++;
	assert_int_equal(count, PATH_CHANGES_MAX);
	free(whole);
	path->change_count = PATH_CHANGES_MAX;
	expect_whole(path, "\"route_changes\":16,\"changes\":[{\"ttl\":1,");
	path->change_count = PATH_CHANGES_MAX - 1;
	expect_whole(path, "\"ttl\":15,");
	expect_no_whole(path, "\"ttl\":16,");
	path->change_count = 1;
	expect_whole(path, "\"route_changes\":1,\"changes\":[{\"ttl\":1,");
	free(path);
}

static const char *
cell_of(const struct hop_row *row, const char *name, enum hop_row_style style)
{
	static char text[32];

	hop_row_format(row, field_find(&hop_fields, name, strlen(name)), style, text, sizeof text);
	return text;
}

static void
cells_are_short_or_plain(void **state)
{
	const struct hop hop = {.ttl = 1, .sent = 123456, .loss = 0.125};
	const struct hop_row row = {.hop = &hop};

	(void)state;
	assert_string_equal(cell_of(&row, "loss_pct", HOP_ROW_PLAIN), "12.5%");
	assert_string_equal(cell_of(&row, "sent", HOP_ROW_PLAIN), "123456");
	assert_string_equal(cell_of(&row, "sent", HOP_ROW_SHORT), "123k");
	assert_string_equal(cell_of(&row, "avg_ms", HOP_ROW_SHORT), "-");
	assert_string_equal(cell_of(&row, "mtu", HOP_ROW_PLAIN), "-");
}

static void
every_errno_has_a_name_and_a_meaning(void **state)
{
	static const int wanted[] = {EINVAL, EACCES, EADDRINUSE, EADDRNOTAVAIL, ENETUNREACH,
		ECONNABORTED, ECONNRESET, ETIMEDOUT, ECONNREFUSED, EHOSTUNREACH, EINPROGRESS, EPERM,
		EMFILE, ENFILE};
	const struct errno_words *words;

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		assert_non_null(errno_words_find(wanted[i]));
	for (int number = 1; number < 200; number++) {
		words = errno_words_find(number);
		if (words == NULL)
			continue;
		assert_int_equal(words->number, number);
		assert_int_equal(words->name[0], 'E');
		assert_true(strlen(words->meaning) > 10);
	}
	assert_string_equal(errno_words_find(ECONNREFUSED)->name, "ECONNREFUSED");
	assert_null(errno_words_find(0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_as_mtr_has_it),
		cmocka_unit_test(names_are_clean_and_lines_fit),
		cmocka_unit_test(json_has_the_keys_of_a_hop),
		cmocka_unit_test(silent_target_has_a_row),
		cmocka_unit_test(json_ends_with_the_path_as_a_whole),
		cmocka_unit_test(csv_has_one_heading),
		cmocka_unit_test(whole_has_the_figures_of_the_target),
		cmocka_unit_test(whole_of_a_refusal_counts_no_answer),
		cmocka_unit_test(whole_has_why_it_cannot_be_probed),
		cmocka_unit_test(whole_lists_the_changes),
		cmocka_unit_test(whole_has_errors_by_name),
		cmocka_unit_test(whole_has_the_protocol),
		cmocka_unit_test(whole_has_who_answered),
		cmocka_unit_test(whole_of_the_longest_path),
		cmocka_unit_test(cells_are_short_or_plain),
		cmocka_unit_test(every_errno_has_a_name_and_a_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
