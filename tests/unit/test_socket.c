/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/socket.h>

#include <netinet/in.h>
#include <stdlib.h>

#include "unit.h"

enum { MANY = 100000, KEYS = 4096 };

/* A generator of its own, so that a failure repeats. */
static uint32_t
random_number(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*seed >> 33);
}

static struct socket_row *
add(struct socket_table *table, uint64_t cookie, enum tcp_state state)
{
	const uint32_t id = socket_table_add(table, 0, cookie);
	struct socket_row *const row = socket_table_row(table, id);

	row->protocol = IPPROTO_TCP;
	socket_table_set_state(table, row, state);
	return row;
}

static void
finds_what_was_added(void **state)
{
	struct socket_table table;

	(void)state;
	socket_table_init(&table, UINT32_MAX);
	assert_int_equal(socket_table_find(&table, 0, 1), SOCKET_NONE);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(socket_table_add(&table, i % 3 == 0, i), i);
	assert_int_equal(table.count, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(socket_table_find(&table, i % 3 == 0, i), i);
		/* The same cookie in another namespace is another socket. */
		assert_int_equal(socket_table_find(&table, i % 3 != 0, i), SOCKET_NONE);
	}
	for (uint32_t i = 0; i < MANY; i += 2)
		socket_table_remove(&table, i);
	assert_int_equal(table.count, MANY / 2);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(
			socket_table_find(&table, i % 3 == 0, i), i % 2 == 0 ? SOCKET_NONE : i);
	/* Their numbers are used again; the table does not grow. */
	for (uint32_t i = 0; i < MANY; i += 2)
		assert_true(socket_table_add(&table, 7, i) < MANY);
	assert_int_equal(table.used, MANY);
	socket_table_fini(&table);
	assert_int_equal(table.count, 0);
}

/* Against an array: random steps on few keys, so that runs of the index form and are cut. */
static void
behaves_like_an_array(void **state)
{
	static uint32_t ids[KEYS];
	struct socket_table table;
	uint64_t seed = 1;
	uint32_t alive = 0;

	(void)state;
	socket_table_init(&table, UINT32_MAX);
	for (size_t i = 0; i < KEYS; i++)
		ids[i] = SOCKET_NONE;
	for (size_t step = 0; step < 20 * (size_t)KEYS; step++) {
		const uint32_t key = random_number(&seed) % KEYS;

		assert_int_equal(socket_table_find(&table, 2, key), ids[key]);
		if (ids[key] == SOCKET_NONE) {
			ids[key] = socket_table_add(&table, 2, key);
			assert_int_equal(socket_table_row(&table, ids[key])->cookie, key);
			alive++;
		} else {
			socket_table_remove(&table, ids[key]);
			assert_true(socket_table_row(&table, ids[key])->flags & SOCKET_FREE);
			ids[key] = SOCKET_NONE;
			alive--;
		}
		assert_int_equal(table.count, alive);
	}
	for (uint32_t key = 0; key < KEYS; key++)
		assert_int_equal(socket_table_find(&table, 2, key), ids[key]);
	socket_table_fini(&table);
}

static void
rows_stay_where_they_are(void **state)
{
	struct socket_table table;
	const struct socket_row *first;

	(void)state;
	socket_table_init(&table, UINT32_MAX);
	first = add(&table, 1, TCP_STATE_LISTEN);
	for (uint64_t i = 2; i < 40 * (uint64_t)SOCKET_BLOCK_ROWS; i++)
		add(&table, i, TCP_STATE_ESTABLISHED);
	assert_ptr_equal(first, socket_table_row(&table, socket_table_find(&table, 0, 1)));
	assert_int_equal(first->state, TCP_STATE_LISTEN);
	socket_table_fini(&table);
}

static void
counts_by_state(void **state)
{
	struct socket_table table;
	struct socket_row *row, *udp;
	uint32_t id;

	(void)state;
	socket_table_init(&table, UINT32_MAX);
	row = add(&table, 1, TCP_STATE_ESTABLISHED);
	add(&table, 2, TCP_STATE_ESTABLISHED);
	assert_int_equal(table.by_state[0][TCP_STATE_ESTABLISHED], 2);
	socket_table_set_state(&table, row, TCP_STATE_FIN_WAIT_1);
	assert_int_equal(table.by_state[0][TCP_STATE_ESTABLISHED], 1);
	assert_int_equal(table.by_state[0][TCP_STATE_FIN_WAIT_1], 1);
	socket_table_set_closed(&table, row);
	socket_table_set_closed(&table, row);
	assert_int_equal(table.closed, 1);
	assert_int_equal(table.by_state[0][TCP_STATE_FIN_WAIT_1], 0);
	/* Closed rows change state without being counted. */
	socket_table_set_state(&table, row, TCP_STATE_CLOSING);
	assert_int_equal(table.by_state[0][TCP_STATE_CLOSING], 0);
	socket_table_set_open(&table, row);
	assert_int_equal(table.by_state[0][TCP_STATE_CLOSING], 1);
	assert_int_equal(table.closed, 0);
	id = socket_table_add(&table, 0, 3);
	udp = socket_table_row(&table, id);
	udp->protocol = IPPROTO_UDP;
	socket_table_set_state(&table, udp, TCP_STATE_CLOSED);
	assert_int_equal(table.by_state[1][TCP_STATE_CLOSED], 1);
	socket_table_remove(&table, id);
	assert_int_equal(table.by_state[1][TCP_STATE_CLOSED], 0);
	socket_table_set_closed(&table, row);
	socket_table_remove(&table, socket_table_find(&table, 0, 1));
	assert_int_equal(table.closed, 0);
	assert_int_equal(table.by_state[0][TCP_STATE_CLOSING], 0);
	assert_int_equal(table.count, 1);
	socket_table_fini(&table);
}

static void
is_bounded(void **state)
{
	struct socket_table table;

	(void)state;
	socket_table_init(&table, 2);
	add(&table, 1, TCP_STATE_LISTEN);
	add(&table, 2, TCP_STATE_LISTEN);
	assert_int_equal(socket_table_add(&table, 0, 3), SOCKET_NONE);
	assert_int_equal(socket_table_find(&table, 0, 3), SOCKET_NONE);
	assert_int_equal(table.refused, 1);
	socket_table_remove(&table, 0);
	/* Twice is once. */
	socket_table_remove(&table, 0);
	assert_int_equal(table.count, 1);
	assert_int_equal(socket_table_add(&table, 0, 3), 0);
	socket_table_fini(&table);
}

static void
names_states(void **state)
{
	struct socket_row row = {.protocol = IPPROTO_UDP, .state = TCP_STATE_CLOSED};

	(void)state;
	assert_string_equal(socket_state_name(&row), "UNCONN");
	row.state = TCP_STATE_ESTABLISHED;
	assert_string_equal(socket_state_name(&row), "ESTABLISHED");
	row.protocol = IPPROTO_TCP;
	row.state = TCP_STATE_CLOSED;
	assert_string_equal(socket_state_name(&row), "CLOSED");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_added),
		cmocka_unit_test(behaves_like_an_array),
		cmocka_unit_test(rows_stay_where_they_are),
		cmocka_unit_test(counts_by_state),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(names_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
