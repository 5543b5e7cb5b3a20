/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Views: order, window, filter, groups, hold and counts, compared with a plain walk. */
#include <config.h>

#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/trouble.h>
#include <sockwatch/analysis/view.h>

#include "analysis/field/value.h"
#include "views.h"

enum { MANY = 3000, WINDOW = 40 };

static const char *const names[] = {"nginx", "envoy", "postgres", "ssh", "a", "nginx-helper"};

/* Many rows with repeated and missing values; every tenth without owner, every 50th closed. */
static struct model *
make_many(void)
{
	struct model *model = sockets_model();

	for (unsigned i = 0; i < MANY; i++) {
		char remote[64];
		struct socket_row *row;

		snprintf(remote, sizeof remote, i % 3 ? "10.%u.%u.7" : "2001:db8::%x:%x", i % 5,
			i * 7 % 11);
		row = sockets_connection(model,
			i % 7 ? TCP_STATE_ESTABLISHED : TCP_STATE_CLOSE_WAIT, remote,
			(uint16_t)(40000 + i * 13 % 97));
		row->first_ms = i / 10;
		row->send_queue = i * 31 % 17;
		if (i % 4)
			sockets_tcp_info(row, 1 + i * 7919 % 1000, i % 3);
		if (i % 10)
			sockets_hold(model, row, 100 + i % 40, names[i % 40 % 6]);
		if (i % 50 == 0) {
			row->closed_ms = 599000;
			socket_table_set_closed(&model->sockets, row);
		}
	}
	return model;
}

/* Does b stand after a? Unknown last in both directions, ties in the order of arrival. */
static bool
in_order(const struct model *model, const struct field *field, bool descending, uint32_t a,
	uint32_t b)
{
	const struct field_context context = {.model = model};
	const struct socket_row *first = socket_table_row(&model->sockets, a);
	const struct socket_row *second = socket_table_row(&model->sockets, b);
	struct value left, right;
	int order = 0;

	if (field != NULL) {
		field_get(field, &context, first, &left);
		field_get(field, &context, second, &right);
		order = value_compare(&left, &right);
		if (descending && left.kind != VALUE_UNKNOWN && right.kind != VALUE_UNKNOWN)
			order = -order;
	}
	if (order)
		return order < 0;
	if (first->first_ms != second->first_ms)
		return first->first_ms < second->first_ms;
	return a < b;
}

static void
check_whole(
	struct view *view, const struct model *model, const struct field *field, bool descending)
{
	struct view_line *lines = calloc(MANY + 1, sizeof *lines);
	size_t count = view_window(view, 0, MANY + 1, lines);

	assert_int_equal(count, view_lines(view));
	for (size_t i = 0; i + 1 < count; i++) {
		if (!in_order(model, field, descending, lines[i].socket, lines[i + 1].socket))
			fail_msg("by %s, line %zu: %u stands before %u",
				field ? field->name : "arrival", i, lines[i].socket,
				lines[i + 1].socket);
	}
	free(lines);
}

static void
test_orders(void **state)
{
	static const char *const orders[] = {"rtt", "remote", "remote_addr", "process", "state",
		"send_q", "remote_port", "options", "cookie", "owners", "age", "keepalive"};
	struct model *model = make_many();
	struct view *view = open_view(model);

	(void)state;
	view_update(view, false);
	check_whole(view, model, NULL, false);
	for (size_t i = 0; i < 2 * UNIT_COUNT_OF(orders); i++) {
		const struct field *field = sockets_field(orders[i / 2]);
		struct view_line lines[WINDOW];
		bool descending = i % 2;

		view_set_order(view, field, descending);
		assert_true(view_update(view, false));
		/* Single windows first, so that selection is used, then all. */
		for (size_t first = 100; first < MANY; first += 997) {
			size_t count = view_window(view, first, WINDOW, lines);

			for (size_t j = 0; j < count; j++)
				assert_int_equal(view_find(view, lines[j].socket), first + j);
		}
		check_whole(view, model, field, descending);
	}
	view_free(view);
	model_free(model);
}

