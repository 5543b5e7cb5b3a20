/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Views: which rows and groups there are, and the order by trouble. */
#include <config.h>

#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/view.h>

#include "views.h"

enum { WINDOW = 40 };

static const char *const names[] = {"nginx", "envoy", "postgres", "ssh", "a"};

/* Puts the row among the ended ones, as old as that. */
static void
end_row(struct model *model, struct socket_row *row, uint32_t lived_ms, uint32_t since_ms)
{
	row->closed_ms = model_now_ms(model) - since_ms;
	row->first_ms = row->closed_ms - lived_ms;
	socket_table_set_closed(&model->sockets, row);
}

/* The name of a process that has ended is a copy: its sockets stand in the group of the living. */
static void
test_one_group_of_a_name(void **state)
{
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct view_line lines[WINDOW];
	struct socket_row *row;
	uint32_t ids[4];

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);
		if (i < 2) {
			end_row(model, row, 5000, 100);
			row->last_pid = 900 + i;
			model->own->ended_processes[row->last_pid % MODEL_ENDED_PROCESSES] =
				(struct model_ended_process){.pid = row->last_pid, .comm = "nginx"};
		} else {
			sockets_hold(model, row, 100 + i, i < 4 ? "nginx" : "envoy");
		}
	}
	/* A process of which nothing lives is no group. */
	row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);
	end_row(model, row, 5000, 100);
	row->last_pid = 950;
	model->own->ended_processes[950 % MODEL_ENDED_PROCESSES] =
		(struct model_ended_process){.pid = 950, .comm = "curl"};
	view_set_group(view, sockets_field("process"));
	view_update(view, false);
	assert_int_equal(view_lines(view), 2);
	assert_int_equal(view_window(view, 0, WINDOW, lines), 2);
	/* Groups of one size are ordered by name, whichever came first. */
	assert_string_equal(lines[0].group->key, "envoy");
	assert_string_equal(lines[1].group->key, "nginx");
	assert_int_equal(lines[1].group->count, 2);
	assert_int_equal(
		socket_table_row(&model->sockets, lines[1].socket)->flags & SOCKET_CLOSED, 0);
	/* An action on the group, or on all, means the living. */
	assert_int_equal(view_sockets(view, "nginx", ids, 1), 2);
	assert_int_equal(view_sockets(view, "nginx", ids, 4), 2);
	assert_int_equal(ids[0] + ids[1], 2 + 3);
	assert_int_equal(view_sockets(view, "curl", ids, 4), 0);
	assert_int_equal(view_sockets(view, NULL, ids, 4), 4);
	view_unfold(view, "nginx", true);
	view_update(view, false);
	assert_int_equal(view_lines(view), 2 + 4);
	assert_int_equal(view_find_group(view, "curl"), SIZE_MAX);
	assert_int_equal(view_find(view, 6), SIZE_MAX);
	view_free(view);
	model_free(model);
}

/* Groups of one size keep their places when the rows come in another order. */
static void
test_groups_stand_still(void **state)
{
	static const char *const orders[] = {"state", "rtt", "retrans"};

	(void)state;
	for (size_t turn = 0; turn < 2 * UNIT_COUNT_OF(orders); turn++) {
		struct model *model = sockets_model();
		struct view *view = open_view(model);
		struct view_line lines[8];

		for (unsigned i = 0; i < 5; i++)
			sockets_hold(model,
				sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1),
				100 + i, names[turn % 2 ? i : 4 - i]);
		view_set_group(view, sockets_field("process"));
		view_set_order(view, sockets_field(orders[turn / 2]), true);
		view_update(view, false);
		assert_int_equal(view_window(view, 0, 8, lines), 5);
		for (size_t i = 0; i + 1 < 5; i++)
			assert_true(strcmp(lines[i].group->key, lines[i + 1].group->key) < 0);
		view_free(view);
		model_free(model);
	}
}

