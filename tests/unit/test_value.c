/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of each kind: their texts in rooms and columns of each size, their order, and the keys
 * that orders rely on. Compared with a page; what holds for all of them is asserted.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/field/value.h"
#include "page_file.h"
#include "sockets.h"

enum { ROOM_MAX = 120, VALUES_MAX = 64 };

static const char *const addresses[] = {"0.0.0.0", "10.0.0.1", "10.0.0.2", "255.255.255.255",
	"::", "::1", "::2", "fe80::1", "2001:db8:1234:5678:9abc:def0:1234:5678",
	"ffff::", "0:0:0:0:0:fffe:ffff:ffff", "::1:0:0"};

/* Each kind at its bounds; returns how many. */
static size_t
make_values(const struct model *model, struct value *values)
{
	static const uint64_t numbers[] = {0, 1, 999, 1024, 123456789, UINT64_MAX - 1, UINT64_MAX};
	static const double reals[] = {
		-(double)INFINITY, -1.5, 0, 0.001, 1.5, 1e300, (double)INFINITY};
	static const char *const texts[] = {"", "a", "abcdefgh", "abcdefghi", "abcdefghj",
		"caf\xc3\xa9", "\033[m", "\xff\xff\xff\xff\xff\xff\xff\xff"};
	static const struct figure figures[] = {
		{.name = "a", .number = 1.5}, {.name = "b", .text = "words"}};
	size_t count = 0;

	value_set_unknown(&values[count++]);
	for (size_t i = 0; i < UNIT_COUNT_OF(numbers); i++)
		value_set_unsigned(&values[count++], numbers[i]);
	value_set_unsigned(&values[count], 240);
	values[count++].at_least = true;
	for (size_t i = 0; i < UNIT_COUNT_OF(reals); i++)
		value_set_real(&values[count++], reals[i]);
	value_set_bool(&values[count++], false);
	value_set_bool(&values[count++], true);
	for (size_t i = 0; i < UNIT_COUNT_OF(texts); i++) {
		value_set_text(&values[count], text_of(texts[i]));
		values[count++].second = (uint32_t)i;
	}
	for (size_t i = 0; i < UNIT_COUNT_OF(addresses); i++) {
		const struct address_scoped scoped = {
			.ip = sockets_address(addresses[i]), .ifindex = 2, .zone = {"eth0", 4}};

		value_set_address(&values[count++], &scoped);
	}
	for (size_t i = 0; i < 3; i++) {
		value_set_unknown(&values[count]);
		values[count].kind = VALUE_TEXTS;
		values[count].texts.count = i;
		values[count].texts.items[0] = "ts";
		values[count++].texts.items[1] = "sack";
	}
	for (size_t i = 0; i < 3; i++) {
		value_set_unknown(&values[count]);
		values[count].kind = VALUE_FIGURES;
		values[count].figures.items = figures;
		values[count++].figures.count = i;
	}
	value_set_unknown(&values[count]);
	values[count].kind = VALUE_OWNERS;
	values[count++].owners = process_table_owner(&model->processes, 77);
	return count;
}

static size_t
make_endpoints(struct value *values)
{
	static const struct {
		const char *address, *name;
		uint16_t port;
		bool is_exact, star;
	} made[] = {
		{"0.0.0.0", "", 22, false, true},
		{"::", "", 22, false, true},
		{"::", "", 0, false, true},
		{"::", "", 22, false, false},
		{"10.0.0.1", "", 0, false, false},
		{"10.0.0.1", "", 0, true, true},
		{"10.0.0.1", "", 65535, false, false},
		{"fe80::1", "", 443, false, false},
		{"2001:db8:1234:5678:9abc:def0:1234:5678", "", 65535, false, false},
		{"10.0.0.1", "www.example.org", 443, false, false},
		{"fe80::1", "caf\xc3\xa9.example", 0, false, false},
	};

	for (size_t i = 0; i < UNIT_COUNT_OF(made); i++) {
		value_set_unknown(&values[i]);
		values[i].kind = VALUE_ENDPOINT;
		memset(&values[i].endpoint, 0, sizeof values[i].endpoint);
		values[i].endpoint.address = (struct address_scoped){
			.ip = sockets_address(made[i].address), .ifindex = 2, .zone = {"eth0", 4}};
		if (made[i].address[0] != 'f')
			values[i].endpoint.address.zone = (struct text){"", 0};
		values[i].endpoint.name = text_of(made[i].name);
		values[i].endpoint.port = made[i].port;
		values[i].endpoint.is_exact = made[i].is_exact;
		values[i].endpoint.star = made[i].star;
	}
	return UNIT_COUNT_OF(made);
}