/* The column of processes is ordered by name and pid, not by its text. */
static void
test_order_instead(void **state)
{
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct view_line lines[4];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		sockets_hold(model, sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1),
			i == 0   ? 1000
			: i == 1 ? 99
				 : 5,
			i == 2 ? "zsh" : "nginx");
	view_set_order(view, sockets_field("owner"), false);
	view_update(view, false);
	assert_int_equal(view_window(view, 0, 4, lines), 3);
	assert_int_equal(lines[0].socket, 1);
	assert_int_equal(lines[1].socket, 0);
	assert_int_equal(lines[2].socket, 2);
	view_free(view);
	model_free(model);
}

static void
test_filter(void **state)
{
	struct model *model = make_many();
	struct view *view = open_view(model);
	struct view_line line;
	size_t expected = 0, closed = 0;

	(void)state;
	for (unsigned i = 0; i < MANY; i += 7) {
		expected++;
		closed += i % 50 == 0;
	}
	set_filter(view, "state close-wait");
	view_update(view, false);
	assert_int_equal(view_lines(view), expected);
	assert_int_equal(view_matched(view), expected - closed);
	view_set_hide_closed(view, true);
	assert_true(view_update(view, false));
	assert_int_equal(view_lines(view), expected - closed);
	assert_int_equal(view_find(view, 1), SIZE_MAX);
	assert_int_equal(view_find(view, MANY * 2), SIZE_MAX);
	assert_int_equal(view_window(view, expected, 1, &line), 0);
	set_filter(view, "state listen");
	view_update(view, false);
	assert_int_equal(view_lines(view), 0);
	assert_int_equal(view_window(view, 0, 1, &line), 0);
	view_set_filter(view, NULL);
	view_update(view, false);
	assert_int_equal(view_lines(view), MANY - MANY / 50);
	view_free(view);
	model_free(model);
}

/* A view does nothing while nothing changed, and follows when something did. */
static void
test_updates(void **state)
{
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct socket_row *row = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);

	(void)state;
	assert_true(view_update(view, false));
	assert_false(view_update(view, false));
	assert_true(view_update(view, true));
	set_filter(view, "age > 15m");
	assert_true(view_update(view, false));
	assert_int_equal(view_lines(view), 0);
	assert_false(view_update(view, false));
	model->now_ns += 400 * UINT64_C(1000000000);
	assert_true(view_update(view, false));
	assert_int_equal(view_lines(view), 1);
	view_set_filter(view, NULL);
	view_update(view, false);
	socket_table_remove(&model->sockets, 0);
	(void)row;
	model->socket_changes++;
	assert_true(view_update(view, false));
	assert_int_equal(view_lines(view), 0);
	view_free(view);
	model_free(model);
}

static const struct view_line *
find_line(struct view *view, const char *key, struct view_line *lines, size_t max)
{
	size_t count = view_window(view, 0, max, lines);

	for (size_t i = 0; i < count; i++) {
		if (lines[i].kind == VIEW_GROUP && !strcmp(lines[i].group->key, key))
			return &lines[i];
	}
	fail_msg("no group %s", key);
	return NULL;
}