/* The worst first; what is equally bad by process, pid and port; what is over comes last. */
static void
test_trouble_first(void **state)
{
	static const struct {
		enum tcp_state state;
		const char *process; /* NULL: none */
		uint16_t port;
		uint32_t pid;
		uint32_t receive_queue, send_queue;
		uint8_t timer, retries;
		uint32_t lived_ms; /* of an ended one; 0: it lives */
		size_t place;
	} rows[] = {
		{TCP_STATE_TIME_WAIT, NULL, 80, 0, 0, 0, SOCKET_TIMER_TIMEWAIT, 0, 0, 10},
		{TCP_STATE_ESTABLISHED, "b", 81, 8, 0, 0, 0, 0, 0, 7},
		{TCP_STATE_ESTABLISHED, "b", 80, 8, 0, 0, 0, 0, 0, 6},
		{TCP_STATE_ESTABLISHED, "b", 99, 7, 0, 0, 0, 0, 0, 5},
		{TCP_STATE_ESTABLISHED, NULL, 1, 0, 0, 0, 0, 0, 0, 8},
		{TCP_STATE_CLOSE_WAIT, "z", 80, 9, 0, 0, 0, 0, 0, 2},
		{TCP_STATE_CLOSE_WAIT, "z", 81, 9, 0, 0, 0, 0, 5000, 3},
		{TCP_STATE_LISTEN, "z", 1, 9, 129, 128, 0, 0, 0, 0},
		{TCP_STATE_LISTEN, "a", 1, 6, 0, 128, 0, 0, 0, 4},
		{TCP_STATE_SYN_SENT, "a", 1, 6, 0, 1, SOCKET_TIMER_RETRANSMIT, 1, 0, 1},
		{TCP_STATE_FIN_WAIT_2, NULL, 70, 0, 0, 0, 0, 0, 0, 9},
		{TCP_STATE_CLOSE_WAIT, "a", 1, 6, 0, 0, 0, 0, 20, 11},
	};
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct view_line lines[WINDOW];

	(void)state;
	unit_each (i, rows) {
		struct socket_row *const row = sockets_add(
			model, IPPROTO_TCP, rows[i].state, "10.0.0.1", rows[i].port, "10.0.0.2", 5);

		row->receive_queue = rows[i].receive_queue;
		row->send_queue = rows[i].send_queue;
		row->timer = rows[i].timer;
		row->timer_retries = rows[i].retries;
		if (rows[i].process != NULL)
			sockets_hold(model, row, rows[i].pid, rows[i].process);
		if (rows[i].lived_ms > 0) {
			row->last_pid = rows[i].pid;
			end_row(model, row, rows[i].lived_ms, 10);
		}
	}
	for (int descending = 0; descending < 2; descending++) {
		view_set_order(view, sockets_field("trouble"), descending);
		view_update(view, false);
		assert_int_equal(view_window(view, 0, WINDOW, lines), UNIT_COUNT_OF(rows));
		unit_each (i, rows) {
			const size_t place = rows[lines[i].socket].place;

			assert_int_equal(descending ? UNIT_COUNT_OF(rows) - 1 - place : place, i);
		}
	}
	view_free(view);
	model_free(model);
}

/* The living are all there; of the ended ones those that were seen alive, then the newest. */
static void
test_ended_are_bounded(void **state)
{
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct view_line lines[WINDOW];
	bool found[40] = {false};

	(void)state;
	/* Ids 0 to 29 are brief, the later the newer; 30 and 31 lived long; 32 to 34 live. */
	for (unsigned i = 0; i < 35; i++) {
		struct socket_row *const row =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);

		if (i < 32)
			end_row(model, row, i < 30 ? 5 : 60000, i < 30 ? 3000 - i * 100 : 4000);
	}
	view_update(view, false);
	assert_int_equal(view_lines(view), 35);
	assert_int_equal(view_ended_hidden(view), 0);
	view_set_ended_limit(view, 5);
	view_update(view, false);
	assert_int_equal(view_lines(view), 3 + 5);
	assert_int_equal(view_matched(view), 3);
	assert_int_equal(view_ended_hidden(view), 27);
	assert_int_equal(view_window(view, 0, WINDOW, lines), 8);
	for (size_t i = 0; i < 8; i++)
		found[lines[i].socket] = true;
	for (size_t i = 27; i < 35; i++)
		assert_true(found[i]);
	view_set_ended_limit(view, 0);
	view_update(view, false);
	assert_int_equal(view_lines(view), 3);
	/* Only what passes the filter counts. */
	view_set_ended_limit(view, 5);
	set_filter(view, "remote_port 2");
	view_update(view, false);
	assert_int_equal(view_ended_hidden(view), 0);
	view_free(view);
	model_free(model);
}

