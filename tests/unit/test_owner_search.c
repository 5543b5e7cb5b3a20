/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "collector/proc/owner/owner_search.h"
#include "unit.h"

static struct owner_search search;

static int
set_up(void **state)
{
	(void)state;
	return owner_search_init(&search);
}

static int
tear_down(void **state)
{
	(void)state;
	owner_search_fini(&search);
	return 0;
}

static uint64_t
cookie_of(uint32_t inode)
{
	return UINT64_C(1) << 40 | inode;
}

static void
add(uint32_t inode, uint32_t uid, uint16_t port, uint32_t since)
{
	const struct pending socket = {.cookie = cookie_of(inode),
		.inode = inode,
		.uid = uid,
		.since = since,
		.port = port};

	owner_search_add(&search, &socket, true);
}

static void
test_rank(void **state)
{
	uint64_t held[] = {UINT64_C(10) << 32 | 3};
	struct holder listener = {.uid = 1, .held = held, .held_count = 1, .read_in = 4};
	struct holder same_uid = {.uid = 33, .read_in = 4};
	struct holder other = {.uid = 1, .read_in = 4};
	const struct holder already_read = {.uid = 33, .read_in = 5};

	(void)state;
	owner_search_add_listener(&search, 10, 8080);
	listener.ports = owner_search_ports(&search, &listener);
	assert_true(listener.ports != 0);
	assert_true(owner_search_ports(&search, &other) == 0);
	add(20, 33, 8080, 5);
	owner_search_prepare(&search);
	assert_int_equal(owner_search_rank(&search, &listener), OWNER_RANK_LISTENER);
	assert_int_equal(owner_search_rank(&search, &same_uid), OWNER_RANK_UID);
	assert_int_equal(owner_search_rank(&search, &other), OWNER_RANK_NONE);
	/* Read since the socket came: nothing new would be found. */
	assert_int_equal(owner_search_rank(&search, &already_read), OWNER_RANK_NONE);

	/* A client's own port does not help to find its owner. */
	owner_search_found(&search, 20);
	add(21, 33, 8081, 5);
	owner_search_prepare(&search);
	assert_int_equal(owner_search_rank(&search, &listener), OWNER_RANK_NONE);
}

/* With more uids than are kept, those that do not fit make everyone likely, and none is missed. */
static void
test_many_uids(void **state)
{
	const struct holder last = {.uid = 1000 + 2 * OWNER_SEARCH_UIDS, .read_in = 4};

	(void)state;
	for (uint32_t i = 0; i <= 2 * OWNER_SEARCH_UIDS; i++)
		add(100 + i, 1000 + i, 1, 5);
	owner_search_prepare(&search);
	assert_int_equal(owner_search_rank(&search, &last), OWNER_RANK_UID);
}

static void
test_fair(void **state)
{
	(void)state;
	add(20, 0, 1, 5);
	add(21, 0, 1, 6);
	add(21, 0, 1, 6);
	assert_int_equal(owner_search_pending(&search), 2);
	/* Only one that has stood in an earlier dump is worth reading all. */
	assert_int_equal(owner_search_sweep(&search, 5), 0);
	assert_int_equal(owner_search_sweep(&search, 6), 5);
	assert_int_equal(owner_search_sweep(&search, 7), 6);
	/* Until all were read since it came it is not given up. */
	owner_search_settle(&search, 4);
	assert_int_equal(owner_search_pending(&search), 2);
	owner_search_settle(&search, 5);
	assert_int_equal(owner_search_pending(&search), 1);
	/* Given up: not searched again. */
	add(20, 0, 1, 8);
	assert_int_equal(owner_search_pending(&search), 1);
	owner_search_lost(&search, cookie_of(20));
	add(20, 0, 1, 8);
	assert_int_equal(owner_search_pending(&search), 2);
	owner_search_found(&search, 21);
	owner_search_lost(&search, cookie_of(20));
	assert_int_equal(owner_search_pending(&search), 0);
}

static void
test_overflow(void **state)
{
	enum { SOCKETS = 100000 };

	(void)state;
	for (uint32_t i = 1; i <= SOCKETS; i++)
		add(i, 0, 1, 9);
	assert_true(search.count < SOCKETS);
	assert_int_equal(owner_search_pending(&search), SOCKETS);
	/* Those that were not listed have all processes read in this very refresh. */
	assert_int_equal(owner_search_sweep(&search, 9), 9);
	owner_search_settle(&search, 8);
	assert_int_equal(owner_search_pending(&search), SOCKETS);
	owner_search_settle(&search, 9);
	assert_int_equal(owner_search_pending(&search), 0);
	assert_int_equal(owner_search_sweep(&search, 10), 0);
}

