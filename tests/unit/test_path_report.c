/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/report/path_report.h>

#include <errno.h>
#include <string.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/base/errno_words.h>

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
		"{\"ttl\":1,\"addrs\":[\"10.0.0.1\"],\"names\":[\"gw?[2J.example\"],\"loss_pct\":0,"
		"\"sent\":2,\"received\":2,"));
	assert_non_null(
		strstr((const char *)out.data, "\"last_us\":1000,\"avg_us\":625,\"best_us\":250,"
					       "\"worst_us\":1000,\"stddev_us\":530,"));
	assert_non_null(
		strstr((const char *)out.data, "\"mpls\":[\"label=16000 tc=2 s=1 ttl=2\"]"));
	/* Unknown is left out, never 0. */
	assert_non_null(
		strstr((const char *)out.data, "\n{\"ttl\":2,\"loss_pct\":100,\"sent\":2,"
					       "\"received\":0,\"late\":0,\"link_loss_pct\":0,"
					       "\"verdict\":\"silent\"}\n"));
	buffer_fini(&out);
	path_table_free(table);
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
		cmocka_unit_test(cells_are_short_or_plain),
		cmocka_unit_test(every_errno_has_a_name_and_a_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
