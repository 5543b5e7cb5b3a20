/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of holes: as many as are needed at the same time, and a bound. */
#include <config.h>

#include "model/wire/conversation/holes.h"

#include "unit.h"

enum { MANY = 3 * HOLE_SETS };

static struct holes holes;
static struct conversation conversations[MANY];

static int
open_holes(void **state)
{
	(void)state;
	memset(conversations, 0, sizeof conversations);
	holes_init(&holes);
	return 0;
}

static int
close_holes(void **state)
{
	(void)state;
	holes_fini(&holes);
	return 0;
}

static void
open_hole(unsigned i)
{
	const struct hole hole = {.begin = 1000 + i, .end = 2000 + i};

	holes_open(&holes, &conversations[i], i % 2, &hole);
}

static bool
has_hole(unsigned i)
{
	return holes_contain(&holes, &conversations[i], i % 2, 1000 + i, 2000 + i);
}

/* Nothing was lost, nothing is kept. */
static void
test_none(void **state)
{
	(void)state;
	assert_false(has_hole(0));
	assert_null(holes_lesson(&holes, &conversations[0], 0));
	assert_null(holes.blocks[0]);
}

/* Connections come and go, five at a time, and each of them loses something. */
static void
test_as_many_as_needed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		open_hole(i);
		assert_true(has_hole(i));
		if (i >= 4)
			conversations[i - 4].generation++;
	}
	assert_true(holes.count <= HOLE_BLOCK_SETS);
	assert_null(holes.blocks[1]);
	/* The slots of those that ended have new conversations, which have no holes of theirs. */
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(has_hole(i), i >= MANY - 4);
}

/* All at the same time: the newest keep theirs. */
static void
test_bound(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		open_hole(i);
	assert_int_equal(holes.count, HOLE_SETS);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(has_hole(i), i >= MANY - HOLE_SETS);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_none, open_holes, close_holes),
		cmocka_unit_test_setup_teardown(test_as_many_as_needed, open_holes, close_holes),
		cmocka_unit_test_setup_teardown(test_bound, open_holes, close_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
