/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/report/report.h>

#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/listener.h>
#include <sockwatch/report/listeners_report.h>

#include "report/rows.h"
#include "sockets.h"
#include "unit.h"

/* A row of the test is a value for each of its fields. */
struct test_row {
	struct value values[4];
};

static void
get(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct test_row *const test_row = row;

	(void)context;
	memcpy(value, &test_row->values[field->argument], sizeof *value);
}

static const struct field number = {.name = "recv_q",
	.title = "RECV-Q",
	.unit = UNIT_BYTES,
	.flags = FIELD_RIGHT,
	.argument = 0,
	.get = get};
static const struct field word = {.name = "state", .title = "STATE", .argument = 1, .get = get};
static const struct field address = {
	.name = "local", .title = "LOCAL", .flags = FIELD_STRETCH, .argument = 2, .get = get};
static const struct field process = {
	.name = "process", .title = "PROCESS", .flags = FIELD_STRETCH, .argument = 3, .get = get};

static const struct field *const all[] = {&word, &number, &address, &process};

static struct value
text(const char *string)
{
	return (struct value){.kind = VALUE_TEXT, .text = text_of(string)};
}

static struct value
unsigned_value(uint64_t n)
{
	return (struct value){.kind = VALUE_UNSIGNED, .number = n};
}

static void
report(const struct report_options *options, const struct test_row *rows, size_t count,
	struct buffer *out)
{
	const struct model model = {.now_ns = 0};
	const struct field_context context = {.model = &model};
	struct report *const made = report_new(options, &context, out);

	assert_non_null(made);
	for (size_t i = 0; i < count; i++)
		report_row(made, &rows[i]);
	report_end(made);
	report_free(made);
	buffer_append_char(out, '\0');
	assert_false(out->failed);
}

static void
assert_report(const struct report_options *options, const struct test_row *rows, size_t count,
	const char *expected)
{
	struct buffer out;

	buffer_init(&out, 0);
	report(options, rows, count, &out);
	assert_string_equal((const char *)out.data, expected);
	buffer_fini(&out);
}

