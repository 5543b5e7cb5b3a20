/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The port budget: which ports count for which destination, and how the use changes. */
#include <config.h>

#include <sockwatch/analysis/ports/port_budget.h>

#include "ports_lab.h"

enum { LOW = 40000, HIGH = 40063, PORTS = HIGH - LOW + 1, TIME_WAIT_MS = 60000 };

static const char *const target = "198.51.100.9";

static struct model *model;
static struct port_budget budget;

static int
open_lab(void **state)
{
	(void)state;
	model = sockets_model();
	ports_lab_sysctls(model,
		"net.ipv4.ip_local_port_range=40000\t40063\nnet.ipv4.ip_local_reserved_ports=\n"
		"net.ipv4.tcp_tw_reuse=2\nnet.ipv4.tcp_tw_reuse_delay=1000\n"
		"net.ipv4.tcp_timestamps=1\n");
	port_budget_init(&budget);
	return 0;
}

static int
close_lab(void **state)
{
	(void)state;
	port_budget_fini(&budget);
	model_free(model);
	return 0;
}

static struct socket_row *
connection(
	enum tcp_state state, const char *local, uint16_t port, const char *remote, uint16_t rport)
{
	struct socket_row *const row =
		sockets_add(model, IPPROTO_TCP, state, local, port, remote, rport);

	row->inode = state == TCP_STATE_TIME_WAIT ? 0 : 77;
	row->first_ms = row->seen_ms = model_now_ms(model);
	row->timer_ms = TIME_WAIT_MS;
	return row;
}

/* So many to the target's port, from the first port of the range on. */
static void
connections(enum tcp_state state, uint16_t count, uint16_t rport)
{
	for (uint16_t i = 0; i < count; i++)
		connection(state, "10.0.0.1", (uint16_t)(LOW + i), target, rport);
}

static void
look(void)
{
	ports_lab_step(model);
	port_budget_update(&budget, model);
}

static struct destination_row
row_of(const char *local, const char *remote, uint16_t rport)
{
	const struct address from = sockets_address(local), to = sockets_address(remote);

	for (uint32_t i = 0; i < port_budget_count(&budget); i++) {
		const struct destination *const destination = port_budget_at(&budget, i);

		if (address_compare(&destination->key.local, &from) == 0 &&
			address_compare(&destination->key.remote, &to) == 0 &&
			destination->key.port == rport)
			return (struct destination_row){&budget, destination};
	}
	fail_msg("there is no such destination");
	return (struct destination_row){0};
}

static double
figure(uint16_t rport, const char *name)
{
	const struct destination_row row = row_of("10.0.0.1", target, rport);

	return ports_lab_number(&destination_fields, model, &row, name);
}

static const char *
text(uint16_t rport, const char *name)
{
	const struct destination_row row = row_of("10.0.0.1", target, rport);

	return ports_lab_text(&destination_fields, model, &row, name);
}

/* Each destination, and each local address, has the whole range. */
static void
by_destination(void **state)
{
	(void)state;
	connections(TCP_STATE_ESTABLISHED, PORTS, 80);
	connections(TCP_STATE_TIME_WAIT, 16, 81);
	connection(TCP_STATE_SYN_SENT, "10.0.0.2", LOW, target, 80);
	connection(TCP_STATE_ESTABLISHED, "2001:db8::1", LOW, "2001:db8::2", 80);
	/* Not of the range, or of no connection, or of UDP, or gone. */
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW - 1, target, 82);
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", HIGH + 1, target, 82);
	connection(TCP_STATE_CLOSED, "10.0.0.1", LOW, target, 82);
	sockets_add(model, IPPROTO_UDP, TCP_STATE_ESTABLISHED, "10.0.0.1", LOW, target, 82);
	socket_table_set_closed(&model->sockets,
		connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW + 1, target, 82));
	look();
	assert_int_equal(port_budget_count(&budget), 4);
	assert_true(figure(80, "ports_used") == PORTS && figure(80, "ports_usable") == PORTS);
	assert_true(figure(80, "used_pct") == 100 && figure(80, "ports_free") == 0);
	assert_string_equal(
		text(80, "note"), "no local port is left: connect() fails with EADDRNOTAVAIL (99)");
	assert_true(figure(81, "used_pct") == 25 && figure(81, "time_wait") == 16);
	assert_string_equal(text(81, "note"), "");
	assert_true(figure(80, "family") == 4);
	assert_true(row_of("10.0.0.2", target, 80).destination->used == 1);
	assert_true(row_of("2001:db8::1", "2001:db8::2", 80).destination->used == 1);
}

