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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rank, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many_uids, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_fair, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_overflow, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
