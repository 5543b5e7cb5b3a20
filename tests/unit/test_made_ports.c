/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two namespaces in which connections come in, go out, wait and end, made up look by look: all
 * fields of the listeners and of the destinations, and the report of the ports, as text.
 */
#include <config.h>

#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/report/ports_report.h>

#include "page_text.h"
#include "ports_lab.h"

enum {
	LOOKS = 9,
	FIRST_COOKIE = 1000,
	LISTENERS = 8,
	OTHER_NETNS = 1,
	LOW = 40000,
	PORTS = 16,
	PIDS = 6
};

static struct model *model;
static struct listener_table listeners;
static struct port_budget budget;
static uint64_t cookie;

static struct socket_row *
add(uint16_t netns, enum tcp_state state, const char *local, uint16_t port, const char *remote,
	uint16_t remote_port)
{
	const uint32_t id = socket_table_add(&model->sockets, netns, ++cookie);
	struct socket_row *row;

	assert_int_not_equal(id, SOCKET_NONE);
	row = socket_table_row(&model->sockets, id);
	row->protocol = IPPROTO_TCP;
	row->netns = netns;
	row->local = sockets_address(local);
	row->remote = sockets_address(remote);
	row->family = address_is_v4(&row->local) ? AF_INET : AF_INET6;
	row->local_port = port;
	row->remote_port = remote_port;
	row->first_ms = row->seen_ms = row->changed_ms = model_now_ms(model);
	row->uid = port % 3;
	socket_table_set_state(&model->sockets, row, state);
	return row;
}

static void
hold(struct socket_row *row, uint32_t pid)
{
	row->inode = (uint32_t)row->cookie;
	process_table_hold(&model->processes, pid, row->inode, 3 + pid % 5);
}

static void
add_processes(void)
{
	static const char *const names[PIDS] = {
		"nginx", "redis", "a b", "0123456789abcde", "sshd", "\033[1m"};

	for (uint32_t i = 0; i < PIDS; i++) {
		struct process_row *const process = process_table_get(&model->processes, 100 + i);

		assert_non_null(process);
		process->comm = intern_add(model->texts, text_of(names[i]));
		process->start_ticks = 1000 * i;
	}
}

static void
add_listeners(void)
{
	static const struct {
		uint16_t netns;
		const char *local;
		uint16_t port, backlog;
	} made[LISTENERS] = {
		{0, "127.0.0.1", 80, 10},
		{0, "0.0.0.0", 80, 128},
		{0, "::", 80, 128},
		{0, "::", 443, 4096},
		{0, "::", 443, 511},
		{0, "fe80::1", 8080, 0},
		{0, "::1", LOW + 3, 1},
		{OTHER_NETNS, "10.9.0.1", 80, 50},
	};

	for (size_t i = 0; i < LISTENERS; i++) {
		struct socket_row *const row =
			add(made[i].netns, TCP_STATE_LISTEN, made[i].local, made[i].port, "::", 0);

		row->send_queue = made[i].backlog;
		row->flags |= i % 2 != 0 ? SOCKET_BIRTH_SEEN : 0;
		row->has = i % 3 != 2 ? SOCKET_HAS_MEMORY : 0;
		row->ifindex = made[i].port == 8080 ? 2 : 0;
		if (i < PIDS)
			hold(row, 100 + (uint32_t)i);
	}
}

static int
open_box(void **state)
{
	(void)state;
	model = sockets_model();
	assert_non_null(netns_get(model, 2));
	model->host.boot_ns = (SOCKETS_EPOCH_S - 500) * CLOCK_NS_PER_S;
	model->host.clock_ticks = 100;
	cookie = FIRST_COOKIE;
	ports_lab_sysctls(model,
		"net.ipv4.ip_local_port_range=40000\t40015\nnet.ipv4.ip_local_reserved_ports=40009-40010\n"
		"net.ipv4.tcp_tw_reuse=1\nnet.ipv4.tcp_tw_reuse_delay=2000\n"
		"net.ipv4.tcp_timestamps=1\nnet.core.somaxconn=256\nnet.ipv4.tcp_syncookies=0\n"
		"net.ipv4.tcp_max_syn_backlog=8\n");
	add_processes();
	add_listeners();
	listener_table_init(&listeners);
	port_budget_init(&budget);
	return 0;
}

