/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The window on a page that is longer than it. */
#include <config.h>

#include "tui/term/scroll.h"
#include "unit.h"

static void
stays_within_the_page(void **state)
{
	struct scroll scroll = {0};

	(void)state;
	scroll_fit(&scroll, 30, 10);
	assert_int_equal(scroll.top, 0);
	scroll_move(&scroll, MOVE_UP);
	assert_int_equal(scroll.top, 0);
	scroll_move(&scroll, MOVE_DOWN);
	assert_int_equal(scroll.top, 1);
	scroll_move(&scroll, MOVE_PAGE_DOWN);
	assert_int_equal(scroll.top, 10); /* one line stays in sight */
	scroll_lines(&scroll, 100);
	assert_int_equal(scroll.top, 20);
	scroll_move(&scroll, MOVE_PAGE_UP);
	assert_int_equal(scroll.top, 11);
	scroll_lines(&scroll, -3);
	assert_int_equal(scroll.top, 8);
	scroll_lines(&scroll, -100);
	assert_int_equal(scroll.top, 0);
	scroll_move(&scroll, MOVE_BOTTOM);
	assert_int_equal(scroll.top, 20);
	scroll_move(&scroll, MOVE_LEFT);
	scroll_move(&scroll, MOVE_RIGHT);
	assert_int_equal(scroll.top, 20);
	scroll_move(&scroll, MOVE_TOP);
	assert_int_equal(scroll.top, 0);
}

static void
stays_at_the_end_that_moves_away(void **state)
{
	struct scroll scroll = {0};

	(void)state;
	scroll_fit(&scroll, 30, 10);
	scroll_fit(&scroll, 40, 10);
	assert_int_equal(scroll.top, 0); /* nobody asked for it */
	scroll_move(&scroll, MOVE_BOTTOM);
	scroll_fit(&scroll, 50, 10);
	assert_int_equal(scroll.top, 40);
	scroll_fit(&scroll, 50, 20);
	assert_int_equal(scroll.top, 30);
	scroll_fit(&scroll, 50, 5);
	assert_int_equal(scroll.top, 45);
	scroll_move(&scroll, MOVE_UP);
	scroll_fit(&scroll, 60, 5);
	assert_int_equal(scroll.top, 44);
}

static void
takes_the_end_of_a_page_that_has_room_for_more(void **state)
{
	struct scroll scroll = {0};

	(void)state;
	scroll_fit(&scroll, 4, 10);
	scroll_move(&scroll, MOVE_DOWN);
	scroll_fit(&scroll, 20, 10);
	assert_int_equal(scroll.top, 0);
	scroll_fit(&scroll, 4, 10);
	scroll_move(&scroll, MOVE_BOTTOM);
	assert_int_equal(scroll.top, 0);
	scroll_fit(&scroll, 20, 10);
	assert_int_equal(scroll.top, 10);
}

static void
follows_a_page_that_shrinks(void **state)
{
	struct scroll scroll = {0};

	(void)state;
	scroll_fit(&scroll, 30, 10);
	scroll_lines(&scroll, 15);
	scroll_fit(&scroll, 12, 10);
	assert_int_equal(scroll.top, 2);
	scroll_fit(&scroll, 0, 0);
	assert_int_equal(scroll.top, 0);
	scroll_move(&scroll, MOVE_PAGE_DOWN);
	assert_int_equal(scroll.top, 0);
}

static void
moves_the_cursor_of_a_list(void **state)
{
	(void)state;
	assert_int_equal(scroll_cursor(MOVE_UP, 0, 5, 3), 0);
	assert_int_equal(scroll_cursor(MOVE_UP, 4, 5, 3), 3);
	assert_int_equal(scroll_cursor(MOVE_DOWN, 4, 5, 3), 4);
	assert_int_equal(scroll_cursor(MOVE_PAGE_DOWN, 0, 5, 3), 3);
	assert_int_equal(scroll_cursor(MOVE_PAGE_DOWN, 3, 5, 3), 4);
	assert_int_equal(scroll_cursor(MOVE_PAGE_UP, 4, 5, 3), 1);
	assert_int_equal(scroll_cursor(MOVE_PAGE_UP, 1, 5, 3), 0);
	assert_int_equal(scroll_cursor(MOVE_BOTTOM, 0, 5, 3), 4);
	assert_int_equal(scroll_cursor(MOVE_TOP, 3, 5, 3), 0);
	assert_int_equal(scroll_cursor(MOVE_LEFT, 3, 5, 3), 3);
	assert_int_equal(scroll_cursor(MOVE_DOWN, 0, 0, 3), 0);
	/* A list that has shrunk under the cursor. */
	assert_int_equal(scroll_cursor(MOVE_PAGE_DOWN, 9, 5, 3), 4);
}

static void
keeps_the_cursor_in_the_window(void **state)
{
	(void)state;
	assert_int_equal(scroll_keep(5, 2, 10), 2);
	assert_int_equal(scroll_keep(5, 14, 10), 5);
	assert_int_equal(scroll_keep(5, 15, 10), 6);
	assert_int_equal(scroll_keep(5, 15, 0), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_within_the_page),
		cmocka_unit_test(stays_at_the_end_that_moves_away),
		cmocka_unit_test(takes_the_end_of_a_page_that_has_room_for_more),
		cmocka_unit_test(follows_a_page_that_shrinks),
		cmocka_unit_test(moves_the_cursor_of_a_list),
		cmocka_unit_test(keeps_the_cursor_in_the_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
