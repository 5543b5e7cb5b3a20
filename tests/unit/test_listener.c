/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listeners: which connections are theirs, what is counted between two looks, their fields. */
#include <config.h>

#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/listeners/listener_facts.h>

#include "ports_lab.h"

static struct model *model;
static struct listener_table table;

static int
open_lab(void **state)
{
	(void)state;
	model = sockets_model();
	listener_table_init(&table);
	return 0;
}

static int
close_lab(void **state)
{
	(void)state;
	listener_table_fini(&table);
	model_free(model);
	return 0;
}

static struct socket_row *
listener(const char *local, uint16_t port, uint32_t waiting, uint32_t backlog)
{
	struct socket_row *const row =
		sockets_add(model, IPPROTO_TCP, TCP_STATE_LISTEN, local, port, "::", 0);

	row->inode = 77;
	row->receive_queue = waiting;
	row->send_queue = backlog;
	return row;
}

static struct socket_row *
child(enum tcp_state state, const char *local, uint16_t port, const char *remote, uint16_t rport,
	uint32_t inode)
{
	struct socket_row *const row =
		sockets_add(model, IPPROTO_TCP, state, local, port, remote, rport);

	row->inode = inode;
	/* Seen now. */
	row->first_ms = model_now_ms(model);
	return row;
}

static void
look(void)
{
	ports_lab_step(model);
	listener_table_update(&table, model);
}

/* The row of the listener of this socket. */
static struct listener_row
row_of(const struct socket_row *socket)
{
	for (uint32_t i = 0; i < listener_table_count(&table); i++)
		if (listener_table_at(&table, i)->cookie == socket->cookie)
			return (struct listener_row){&table, listener_table_at(&table, i)};
	fail_msg("no listener is this socket");
	return (struct listener_row){0};
}

static double
figure(const struct socket_row *socket, const char *name)
{
	const struct listener_row row = row_of(socket);

	return ports_lab_number(&listener_fields, model, &row, name);
}

static const char *
text(const struct socket_row *socket, const char *name)
{
	const struct listener_row row = row_of(socket);

	return ports_lab_text(&listener_fields, model, &row, name);
}

/* A connection is of the listener of its address, else of the one of all its family, else of all.
 */
static void
by_address(void **state)
{
	const struct socket_row *one, *all_4, *all;

	(void)state;
	one = listener("127.0.0.1", 80, 0, 10);
	all_4 = listener("0.0.0.0", 80, 0, 10);
	all = listener("::", 80, 0, 10);
	listener("::", 81, 0, 10);
	child(TCP_STATE_ESTABLISHED, "127.0.0.1", 80, "127.0.0.1", 5000, 9);
	child(TCP_STATE_CLOSE_WAIT, "10.0.0.1", 80, "10.0.0.2", 5000, 9);
	child(TCP_STATE_TIME_WAIT, "10.0.0.1", 80, "10.0.0.2", 5001, 0);
	child(TCP_STATE_ESTABLISHED, "2001:db8::1", 80, "2001:db8::2", 5000, 0);
	/* Outgoing. */
	child(TCP_STATE_ESTABLISHED, "10.0.0.1", 5002, "10.0.0.2", 80, 9);
	look();
	assert_int_equal(listener_table_count(&table), 4);
	assert_true(figure(one, "established") == 1 && figure(one, "close_wait") == 0);
	assert_true(figure(all_4, "close_wait") == 1 && figure(all_4, "time_wait") == 1);
	assert_true(figure(all_4, "established") == 0);
	assert_true(figure(all, "established") == 1 && figure(all, "unaccepted") == 1);
	assert_string_equal(text(one, "exposure"), "loopback");
	assert_string_equal(text(all_4, "exposure"), "all");
	assert_string_equal(text(all, "exposure"), "all");
	/* The one of all addresses takes IPv4 where no other does. */
	socket_table_remove(&model->sockets, socket_table_find(&model->sockets, 0, all_4->cookie));
	look();
	assert_int_equal(listener_table_count(&table), 3);
	assert_true(figure(all, "close_wait") == 1 && figure(all, "established") == 1);
}