static void
escapes_json_text(void **state)
{
	static const struct {
		struct text text;
		const char *json;
	} cases[] = {
		{{"", 0}, "\"\""},
		{{"nginx", 5}, "\"nginx\""},
		{{"a\"b\\c/", 6}, "\"a\\\"b\\\\c/\""},
		{{"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\""},
		{{"\0x\33[m\x7f", 6}, "\"\\u0000x\\u001b[m\\u007f\""},
		{{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7", 9},
			"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7\""},
		/* C1 control, override of direction, line separator: they steer terminals. */
		{{"\xc2\x9b\xe2\x80\xae\xe2\x80\xa8", 8}, "\"\\u009b\\u202e\\u2028\""},
		/* No UTF-8: a lone byte, an overlong form, a surrogate, a cut sequence. */
		{{"a\xff", 2}, "\"a\xef\xbf\xbd\""},
		{{"\xc0\xaf", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		{{"\xe0\x80\xaf", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{{"\xed\xa0\x80", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{{"\xe2\x82", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		/* A beginning without its continuation: what follows is kept. */
		{{"\xc3\x28", 2}, "\"\xef\xbf\xbd(\""},
		{{"\xe2\x28\xa1", 3}, "\"\xef\xbf\xbd(\xef\xbf\xbd\""},
		{{"\xf0\x90\x28\xbc", 4}, "\"\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\""},
		/* The least and the greatest of each length, and DEL's neighbour. */
		{{"\xc2\xa0\xdf\xbf", 4}, "\"\xc2\xa0\xdf\xbf\""},
		{{"\xe0\xa0\x80\xef\xbf\xbd", 6}, "\"\xe0\xa0\x80\xef\xbf\xbd\""},
		{{"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8}, "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
		/* Before, within and after the surrogates. */
		{{"\xed\x9f\xbf\xee\x80\x80", 6}, "\"\xed\x9f\xbf\xee\x80\x80\""},
		{{"\xed\xbf\xbf", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{{" ~", 2}, "\" ~\""},
		{{"\x1f\x20", 2}, "\"\\u001f \""},
		{{"\xf4\x90\x80\x80", 4}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	};

	(void)state;
	unit_each (i, cases) {
		struct buffer out;

		buffer_init(&out, 0);
		json_text(&out, cases[i].text);
		buffer_append_char(&out, '\0');
		assert_string_equal((const char *)out.data, cases[i].json);
		buffer_fini(&out);
	}
}

static void
assert_real(double real, const char *expected)
{
	const struct value value = {.kind = VALUE_REAL, .real = real};
	struct buffer out;

	buffer_init(&out, 0);
	json_value(&out, NULL, &value);
	buffer_append_char(&out, '\0');
	assert_string_equal((const char *)out.data, expected);
	buffer_fini(&out);
}

static void
writes_reals_as_json_numbers(void **state)
{
	(void)state;
	assert_real(0, "0");
	assert_real(1.5, "1.5");
	assert_real(1234567.25, "1234567.25");
	assert_real(0.0004, "0");
	assert_real(0.001, "0.001");
	assert_real(99.9999, "100");
	assert_real(-2.25, "-2.25");
	assert_real(1e15, "1000000000000000");
	assert_real((double)NAN, "null");
	assert_real((double)INFINITY, "null");
}

static void
leaves_unknown_out_of_json(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(UINT64_MAX), text("CLOSE-WAIT"), {.kind = VALUE_UNKNOWN},
			text("a\"b")}},
		{{{.kind = VALUE_UNKNOWN}, {.kind = VALUE_UNKNOWN}, {.kind = VALUE_UNKNOWN},
			{.kind = VALUE_UNKNOWN}}},
		{{{.kind = VALUE_UNKNOWN}, {.kind = VALUE_BOOL, .truth = true},
			{.kind = VALUE_ADDRESS, .address.ip.bytes = {[15] = 1}},
			{.kind = VALUE_TEXTS, .texts = {{"ts", "sack"}, 2}}}},
	};
	const struct report_options options = {
		.format = REPORT_JSON, .fields = all, .field_count = 4};

	(void)state;
	assert_report(&options, rows, UNIT_COUNT_OF(rows),
		"{\"state\":\"CLOSE-WAIT\",\"recv_q\":18446744073709551615,"
		"\"process\":\"a\\\"b\"}\n"
		"{}\n"
		"{\"state\":true,\"local\":\"::1\",\"process\":[\"ts\",\"sack\"]}\n");
	assert_report(&options, rows, 0, "");
}

/* Evidence: numbers and words by name, as many as are counted. */
static void
writes_figures_as_an_object(void **state)
{
	static const struct figure items[] = {
		{.name = "a", .number = 2.5},
		{.name = "b", .text = "x\"y"},
		{.name = "c", .text = "z"},
		{.name = "d", .number = (double)NAN},
		{.name = "e", .number = 7},
	};
	static const struct {
		size_t count;
		const char *json;
	} cases[] = {
		{0, "{}"},
		{1, "{\"a\":2.5}"},
		{2, "{\"a\":2.5,\"b\":\"x\\\"y\"}"},
		{4, "{\"a\":2.5,\"b\":\"x\\\"y\",\"c\":\"z\",\"d\":null}"},
	};

	(void)state;
	unit_each (i, cases) {
		const struct value value = {.kind = VALUE_FIGURES,
			.figures = {.items = items, .count = cases[i].count}};
		struct buffer out;

		buffer_init(&out, 0);
		json_value(&out, NULL, &value);
		buffer_append_char(&out, '\0');
		assert_string_equal((const char *)out.data, cases[i].json);
		buffer_fini(&out);
	}
}

/* Keys have room for so many characters of a field's name. */
static void
writes_whole_keys(void **state)
{
	static const struct field names[] = {
		{.name = "a_name_of_twenty_seven_char", .argument = 0, .get = get},
		{.name = "a_name_of_twenty_eight_chars", .argument = 1, .get = get},
		{.name = "a_name_of_twenty_nine_chars__", .argument = 0, .get = get},
	};
	const struct field *fields[] = {&names[0], &names[1], &names[2]};
	const struct test_row row = {{unsigned_value(1), text("x")}};

	(void)state;
	assert_report(
		&(const struct report_options){
			.format = REPORT_JSON, .fields = fields, .field_count = 3},
		&row, 1,
		"{\"a_name_of_twenty_seven_char\":1,\"a_name_of_twenty_eight_chars\":\"x\","
		"\"a_name_of_twenty_nine_chars_\":1}\n");
}

/* What is plain is written whole, however long it is; other text is bounded. */
static void
writes_long_texts(void **state)
{
	enum { LONG = ROWS_CELL_SIZE + 10 };
	char *const letters = malloc(LONG + 1);
	struct buffer out;

	(void)state;
	assert_non_null(letters);
	memset(letters, 'a', LONG);
	letters[LONG] = '"';
	buffer_init(&out, 0);
	csv_text(&out, (struct text){letters, LONG});
	assert_int_equal(out.len, LONG);
	buffer_clear(&out);
	csv_text(&out, (struct text){letters + LONG, 1});
	assert_int_equal(out.len, 4);
	buffer_clear(&out);
	json_text(&out, (struct text){letters, LONG + 1});
	assert_int_equal(out.len, LONG + 4);
	buffer_fini(&out);
	free(letters);
}

/* The caller's list of fields need not last. */
static void
keeps_the_fields(void **state)
{
	const struct model model = {.now_ns = 0};
	const struct field_context context = {.model = &model};
	static const enum report_format formats[] = {REPORT_TEXT, REPORT_JSON, REPORT_CSV};
	static const char *const expected[] = {"STATE\nx\n", "{\"state\":\"x\"}\n", "state\nx\n"};
	const struct test_row row = {{unsigned_value(1), text("x")}};

	(void)state;
	unit_each (i, formats) {
		const struct field *fields[] = {&word};
		const struct report_options options = {
			.format = formats[i], .fields = fields, .field_count = 1};
		struct buffer out;
		struct report *made;

		buffer_init(&out, 0);
		made = report_new(&options, &context, &out);
		fields[0] = &number;
		report_row(made, &row);
		report_end(made);
		report_end(made); /* an end is no second one */
		report_free(made);
		buffer_append_char(&out, '\0');
		assert_string_equal((const char *)out.data, expected[i]);
		buffer_fini(&out);
	}
}

static void
quotes_csv(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(0), text("a,b"), text("say \"hi\""), text("two\nlines\33[31m")}},
		{{{.kind = VALUE_UNKNOWN}, text("plain"), text(""), text("caf\xc3\xa9")}},
		{{unsigned_value(7), {.kind = VALUE_TEXTS, .texts = {{"ts", "sack"}, 2}},
			{.kind = VALUE_REAL, .real = 1.5}, {.kind = VALUE_BOOL, .truth = false}}},
	};
	const struct report_options options = {
		.format = REPORT_CSV, .fields = all, .field_count = 4};

	(void)state;
	assert_report(&options, rows, UNIT_COUNT_OF(rows),
		"state,recv_q,local,process\n"
		"\"a,b\",0,\"say \"\"hi\"\"\",two lines?[31m\n"
		"plain,,,caf\xc3\xa9\n"
		"\"ts,sack\",7,1.5,no\n");
	assert_report(&options, rows, 0, "state,recv_q,local,process\n");
	/* A text that begins with what must be quoted. */
	assert_report(&options,
		&(const struct test_row){
			{unsigned_value(1), text(",a"), text("\"b"), text("\xc3\xa9")}},
		1,
		"state,recv_q,local,process\n"
		"\",a\",1,\"\"\"b\",\xc3\xa9\n");
}

static const char *const long_address = "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535";

static void
cuts_nothing_for_a_pipe(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(1), text("LISTEN"), text("*:22"), text("sshd/1")}},
		{{unsigned_value(2048), text("ESTABLISHED"), text(long_address),
			{.kind = VALUE_UNKNOWN}}},
	};
	const struct report_options options = {.fields = all, .field_count = 4};
	char expected[512];

	(void)state;
	snprintf(expected, sizeof expected,
		"STATE       RECV-Q  %-46s PROCESS\n"
		"LISTEN           1  %-46s sshd/1\n"
		"ESTABLISHED   2.0k  %-46s -\n",
		"LOCAL", "*:22", long_address);
	assert_report(&options, rows, UNIT_COUNT_OF(rows), expected);
	assert_report(&options, rows, 0, "STATE RECV-Q  LOCAL PROCESS\n");
}

static size_t
longest_line(const char *lines)
{
	size_t longest = 0;

	while (*lines != '\0') {
		const size_t len = strcspn(lines, "\n");

		if (len > longest)
			longest = len;
		lines += len + (lines[len] == '\n');
	}
	return longest;
}

static void
fits_every_terminal(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(1), text("LISTEN"), text("*:22"), text("sshd/1")}},
		{{unsigned_value(2048), text("ESTABLISHED"), text(long_address),
			text("a-process-with-a-rather-long-name/4194304")}},
	};

	(void)state;
	for (size_t columns = 12; columns < 140; columns++) {
		const struct report_options options = {
			.fields = all, .field_count = 4, .columns = columns};
		struct buffer out;

		buffer_init(&out, 0);
		report(&options, rows, UNIT_COUNT_OF(rows), &out);
		assert_in_range(longest_line((const char *)out.data), 11, columns);
		/* The state is the last to go, the number the first. */
		assert_non_null(strstr((const char *)out.data, "ESTABLISHED"));
		if (columns < 40)
			assert_null(strstr((const char *)out.data, "RECV-Q"));
		if (columns >= 120)
			assert_non_null(strstr((const char *)out.data, long_address));
		buffer_fini(&out);
	}
}

static void
keeps_columns_that_were_asked_for(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(1), text("ESTABLISHED"), text(long_address), text("sshd/1")}},
	};
	const struct report_options options = {
		.fields = all, .field_count = 4, .columns = 20, .keep_all = true};
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	report(&options, rows, UNIT_COUNT_OF(rows), &out);
	assert_non_null(strstr((const char *)out.data, "RECV-Q"));
	assert_non_null(strstr((const char *)out.data, "PROCESS"));
	buffer_fini(&out);
}