/* Sockets that are only counted are found one by one, and no more than there are. */
static void
test_counted(void **state)
{
	const struct pending socket = {.cookie = 5, .inode = 6, .since = 3};

	(void)state;
	owner_search_found(&search, 6);
	assert_int_equal(owner_search_pending(&search), 0);
	owner_search_add(&search, &socket, false);
	assert_int_equal(owner_search_pending(&search), 1);
	assert_int_equal(owner_search_sweep(&search, 3), 3);
	owner_search_found(&search, 99);
	assert_int_equal(owner_search_pending(&search), 0);
	owner_search_found(&search, 99);
	assert_int_equal(owner_search_pending(&search), 0);
	/* One that is listed is found before any that is counted. */
	owner_search_add(&search, &socket, false);
	add(7, 0, 1, 4);
	owner_search_found(&search, 7);
	assert_int_equal(search.count, 0);
	assert_int_equal(owner_search_pending(&search), 1);
	owner_search_settle(&search, 2);
	assert_int_equal(owner_search_pending(&search), 1);
	owner_search_settle(&search, 3);
	assert_int_equal(owner_search_pending(&search), 0);
	assert_int_equal(owner_search_sweep(&search, 9), 0);
}

/* What may have been missed is worth a sweep, unless something newer is. */
static void
test_missed(void **state)
{
	(void)state;
	owner_search_missed(&search, 9);
	assert_int_equal(owner_search_sweep(&search, 3), 9);
	add(1, 0, 1, 12);
	add(2, 0, 1, 11);
	add(3, 0, 1, 8);
	assert_int_equal(owner_search_sweep(&search, 11), 9);
	assert_int_equal(owner_search_sweep(&search, 12), 11);
	assert_int_equal(owner_search_sweep(&search, 13), 12);
	owner_search_settle(&search, 8);
	assert_int_equal(search.count, 2);
	assert_int_equal(owner_search_sweep(&search, 11), 9);
	owner_search_settle(&search, 9);
	assert_int_equal(owner_search_sweep(&search, 11), 0);
}

/* The same cookie or the same inode is the same search. */
static void
test_same(void **state)
{
	struct pending socket = {.cookie = 50, .inode = 6, .since = 3};

	(void)state;
	owner_search_add(&search, &socket, true);
	socket.cookie = 51;
	owner_search_add(&search, &socket, true);
	assert_int_equal(owner_search_pending(&search), 1);
	socket.cookie = 50;
	socket.inode = 7;
	owner_search_add(&search, &socket, true);
	assert_int_equal(owner_search_pending(&search), 1);
	owner_search_found(&search, 6);
	assert_int_equal(owner_search_pending(&search), 0);
	/* Settled, which only the end of the socket undoes. */
	owner_search_add(&search, &socket, true);
	owner_search_settle(&search, 3);
	assert_int_equal(search.settled.count, 1);
	socket.inode = 8;
	owner_search_add(&search, &socket, true);
	assert_int_equal(owner_search_pending(&search), 0);
	owner_search_lost(&search, 49);
	assert_int_equal(search.settled.count, 1);
	owner_search_lost(&search, 50);
	assert_int_equal(search.settled.count, 0);
}

/* Any of three is taken out; the others are found by inode and by cookie as before. */
static void
test_taken_out(void **state)
{
	(void)state;
	for (uint32_t first = 0; first < 3; first++) {
		for (uint32_t i = 0; i < 3; i++)
			add(10 + i, 0, 1, 5);
		owner_search_found(&search, 10 + first);
		assert_int_equal(search.count, 2);
		for (uint32_t i = 1; i < 3; i++) {
			const uint32_t inode = 10 + (first + i) % 3;

			if (i == 1)
				owner_search_found(&search, inode);
			else
				owner_search_lost(&search, cookie_of(inode));
			assert_int_equal(search.count, 2 - i);
		}
		owner_search_lost(&search, cookie_of(10));
		assert_int_equal(owner_search_pending(&search), 0);
	}
}

/* Those that came when memory was missing are counted, and leave no trace. */
static void
test_no_memory(void **state)
{
	unsigned failed = 0;

	(void)state;
	if (!unit_memory_can_fail())
		return;
	for (unsigned long n = 1; n < 10; n++) {
		owner_search_fini(&search);
		assert_int_equal(owner_search_init(&search), 0);
		unit_memory_fails_at(n);
		add(1, 0, 1, 5);
		if (!unit_memory_has_failed())
			break;
		unit_memory_fails_at(0);
		failed++;
		assert_int_equal(search.count, 0);
		assert_int_equal(owner_search_pending(&search), 1);
		add(2, 0, 1, 5);
		assert_int_equal(search.count, 1);
		owner_search_found(&search, 1);
		assert_int_equal(search.count, 1);
		owner_search_found(&search, 2);
		assert_int_equal(owner_search_pending(&search), 0);
	}
	unit_memory_fails_at(0);
	assert_true(failed >= 3);
}

