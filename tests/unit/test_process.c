/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/process.h>

#include <stdlib.h>
#include <string.h>

#include "unit.h"

enum { PIDS = 12, INODES = 24, FDS = 3, STEPS = 60000 };

static uint32_t
random_number(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*seed >> 33);
}

static void
chains_in_order(void **state)
{
	static const uint32_t pairs[][2] = {{30, 5}, {10, 9}, {20, 1}, {10, 3}, {30, 4}};
	static const uint32_t ordered[][2] = {{10, 3}, {10, 9}, {20, 1}, {30, 4}, {30, 5}};
	struct process_table table;
	const struct owner *owner;

	(void)state;
	process_table_init(&table, 100);
	assert_null(process_table_owner(&table, 7));
	unit_each (i, pairs)
		assert_true(process_table_hold(&table, pairs[i][0], 7, pairs[i][1]));
	assert_false(process_table_hold(&table, 20, 7, 1));
	assert_false(process_table_hold(&table, 20, 0, 1));
	owner = process_table_owner(&table, 7);
	unit_each (i, ordered) {
		assert_non_null(owner);
		assert_int_equal(owner->pid, ordered[i][0]);
		assert_int_equal(owner->fd, ordered[i][1]);
		owner = process_table_next(&table, owner);
	}
	assert_null(owner);
	assert_int_equal(table.owner_count, 5);
	assert_int_equal(process_table_find(&table, 30)->held, 2);
	assert_false(process_table_release(&table, 30, 7, 6));
	assert_false(process_table_release(&table, 31, 7, 5));
	assert_true(process_table_release(&table, 10, 7, 3));
	assert_int_equal(process_table_owner(&table, 7)->fd, 9);
	process_table_fini(&table);
}

struct reference {
	bool holds[PIDS][INODES + 1][FDS];
};

static void
compare(const struct process_table *table, const struct reference *reference)
{
	uint32_t total = 0;

	for (uint32_t inode = 1; inode <= INODES; inode++) {
		const struct owner *owner = process_table_owner(table, inode);

		for (uint32_t pid = 0; pid < PIDS; pid++) {
			for (uint32_t fd = 0; fd < FDS; fd++) {
				if (!reference->holds[pid][inode][fd])
					continue;
				assert_non_null(owner);
				assert_int_equal(owner->pid, pid);
				assert_int_equal(owner->fd, fd);
				owner = process_table_next(table, owner);
				total++;
			}
		}
		assert_null(owner);
	}
	assert_int_equal(table->owner_count, total);
}

/* Against arrays: holds, releases, and ends of one or several processes in random order. */
static void
behaves_like_arrays(void **state)
{
	static struct reference reference;
	struct process_table table;
	uint64_t seed = 2;

	(void)state;
	memset(&reference, 0, sizeof reference);
	process_table_init(&table, 1000000);
	for (size_t step = 0; step < STEPS; step++) {
		const uint32_t pid = random_number(&seed) % PIDS;
		const uint32_t inode = random_number(&seed) % INODES + 1;
		const uint32_t fd = random_number(&seed) % FDS;
		bool *const holds = &reference.holds[pid][inode][fd];
		const uint32_t what = random_number(&seed) % 100;

		if (what < 55) {
			assert_int_equal(process_table_hold(&table, pid, inode, fd), !*holds);
			*holds = true;
		} else if (what < 98) {
			assert_int_equal(process_table_release(&table, pid, inode, fd), *holds);
			*holds = false;
		} else {
			const uint32_t other = (pid + 1) % PIDS;

			process_table_mark(&table, pid);
			process_table_mark(&table, other);
			process_table_mark(&table, pid);
			process_table_sweep(&table);
			memset(reference.holds[pid], 0, sizeof reference.holds[pid]);
			memset(reference.holds[other], 0, sizeof reference.holds[other]);
			assert_null(process_table_find(&table, pid));
			assert_int_equal(table.dying, 0);
		}
		if (step % 64 == 0)
			compare(&table, &reference);
	}
	compare(&table, &reference);
	process_table_fini(&table);
}

static void
forgets_one_of_many(void **state)
{
	struct process_table table;

	(void)state;
	process_table_init(&table, 1000000);
	for (uint32_t pid = 1; pid <= 1000; pid++)
		for (uint32_t fd = 0; fd < 20; fd++)
			process_table_hold(&table, pid, pid * 100 + fd, fd);
	/* Another process, whose pid has the same low 16 bits. */
	process_table_hold(&table, 500 + 65536, 77, 1);
	process_table_remove(&table, 500);
	process_table_remove(&table, 500);
	assert_int_equal(table.count, 1000);
	assert_int_equal(table.owner_count, 999 * 20 + 1);
	assert_null(process_table_owner(&table, 50000));
	assert_int_equal(process_table_owner(&table, 77)->pid, 500 + 65536);
	for (uint32_t pid = 1; pid <= 1000; pid++) {
		if (pid != 500)
			assert_int_equal(process_table_owner(&table, pid * 100)->pid, pid);
	}
	/* Its records are used again. */
	for (uint32_t fd = 0; fd < 20; fd++)
		process_table_hold(&table, 5000, 900000 + fd, fd);
	assert_int_equal(table.owner_used, 1000 * 20 + 1);
	process_table_clear(&table);
	assert_int_equal(table.count, 0);
	assert_null(process_table_owner(&table, 100));
	process_table_fini(&table);
}

static void
counts_hidden(void **state)
{
	struct process_table table;

	(void)state;
	process_table_init(&table, 10);
	process_table_set_error(&table, process_table_get(&table, 1), 13);
	process_table_set_error(&table, process_table_get(&table, 2), 13);
	process_table_set_error(&table, process_table_get(&table, 2), 1);
	assert_int_equal(table.hidden, 2);
	process_table_set_error(&table, process_table_get(&table, 1), 0);
	assert_int_equal(table.hidden, 1);
	process_table_remove(&table, 2);
	assert_int_equal(table.hidden, 0);
	process_table_fini(&table);
}

static void
is_bounded(void **state)
{
	struct process_table table;

	(void)state;
	process_table_init(&table, 3);
	for (uint32_t fd = 0; fd < 3; fd++)
		assert_true(process_table_hold(&table, 1, 5 + fd, fd));
	assert_false(process_table_hold(&table, 1, 50, 9));
	assert_int_equal(table.refused, 1);
	assert_null(process_table_owner(&table, 50));
	process_table_release(&table, 1, 5, 0);
	assert_true(process_table_hold(&table, 1, 50, 9));
	process_table_fini(&table);

	process_table_init(&table, 1000000);
	/* In falling order: each comes in front. */
	for (uint32_t pid = 2 * PROCESS_OWNERS_MAX; pid > 0; pid--)
		process_table_hold(&table, pid, 5, 0);
	assert_int_equal(table.owner_count, PROCESS_OWNERS_MAX);
	assert_int_equal(table.refused, PROCESS_OWNERS_MAX);
	for (uint32_t pid = 2 * PROCESS_OWNERS_MAX; pid > 0; pid--)
		process_table_mark(&table, pid);
	process_table_sweep(&table);
	assert_int_equal(table.owner_count, 0);
	assert_int_equal(table.count, 0);
	process_table_fini(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_in_order),
		cmocka_unit_test(behaves_like_arrays),
		cmocka_unit_test(forgets_one_of_many),
		cmocka_unit_test(counts_hidden),
		cmocka_unit_test(is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