static void
aligns_wide_characters(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(1), text("caf\xc3\xa9"), text("x"), text("y")}},
		{{unsigned_value(10), text("cafe"), text("x"), text("y")}},
	};
	const struct report_options options = {.fields = all, .field_count = 4};

	(void)state;
	assert_report(&options, rows, UNIT_COUNT_OF(rows),
		"STATE RECV-Q  LOCAL PROCESS\n"
		"caf\xc3\xa9       1  x     y\n"
		"cafe      10  x     y\n");
}

/* More rows than are looked at before the columns are laid out; a wider one after that. */
static void
goes_on_after_the_first_rows(void **state)
{
	enum { ROWS = 3000 };
	static struct test_row rows[ROWS];
	const struct report_options options = {.fields = all, .field_count = 4};
	struct buffer out;
	size_t lines = 0;

	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct test_row){
			{unsigned_value(i), text(i == 2999 ? "A-MUCH-WIDER-STATE" : "LISTEN"),
				text("*:22"), text("sshd")}};
	buffer_init(&out, 0);
	report(&options, rows, ROWS, &out);
	for (size_t i = 0; i < out.len; i++)
		lines += out.data[i] == '\n';
	assert_int_equal(lines, ROWS + 1);
	assert_non_null(strstr((const char *)out.data, "A-MUCH-WIDER-STATE   2.9k  *:22  sshd\n"));
	buffer_fini(&out);
}

