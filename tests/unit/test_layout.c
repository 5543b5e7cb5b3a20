/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "tui/term/layout.h"
#include "unit.h"

enum { STATE, QUEUE, LOCAL, REMOTE, RTT, OWNER, COLUMNS };

static void
fill(struct layout_item *items)
{
	const struct layout_item all[COLUMNS] = {
		[STATE] = {.minimum = 12, .wanted = 12, .grown = 12, .essential = true},
		[QUEUE] = {.minimum = 6, .wanted = 6, .grown = 6},
		[LOCAL] = {.minimum = 15, .wanted = 21, .grown = 30, .essential = true},
		[REMOTE] = {.minimum = 15, .wanted = 21, .grown = 21, .essential = true},
		[RTT] = {.minimum = 6, .wanted = 6, .grown = 6},
		[OWNER] = {.minimum = 8,
			.wanted = 16,
			.grown = 16,
			.essential = true,
			.stretch = true},
	};

	for (int i = 0; i < COLUMNS; i++)
		items[i] = all[i];
}

static int
end_of(const struct layout_item *items, int count)
{
	int end = 0;

	for (int i = 0; i < count; i++) {
		if (items[i].width > 0) {
			assert_true(items[i].x >= end);
			end = items[i].x + items[i].width;
		}
	}
	return end;
}

static void
gives_all_what_they_want(void **state)
{
	struct layout_item items[COLUMNS];

	(void)state;
	fill(items);
	layout_columns(items, COLUMNS, 87, 1);
	for (int i = 0; i < COLUMNS; i++)
		assert_int_equal(items[i].width, items[i].wanted);
	assert_int_equal(items[QUEUE].x, 13);
	assert_int_equal(end_of(items, COLUMNS), 87);
}

static void
grows_before_it_stretches(void **state)
{
	struct layout_item items[COLUMNS];

	(void)state;
	fill(items);
	layout_columns(items, COLUMNS, 90, 1);
	assert_int_equal(items[LOCAL].width, 24);
	assert_int_equal(items[OWNER].width, 16);
	fill(items);
	layout_columns(items, COLUMNS, 120, 1);
	assert_int_equal(items[LOCAL].width, 30);
	assert_int_equal(items[REMOTE].width, 21);
	assert_int_equal(items[OWNER].width, 16 + 24);
	assert_int_equal(end_of(items, COLUMNS), 120);
}

static void
narrows_then_drops(void **state)
{
	struct layout_item items[COLUMNS];

	(void)state;
	fill(items);
	layout_columns(items, COLUMNS, 70, 1);
	assert_int_equal(items[RTT].width, 6);
	assert_in_range(items[LOCAL].width, 15, 20);
	assert_int_equal(end_of(items, COLUMNS), 70);
	/* From the right, and first what is not essential. */
	fill(items);
	layout_columns(items, COLUMNS, 60, 1);
	assert_int_equal(items[RTT].width, 0);
	assert_true(items[OWNER].width >= 8);
	fill(items);
	layout_columns(items, COLUMNS, 45, 1);
	assert_int_equal(items[QUEUE].width, 0);
	assert_int_equal(items[OWNER].width, 0);
	assert_true(items[REMOTE].width >= 15);
}

static void
never_leaves_its_room(void **state)
{
	(void)state;
	for (int room = 0; room < 200; room++) {
		struct layout_item items[COLUMNS];

		fill(items);
		layout_columns(items, COLUMNS, room, 1);
		assert_true(end_of(items, COLUMNS) <= room);
		if (room > 0)
			assert_true(items[STATE].width > 0);
	}
	layout_columns(NULL, 0, 80, 1);
}

static void
keeps_the_ends_of_the_footer(void **state)
{
	static const int widths[] = {8, 8, 8, 9};
	bool shown[4];

	(void)state;
	layout_footer(widths, 4, 33, shown);
	for (int i = 0; i < 4; i++)
		assert_true(shown[i]);
	layout_footer(widths, 4, 32, shown);
	assert_true(shown[0] && shown[1] && !shown[2] && shown[3]);
	layout_footer(widths, 4, 5, shown);
	assert_true(shown[0] && !shown[1] && !shown[2] && shown[3]);
	layout_footer(widths, 1, 80, shown);
	assert_true(shown[0]);
	layout_footer(widths, 0, 80, shown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_all_what_they_want),
		cmocka_unit_test(grows_before_it_stretches),
		cmocka_unit_test(narrows_then_drops),
		cmocka_unit_test(never_leaves_its_room),
		cmocka_unit_test(keeps_the_ends_of_the_footer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