/* So many groups that their sums come in another way: with each row, of what orders alone. */
static void
test_many_groups(void **state)
{
	enum { GROUPS = 700 };
	const size_t send_q = (size_t)(sockets_field("send_q") - socket_fields.fields);
	struct model *const model = sockets_model();
	struct view *const view = open_view(model);
	static struct view_line lines[GROUPS];

	(void)state;
	for (unsigned i = 0; i < 2 * GROUPS; i++) {
		const unsigned group = i % GROUPS;
		char remote[32];

		snprintf(remote, sizeof remote, "10.0.%u.%u", group / 256, group % 256);
		/* The sum is 10 * group; of the first group nothing is known. */
		sockets_connection(model, TCP_STATE_ESTABLISHED, remote, 443)->send_queue =
			group == 0   ? 0
			: i < GROUPS ? 1
				     : 10 * group - 1;
	}
	view_set_group(view, sockets_field("remote_addr"));
	for (int descending = 0; descending < 2; descending++) {
		view_set_order(view, sockets_field("send_q"), descending != 0);
		view_update(view, false);
		assert_int_equal(view_window(view, 0, GROUPS, lines), GROUPS);
		for (unsigned i = 0; i < GROUPS; i++) {
			const unsigned group = descending ? GROUPS - 1 - i : i;

			assert_true(lines[i].group->sums[send_q] == 10.0 * group);
			assert_int_equal(lines[i].group->count, 2);
			assert_int_equal(lines[i].group->first_socket, group);
		}
	}
	view_free(view);
	model_free(model);
}

static void
test_groups(void **state)
{
	struct model *model = make_many();
	struct view *view = open_view(model);
	size_t send_q = (size_t)(sockets_field("send_q") - socket_fields.fields);
	size_t retrans = (size_t)(sockets_field("retrans") - socket_fields.fields);
	size_t rtt = (size_t)(sockets_field("rtt") - socket_fields.fields);
	uint32_t counts[UNIT_COUNT_OF(names)] = {0}, unknown = 0;
	double sum = 0;
	struct view_line lines[WINDOW];
	const struct view_line *line;
	enum severity worst[UNIT_COUNT_OF(names)] = {SEVERITY_INFO};
	struct socket_row *first;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		bool live = i % 50 != 0, owned = i % 10 != 0;

		counts[i % 40 % 6] += live && owned;
		unknown += live && !owned;
		if (live && owned && i % 40 % 6 == 0 && i % 4)
			sum += i % 3;
	}
	view_set_group(view, sockets_field("process"));
	view_update(view, false);
	assert_int_equal(view_lines(view), UNIT_COUNT_OF(names) + 1);
	unit_each (i, names)
		assert_int_equal(find_line(view, names[i], lines, WINDOW)->group->count, counts[i]);
	line = find_line(view, "", lines, WINDOW);
	assert_int_equal(line->group->count, unknown);
	line = find_line(view, "nginx", lines, WINDOW);
	assert_true(line->group->sums[retrans] == sum);
	assert_true(isnan(line->group->sums[rtt]));
	assert_true(isnan(line->group->sums[send_q])); /* not visible */
	assert_int_equal(line->group->by_state[TCP_STATE_ESTABLISHED] +
				 line->group->by_state[TCP_STATE_CLOSE_WAIT],
		counts[0]);
	/* The worst trouble of any of its sockets: some have waited long, one listener is full. */
	first = socket_table_row(&model->sockets, line->group->first_socket);
	first->state = TCP_STATE_LISTEN;
	first->receive_queue = 9;
	first->send_queue = 5;
	view_update(view, true);
	for (unsigned i = 0; i < MANY; i++) {
		const enum severity severity =
			trouble_worst(model, socket_table_row(&model->sockets, i));

		if (i % 10 != 0 && severity > worst[i % 40 % 6])
			worst[i % 40 % 6] = severity;
	}
	assert_int_equal(worst[0], SEVERITY_CRITICAL);
	assert_int_equal(worst[1], SEVERITY_WARNING);
	unit_each (i, names)
		assert_int_equal(find_line(view, names[i], lines, WINDOW)->group->worst, worst[i]);
	/* Largest first. */
	assert_int_equal(view_window(view, 0, WINDOW, lines), UNIT_COUNT_OF(names) + 1);
	unit_each (i, names)
		assert_true(lines[i].group->count >= lines[i + 1].group->count);
	/* By the sum of what orders, which is then there too. */
	view_set_order(view, sockets_field("send_q"), false);
	view_update(view, false);
	assert_int_equal(view_window(view, 0, WINDOW, lines), UNIT_COUNT_OF(names) + 1);
	unit_each (i, names)
		assert_true(lines[i].group->sums[send_q] <= lines[i + 1].group->sums[send_q]);
	/* By the value itself. */
	view_set_order(view, sockets_field("process"), false);
	view_update(view, false);
	view_window(view, 0, WINDOW, lines);
	for (size_t i = 0; i + 1 < UNIT_COUNT_OF(names); i++)
		assert_true(strcmp(lines[i].group->key, lines[i + 1].group->key) < 0);
	assert_string_equal(lines[UNIT_COUNT_OF(names)].group->key, "");
	view_free(view);
	model_free(model);
}