/* What bind() took, connect() does not choose, whatever the address and the family. */
static void
bound(void **state)
{
	struct socket_row *gone;

	(void)state;
	connections(TCP_STATE_ESTABLISHED, 8, 80);
	for (uint16_t i = 0; i < 10; i++)
		connection(TCP_STATE_LISTEN, i % 2 != 0 ? "127.0.0.1" : "::", (uint16_t)(HIGH - i),
			"0.0.0.0", 0);
	/* Merely bound; and a connection that came in by a listener. */
	connection(TCP_STATE_CLOSED, "10.0.0.1", HIGH - 10, "0.0.0.0", 0);
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", HIGH, target, 80);
	/* UDP is another matter. */
	sockets_add(model, IPPROTO_UDP, TCP_STATE_CLOSED, "10.0.0.1", HIGH - 20, "0.0.0.0", 0);
	gone = connection(TCP_STATE_LISTEN, "10.0.0.1", LOW + 30, "0.0.0.0", 0);
	connection(TCP_STATE_TIME_WAIT, "10.0.0.1", LOW + 30, target, 80);
	look();
	assert_true(figure(80, "ports_bound") == 12);
	assert_true(figure(80, "ports_usable") == PORTS - 12);
	assert_true(figure(80, "ports_used") == 8);
	/* Its listener has gone; the TIME-WAIT that is left keeps the port. */
	socket_table_set_closed(&model->sockets, gone);
	look();
	assert_true(figure(80, "ports_bound") == 12 && figure(80, "ports_used") == 8);
}

static void
reserved(void **state)
{
	(void)state;
	ports_lab_sysctls(model, "net.ipv4.ip_local_reserved_ports=80,39990-40003,40060-40070\n");
	connections(TCP_STATE_ESTABLISHED, 8, 80);
	connection(TCP_STATE_LISTEN, "0.0.0.0", LOW, "0.0.0.0", 0);
	look();
	assert_true(figure(80, "ports_reserved") == 8 && figure(80, "ports_bound") == 0);
	assert_true(figure(80, "ports_usable") == PORTS - 8);
	assert_true(figure(80, "ports_used") == 4);
	assert_false(port_budget_space(&budget, 0)->is_cut);
	/* The list was longer than what is read of it. */
	ports_lab_sysctls(model, "net.ipv4.ip_local_reserved_ports=40000,\n");
	look();
	assert_true(port_budget_space(&budget, 0)->is_cut);
	assert_true(figure(80, "ports_reserved") == 1);
}

/* Ranges that begin and end anywhere in the words of the sets, as if each port were looked at. */
static void
ranges(void **state)
{
	static const unsigned cases[][4] = {/* low, high; reserved from, to */
		{40000, 40063, 40000, 40063}, {40000, 40063, 40063, 40064}, {1, 65535, 63, 64},
		{1, 65535, 65535, 65535}, {32768, 60999, 1, 32767}, {32768, 60999, 32768, 32768},
		{32769, 60998, 32700, 61000}, {1023, 1025, 1024, 1024}, {64, 127, 65, 126},
		{40010, 40010, 40010, 40010}, {40000, 40100, 40050, 40040}};

	(void)state;
	connections(TCP_STATE_ESTABLISHED, 1, 80);
	unit_each (i, cases) {
		const unsigned *const c = cases[i];
		unsigned taken = 0;
		char lines[128];

		for (unsigned port = c[0]; port <= c[1]; port++)
			taken += port >= c[2] && port <= c[3];
		snprintf(lines, sizeof lines,
			"net.ipv4.ip_local_port_range=%u %u\nnet.ipv4.ip_local_reserved_ports=%u-%u\n",
			c[0], c[1], c[2], c[3]);
		ports_lab_sysctls(model, lines);
		look();
		print_message("%s", lines);
		assert_int_equal(port_budget_space(&budget, 0)->reserved, taken);
		assert_int_equal(port_budget_space(&budget, 0)->usable, c[1] - c[0] + 1 - taken);
	}
}

