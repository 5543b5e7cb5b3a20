/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program writes it can read: a condition made of any value of any field lets the row pass
 * that it was made from, whatever bytes the value has.
 */
#include <config.h>

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>

#include "sockets.h"

static const char *const hostile[] = {"a\nb", "a\tb", "\r", "\xff\xfe", "x\xc3", "\x7f", "\x1b[2J",
	"\"", "'", "\\", "\\x41", "a\\", "and", "NOT", "or", "ge", "eq", "yes", "-", "*", "a,b",
	",", "(sd-pam)", "a) or (b", "=", "!=", "~x", "<", "a|b", "&", "&&", "Web Content", " lead",
	"trail ", "\xc2\x85", "\xe2\x80\xae", "\xc3\xa9t\xc3\xa9", "?", "a?b", "%s%n", "$(x)", "#",
	"state", "12", "0x10", "\1", "/", ":80", "[::1]"};

enum { ROWS = UNIT_COUNT_OF(hostile) };

struct box {
	struct model *model;
	struct socket_row *rows[ROWS];
};

static uint32_t
intern(struct box *box, const char *text)
{
	return intern_add(box->model->texts, text_of(text));
}

/* The kernel takes no blank, '/' or ':' in the name of a link, but anything else. */
static uint32_t
intern_link(struct box *box, size_t i)
{
	char name[16];

	snprintf(name, sizeof name, "%.14s", hostile[i]);
	for (char *c = name; *c != '\0'; c++) {
		if (strchr("/: \t\n\r", *c) != NULL)
			*c = (char)('A' + i);
	}
	return intern(box, name);
}

/* Each row has its own hostile text in every place where one may stand. */
static void
fill(struct box *box, size_t i)
{
	struct socket_row *const row = sockets_add(box->model, IPPROTO_TCP, TCP_STATE_ESTABLISHED,
		i % 2 != 0 ? "fe80::1" : "10.0.0.1", (uint16_t)(1000 + i), "fe80::2", 443);
	struct process_row *process;

	box->rows[i] = row;
	sockets_hold(box->model, row, (uint32_t)(100 + i), hostile[i]);
	process = process_table_find(&box->model->processes, (uint32_t)(100 + i));
	process->cmdline = process->cgroup = process->unit = intern(box, hostile[i]);
	process->container = intern(box, hostile[i]);
	row->uid = (uint32_t)(1000 + i);
	sockets_name_user(box->model, row->uid, hostile[i]);
	row->ifindex = (uint32_t)(1 + i);
	assert_int_equal(map_set(&box->model->links, row->ifindex, intern_link(box, i)), 0);
	sockets_tcp_info(row, (uint32_t)(1234567 * i + 1), (uint32_t)i);
	row->tcp.options = 0x2f;
	row->has = 0xff;
	row->congestion = (uint16_t)intern(box, hostile[i]);
	row->cgroup = intern(box, hostile[i]);
	row->receive_queue = (uint32_t)(i * 77);
	row->mark = (uint32_t)(i << 16);
	if (i % 3 == 0)
		row->flags |= SOCKET_BIRTH_SEEN;
	row->timer = (uint8_t)(i % 5);
	row->timer_ms = 5000;
	row->seen_ms = 600000;
}

static int
set_up(void **state)
{
	struct box *const box = calloc(1, sizeof *box);

	box->model = sockets_model();
	for (size_t i = 0; i < ROWS; i++)
		fill(box, i);
	*state = box;
	return 0;
}

static int
tear_down(void **state)
{
	struct box *const box = *state;

	model_free(box->model);
	free(box);
	return 0;
}

/* Rows that pass; the one of that number must be among them. */
static size_t
passes(const struct box *box, const char *text, size_t own)
{
	const struct field_context context = {.model = box->model};
	struct error error = {.text = ""};
	struct filter *const filter = filter_parse(text, &socket_fields, &error);
	size_t count = 0;

	if (filter == NULL)
		fail_msg("%s: %s (at %d)", text, error.text, error.position);
	for (size_t i = 0; i < ROWS; i++) {
		const bool passed = filter_match(filter, &context, box->rows[i], NULL, 0);

		if (i == own && !passed)
			fail_msg("%s does not find its own row", text);
		count += passed;
	}
	filter_free(filter);
	return count;
}

static void
every_field_finds_its_row(void **state)
{
	const struct box *const box = *state;
	const struct field_context context = {.model = box->model};
	size_t known = 0;

	for (size_t i = 0; i < ROWS; i++) {
		for (size_t f = 0; f < socket_fields.count; f++) {
			const struct field *const field = &socket_fields.fields[f];
			struct value value;
			char text[1024];

			field_get(field, &context, box->rows[i], &value);
			if (filter_write(field->name, field, &context, &value, text, sizeof text) ==
				0) {
				assert_int_equal(value.kind, VALUE_UNKNOWN);
				continue;
			}
			known++;
			/* One line of text that a terminal and a file can hold. */
			for (const char *c = text; *c != '\0'; c++)
				assert_true((unsigned char)*c >= ' ' && *c != '\x7f');
			(void)passes(box, text, i);
		}
	}
	assert_true(known > ROWS * 60);
}

/* Also where texts resemble each other: no other process is found. */
static void
a_name_finds_no_other(void **state)
{
	static const char *const names[] = {
		"process", "cmdline", "cgroup", "unit", "user", "interface", "congestion"};
	const struct box *const box = *state;
	const struct field_context context = {.model = box->model};

	unit_each (f, names) {
		const struct field *const field = sockets_field(names[f]);

		for (size_t i = 0; i < ROWS; i++) {
			struct value value;
			char text[1024];

			field_get(field, &context, box->rows[i], &value);
			assert_true(filter_write(names[f], field, &context, &value, text,
					    sizeof text) != 0);
			assert_int_equal(passes(box, text, i), 1);
		}
	}
}

static void
every_byte(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		const char raw[] = {'a', (char)byte, 'b'};
		char operand[16], text[64];
		struct model *const model = sockets_model();
		const struct field_context context = {.model = model};
		struct socket_row *const row =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);
		struct filter *filter;

		sockets_hold(model, row, 7, "x");
		process_table_find(&model->processes, 7)->comm =
			intern_add(model->texts, (struct text){raw, sizeof raw});
		assert_true(filter_write_text(
				    (struct text){raw, sizeof raw}, operand, sizeof operand) != 0);
		snprintf(text, sizeof text, "process %s", operand);
		filter = filter_parse(text, &socket_fields, NULL);
		assert_non_null(filter);
		assert_true(filter_match(filter, &context, row, NULL, 0));
		filter_free(filter);
		model_free(model);
	}
}

static void
has_bounds(void **state)
{
	char out[16];

	(void)state;
	assert_int_equal(filter_write_text(text_of("nginx"), out, 6), 5);
	assert_int_equal(filter_write_text(text_of("nginx"), out, 5), 0);
	assert_string_equal(out, "");
	assert_int_equal(filter_write_text(text_of("a b"), out, 15), 5);
	assert_string_equal(out, "\"a b\"");
	assert_int_equal(filter_write_text(text_of("a b"), out, 14), 0);
	assert_int_equal(filter_write_text(text_of(""), out, sizeof out), 2);
	assert_int_equal(filter_write_text(text_of("\n\t\r"), out, sizeof out), 8);
	assert_string_equal(out, "\"\\n\\t\\r\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_field_finds_its_row, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_name_finds_no_other, set_up, tear_down),
		cmocka_unit_test(every_byte),
		cmocka_unit_test(has_bounds),
	};

	return cmocka_run_group_tests_name("filter_write", tests, NULL, NULL);
}