/* Every line of a view with open groups, its rows in order, found where they stand. */
static void
check_unfolded(struct view *view, const struct model *model, size_t expected)
{
	struct view_line *lines = calloc(2 * MANY, sizeof *lines);
	size_t total = view_lines(view), rows = 0;

	for (size_t at = 0; at < total;) {
		size_t got = view_window(view, at, 37, lines + at);

		assert_true(got > 0);
		at += got;
	}
	for (size_t i = 0; i < total; i++) {
		if (lines[i].kind == VIEW_GROUP)
			continue;
		assert_true(lines[i].in_group);
		rows++;
		if (i % 29 == 0)
			assert_int_equal(view_find(view, lines[i].socket), i);
		if (lines[i - 1].kind == VIEW_SOCKET)
			assert_true(in_order(model, sockets_field("rtt"), true, lines[i - 1].socket,
				lines[i].socket));
	}
	assert_int_equal(rows, expected);
	free(lines);
}

static void
test_unfolding(void **state)
{
	struct model *model = make_many();
	struct view *view = open_view(model);
	struct view_line lines[WINDOW];
	size_t at, inside = 0;

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		inside += i % 10 && i % 40 % 6 == 3;
	view_set_order(view, sockets_field("rtt"), true);
	view_set_group(view, sockets_field("process"));
	view_update(view, false);
	assert_int_equal(view_find(view, 3), SIZE_MAX); /* folded */
	view_unfold(view, "ssh", true);
	view_update(view, false);
	/* Closed rows keep their owner's pid only if the model gave it: here they fell out. */
	at = view_find_group(view, "ssh");
	assert_int_not_equal(at, SIZE_MAX);
	assert_int_equal(view_window(view, at, 1, lines), 1);
	assert_true(lines[0].group->unfolded);
	assert_int_equal(view_find_group(view, "none-such"), SIZE_MAX);
	check_unfolded(view, model, view_lines(view) - UNIT_COUNT_OF(names) - 1);
	assert_true(view_lines(view) - UNIT_COUNT_OF(names) - 1 <= inside);
	view_unfold(view, NULL, true);
	view_update(view, false);
	assert_int_equal(view_lines(view), MANY + UNIT_COUNT_OF(names) + 1);
	check_unfolded(view, model, MANY);
	view_unfold(view, "ssh", false);
	view_update(view, false);
	assert_true(view_lines(view) < MANY + UNIT_COUNT_OF(names) + 1);
	view_unfold(view, NULL, false);
	view_update(view, false);
	assert_int_equal(view_lines(view), UNIT_COUNT_OF(names) + 1);
	view_free(view);
	model_free(model);
}