/* The table of tcp_tw_reuse, by experiment. */
static void
reuse(void **state)
{
	static const struct {
		unsigned tw_reuse, timestamps;
		const char *local, *remote;
		unsigned age_ms;
		bool may;
	} cases[] = {
		{0, 1, "127.0.0.1", "127.0.0.1", 1300, false},
		{0, 1, "192.0.2.1", "192.0.2.2", 1300, false},
		{2, 1, "127.0.0.1", "127.0.0.1", 100, false},
		{2, 1, "127.0.0.1", "127.0.0.1", 1300, true},
		{2, 1, "::1", "::1", 1300, true},
		{2, 1, "192.0.2.1", "192.0.2.2", 1300, false},
		{1, 1, "192.0.2.1", "192.0.2.2", 100, false},
		{1, 1, "192.0.2.1", "192.0.2.2", 1300, true},
		{1, 1, "2001:db8::1", "2001:db8::2", 1300, true},
		{1, 0, "127.0.0.1", "127.0.0.1", 1300, false},
		{1, 0, "192.0.2.1", "192.0.2.2", 1300, false},
	};

	(void)state;
	unit_each (i, cases) {
		char lines[100];
		struct socket_row *const row = connection(TCP_STATE_TIME_WAIT, cases[i].local,
			(uint16_t)(LOW + i), cases[i].remote, (uint16_t)(1000 + i));
		struct destination_row found;
		uint32_t ports;

		snprintf(lines, sizeof lines,
			"net.ipv4.tcp_tw_reuse=%u\nnet.ipv4.tcp_timestamps=%u\n", cases[i].tw_reuse,
			cases[i].timestamps);
		ports_lab_sysctls(model, lines);
		ports_lab_step(model);
		row->seen_ms = model_now_ms(model);
		row->timer_ms = TIME_WAIT_MS - cases[i].age_ms;
		port_budget_update(&budget, model);
		found = row_of(cases[i].local, cases[i].remote, (uint16_t)(1000 + i));
		assert_true(found.destination->used == 1);
		assert_true((found.destination->reusable == 1) == cases[i].may);
		assert_true(destination_free(&budget, found.destination, &ports));
		assert_int_equal(ports, cases[i].may ? PORTS : PORTS - 1);
	}
}

/* A connection may have the port of a TIME-WAIT that the table still has: it is one port, in use.
 */
static void
one_port_twice(void **state)
{
	(void)state;
	ports_lab_sysctls(model, "net.ipv4.tcp_tw_reuse=1\n");
	connection(TCP_STATE_TIME_WAIT, "10.0.0.1", LOW, target, 80)->timer_ms = 10000;
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW, target, 80);
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW + 1, target, 80);
	connection(TCP_STATE_TIME_WAIT, "10.0.0.1", LOW + 1, target, 80)->timer_ms = 10000;
	/* Thrice: it is taken from the reusable ones once. */
	connection(TCP_STATE_TIME_WAIT, "10.0.0.1", LOW, target, 80);
	connection(TCP_STATE_TIME_WAIT, "10.0.0.1", LOW + 2, target, 80)->timer_ms = 10000;
	look();
	assert_true(figure(80, "ports_used") == 3 && figure(80, "ports_reusable") == 1);
	assert_true(figure(80, "sockets") == 6);
}

static void
remove_first(uint32_t count)
{
	for (uint32_t id = 0; id < model->sockets.used && count > 0; id++) {
		if ((socket_table_row(&model->sockets, id)->flags & SOCKET_FREE) != 0)
			continue;
		socket_table_remove(&model->sockets, id);
		count--;
	}
}

/* Ports taken and freed a second, and when none is left. */
static void
rates(void **state)
{
	(void)state;
	connections(TCP_STATE_ESTABLISHED, 10, 80);
	look();
	assert_true(isnan(figure(80, "taken_rate")) && isnan(figure(80, "left_s")));
	model->now_ns += CLOCK_NS_PER_MS;
	for (uint16_t i = 10; i < 16; i++)
		connection(TCP_STATE_ESTABLISHED, "10.0.0.1", (uint16_t)(LOW + i), target, 80);
	remove_first(2);
	/* In TIME-WAIT it is another socket with the same port. */
	remove_first(1);
	connection(TCP_STATE_TIME_WAIT, "10.0.0.1", LOW + 2, target, 80)->first_ms = 1;
	look();
	assert_true(figure(80, "taken_rate") == 6 && figure(80, "freed_rate") == 2);
	assert_true(figure(80, "ports_free") == 50);
	assert_true(figure(80, "left_s") == 12);
	/* The mean of two looks; the use has not grown since. */
	look();
	assert_true(figure(80, "taken_rate") == 3 && figure(80, "freed_rate") == 1);
	remove_first(6);
	look();
	assert_true(isnan(figure(80, "left_s")));
	assert_true(fabs(figure(80, "freed_rate") - 8.0 / 3) < 1e-9);
}

/* The use grew once, long ago: what is left of the mean is no prediction. */
static void
old_trends(void **state)
{
	(void)state;
	connections(TCP_STATE_ESTABLISHED, 10, 80);
	look();
	model->now_ns += CLOCK_NS_PER_MS;
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW + 20, target, 80);
	look();
	assert_true(figure(80, "left_s") == 53);
	for (unsigned i = 0; i < 40; i++)
		look();
	assert_true(figure(80, "left_s") > 1000);
	for (unsigned i = 0; i < 400; i++)
		look();
	assert_true(isnan(figure(80, "left_s")));
}

