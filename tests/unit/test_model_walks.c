/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walks of a model: what a collector may report of a few sockets, processes and namespaces,
 * in any order, on time and late, whole and interrupted, with segments on the wire in between, in
 * tables that have too little room. All that is known after each step is noted (random_walk.h).
 */
#include <config.h>

#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <time.h>

#include <sockwatch/model/caller.h>
#include <sockwatch/model/cgroup_memory.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/sysctl.h>

#include "feed_wire.h"
#include "page_text.h"
#include "random_walk.h"

enum { WALKS = 250, STEPS = 60, TUPLES = 6, PIDS = 4, NAMESPACES = 3 };

struct walk {
	struct feed feed;
	uint64_t cookies[TUPLES]; /* of the socket that has the tuple now */
	uint8_t states[TUPLES];   /* kernel's number; 0: there is none */
	struct buffer out;
};

static uint32_t
netns_of(unsigned tuple)
{
	return tuple % 3 == 2 ? FEED_NETNS + 1 : FEED_NETNS;
}

static struct feed_socket
socket_of(struct walk *walk, unsigned tuple)
{
	static const char *const remotes[TUPLES] = {
		"10.0.0.1", "10.0.0.1", "10.0.0.9", "fe80::9", NULL, "127.0.0.1"};
	const bool v6 = tuple == 3, listens = tuple == 4;
	const int state = listens ? 10 : walk->states[tuple];
	struct feed_socket socket = {.cookie = walk->cookies[tuple],
		.family = v6 ? AF_INET6 : AF_INET,
		.state = state,
		.local = v6           ? "fe80::2"
			 : tuple == 5 ? "127.0.0.1"
			 : listens    ? NULL
				      : "10.0.0.2",
		.remote = remotes[tuple],
		.local_port = (uint16_t)(listens ? 80 : 40000 + tuple),
		.remote_port = listens ? 0 : 80,
		.inode = state == 6 || state == 12 || dice(9) == 0 ? 0 : 500 + tuple,
		.uid = 1000 + tuple % 2,
		.ifindex = v6 ? 2 : 0,
		.timer = state == 6 ? 3 : (uint8_t)dice(5),
		.retries = (uint8_t)dice(3),
		.expires_ms = dice(70000),
		.receive_queue = dice(3) * 100,
		.send_queue = listens ? 128 : dice(2) * 5000,
		.bare = state == 6 || state == 12,
		.info_len = dice(6) == 0 ? 0 : sizeof(struct tcp_info),
		.cgroup = dice(4) == 0 ? 40 + dice(2) : 0,
		.mark = dice(8) == 0 ? 7 : 0,
		.congestion = dice(3) == 0 ? "bbr" : "cubic",
		.tos = (uint8_t)(dice(2) * 8),
		.shutdown = (uint8_t)(dice(6) == 0 ? 1 + dice(3) : 0)};

	socket.info.tcpi_rtt = 1000 + dice(3);
	socket.info.tcpi_bytes_sent = dice(4) * 10000;
	socket.info.tcpi_bytes_acked = dice(4) * 10000;
	socket.info.tcpi_bytes_received = dice(4) * 10000;
	socket.info.tcpi_last_data_sent = dice(3) * 1000;
	socket.info.tcpi_last_data_recv = dice(3) * 1000;
	socket.info.tcpi_total_retrans = dice(3);
	return socket;
}

/* What happened to the sockets since the last look. */
static void
live(struct walk *walk)
{
	static const uint8_t next[13] = {2, 4, 1, 1, 5, 6, 0, 0, 9, 0, 10, 6, 1};

	const unsigned tuple = dice(TUPLES);

	if (walk->states[tuple] == 0) {
		walk->cookies[tuple] += 100;
		walk->states[tuple] = dice(3) == 0 ? 2 : 1;
		return;
	}
	if (walk->states[tuple] == 1 && dice(2) == 0)
		walk->states[tuple] = 8;
	else
		walk->states[tuple] = next[walk->states[tuple]];
	if (walk->states[tuple] == 6 && dice(2) == 0)
		walk->cookies[tuple] += 1000; /* a TIME-WAIT is another socket */
	if (dice(12) == 0)
		walk->states[tuple] = 0;
}