/* Sockets of the program itself are left out and counted, also when they have ended. */
static void
test_own_are_hidden(void **state)
{
	static const uint32_t own[] = {77, 78};
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct view_line lines[8];
	struct socket_row *row;

	(void)state;
	row = sockets_add(model, IPPROTO_UDP, TCP_STATE_ESTABLISHED, "10.0.0.1", 9, "10.0.0.2", 53);
	sockets_hold(model, row, 77, "sockwatch");
	row = sockets_connection(model, TCP_STATE_SYN_SENT, "10.0.0.3", 443);
	sockets_hold(model, row, 78, "sockwatch");
	/* Its inode has the same low bits as that of one of ours. */
	row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.4", 443);
	row->inode = socket_table_row(&model->sockets, 0)->inode + 64;
	sockets_hold(model, row, 200, "curl");
	row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.5", 443);
	row->last_pid = 78;
	end_row(model, row, 5000, 10);
	row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.5", 443);
	row->last_pid = 200;
	end_row(model, row, 5000, 10);
	/* Nobody is known to hold it, and it has no inode. */
	sockets_connection(model, TCP_STATE_TIME_WAIT, "10.0.0.5", 443);
	view_update(view, false);
	assert_int_equal(view_lines(view), 6);
	assert_int_equal(view_own_hidden(view), 0);
	view_set_own(view, own, 2);
	view_update(view, false);
	assert_int_equal(view_window(view, 0, 8, lines), 3);
	assert_int_equal(lines[0].socket, 2);
	assert_int_equal(lines[1].socket, 5);
	assert_int_equal(lines[2].socket, 4);
	assert_int_equal(view_matched(view), 2);
	assert_int_equal(view_own_hidden(view), 2);
	assert_int_equal(view_own_by_state(view)[0][TCP_STATE_SYN_SENT], 1);
	assert_int_equal(view_own_by_state(view)[1][TCP_STATE_ESTABLISHED], 1);
	assert_int_equal(view_own_by_state(view)[0][TCP_STATE_ESTABLISHED], 0);
	/* Counted whatever the filter. */
	set_filter(view, "state time-wait");
	view_update(view, false);
	assert_int_equal(view_lines(view), 1);
	assert_int_equal(view_own_hidden(view), 2);
	view_set_own(view, NULL, 0);
	set_filter(view, "");
	view_update(view, false);
	assert_int_equal(view_lines(view), 6);
	assert_int_equal(view_own_hidden(view), 0);
	view_free(view);
	model_free(model);
}

/* A line as it was, for its group lives until the next window. */
struct seen_line {
	enum view_line_kind kind;
	uint32_t socket;
	bool in_group;
	char key[16];
};

static size_t
see_lines(struct view *view, size_t first, size_t count, struct seen_line *seen)
{
	struct view_line lines[WINDOW];
	const size_t done = view_window(view, first, count, lines);

	for (size_t i = 0; i < done; i++) {
		seen[i] = (struct seen_line){.kind = lines[i].kind,
			.socket = lines[i].socket,
			.in_group = lines[i].in_group};
		if (lines[i].kind == VIEW_GROUP)
			snprintf(seen[i].key, sizeof seen[i].key, "%.15s", lines[i].group->key);
	}
	return done;
}