static void
processes(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 12; i++) {
		struct socket_row *const row = connection(
			TCP_STATE_ESTABLISHED, "10.0.0.1", (uint16_t)(LOW + i), target, 80);

		row->inode = 0;
		sockets_hold(model, row, i < 3 ? 7 : 8, i < 3 ? "few" : "many");
	}
	look();
	assert_string_equal(text(80, "process"), "many");
	assert_true(figure(80, "pid") == 8);
	assert_string_equal(text(80, "processes"), "many/8,few/7");
	/* All closed: nobody holds a TIME-WAIT, but who did is known. */
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&model->sockets, id);

		row->inode = 0;
		socket_table_set_state(&model->sockets, row, TCP_STATE_TIME_WAIT);
	}
	look();
	assert_string_equal(text(80, "process"), "many");
	look();
	assert_string_equal(text(80, "process"), "many");
}

/* The remote port of the fullest; 0: there is none. */
static uint32_t
fullest_port(void)
{
	const struct destination *const destination = port_budget_fullest(&budget);

	return destination != NULL ? destination->key.port : 0;
}

/* In another namespace fewer ports can be more of them. */
static void
fullest(void **state)
{
	struct feed feed = {.model = model};
	struct netns_row *other;

	(void)state;
	look();
	assert_int_equal(fullest_port(), 0);
	connections(TCP_STATE_ESTABLISHED, 8, 80);
	connections(TCP_STATE_TIME_WAIT, 16, 81);
	connections(TCP_STATE_ESTABLISHED, 4, 82);
	look();
	assert_int_equal(fullest_port(), 81);
	other = netns_get(model, 2);
	assert_non_null(other);
	feed.realtime_ns = model->now_ns;
	feed_message(&feed, MESSAGE_SYSCTLS,
		&(struct message_sysctls){.netns = 2,
			.text = text_of("net.ipv4.ip_local_port_range=40000\t40009\n"
					"net.ipv4.ip_local_reserved_ports=\n")});
	for (uint16_t i = 0; i < 3; i++)
		connection(TCP_STATE_ESTABLISHED, "10.0.0.1", (uint16_t)(LOW + i), target, 83)
			->netns = other->index;
	look();
	assert_int_equal(fullest_port(), 83);
	/* What connect() may take again is not in use. */
	ports_lab_sysctls(model, "net.ipv4.tcp_tw_reuse=1\n");
	model->now_ns += 2 * CLOCK_NS_PER_S;
	for (uint32_t id = 0; id < model->sockets.used; id++)
		if (socket_table_row(&model->sockets, id)->remote_port == 83)
			socket_table_row(&model->sockets, id)->netns = 0;
	look();
	assert_int_equal(fullest_port(), 80);
}

/* Without the sysctls what is used is known, and how much there is is not. */
static void
not_read(void **state)
{
	(void)state;
	model_free(model);
	model = sockets_model();
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", 50000, target, 80);
	connection(TCP_STATE_LISTEN, "10.0.0.1", 443, "0.0.0.0", 0);
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", 443, target, 5000);
	look();
	assert_int_equal(port_budget_count(&budget), 1);
	assert_true(figure(80, "ports_used") == 1);
	assert_true(isnan(figure(80, "ports_usable")) && isnan(figure(80, "used_pct")));
	assert_true(isnan(figure(80, "ports_free")) && isnan(figure(80, "range_low")));
	assert_string_equal(text(80, "note"), "");
	assert_string_equal(text(80, "timewait_reuse"), "");
}

/*
 * The connections of a listener that stands after them in the table are no destinations, not even
 * for a moment: as many as a server has, they would fill the tables.
 */
static void
incoming_at_first(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 5000; i++)
		connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW, target, (uint16_t)(1024 + i));
	connection(TCP_STATE_LISTEN, "0.0.0.0", LOW, "0.0.0.0", 0);
	connections(TCP_STATE_ESTABLISHED, 1, 80);
	connection(TCP_STATE_ESTABLISHED, "10.0.0.1", LOW + 5, target, 80);
	look();
	assert_int_equal(port_budget_count(&budget), 1);
	assert_true(budget.destinations.capacity < 100);
	assert_true(figure(80, "ports_used") == 1);
}

static void
fields(void **state)
{
	const struct field *columns[32];

	(void)state;
	for (size_t i = 0; i < destination_fields.count; i++) {
		const struct field *const field = &destination_fields.fields[i];

		assert_row(field->name, field->help[0] != '\0' && field->get != NULL);
		assert_row(field->name,
			field_find(&destination_fields, field->name, strlen(field->name)) == field);
	}
	assert_true(
		field_parse_list(&destination_fields, destination_columns, columns, 32, NULL) > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_destination, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(bound, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(reserved, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(ranges, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(reuse, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(one_port_twice, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(rates, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(old_trends, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(processes, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(fullest, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(not_read, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(incoming_at_first, open_lab, close_lab),
		cmocka_unit_test(fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