static void
dump(struct walk *walk, uint32_t netns, bool full)
{
	struct message_dump_end end = {.netns = netns,
		.protocols = PROTOCOL_TCP,
		.complete = dice(8) != 0,
		.error = dice(20) == 0 ? 13 : 0};

	feed_message(&walk->feed, MESSAGE_DUMP_BEGIN,
		&(struct message_dump_begin){.netns = netns,
			.protocols = PROTOCOL_TCP,
			.full = full,
			.monotonic_ns = walk->feed.monotonic_ns});
	for (unsigned tuple = 0; tuple < TUPLES; tuple++) {
		struct feed_socket socket;

		if (netns_of(tuple) != netns || walk->states[tuple] == 0 || (!full && dice(2) == 0))
			continue;
		socket = socket_of(walk, tuple);
		feed_socket(&walk->feed, &socket);
		end.listed++;
	}
	end.sent = end.listed;
	feed_message(&walk->feed, MESSAGE_DUMP_END, &end);
}

static void
look(struct walk *walk)
{
	const bool full = dice(3) != 0;

	walk->feed.sequence++;
	feed_message(&walk->feed, MESSAGE_SNAPSHOT_BEGIN,
		&(struct message_snapshot_begin){
			.sequence = walk->feed.sequence, .monotonic_ns = walk->feed.monotonic_ns});
	dump(walk, FEED_NETNS, full);
	if (dice(3) != 0)
		dump(walk, FEED_NETNS + 1, full);
	feed_message(&walk->feed, MESSAGE_SNAPSHOT_END,
		&(struct message_snapshot_end){.sequence = walk->feed.sequence,
			.monotonic_ns = walk->feed.monotonic_ns,
			.owners_pending = dice(2),
			.owners_hidden = dice(2),
			.proc_limits = dice(4) == 0 ? 1 : 0,
			.owners_settled_ns = dice(3) != 0 ? walk->feed.monotonic_ns - dice(2) : 0});
}

static void
pass(struct walk *walk)
{
	static const uint32_t waits_ms[] = {
		0, 1, 100, 999, 1000, 1000, 1001, 5000, 59999, 60000, 60001, 70000};

	feed_wait(&walk->feed, waits_ms[dice(UNIT_COUNT_OF(waits_ms))]);
	model_tick(walk->feed.model, walk->feed.realtime_ns);
}

static void
destroyed(struct walk *walk)
{
	const unsigned tuple = dice(TUPLES);
	struct feed_socket socket = socket_of(walk, tuple);

	socket.protocol = IPPROTO_TCP;
	socket.bare = false;
	socket.state = 7;
	feed_socket(&walk->feed, &socket);
	walk->states[tuple] = 0;
}

static void
gone(struct walk *walk)
{
	const unsigned tuple = dice(TUPLES);
	const uint64_t cookie = walk->cookies[tuple];

	feed_message(&walk->feed, MESSAGE_GONE,
		&(struct message_gone){.netns = netns_of(tuple), .cookies = {&cookie, 1}});
	walk->states[tuple] = 0;
}

static void
owners(struct walk *walk)
{
	const uint64_t pair = (uint64_t)(500 + dice(TUPLES)) << 32 | (3 + dice(2));
	struct message_owners message = {.pid = 100 + dice(PIDS)};

	if (dice(3) == 0)
		message.released = (struct array){&pair, 1};
	else
		message.held = (struct array){&pair, 1};
	feed_message(&walk->feed, MESSAGE_OWNERS, &message);
}

static void
process(struct walk *walk)
{
	static const char *const names[] = {"nginx", "redis", "a b", "sshd", ""};
	const uint32_t pid = 100 + dice(PIDS);

	if (dice(4) == 0) {
		feed_message(&walk->feed, MESSAGE_PROCESS_GONE,
			&(struct message_process_gone){.pids = {&pid, 1}});
		return;
	}
	feed_message(&walk->feed, MESSAGE_PROCESS,
		&(struct message_process){.pid = pid,
			.start_ticks = 1000 + dice(2),
			.uid = 1000 + dice(2),
			.comm = text_of(names[dice(UNIT_COUNT_OF(names))]),
			.cmdline = text_of(dice(2) != 0 ? "/usr/bin/x" : ""),
			.cgroup = text_of(dice(2) != 0 ? "/system.slice/x" : "/"),
			.unit = text_of(dice(2) != 0 ? "x.service" : ""),
			.container = text_of(dice(5) == 0 ? "0123456789ab" : ""),
			.memory_cgroup = text_of(dice(5) == 0 ? "/m" : ""),
			.fd_error = dice(6) == 0 ? 13 : 0});
}

static void
netns(struct walk *walk)
{
	const uint32_t id = FEED_NETNS + dice(NAMESPACES + 1);

	feed_message(&walk->feed, MESSAGE_NETNS,
		&(struct message_netns){.id = id,
			.inode = 4026531840 + id,
			.name = text_of(dice(2) != 0 ? "blue" : ""),
			.pid = dice(2) * 7,
			.error = dice(4) == 0 ? 1 : 0,
			.name_gone = dice(4) == 0,
			.gone = id != FEED_NETNS && dice(3) == 0});
	feed_message(&walk->feed, MESSAGE_LINK,
		&(struct message_link){
			.netns = id, .ifindex = 2, .name = text_of(dice(2) != 0 ? "eth0" : "wg0")});
}