/* Every window is that part of the whole, and whatever stands on a line is found there. */
static void
check_windows(struct view *view, size_t total)
{
	struct seen_line whole[WINDOW], part[WINDOW];

	view_update(view, true);
	assert_int_equal(view_lines(view), total);
	assert_int_equal(see_lines(view, 0, WINDOW, whole), total);
	for (size_t first = 0; first <= total; first++) {
		for (size_t count = 1; count <= WINDOW; count++) {
			const size_t left = total - first;
			const size_t done = see_lines(view, first, count, part);

			assert_int_equal(done, count < left ? count : left);
			for (size_t i = 0; i < done; i++) {
				assert_int_equal(part[i].kind, whole[first + i].kind);
				assert_int_equal(part[i].socket, whole[first + i].socket);
				assert_int_equal(part[i].in_group, whole[first + i].in_group);
				assert_string_equal(part[i].key, whole[first + i].key);
			}
		}
	}
	for (size_t i = 0; i < total; i++)
		assert_int_equal(whole[i].kind == VIEW_GROUP ? view_find_group(view, whole[i].key)
							     : view_find(view, whole[i].socket),
			i);
	assert_int_equal(view_find_group(view, "nobody"), SIZE_MAX);
}

static void
test_windows_are_parts(void **state)
{
	struct model *const model = sockets_model();
	struct view *const view = open_view(model);

	(void)state;
	/* 1 of the first name to 5 of the last. */
	for (unsigned i = 0; i < 15; i++) {
		static const uint8_t whose[] = {4, 3, 2, 1, 0, 4, 3, 2, 1, 4, 3, 2, 4, 3, 4};
		struct socket_row *const row =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", (uint16_t)i);

		row->send_queue = i * 7 % 15;
		sockets_hold(model, row, 100U + whose[i], names[whose[i]]);
	}
	check_windows(view, 15);
	view_set_group(view, sockets_field("process"));
	check_windows(view, 5);
	assert_int_equal(view_find(view, 0), SIZE_MAX);
	view_unfold(view, names[2], true);
	check_windows(view, 5 + 3);
	view_unfold(view, names[4], true);
	view_unfold(view, names[0], true);
	check_windows(view, 5 + 3 + 5 + 1);
	view_set_order(view, sockets_field("send_q"), true);
	check_windows(view, 5 + 3 + 5 + 1);
	view_set_order(view, sockets_field("process"), false);
	check_windows(view, 5 + 3 + 5 + 1);
	view_unfold(view, NULL, true);
	check_windows(view, 5 + 15);
	view_unfold(view, NULL, false);
	check_windows(view, 5);
	view_set_group(view, NULL);
	check_windows(view, 15);
	assert_int_equal(view_find_group(view, names[0]), SIZE_MAX);
	view_free(view);
	model_free(model);
}

/* Those of one name by pid, one by one. */
static void
test_pids_in_order(void **state)
{
	static const uint32_t pids[] = {1001, 1000, 4194303, 4194302, 1003, 1002};
	static const uint32_t expected[] = {1, 0, 5, 4, 3, 2};
	struct model *const model = sockets_model();
	struct view *const view = open_view(model);
	struct view_line lines[WINDOW];

	(void)state;
	unit_each (i, pids)
		sockets_hold(model, sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1),
			pids[i], "nginx");
	view_set_order(view, sockets_field("trouble"), false);
	view_update(view, false);
	assert_int_equal(view_window(view, 0, WINDOW, lines), UNIT_COUNT_OF(pids));
	unit_each (i, expected)
		assert_int_equal(lines[i].socket, expected[i]);
	view_free(view);
	model_free(model);
}

/* Each visible column that can be summed is, the first one too. */
static void
test_sums_of_what_is_shown(void **state)
{
	const struct field *const fields[] = {
		sockets_field("send_q"), sockets_field("process"), sockets_field("recv_q")};
	struct model *const model = sockets_model();
	struct view *const view = open_view(model);
	struct view_line line;

	(void)state;
	for (uint32_t i = 1; i <= 3; i++) {
		struct socket_row *const row =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);

		row->send_queue = i;
		row->receive_queue = 10 * i;
		sockets_hold(model, row, 100, "nginx");
	}
	view_set_visible(view, fields, UNIT_COUNT_OF(fields));
	view_set_group(view, sockets_field("process"));
	view_update(view, false);
	assert_int_equal(view_window(view, 0, 1, &line), 1);
	assert_true(line.group->sums[fields[0] - socket_fields.fields] == 1 + 2 + 3);
	assert_true(line.group->sums[fields[2] - socket_fields.fields] == 10 + 20 + 30);
	view_free(view);
	model_free(model);
}

