/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of a made field table: filtered, ordered, held, in sections. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/row_order.h>

#include "unit.h"

/* A fruit: its name, and a number that may be unknown. */
struct fruit {
	const char *name;
	uint64_t weight; /* 0: unknown */
};

static void
get_name(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	memset(value, 0, sizeof *value);
	value->kind = VALUE_TEXT;
	value->text = text_of(((const struct fruit *)row)->name);
}

static void
get_weight(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const uint64_t weight = ((const struct fruit *)row)->weight;

	(void)field;
	(void)context;
	memset(value, 0, sizeof *value);
	if (weight == 0)
		return;
	value->kind = VALUE_UNSIGNED;
	value->number = weight;
}

static const struct field fields[] = {
	{.name = "name", .title = "NAME", .kind = VALUE_TEXT, .get = get_name},
	{.name = "weight", .title = "WEIGHT", .kind = VALUE_UNSIGNED, .get = get_weight},
	{.name = "scales",
		.title = "SCALES",
		.kind = VALUE_TEXT,
		.get = get_name,
		.order = "weight"},
};
static const struct field_table table = {
	.row_name = "fruit", .fields = fields, .count = UNIT_COUNT_OF(fields)};
static const struct field *const visible[] = {&fields[0]};

/* Two share the first eight bytes of their names: a 64-bit key does not tell them apart. */
static const struct fruit fruits[] = {
	{"cranberry, red", 3}, {"apple", 0}, {"banana", 7}, {"cranberry, dark", 3}, {"damson", 9}};

static struct model model; /* empty: filters look whether it has changed */
static const struct field_context context = {.model = &model};
static struct row_order list;
static struct row_arrangement how;

static int
setup(void **state)
{
	(void)state;
	row_order_init(&list);
	how = (struct row_arrangement){
		.table = &table, .visible = visible, .visible_count = UNIT_COUNT_OF(visible)};
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	filter_free(how.filter);
	row_order_fini(&list);
	return 0;
}

static void
load(size_t first, size_t end)
{
	row_order_begin(&list);
	for (size_t i = first; i < end; i++)
		row_order_add(&list, 100 + i, &fruits[i], i < 2 ? "first two" : "others");
	row_order_arrange(&list, &how, &context);
}

/* The lines by the first two letters of their names, "-" for a title. */
static void
expect(const char *expected)
{
	char text[64] = "";

	for (size_t i = 0; i < list.line_count; i++) {
		const struct fruit *const fruit = list.lines[i].row;
		const char *const name = fruit != NULL ? fruit->name : "-";
		const char *const dark = strstr(name, ", ");

		snprintf(text + strlen(text), sizeof text - strlen(text), "%.1s%.1s ", name,
			dark != NULL ? dark + 2 : "");
	}
	assert_string_equal(text, expected);
}

static void
sections_stand_in_the_given_order(void **state)
{
	(void)state;
	load(0, 5);
	expect("- cr a - b cd d ");
	assert_string_equal(list.lines[0].section, "first two");
	assert_string_equal(list.lines[3].section, "others");
	assert_int_equal(list.matched, 5);
	assert_int_equal(row_order_find(&list, 102), 4);
	assert_true(row_order_find(&list, 99) == SIZE_MAX);
	/* A section without a row has no title. */
	how.filter = filter_parse("weight > 5", &table, NULL);
	assert_non_null(how.filter);
	load(0, 5);
	expect("- b d ");
	assert_int_equal(list.matched, 2);
	assert_int_equal(list.count, 5);
}

static void
fields_order_rows(void **state)
{
	static const struct {
		size_t field;
		bool descending;
		const char *expected;
	} cases[] = {
		{0, false, "a b cd cr d "},
		{0, true, "d cr cd b a "},
		/* Equal rows stay as they came, unknown ones come last both ways. */
		{1, false, "cr cd b d a "},
		{1, true, "d b cr cd a "},
		{2, true, "d b cr cd a "},
	};

	(void)state;
	unit_each (i, cases) {
		how.sort = &fields[cases[i].field];
		how.descending = cases[i].descending;
		load(0, 5);
		expect(cases[i].expected);
	}
}

static void
held_rows_keep_their_places(void **state)
{
	(void)state;
	how.sort = &fields[1];
	how.descending = true;
	load(0, 4);
	expect("b cr cd a ");
	how.held = true;
	load(0, 5);
	expect("b cr cd a d "); /* the new one would be the first */
	load(1, 5);
	expect("b cd a d ");
	how.descending = false;
	load(0, 5);
	expect("b cd a d cr ");
	how.held = false;
	load(0, 5);
	expect("cr cd b d a ");
}

static void
words_look_at_what_is_visible(void **state)
{
	(void)state;
	how.filter = filter_parse("berry", &table, NULL);
	assert_non_null(how.filter);
	load(0, 5);
	expect("- cr - cd ");
}

static void
more_rows_than_the_bound_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_ORDER_MAX + 3; i++)
		row_order_add(&list, i, &fruits[2], NULL);
	row_order_arrange(&list, &how, &context);
	assert_int_equal(list.line_count, ROW_ORDER_MAX);
	assert_int_equal(list.left_out, 3);
}

/* UBSan sees a sort of no array. */
static void
no_rows_are_in_order(void **state)
{
	(void)state;
	load(0, 0);
	expect("");
	how.held = true;
	load(0, 0);
	expect("");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sections_stand_in_the_given_order, setup, teardown),
		cmocka_unit_test_setup_teardown(fields_order_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(held_rows_keep_their_places, setup, teardown),
		cmocka_unit_test_setup_teardown(words_look_at_what_is_visible, setup, teardown),
		cmocka_unit_test_setup_teardown(
			more_rows_than_the_bound_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(no_rows_are_in_order, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
