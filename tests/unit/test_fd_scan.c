/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/proc/owner/fd_scan.h"
#include "unit.h"

static void
test_link(void **state)
{
	static const struct {
		const char *link;
		uint32_t inode;
	} cases[] = {
		{"socket:[12345]", 12345},
		{"socket:[1]", 1},
		{"socket:[4294967295]", UINT32_MAX},
		{"socket:[4294967296]", 0},
		{"socket:[99999999999999999999999]", 0},
		{"socket:[]", 0},
		{"socket:[12", 0},
		{"socket:[12x]", 0},
		{"socket:[-1]", 0},
		{"socket:", 0},
		{"pipe:[12345]", 0},
		{"/tmp/socket:[1]", 0},
		{"anon_inode:[eventpoll]", 0},
		{"", 0},
	};

	(void)state;
	unit_each (i, cases)
		assert_int_equal(
			fd_scan_parse_link(cases[i].link, strlen(cases[i].link)), cases[i].inode);
}

/* "+FD:INODE" and "-FD:INODE" for each change. */
static char changes[256];

static void
on_change(void *context, struct holder *holder, uint64_t hold, bool held)
{
	const size_t len = strlen(changes);

	(void)context;
	(void)holder;
	snprintf(changes + len, sizeof changes - len, "%c%u:%u ", held ? '+' : '-', hold_fd(hold),
		hold_inode(hold));
}

static const struct fd_scan_events events = {.change = on_change};

struct descriptor {
	uint32_t fd, inode;
};

enum { DESCRIPTORS_MAX = 8 };

/* What is reported when the holder has these descriptors (up to one with fd 0 and inode 0). */
static const char *
scan_all(struct fd_scan *scan, struct holder *holder, const struct descriptor *descriptors)
{
	changes[0] = '\0';
	scan->holder = holder;
	scan->remember = true;
	scan->fresh_count = scan->old_next = scan->listed = 0;
	for (; descriptors->fd != 0; descriptors++)
		assert_int_equal(
			fd_scan_saw(scan, &events, descriptors->fd, descriptors->inode), 0);
	assert_int_equal(fd_scan_complete(scan, &events), 0);
	return changes;
}

static void
test_deltas(void **state)
{
	static const struct {
		struct descriptor descriptors[DESCRIPTORS_MAX];
		const char *changes;
	} steps[] = {
		{{{3, 30}, {4, 0}, {5, 50}}, "+3:30 +5:50 "},
		{{{3, 30}, {4, 0}, {5, 50}}, ""},
		/* a descriptor more for the same socket; one closed */
		{{{3, 30}, {5, 50}, {6, 50}}, "+6:50 "},
		{{{5, 50}, {6, 50}}, "-3:30 "},
		/* closed and opened with the same number */
		{{{5, 51}, {6, 50}}, "-5:50 +5:51 "},
		/* a socket became a file */
		{{{5, 51}, {6, 0}}, "-6:50 "},
		/* before and after all, and in between */
		{{{2, 20}, {5, 51}, {6, 60}, {9, 90}}, "+2:20 +6:60 +9:90 "},
		{{{7, 70}}, "-2:20 -5:51 -6:60 +7:70 -9:90 "},
		{{{0, 0}}, "-7:70 "},
		{{{0, 0}}, ""},
	};
	struct holder holder = {.pid = 1};
	struct fd_scan scan;

	(void)state;
	assert_int_equal(fd_scan_init(&scan), 0);
	unit_each (i, steps) {
		uint32_t count = 0;

		while (steps[i].descriptors[count].fd != 0)
			count++;
		assert_string_equal(
			scan_all(&scan, &holder, steps[i].descriptors), steps[i].changes);
		/* Those that are no sockets count too. */
		assert_int_equal(holder.listed, count);
	}
	assert_int_equal(holder.held_count, 0);
	assert_null(holder.held);
	fd_scan_fini(&scan);
}