static void
facts(struct walk *walk)
{
	const uint32_t id = FEED_NETNS + dice(2);
	const uint64_t queue = (uint64_t)(500 + dice(TUPLES)) << 32 | 900;
	unsigned last;
	char text[100];

	feed_message(&walk->feed, MESSAGE_USER,
		&(struct message_user){.uid = 1000, .name = text_of(dice(2) != 0 ? "ann" : "bob")});
	feed_message(&walk->feed, MESSAGE_CGROUP,
		&(struct message_cgroup){
			.id = 40 + dice(2), .path = text_of(dice(2) != 0 ? "/a" : "/b")});
	last = dice(100);
	snprintf(text, sizeof text, "Tcp: ActiveOpens InSegs\nTcp: %u %u\n", dice(100), last);
	feed_message(&walk->feed, MESSAGE_COUNTERS,
		&(struct message_counters){.netns = id,
			.source = COUNTER_SNMP,
			.monotonic_ns = walk->feed.monotonic_ns,
			.unchanged_ns = dice(3) == 0 ? walk->feed.monotonic_ns : 0,
			.text = text_of(text)});
	last = dice(100);
	snprintf(text, sizeof text, "net.core.somaxconn%s%u\n", dice(4) == 0 ? "" : "=", last);
	feed_message(&walk->feed, MESSAGE_SYSCTLS,
		&(struct message_sysctls){.netns = id, .text = text_of(text)});
	feed_message(&walk->feed, MESSAGE_MPTCP,
		&(struct message_mptcp){.netns = id,
			.receive = {.data = &queue, .count = dice(2)},
			.send = {.data = &queue, .count = dice(2)}});
	feed_message(&walk->feed, MESSAGE_CGROUP_MEMORY,
		&(struct message_cgroup_memory){.path = text_of(dice(2) != 0 ? "/m" : "/a"),
			.version = 2,
			.gone = dice(4) == 0,
			.known = (uint8_t)dice(64),
			.limit_bytes = dice(1000),
			.usage_bytes = dice(1000),
			.left_out = dice(2)});
}

static void
callers(struct walk *walk)
{
	const unsigned tuple = dice(2);
	struct caller caller = {.netns = FEED_NETNS,
		.local_port = (uint16_t)(40000 + tuple),
		.remote_port = 80,
		.pid = 100 + dice(PIDS),
		.comm = "caller"};

	assert_int_equal(address_parse("10.0.0.2", 8, &caller.local, NULL), 0);
	assert_int_equal(address_parse("10.0.0.1", 8, &caller.remote, NULL), 0);
	feed_message(&walk->feed, MESSAGE_CALLERS,
		&(struct message_callers){.callers = {.data = &caller, .count = 1}});
}

/* Of the connections of the first two tuples. */
static void
segments(struct walk *walk)
{
	static const unsigned flags[] = {SEGMENT_SYN, SEGMENT_SYN | SEGMENT_ACK, SEGMENT_ACK,
		SEGMENT_ACK, SEGMENT_FIN | SEGMENT_ACK, SEGMENT_RST};
	const unsigned first = dice(UNIT_COUNT_OF(flags));

	for (unsigned i = 0; i < 3; i++) {
		const struct feed_segment segment = {.out = (i + dice(5) / 4) % 2 == 0,
			.ours = (uint16_t)(40000 + dice(2)),
			.theirs = 80,
			.flags = flags[(first + i) % UNIT_COUNT_OF(flags)],
			.seq = 1000 + dice(3),
			.ack = 1000 + dice(3)};

		feed_wire(&walk->feed, &segment);
		feed_wait(&walk->feed, 1);
	}
}

static void
once_more(struct walk *walk)
{
	if (dice(4) == 0)
		feed_hello(&walk->feed, "again", UINT64_C(1600000000) * 1000000000, dice(4));
}

static void
note_row(struct walk *walk, uint32_t id)
{
	const struct field_context context = {.model = walk->feed.model};
	const struct socket_row *const row = socket_table_row(&walk->feed.model->sockets, id);
	const struct process_row *const listener = model_socket_listener(walk->feed.model, row);

	if ((row->flags & SOCKET_FREE) != 0)
		return;
	buffer_append_format(&walk->out,
		" %u.%u %x %x first %u changed %u previous %u pid %u/%u:", (unsigned)row->netns,
		(unsigned)row->cookie, row->flags, row->has, row->first_ms, row->changed_ms,
		row->previous_state, row->last_pid, listener != NULL ? listener->pid : 0);
	/* The names of ports are those of the box that runs the test. */
	for (size_t i = 0; i < socket_fields.count; i++)
		if (strcmp(socket_fields.fields[i].name, "service") != 0)
			page_text_field(&socket_fields.fields[i], &context, row, &walk->out);
	buffer_append_char(&walk->out, '\n');
}