static int
close_box(void **state)
{
	(void)state;
	listener_table_fini(&listeners);
	port_budget_fini(&budget);
	model_free(model);
	return 0;
}

/* Four connections come in, each by another address of the box. */
static void
come_in(unsigned look)
{
	static const struct {
		uint16_t netns;
		const char *local, *remote;
		uint16_t port;
	} ways[] = {
		{0, "127.0.0.1", "127.0.0.1", 80},
		{0, "10.0.0.1", "10.0.0.2", 80},
		{0, "2001:db8::1", "2001:db8::2", 80},
		{0, "10.0.0.1", "10.0.0.3", 443},
		{0, "2001:db8::1", "2001:db8::3", 443},
		{0, "fe80::1", "fe80::2", 8080},
		{OTHER_NETNS, "10.9.0.1", "10.9.0.2", 80},
		{0, "10.0.0.1", "10.0.0.2", 8081},
	};

	unit_each (i, ways) {
		const bool half = (i + look) % 3 == 0;
		struct socket_row *const row = add(ways[i].netns,
			half ? TCP_STATE_SYN_RECEIVED : TCP_STATE_ESTABLISHED, ways[i].local,
			ways[i].port, ways[i].remote, (uint16_t)(50000 + look * 10 + i % 5));

		row->ifindex = ways[i].port == 8080 ? 2 : 0;
		row->timer_retries = (uint8_t)(half && look % 2 != 0);
		if (!half && (i + look) % 4 != 0)
			hold(row, 100 + (uint32_t)i % PIDS);
	}
}

/* Some more of the 16 ports, to two destinations and to one in the other namespace. */
static void
go_out(unsigned look)
{
	static const struct {
		uint16_t netns;
		const char *local, *remote;
		uint16_t port, a_look;
	} ways[] = {
		{0, "10.0.0.1", "198.51.100.9", 443, 4},
		{0, "127.0.0.1", "127.0.0.1", 6379, 1},
		{0, "2001:db8::1", "2001:db8::9", 5432, 1},
		{OTHER_NETNS, "10.9.0.1", "198.51.100.9", 443, 1},
	};

	unit_each (i, ways)
		for (unsigned k = 0; k < ways[i].a_look; k++) {
			struct socket_row *const row = add(ways[i].netns,
				(look + k) % 5 == 0 ? TCP_STATE_SYN_SENT : TCP_STATE_ESTABLISHED,
				ways[i].local,
				(uint16_t)(LOW + (look * ways[i].a_look + k) % PORTS),
				ways[i].remote, ways[i].port);

			if ((look + i + k) % 4 != 3)
				hold(row, 100 + (look / 3 + (uint32_t)i * 2) % PIDS);
		}
}