/* The tables of two threads, read one after the other: a hold of both is one hold. */
static void
test_tables(void **state)
{
	static const struct {
		struct descriptor descriptors[DESCRIPTORS_MAX];
		const char *changes;
	} steps[] = {
		{{{3, 30}, {5, 50}, {3, 30}, {4, 40}}, "+3:30 +4:40 +5:50 "},
		{{{3, 30}, {5, 50}, {3, 30}, {4, 40}}, ""},
		/* one number, another socket in each table */
		{{{3, 30}, {5, 50}, {3, 31}, {4, 40}}, "+3:31 "},
		{{{5, 50}, {3, 31}, {4, 0}}, "-3:30 -4:40 "},
		{{{5, 50}, {2, 20}, {5, 49}}, "+2:20 -3:31 +5:49 "},
		{{{0, 0}}, "-2:20 -5:49 -5:50 "},
		{{{0, 0}}, ""},
	};
	struct holder holder = {.pid = 1};
	struct fd_scan scan;

	(void)state;
	assert_int_equal(fd_scan_init(&scan), 0);
	scan.tables = 2;
	unit_each (i, steps)
		assert_string_equal(
			scan_all(&scan, &holder, steps[i].descriptors), steps[i].changes);
	assert_int_equal(holder.held_count, 0);
	/* The leader alone again. */
	scan.tables = 1;
	assert_string_equal(
		scan_all(&scan, &holder, (const struct descriptor[]){{3, 30}, {0, 0}}), "+3:30 ");
	free(holder.held);
	fd_scan_fini(&scan);
}

/* An inode that lost its last hold is known as such until it is held again, or asked for. */
static void
test_adrift(void **state)
{
	const uint64_t hold = UINT64_C(30) << 32 | 3;
	struct holders holders;

	(void)state;
	holders_init(&holders);
	assert_false(holders_take_adrift(&holders, 30));
	holders_count_hold(&holders, hold);
	holders_count_hold(&holders, hold + 1);
	holders_count_release(&holders, hold);
	assert_false(holders_take_adrift(&holders, 30));
	holders_count_release(&holders, hold + 1);
	/* The same bit, but not it. */
	assert_false(holders_take_adrift(&holders, 30 + HOLDERS_ADRIFT_BITS));
	assert_true(holders_take_adrift(&holders, 30));
	assert_false(holders_take_adrift(&holders, 30));
	holders_count_hold(&holders, hold);
	holders_count_release(&holders, hold);
	holders_count_hold(&holders, hold);
	assert_false(holders_take_adrift(&holders, 30));
	holders_count_release(&holders, hold);
	holders_clear_adrift(&holders);
	assert_false(holders_take_adrift(&holders, 30));
	holders_fini(&holders);
}

static void
on_gone(void *context, struct holder *holder)
{
	uint32_t *const sum = context;

	*sum = *sum * 10 + holder->pid;
}

static void
test_holders(void **state)
{
	struct holders holders;
	uint32_t gone = 0;

	(void)state;
	holders_init(&holders);
	assert_int_equal(
		holders_update(&holders, (const uint32_t[]){1, 5, 7}, 3, on_gone, &gone), 0);
	assert_int_equal(holders.count, 3);
	assert_int_equal(gone, 0);
	holders.rows[1]->uid = 42;
	assert_int_equal(
		holders_update(&holders, (const uint32_t[]){2, 5, 9}, 3, on_gone, &gone), 0);
	assert_int_equal(gone, 17);
	assert_int_equal(holders.rows[0]->pid, 2);
	assert_int_equal(holders.rows[1]->uid, 42);
	assert_int_equal(holders.rows[2]->pid, 9);
	assert_int_equal(holders_update(&holders, NULL, 0, on_gone, &gone), 0);
	assert_int_equal(gone, 17259);

	/* Two hold it: it is owned until the second lets go. */
	holders_count_hold(&holders, UINT64_C(77) << 32 | 3);
	holders_count_hold(&holders, UINT64_C(77) << 32 | 4);
	holders_count_release(&holders, UINT64_C(77) << 32 | 3);
	assert_true(holders_owned(&holders, 77));
	holders_count_release(&holders, UINT64_C(77) << 32 | 4);
	assert_false(holders_owned(&holders, 77));
	holders_fini(&holders);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_deltas),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_adrift),
		cmocka_unit_test(test_holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