/* At the number of rows that are looked at first, one fewer and one more, each comes once. */
static void
writes_each_row_once(void **state)
{
	static struct test_row rows[ROWS_LOOKAHEAD + 1];
	static const size_t counts[] = {
		0, 1, ROWS_LOOKAHEAD - 1, ROWS_LOOKAHEAD, ROWS_LOOKAHEAD + 1};
	const struct report_options options = {.fields = all, .field_count = 2};

	(void)state;
	for (size_t i = 0; i < UNIT_COUNT_OF(rows); i++)
		rows[i] = (struct test_row){{unsigned_value(i), text("x")}};
	unit_each (i, counts) {
		struct buffer out;
		size_t lines = 0;

		buffer_init(&out, 0);
		report(&options, rows, counts[i], &out);
		for (size_t at = 0; at < out.len; at++)
			lines += out.data[at] == '\n';
		assert_int_equal(lines, counts[i] + 1);
		buffer_fini(&out);
	}
}

static void
colours_only_headings(void **state)
{
	const struct test_row rows[] = {
		{{unsigned_value(1), text("\33[31mred"), text("x"), text("y")}},
	};
	const struct report_options options = {
		.fields = all, .field_count = 4, .columns = 80, .color = true};
	struct buffer out;
	const char *row;

	(void)state;
	buffer_init(&out, 0);
	report(&options, rows, UNIT_COUNT_OF(rows), &out);
	row = strchr((const char *)out.data, '\n');
	assert_memory_equal(out.data, "\33[1m", 4);
	assert_non_null(row);
	assert_null(strchr(row, '\33'));
	buffer_fini(&out);
}