/* Those of one address and port share their connections, and have queues of their own. */
static void
of_one_port(void **state)
{
	const struct socket_row *const first = listener("0.0.0.0", 80, 3, 10);
	const struct socket_row *const second = listener("0.0.0.0", 80, 11, 10);

	(void)state;
	for (uint16_t i = 0; i < 5; i++)
		child(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", (uint16_t)(5000 + i), 0);
	look();
	assert_true(figure(first, "sharing") == 2 && figure(second, "sharing") == 2);
	assert_true(figure(first, "unaccepted") == 5 && figure(second, "unaccepted") == 5);
	assert_true(figure(first, "accept_queue") == 3 && figure(second, "accept_queue") == 11);
	assert_true(figure(second, "accept_queue_pct") == 100);
	assert_string_equal(text(first, "note"), "");
	assert_string_equal(text(second, "note"), "accept queue full: new connections are dropped");
}

static void
half_open(void **state)
{
	const struct socket_row *const row = listener("0.0.0.0", 80, 0, 100);

	(void)state;
	for (uint16_t i = 0; i < 6; i++)
		child(TCP_STATE_SYN_RECEIVED, "10.0.0.1", 80, i < 4 ? "10.0.0.2" : "10.0.0.3",
			(uint16_t)(5000 + i), 0)
			->timer_retries = i < 2;
	look();
	assert_true(figure(row, "half_open") == 6);
	assert_true(figure(row, "half_open_repeated") == 2);
	assert_true(figure(row, "half_open_sources") == 2);
	assert_true(isnan(figure(row, "half_open_limit")));
	assert_true(isnan(figure(row, "somaxconn")));
	ports_lab_sysctls(model,
		"net.ipv4.tcp_syncookies=1\nnet.ipv4.tcp_max_syn_backlog=80\nnet.core.somaxconn=50\n");
	assert_true(figure(row, "half_open_limit") == 100);
	assert_string_equal(text(row, "note"), "its backlog is from before somaxconn was lowered");
	ports_lab_sysctls(model, "net.ipv4.tcp_syncookies=0\n");
	assert_true(figure(row, "half_open_limit") == 60);
	ports_lab_sysctls(model, "net.ipv4.tcp_syncookies=2\n");
	assert_true(figure(row, "half_open_limit") == 0);
	ports_lab_sysctls(model, "net.ipv4.tcp_syncookies=0\nnet.ipv4.tcp_max_syn_backlog=8\n");
	assert_string_equal(
		text(row, "note"), "half-open connections at their limit: SYNs are dropped");
}

/* What is counted and set for all listeners of a namespace. */
static void
of_all(void **state)
{
	struct listener_fact facts[LISTENER_FACTS];
	struct counters *const counters = &model->netns[0]->counters;

	(void)state;
	listener_facts(model, 0, facts);
	for (size_t i = 0; i < LISTENER_FACTS; i++)
		assert_row(facts[i].name, !facts[i].is_known && !facts[i].has_rate);
	counters->rows[COUNTER_LISTEN_OVERFLOWS] = (struct counter_reading){
		.value = 412, .previous = 335, .known = true, .has_rate = true};
	counters->monotonic_ns[COUNTER_NETSTAT] = 2 * CLOCK_NS_PER_S;
	counters->previous_monotonic_ns[COUNTER_NETSTAT] = CLOCK_NS_PER_S;
	ports_lab_sysctls(model, "net.ipv4.tcp_syncookies=2\n");
	listener_facts(model, 0, facts);
	assert_string_equal(facts[0].name, "ListenOverflows");
	assert_true(facts[0].is_known && facts[0].value == 412);
	assert_true(facts[0].has_rate && facts[0].a_second == 77);
	assert_false(facts[1].is_known);
	for (size_t i = 0; i < LISTENER_FACTS; i++)
		if (strcmp(facts[i].name, "tcp_syncookies") == 0)
			assert_true(facts[i].is_known && facts[i].value == 2);
	/* A namespace that is not there. */
	listener_facts(model, 99, facts);
	assert_false(facts[0].is_known);
}

static void
remove_row(const struct socket_row *row)
{
	socket_table_remove(
		&model->sockets, socket_table_find(&model->sockets, row->netns, row->cookie));
}

/* Accepted: what does not wait any more, and what is new and held, each once. */
static void
accepts(void **state)
{
	const struct socket_row *const row = listener("0.0.0.0", 80, 0, 100);
	struct socket_row *waits, *request;

	(void)state;
	child(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 5000, 9);
	waits = child(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 5001, 0);
	child(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 5002, 0);
	request = child(TCP_STATE_SYN_RECEIVED, "10.0.0.1", 80, "10.0.0.2", 5003, 0);
	look();
	/* What was there at the first look may be old. */
	assert_true(isnan(figure(row, "accept_rate")));
	model->now_ns += CLOCK_NS_PER_MS;
	look();
	assert_true(figure(row, "accept_rate") == 0);
	assert_true(figure(row, "unaccepted") == 2);
	/* One was accepted and is held; one was accepted and is gone; a request became one that is
	 * held; one came and is held; one came and waits; one came, went and is in TIME-WAIT. */
	model->now_ns += CLOCK_NS_PER_MS;
	waits->inode = 10;
	request->inode = 11;
	socket_table_set_state(&model->sockets, request, TCP_STATE_ESTABLISHED);
	child(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 6000, 12);
	child(TCP_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 6001, 0);
	child(TCP_STATE_TIME_WAIT, "10.0.0.1", 80, "10.0.0.2", 6002, 0);
	for (uint32_t id = 0; id < model->sockets.used; id++)
		if (socket_table_row(&model->sockets, id)->remote_port == 5002)
			remove_row(socket_table_row(&model->sockets, id));
	look();
	assert_true(figure(row, "accept_rate") == 5);
	assert_true(figure(row, "unaccepted") == 1);
	look();
	assert_true(figure(row, "accept_rate") == 0);
	/* Its TIME-WAIT has another cookie, and is the same connection. */
	remove_row(waits);
	child(TCP_STATE_TIME_WAIT, "10.0.0.1", 80, "10.0.0.2", 5001, 0)->first_ms = 1;
	look();
	assert_true(figure(row, "accept_rate") == 0);
}

/* Between two looks, of each by itself. */
static void
drops(void **state)
{
	struct socket_row *const row = listener("0.0.0.0", 80, 0, 100);
	struct socket_row *other;

	(void)state;
	row->drops = 400;
	look();
	assert_true(isnan(figure(row, "drops")));
	row->has = SOCKET_HAS_MEMORY;
	look();
	assert_true(figure(row, "drops") == 400);
	assert_true(isnan(figure(row, "drop_rate")));
	row->drops = 477;
	/* A new one makes the groups anew; nothing is counted twice or forgotten by that. */
	other = listener("0.0.0.0", 81, 0, 100);
	other->has = SOCKET_HAS_MEMORY;
	other->drops = 5;
	look();
	assert_true(figure(row, "drop_rate") == 77);
	assert_true(isnan(figure(other, "drop_rate")));
	assert_string_equal(text(row, "note"), "drops connection attempts");
	look();
	assert_true(figure(row, "drop_rate") == 0);
	assert_true(figure(other, "drop_rate") == 0);
}

static void
peak_and_end(void **state)
{
	struct socket_row *const row = listener("10.0.0.1", 80, 5, 100);
	struct socket_row *const other = listener("10.0.0.1", 81, 0, 100);

	(void)state;
	look();
	row->receive_queue = 2;
	look();
	assert_true(figure(row, "accept_queue") == 2 && figure(row, "accept_queue_peak") == 5);
	assert_string_equal(text(row, "exposure"), "address");
	/* It ended, and its row is another's by the time that its fields are asked for. */
	socket_table_set_closed(&model->sockets, row);
	look();
	assert_int_equal(listener_table_count(&table), 1);
	assert_true(listener_table_at(&table, 0)->cookie == other->cookie);
	assert_string_equal(text(other, "local_port"), "81");
	other->cookie++;
	{
		const struct listener_row left = {&table, listener_table_at(&table, 0)};

		assert_string_equal(
			ports_lab_text(&listener_fields, model, &left, "local_port"), "");
	}
	other->cookie--;
}

/* A connection of a link-local address is bound to a link; its listener need not be. */
static void
links(void **state)
{
	const struct socket_row *const any = listener("::", 80, 0, 100);
	struct socket_row *const bound = listener("::", 81, 0, 100);

	(void)state;
	bound->ifindex = 3;
	child(TCP_STATE_ESTABLISHED, "fe80::1", 80, "fe80::2", 5000, 9)->ifindex = 2;
	child(TCP_STATE_ESTABLISHED, "fe80::1", 81, "fe80::2", 5000, 9)->ifindex = 3;
	child(TCP_STATE_ESTABLISHED, "fe80::1", 81, "fe80::2", 5001, 9)->ifindex = 2;
	look();
	assert_true(figure(any, "established") == 1);
	assert_true(figure(bound, "established") == 1);
}

/* Each name is there once, with words; the usual columns are fields. */
static void
fields(void **state)
{
	const struct field *columns[32];

	(void)state;
	for (size_t i = 0; i < listener_fields.count; i++) {
		const struct field *const field = &listener_fields.fields[i];

		assert_row(field->name, field->help[0] != '\0' && field->get != NULL);
		assert_row(field->name,
			field_find(&listener_fields, field->name, strlen(field->name)) == field);
	}
	assert_true(field_parse_list(&listener_fields, listener_columns, columns, 32, NULL) > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_address, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(of_one_port, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(half_open, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(of_all, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(accepts, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(drops, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(peak_and_end, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(links, open_lab, close_lab),
		cmocka_unit_test(fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