/* All that is counted by number has an end. */
static void
test_bounds(void **state)
{
	enum { PENDING_MAX = 65536, SETTLED_MAX = 262144, LISTENERS_MAX = 65536 };
	const struct holder listener = {.uid = 1, .ports = UINT64_MAX, .read_in = 4};

	(void)state;
	for (uint32_t i = 1; i <= PENDING_MAX + SETTLED_MAX; i++)
		add(i, 0, 1, 5);
	assert_int_equal(search.count, PENDING_MAX);
	assert_int_equal(search.settled.count, SETTLED_MAX);
	add(PENDING_MAX + SETTLED_MAX + 1, 0, 1, 5);
	assert_int_equal(search.settled.count, 1);
	assert_int_equal(search.count, PENDING_MAX);
	owner_search_fini(&search);
	assert_int_equal(owner_search_init(&search), 0);

	owner_search_add_listener(&search, 1, 80);
	for (uint32_t i = 2; i <= LISTENERS_MAX; i++)
		owner_search_add_listener(&search, i, 81);
	assert_int_equal(search.listeners.count, LISTENERS_MAX);
	add(7, 33, 80, 5);
	owner_search_prepare(&search);
	assert_int_equal(owner_search_rank(&search, &listener), OWNER_RANK_LISTENER);
	owner_search_add_listener(&search, LISTENERS_MAX + 1, 82);
	assert_int_equal(search.listeners.count, 1);
	owner_search_prepare(&search);
	assert_int_equal(owner_search_rank(&search, &listener), OWNER_RANK_NONE);
}

/* Every port from 0 to 65535 has a bit; neighbours, and those 64 apart, have different ones. */
static void
test_ports(void **state)
{
	static const uint16_t bases[] = {0, 8000, 65472 - 64};

	(void)state;
	unit_each (i, bases) {
		uint64_t held[128], all = 0, far = 0;
		struct holder holder = {.held = held};

		owner_search_fini(&search);
		assert_int_equal(owner_search_init(&search), 0);
		for (uint32_t j = 0; j < 128; j++) {
			held[j] = UINT64_C(1) * (j + 1) << 32 | 3;
			owner_search_add_listener(&search, j + 1, (uint16_t)(bases[i] + j));
		}
		for (uint32_t j = 0; j < 64; j++) {
			holder.held = held + j;
			holder.held_count = 1;
			all |= owner_search_ports(&search, &holder);
			far = owner_search_ports(&search, &holder);
			assert_int_equal(far & (far - 1), 0);
			holder.held = held + j + 64;
			assert_int_not_equal(owner_search_ports(&search, &holder), far);
		}
		assert_true(all == UINT64_MAX);
		holder.held = held;
		holder.held_count = 64;
		assert_true(owner_search_ports(&search, &holder) == UINT64_MAX);
	}
	add(500, 1, UINT16_MAX, 9);
	owner_search_add_listener(&search, 501, UINT16_MAX);
	owner_search_prepare(&search);
	for (uint32_t read_in = 8; read_in < 10; read_in++) {
		const struct holder holder = {.ports = UINT64_MAX, .read_in = read_in};

		assert_int_equal(owner_search_rank(&search, &holder),
			read_in == 8 ? OWNER_RANK_LISTENER : OWNER_RANK_NONE);
	}
}

static enum owner_rank
rank_of(uint32_t uid, uint32_t read_in)
{
	const struct holder holder = {.uid = uid, .read_in = read_in};

	return owner_search_rank(&search, &holder);
}

/* The newest socket of a uid counts, in whatever order they came; 32 uids are told apart. */
static void
test_uids(void **state)
{
	(void)state;
	add(1, 1000, 1, 5);
	add(2, 1000, 1, 9);
	add(3, 1000, 1, 7);
	owner_search_prepare(&search);
	assert_int_equal(rank_of(1000, 8), OWNER_RANK_UID);
	assert_int_equal(rank_of(1000, 9), OWNER_RANK_NONE);
	assert_int_equal(rank_of(1001, 1), OWNER_RANK_NONE);
	for (uint32_t i = 1; i < OWNER_SEARCH_UIDS; i++)
		add(10 + i, 1000 + i, 1, 6);
	owner_search_prepare(&search);
	assert_int_equal(rank_of(1000 + OWNER_SEARCH_UIDS - 1, 5), OWNER_RANK_UID);
	assert_int_equal(rank_of(1000 + OWNER_SEARCH_UIDS - 1, 6), OWNER_RANK_NONE);
	assert_int_equal(rank_of(1, 1), OWNER_RANK_NONE);
	/* One more makes every other uid likely, by the newest of them. */
	add(100, 5000, 1, 8);
	add(101, 5001, 1, 4);
	owner_search_prepare(&search);
	assert_int_equal(rank_of(1, 7), OWNER_RANK_UID);
	assert_int_equal(rank_of(1, 8), OWNER_RANK_NONE);
	assert_int_equal(rank_of(1000 + OWNER_SEARCH_UIDS - 1, 6), OWNER_RANK_NONE);
	for (uint32_t i = 0; i < 200; i++)
		owner_search_lost(&search, cookie_of(i));
	owner_search_prepare(&search);
	assert_int_equal(rank_of(1, 1), OWNER_RANK_NONE);
	assert_int_equal(rank_of(1000, 1), OWNER_RANK_NONE);
	/* Another uid in the place of an earlier one has nothing of it. */
	add(300, 7000, 1, 2);
	owner_search_prepare(&search);
	assert_int_equal(rank_of(7000, 1), OWNER_RANK_UID);
	assert_int_equal(rank_of(7000, 2), OWNER_RANK_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rank, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many_uids, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_fair, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_overflow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_taken_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_memory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bounds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ports, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_uids, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