/* Of several namespaces each is named; of one that has listeners alone nothing is said. */
static void
test_listeners(void **state)
{
	struct model *const model = sockets_model();
	struct listener_table table;
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	listener_table_init(&table);
	sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 80, "0.0.0.0", 0);
	listener_table_update(&table, model);
	listeners_report_facts(&table, model, &out);
	buffer_append_char(&out, '\0');
	assert_int_equal(strncmp((const char *)out.data, "all listeners together: ", 24), 0);
	assert_non_null(netns_get(model, 2));
	buffer_clear(&out);
	listeners_report_facts(&table, model, &out);
	buffer_append_char(&out, '\0');
	assert_int_equal(strncmp((const char *)out.data, "own: all listeners together: ", 29), 0);
	assert_non_null(strstr((const char *)out.data, "\nown: in force: "));
	assert_null(strstr((const char *)out.data, "net:["));
	listener_table_fini(&table);
	buffer_fini(&out);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_json_text),
		cmocka_unit_test(writes_reals_as_json_numbers),
		cmocka_unit_test(leaves_unknown_out_of_json),
		cmocka_unit_test(writes_figures_as_an_object),
		cmocka_unit_test(writes_whole_keys),
		cmocka_unit_test(writes_long_texts),
		cmocka_unit_test(keeps_the_fields),
		cmocka_unit_test(quotes_csv),
		cmocka_unit_test(cuts_nothing_for_a_pipe),
		cmocka_unit_test(fits_every_terminal),
		cmocka_unit_test(keeps_columns_that_were_asked_for),
		cmocka_unit_test(aligns_wide_characters),
		cmocka_unit_test(goes_on_after_the_first_rows),
		cmocka_unit_test(writes_each_row_once),
		cmocka_unit_test(colours_only_headings),
		cmocka_unit_test(test_listeners),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