/* While held, values change and rows go and come: who stays keeps his place. */
static void
test_hold(void **state)
{
	struct model *model = sockets_model();
	struct view *view = open_view(model);
	struct view_line lines[8];
	struct socket_row *rows[5];
	static const uint32_t rtts[] = {20, 40, 50, 30, 10}, held[] = {2, 3, 0, 4, 1};

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		rows[i] = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);
		sockets_tcp_info(rows[i], rtts[i], 0);
	}
	view_set_order(view, sockets_field("rtt"), true);
	view_set_hold(view, true);
	view_update(view, false);
	sockets_tcp_info(rows[4], 1000, 0);
	socket_table_remove(&model->sockets, 1);
	model->now_ns += 1000000000;
	/* Another socket gets the id that became free. */
	rows[1] = sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 2);
	rows[1]->first_ms = model_now_ms(model);
	sockets_tcp_info(rows[1], 5000, 0);
	view_update(view, false);
	assert_int_equal(view_window(view, 0, 8, lines), 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(lines[i].socket, held[i]);
	view_set_hold(view, false);
	view_update(view, false);
	view_window(view, 0, 8, lines);
	assert_int_equal(lines[0].socket, 1);
	assert_int_equal(lines[1].socket, 4);
	view_free(view);
	model_free(model);
}

static void
test_hold_groups(void **state)
{
	struct model *model = make_many();
	struct view *view = open_view(model);
	struct view_line before[WINDOW], after[WINDOW];
	char keys[WINDOW][128];
	size_t count;

	(void)state;
	view_set_group(view, sockets_field("process"));
	view_set_order(view, sockets_field("retrans"), true);
	view_set_hold(view, true);
	view_update(view, false);
	count = view_window(view, 0, WINDOW, before);
	for (size_t i = 0; i < count; i++)
		memcpy(keys[i], before[i].group->key, sizeof keys[i]);
	for (uint32_t id = 0; id < MANY; id += 3)
		socket_table_row(&model->sockets, id)->tcp.total_retrans = id * 17 % 1000;
	model->socket_changes++;
	view_update(view, false);
	assert_int_equal(view_window(view, 0, WINDOW, after), count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(after[i].group->key, keys[i]);
	view_free(view);
	model_free(model);
}

static void
test_tally(void **state)
{
	struct model *model = make_many();
	struct view *view = open_view(model);
	struct view_tally tallies[4];
	struct filter *all;
	uint32_t waiting = 0;

	(void)state;
	for (unsigned i = 0; i < MANY; i += 7)
		waiting += i % 50 != 0;
	view_update(view, false);
	assert_int_equal(view_tally(view, sockets_field("state"), NULL, tallies, 4), 2);
	assert_string_equal(tallies[0].key, "ESTABLISHED");
	assert_string_equal(tallies[1].key, "CLOSE-WAIT");
	assert_int_equal(tallies[0].count, MANY - MANY / 50 - waiting);
	assert_int_equal(tallies[1].count, waiting);
	assert_int_equal(
		view_tally(view, sockets_field("process"), NULL, tallies, 4), UNIT_COUNT_OF(names));
	for (size_t i = 0; i < 3; i++)
		assert_true(tallies[i].count >= tallies[i + 1].count);
	set_filter(view, "state close-wait");
	view_update(view, false);
	assert_int_equal(view_tally(view, sockets_field("state"), NULL, tallies, 0), 1);
	/* What another filter would let pass. */
	all = filter_parse("", &socket_fields, NULL);
	assert_int_equal(view_tally(view, sockets_field("state"), all, tallies, 4), 2);
	assert_int_equal(tallies[1].count, waiting);
	assert_true(view_would_show(view, all));
	filter_free(all);
	all = filter_parse("state listen", &socket_fields, NULL);
	assert_int_equal(view_tally(view, sockets_field("state"), all, tallies, 4), 0);
	assert_false(view_would_show(view, all));
	filter_free(all);
	view_free(view);
	model_free(model);
}

/* UBSan sees a place in no array. */
static void
test_only_free_rows(void **state)
{
	struct model *model = sockets_model();
	struct view *view;

	(void)state;
	sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);
	socket_table_remove(&model->sockets, 0);
	model->socket_changes++;
	view = open_view(model);
	(void)view_update(view, true);
	assert_int_equal(view_lines(view), 0);
	view_free(view);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_order_instead),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_updates),
		cmocka_unit_test(test_only_free_rows),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_many_groups),
		cmocka_unit_test(test_unfolding),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_hold_groups),
		cmocka_unit_test(test_tally),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