/* A socket is found again as long as it is there, and then in the one that has its ends. */
static void
test_identity(void **state)
{
	struct model *const model = sockets_model();
	struct socket_row *rows[6];
	struct identity identity;

	(void)state;
	rows[0] = sockets_connection(model, TCP_STATE_TIME_WAIT, "10.0.0.2", 1);
	rows[1] = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);
	rows[2] = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.3", 1);
	rows[3] = sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 80, "0.0.0.0", 0);
	rows[4] = sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 80, "0.0.0.0", 0);
	rows[5] = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.3", 1);
	identity_take(&identity, model, 1);
	assert_int_equal(identity_find(&identity, model), 1);
	assert_int_equal(identity_find(&identity, model), 1);
	/* It is gone, and 0 has the same ends. */
	socket_table_remove(&model->sockets, 1);
	assert_int_equal(identity_find(&identity, model), 0);
	assert_int_equal(identity.cookie, rows[0]->cookie);
	socket_table_remove(&model->sockets, 0);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	/* A listener has no successor. */
	identity_take(&identity, model, 3);
	socket_table_remove(&model->sockets, 3);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	/* The same ends on another interface, in another namespace, of another protocol, or ended.
	 */
	identity_take(&identity, model, 2);
	socket_table_remove(&model->sockets, 2);
	rows[5]->ifindex = 2;
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	rows[5]->ifindex = 0;
	for (int other = 0; other < 4; other++) {
		struct identity of_row;
		struct socket_row *const row =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.9", 9);
		struct socket_row *const twin =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.9", 9);
		const uint32_t id = socket_table_find(&model->sockets, 0, row->cookie);
		const uint32_t twin_id = socket_table_find(&model->sockets, 0, twin->cookie);

		identity_take(&of_row, model, id);
		if (other == 1)
			twin->netns = 1;
		else if (other == 2)
			twin->protocol = IPPROTO_UDP;
		else if (other == 3)
			twin->local_port++;
		socket_table_remove(&model->sockets, id);
		assert_int_equal(identity_find(&of_row, model), other == 0 ? twin_id : SOCKET_NONE);
		twin->netns = 0;
		socket_table_remove(&model->sockets, twin_id);
	}
	/* What is not there is nothing. */
	identity_take(&identity, model, SOCKET_NONE);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	identity_take(&identity, model, model->sockets.used);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	identity_take(&identity, model, 1);
	assert_int_equal(identity_find(&identity, model), SOCKET_NONE);
	model_free(model);
}

static void
check_sockets(struct view *view, const uint32_t *expected, size_t count)
{
	struct view_line lines[WINDOW];

	view_update(view, true);
	assert_int_equal(view_window(view, 0, WINDOW, lines), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(lines[i].socket, expected[i]);
}

/* A held order ends when something else is asked for. */
static void
test_hold_given_up(void **state)
{
	static const uint32_t before[] = {0, 1, 2}, after[] = {1, 2, 0};

	(void)state;
	for (int what = 0; what < 4; what++) {
		struct model *const model = sockets_model();
		struct view *const view = open_view(model);
		struct socket_row *first = NULL;

		for (uint32_t i = 0; i < 3; i++) {
			struct socket_row *const row =
				sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);

			row->send_queue = 10 - i;
			first = i == 0 ? row : first;
		}
		view_set_order(view, sockets_field("send_q"), true);
		check_sockets(view, before, 3);
		view_set_hold(view, true);
		check_sockets(view, before, 3);
		first->send_queue = 0;
		check_sockets(view, before, 3);
		if (what == 1)
			set_filter(view, "port 443");
		else if (what == 2)
			view_set_order(view, sockets_field("send_q"), true);
		else if (what == 3)
			view_set_hold(view, false);
		check_sockets(view, what == 0 ? before : after, 3);
		view_free(view);
		model_free(model);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_group_of_a_name),
		cmocka_unit_test(test_groups_stand_still),
		cmocka_unit_test(test_trouble_first),
		cmocka_unit_test(test_ended_are_bounded),
		cmocka_unit_test(test_own_are_hidden),
		cmocka_unit_test(test_windows_are_parts),
		cmocka_unit_test(test_pids_in_order),
		cmocka_unit_test(test_sums_of_what_is_shown),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_hold_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