/* What has stood for two looks goes on to its next state, every seventh is removed. */
static void
go_on(unsigned look)
{
	static const enum tcp_state next[TCP_STATE_COUNT] = {
		[TCP_STATE_SYN_SENT] = TCP_STATE_ESTABLISHED,
		[TCP_STATE_SYN_RECEIVED] = TCP_STATE_ESTABLISHED,
		[TCP_STATE_ESTABLISHED] = TCP_STATE_TIME_WAIT,
		[TCP_STATE_TIME_WAIT] = TCP_STATE_TIME_WAIT,
		[TCP_STATE_CLOSE_WAIT] = TCP_STATE_LAST_ACK,
		[TCP_STATE_LAST_ACK] = TCP_STATE_LAST_ACK,
		[TCP_STATE_FIN_WAIT_1] = TCP_STATE_FIN_WAIT_2,
		[TCP_STATE_FIN_WAIT_2] = TCP_STATE_TIME_WAIT,
	};

	for (uint32_t id = LISTENERS; id < model->sockets.used; id++) {
		struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & SOCKET_FREE) != 0 || (row->cookie + look) % 3 != 0)
			continue;
		if (row->cookie % 7 == 0 && look > 3) {
			socket_table_remove(&model->sockets, id);
			continue;
		}
		if (row->state == TCP_STATE_ESTABLISHED && row->cookie % 2 == 0)
			socket_table_set_state(&model->sockets, row,
				row->cookie % 4 == 0 ? TCP_STATE_CLOSE_WAIT : TCP_STATE_FIN_WAIT_1);
		else
			socket_table_set_state(&model->sockets, row, next[row->state]);
		row->seen_ms = model_now_ms(model);
		row->timer_ms = row->state == TCP_STATE_TIME_WAIT ? 60000 : 0;
		row->inode = row->state == TCP_STATE_TIME_WAIT ? 0 : row->inode;
	}
}

/* Queues and drops of the listeners; one ends, one is made anew. */
static void
move_listeners(unsigned look)
{
	for (uint32_t id = 0; id < LISTENERS; id++) {
		struct socket_row *const row = socket_table_row(&model->sockets, id);

		row->receive_queue = (id * 7 + look * 5) % (id == 5 ? 3 : 12);
		row->drops += look > 2 ? id * look : 0;
	}
	if (look == 4)
		socket_table_set_closed(&model->sockets, socket_table_row(&model->sockets, 1));
	if (look == 5)
		add(0, TCP_STATE_LISTEN, "10.0.0.1", 80, "0.0.0.0", 0)->send_queue = 300;
	if (look == 6)
		ports_lab_sysctls(model,
			"net.ipv4.tcp_tw_reuse=2\nnet.ipv4.ip_local_reserved_ports=40009-40010,\n"
			"net.ipv4.tcp_syncookies=1\n");
	if (look == 8)
		ports_lab_sysctls(model, "net.ipv4.tcp_tw_reuse=0\nnet.ipv4.tcp_syncookies=2\n");
}

/* The names of ports are those of the box that runs the test. */
static void
print_row(const struct field_table *table, const void *row, bool is_numeric, struct buffer *out)
{
	const struct field_context context = {.model = model, .numeric = is_numeric};

	buffer_append_text(out, " ");
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].name, "service") != 0)
			page_text_field(&table->fields[i], &context, row, out);
	buffer_append_char(out, '\n');
}

static void
print_look(struct buffer *out)
{
	for (uint32_t i = 0; i < listener_table_count(&listeners); i++) {
		const struct listener_row row = {&listeners, listener_table_at(&listeners, i)};

		print_row(&listener_fields, &row, false, out);
	}
	for (uint32_t i = 0; i < port_budget_count(&budget); i++) {
		const struct destination_row row = {&budget, port_budget_at(&budget, i)};

		print_row(&destination_fields, &row, i % 2 != 0, out);
	}
	ports_report_spaces(&budget, model, out);
	ports_report_full(&budget, model, out);
}

static void
test_looks(void **state)
{
	struct buffer out = {0};

	(void)state;
	for (unsigned look = 0; look < LOOKS; look++) {
		model->now_ns += CLOCK_NS_PER_MS;
		go_on(look);
		come_in(look);
		go_out(look);
		move_listeners(look);
		ports_lab_step(model);
		model->snapshot_monotonic_ns += look % 3 * CLOCK_NS_PER_S;
		listener_table_update(&listeners, model);
		port_budget_update(&budget, model);
		buffer_append_format(&out, "== look %u\n", look);
		print_look(&out);
	}
	assert_int_equal(listener_table_refused(&listeners), 0);
	assert_int_equal(port_budget_refused(&budget), 0);
	compare("made-ports", &out);
	buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_looks, open_box, close_box),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests_name("made ports", tests, NULL, NULL);
}