/* In less room the beginning stands, ended; nothing is written behind the room. */
static void
print_rooms(const struct field_context *context, const struct value *value, struct buffer *out)
{
	char whole[ROOM_MAX], text[ROOM_MAX];
	size_t len;

	memset(whole, 'x', sizeof whole);
	len = value_format(context, value, whole, sizeof whole);
	assert_int_equal(strlen(whole), len);
	buffer_append_format(out, "%d \"%s\":", (int)value->kind, whole);
	for (size_t size = 0; size <= len + 1; size++) {
		memset(text, 'x', sizeof text);
		len = value_format(context, value, text, size);
		for (size_t i = size; i < sizeof text; i++)
			assert_int_equal(text[i], 'x');
		if (size == 0) {
			assert_int_equal(len, 0);
		} else {
			assert_true(len < size);
			assert_int_equal(text[len], '\0');
			buffer_append_format(out, " %s", text);
		}
		len = strlen(whole);
	}
	buffer_append_char(out, '\n');
}

static void
print_columns(const struct field_context *context, const struct value *value, struct buffer *out)
{
	static const enum unit units[] = {
		UNIT_NONE, UNIT_COUNT, UNIT_BYTES, UNIT_US, UNIT_MS, UNIT_S, UNIT_PERCENT};
	char text[ROOM_MAX];
	size_t len;

	for (size_t columns = 0; columns < 30; columns++) {
		const struct field field = {.unit = units[columns % UNIT_COUNT_OF(units)]};

		len = field_format(&field, context, value, columns, text, sizeof text);
		assert_int_equal(strlen(text), len);
		buffer_append_format(out, " %s", text);
		memset(text, 'x', sizeof text);
		len = field_format(&field, context, value, columns, text, columns);
		if (columns != 0)
			assert_int_equal(strlen(text), len);
		for (size_t i = columns; i < sizeof text; i++)
			assert_int_equal(text[i], 'x');
	}
	buffer_append_char(out, '\n');
}

/* Keys never contradict the order. */
static void
print_order(const struct value *values, size_t count, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++) {
			const int order = value_compare(&values[i], &values[k]);
			const uint64_t a = value_key(&values[i]), b = value_key(&values[k]);

			buffer_append_char(out, order < 0 ? '<' : order > 0 ? '>' : '=');
			assert_true((value_compare(&values[k], &values[i]) < 0) == (order > 0));
			if (values[i].kind == values[k].kind && a != b)
				assert_true((a < b) == (order < 0));
			if (values[i].kind != VALUE_UNKNOWN && values[k].kind == VALUE_UNKNOWN)
				assert_true(a < b && order < 0);
		}
		buffer_append_format(out, " %016llx\n", (unsigned long long)value_key(&values[i]));
	}
}

static void
test_values(void **state)
{
	static struct value values[VALUES_MAX];
	struct model *const model = sockets_model();
	const struct field_context context = {.model = model};
	struct socket_row *const row =
		sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.9", 1);
	struct buffer out = {0};
	size_t count;

	(void)state;
	row->inode = 77;
	sockets_hold(model, row, 812, "nginx");
	sockets_hold(model, row, 815, "worker");
	count = make_values(model, values);
	count += make_endpoints(values + count);
	assert_true(count <= VALUES_MAX);
	for (size_t i = 0; i < count; i++) {
		print_rooms(&context, &values[i], &out);
		print_columns(&context, &values[i], &out);
	}
	print_order(values, count, &out);
	compare("values", &out);
	buffer_fini(&out);
	model_free(model);
}

/* A composed text is cut at the room that a value has. */
static void
test_composed(void **state)
{
	static struct value value;
	char longest[VALUE_SCRATCH + 2];

	(void)state;
	memset(longest, 'a', sizeof longest);
	for (size_t len = VALUE_SCRATCH - 2; len < VALUE_SCRATCH + 2; len++) {
		longest[len] = '\0';
		value_set_composed(&value, "%s", longest);
		assert_int_equal(value.kind, VALUE_TEXT);
		assert_int_equal(value.text.len, len < VALUE_SCRATCH ? len : VALUE_SCRATCH - 1);
		value_set_copy(&value, longest);
		assert_int_equal(value.text.len, len < VALUE_SCRATCH ? len : VALUE_SCRATCH);
		longest[len] = 'a';
	}
	value.at_least = true;
	value.second = 3;
	value_set_composed(&value, "%s", "");
	assert_int_equal(value.kind, VALUE_UNKNOWN);
	assert_false(value.at_least);
	assert_int_equal(value.second, 0);
	value_set_copy(&value, "");
	assert_int_equal(value.kind, VALUE_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_composed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