static void
note_netns(struct walk *walk)
{
	const struct model *const model = walk->feed.model;

	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct netns_row *const row = model->netns[i];
		const struct text link = model_link_name(model, (uint16_t)i, 2);
		const char *const somaxconn =
			model_sysctl_text(model, (uint16_t)i, SYSCTL_SOMAXCONN);

		buffer_append_format(&walk->out, " netns %u %u %d \"%.*s\" %d %d %s %d:", i,
			row->id, row->gone, (int)link.len, link.data, row->error, row->name_gone,
			somaxconn != NULL ? somaxconn : "-",
			(int)model_sysctl_state(model, (uint16_t)i, SYSCTL_SOMAXCONN));
		buffer_append_text(&walk->out, model_text(model, row->name));
		for (size_t k = 0; k < row->counters.count; k++)
			if (row->counters.rows[k].known)
				buffer_append_format(&walk->out, " %zu=%" PRIu64, k,
					row->counters.rows[k].value);
		buffer_append_char(&walk->out, '\n');
	}
}

static void
note_model(struct walk *walk)
{
	const struct model *const model = walk->feed.model;

	buffer_append_format(&walk->out,
		"%u used %u rows %u closed %" PRIu64 " refused; opened %" PRIu64 " closed %" PRIu64
		" closings %" PRIu64 " unlisted %" PRIu64
		"; %u processes; partial %d, limits %u; %" PRIu64 " of %" PRIu64
		" changes; %" PRIu64 " bad\n",
		model->sockets.used, model->sockets.count, model->sockets.closed,
		model->sockets.refused, (uint64_t)model->opened, (uint64_t)model->closed,
		(uint64_t)model->closings, (uint64_t)model->closed_unlisted,
		(unsigned)model->processes.count, model_is_partial(model),
		(unsigned)model->proc_limits, (uint64_t)model->socket_changes,
		(uint64_t)model->changes, (uint64_t)model->bad_records);
	for (unsigned i = 0; i < TCP_STATE_COUNT; i++)
		buffer_append_format(&walk->out, " %u", model->sockets.by_state[0][i]);
	for (uint32_t uid = 1000; uid < 1002; uid++)
		if (model_user(model, uid) != NULL)
			buffer_append_format(&walk->out, " %s", model_user(model, uid));
	for (uint32_t pid = 100; pid < 100 + PIDS; pid++)
		if (model_ended_process(model, pid) != NULL)
			buffer_append_format(
				&walk->out, " ended %s", model_ended_process(model, pid));
	buffer_append_format(&walk->out, " left out %" PRIu64 "\n",
		(uint64_t)model_cgroup_memory_left_out(model));
	note_netns(walk);
	for (uint32_t id = 0; id < model->sockets.used; id++)
		note_row(walk, id);
	note_buffer(&walk->out);
}

static void
step(struct walk *walk)
{
	static void (*const acts[])(struct walk *) = {look, look, look, look, live, live, live,
		live, pass, pass, pass, destroyed, destroyed, gone, owners, owners, owners, process,
		process, netns, facts, callers, segments, segments, once_more};
	const unsigned which = dice(UNIT_COUNT_OF(acts));

	buffer_append_format(&walk->out, "== %u ", which);
	acts[which](walk);
	note_model(walk);
}

static void
take_walk(unsigned number, struct buffer *out)
{
	static const uint32_t rooms[] = {0, 0, 5, 2};
	const struct wire_options options = {
		.conversations = 16, .half_open = 4, .events = 32, .fold_above = UINT32_MAX};
	struct walk walk = {.feed = feed_new_wired(number % 2 == 0 ? &options : NULL)};

	if (rooms[number % 4] != 0)
		walk.feed.model->sockets.limit = rooms[number % 4];
	walk.feed.model->linger_ms = number % 3 * 5000;
	for (unsigned i = 0; i < TUPLES; i++) {
		walk.cookies[i] = 1 + i;
		walk.states[i] = 1;
	}
	netns(&walk);
	process(&walk);
	for (unsigned i = 0; i < STEPS; i++)
		step(&walk);
	buffer_append_format(out, " %u rows", walk.feed.model->sockets.count);
	buffer_fini(&walk.out);
	feed_free(&walk.feed);
}

static void
test_walks(void **state)
{
	(void)state;
	random_walks("model-walks", WALKS, 5, take_walk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
