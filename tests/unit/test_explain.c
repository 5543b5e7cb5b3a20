/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The detail page of a row, in words. */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/analysis/socket_age.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/caller.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/path.h>

#include "analysis/explain/explain_private.h"
#include "model/model_private.h"
#include "sockets.h"
#include "unit.h"

enum { NOW_MS = 100000 };

static struct model_private own;
static struct model model;
static struct socket_row row;
static const struct explain_source source = {
	.model = &model, .row = &row, .context = {.model = &model}};

static int
setup(void **state)
{
	(void)state;
	memset(&model, 0, sizeof model);
	memset(&own, 0, sizeof own);
	model.own = &own;
	model.epoch_ms = 1000;
	model.now_ns = (model.epoch_ms + NOW_MS) * UINT64_C(1000000);
	row = (struct socket_row){
		.protocol = IPPROTO_TCP,
		.family = AF_INET,
		.state = TCP_STATE_ESTABLISHED,
		.seen_ms = NOW_MS,
		.first_ms = NOW_MS - 4000,
		.changed_ms = NOW_MS - 2000,
	};
	return 0;
}

static const char *
text_by(void (*words)(const struct explain_source *source, char *out, size_t size))
{
	static char text[512];

	text[0] = '\0';
	words(&source, text, sizeof text);
	return text;
}

static void
timers_are_explained(void **state)
{
	(void)state;
	assert_string_equal(text_by(explain_timer), "none runs");
	row.timer = SOCKET_TIMER_RETRANSMIT;
	row.timer_ms = 840;
	row.seen_ms = NOW_MS - 500;
	assert_string_equal(text_by(explain_timer), "retransmits in 340ms unless an ACK comes");
	row.timer_retries = 1;
	assert_string_equal(
		text_by(explain_timer), "retransmits in 340ms (2nd try) unless an ACK comes");
	row.timer_retries = 2;
	assert_string_equal(
		text_by(explain_timer), "retransmits in 340ms (3rd try) unless an ACK comes");
	row.timer_retries = 10;
	assert_non_null(strstr(text_by(explain_timer), "11th try"));
	row.timer_retries = 20;
	assert_non_null(strstr(text_by(explain_timer), "21st try"));
	row.timer = SOCKET_TIMER_KEEPALIVE;
	row.timer_retries = 3;
	assert_non_null(strstr(text_by(explain_timer), "3 were not answered"));
	row.state = TCP_STATE_FIN_WAIT_2;
	assert_non_null(strstr(text_by(explain_timer), "unless the peer closes"));
	/* What should have been over by now has no time left, not a negative one. */
	row.timer = SOCKET_TIMER_TIMEWAIT;
	row.timer_ms = 100;
	assert_string_equal(text_by(explain_timer), "ends in 0ms");
}

static void
keepalive_is_explained_only_where_it_is_known(void **state)
{
	(void)state;
	assert_string_equal(text_by(explain_keepalive), "");
	row.has = SOCKET_HAS_KEEPALIVE;
	assert_int_equal(strncmp(text_by(explain_keepalive), "off", 3), 0);
	row.flags |= SOCKET_KEEPALIVE_ON;
	assert_string_equal(text_by(explain_keepalive), "on");
}

static void
queues_are_explained(void **state)
{
	(void)state;
	row.receive_queue = 2048;
	assert_string_equal(text_by(explain_receive_queue), "2.0k unread");
	row.state = TCP_STATE_CLOSE_WAIT;
	row.receive_queue = 0;
	assert_string_equal(
		text_by(explain_receive_queue), "empty: everything is read, the end with it");
	row.flags = SOCKET_END_SEEN;
	assert_string_equal(text_by(explain_receive_queue),
		"empty: the program has seen the end and does not close");
	row.protocol = IPPROTO_UDP;
	row.receive_queue = row.send_queue = 7680;
	assert_string_equal(text_by(explain_receive_queue), "7.5k of the buffer in use");
	assert_string_equal(text_by(explain_send_queue), "7.5k of the buffer in use");
	row.protocol = IPPROTO_TCP;
	row.state = TCP_STATE_CLOSE_WAIT;
	row.receive_queue = 1;
	assert_non_null(strstr(text_by(explain_receive_queue), "only the end is unread"));
	row.state = TCP_STATE_LISTEN;
	row.receive_queue = 6;
	row.send_queue = 5;
	assert_string_equal(text_by(explain_receive_queue), "");
	assert_string_equal(text_by(explain_accept_queue),
		"6 wait for accept, at most 5 may: FULL, new connections are dropped");
	row.receive_queue = 5;
	assert_non_null(strstr(text_by(explain_accept_queue), "more than half full"));
	row.receive_queue = 1;
	assert_string_equal(text_by(explain_accept_queue), "1 wait for accept, at most 5 may");
}

static void
states_and_ages_are_explained(void **state)
{
	(void)state;
	assert_string_equal(text_by(explain_state), "ESTABLISHED");
	row.previous_state = TCP_STATE_SYN_SENT;
	assert_string_equal(text_by(explain_state), "ESTABLISHED for 2.0s, before that SYN-SENT");
	assert_non_null(strstr(text_by(explain_age), "more than 4.0s"));
	row.flags = SOCKET_BIRTH_SEEN;
	assert_int_equal(strncmp(text_by(explain_age), "4.0s, since ", 12), 0);
	row.flags |= SOCKET_CLOSED;
	row.closed_ms = NOW_MS - 3000;
	assert_string_equal(text_by(explain_state), "closed 3.0s ago, from ESTABLISHED");
	row.state = TCP_STATE_CLOSED; /* only its end was reported */
	assert_string_equal(text_by(explain_state), "closed 3.0s ago");
	row.state = TCP_STATE_ESTABLISHED;
}

/* The socket was first listed a refresh after its SYN, which the wire has shown. */
static void
counts_the_age_from_the_syn(void **state)
{
	static const struct wire_history wire = {.known = true,
		.conversation = {.syn_ns = (1000 + NOW_MS - 4900) * UINT64_C(1000000)}};
	struct explain_source seen = source;
	char text[64];

	(void)state;
	seen.wire = &wire;
	row.flags = SOCKET_BIRTH_SEEN;
	explain_age(&seen, text, sizeof text);
	assert_int_equal(strncmp(text, "4.9s, since ", 12), 0);
	row.flags |= SOCKET_CLOSED;
	row.closed_ms = NOW_MS - 4897;
	explain_age(&seen, text, sizeof text);
	assert_int_equal(strncmp(text, "3.0ms, since ", 13), 0);
}

/* "age 50s" beside "idle 54s", "AGE 81ms" beside "lived 7 us": one figure, and no contradiction. */
static void
age_idle_and_life_agree(void **state)
{
	struct conversation conversation = {
		.syn_ns = (1000 + NOW_MS - 3000) * UINT64_C(1000000), .first_ns = 1};
	struct socket_age age;
	uint64_t idle_ms;

	(void)state;
	row.tcp.known_bytes = 232;
	row.tcp.last_data_sent = 54000;
	row.tcp.last_data_recv = 60000;
	row.tcp.last_ack_recv = 59000;
	row.seen_ms = NOW_MS - 500;
	socket_age(&model, &row, NULL, &age);
	assert_true(age.at_least && age.ns == UINT64_C(60500000000));
	assert_true(socket_idle_ms(&model, &row, &idle_ms));
	assert_int_equal(idle_ms, 54500);
	/* In other states these times are counted from elsewhere. */
	row.state = TCP_STATE_SYN_SENT;
	socket_age(&model, &row, NULL, &age);
	assert_true(age.at_least && age.ns == UINT64_C(4000000000));
	assert_false(socket_idle_ms(&model, &row, &idle_ms));
	/* It ended 7 us after its SYN, and the table heard of it 81 ms later. */
	row.state = TCP_STATE_CLOSED;
	row.tcp.known_bytes = 0;
	row.flags = SOCKET_CLOSED | SOCKET_BIRTH_SEEN;
	row.closed_ms = NOW_MS - 3000 + 81;
	conversation.ended_ns = conversation.syn_ns + 7000;
	socket_age(&model, &row, &conversation, &age);
	assert_true(age.ns == 81000000);
	conversation.outcome = CONVERSATION_OUTCOME_RESET;
	socket_age(&model, &row, &conversation, &age);
	assert_true(!age.at_least && age.ns == 7000);
	assert_true(age.born_ns == conversation.syn_ns);
	/* A later connection between the same ends says nothing of this one. */
	row.flags = SOCKET_BIRTH_SEEN;
	conversation.syn_ns = model.now_ns - 1000000;
	socket_age(&model, &row, &conversation, &age);
	assert_true(age.ns == UINT64_C(4000000000));
}

/* Its SYN was forgotten in a flood, or not captured: the SYN-ACK shows which side had sent it. */
static void
syn_ack_shows_who_opened(void **state)
{
	struct wire_history wire = {.known = true, .us = 1, .conversation = {.syn_ack_ns = 1}};
	struct explain_source seen = source;
	char text[64] = "";

	(void)state;
	seen.wire = &wire;
	explain_wire_opened(&seen, text, sizeof text);
	assert_string_equal(text, "by the peer; its SYN was not seen");
	wire.conversation.syn_ack_ns = 0;
	explain_wire_opened(&seen, text, sizeof text);
	assert_string_equal(text, "not seen: it was open before the capture began");
}

/* All that was seen is a RST: how much went before it, nobody saw. */
static void
end_alone_has_no_bytes(void **state)
{
	struct wire_history wire = {.known = true,
		.conversation = {.established = true, .outcome = CONVERSATION_OUTCOME_RESET}};
	struct explain_source seen = source;
	char text[128] = "";

	(void)state;
	seen.wire = &wire;
	seen.figures = &row;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "");
	wire.conversation.side[0].bytes = 5;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "5 bytes seen");
	wire.conversation.side[0].bytes = 1;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "1 byte seen");
	wire.conversation.side[0].bytes = 0;
	wire.conversation.syn_ns = 1;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "0 bytes");
	/* In full, to compare with other tools; and short, to read. */
	wire.conversation.side[0].bytes = 9999;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "9999 bytes");
	wire.conversation.side[0].bytes = 3000000;
	wire.conversation.side[0].retransmits = 1;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "3000000 bytes (2.8M), 1 segment retransmitted");
	wire.conversation.side[0].undecided = 2;
	explain_wire_sent(&seen, text, sizeof text);
	assert_string_equal(text, "3000000 bytes (2.8M), 1 segment retransmitted, "
				  "2 out of order or retransmitted");
}

static void
what_the_kernel_did_not_report_is_empty(void **state)
{
	(void)state;
	assert_string_equal(text_by(explain_rtt), "");
	assert_string_equal(text_by(explain_retransmissions), "");
	assert_string_equal(text_by(explain_in_flight), "");
	assert_string_equal(text_by(explain_window), "");
	assert_string_equal(text_by(explain_receiver_limit), "");
	assert_string_equal(text_by(explain_app_limited), "");
	assert_string_equal(text_by(explain_receive_memory), "");
	assert_string_equal(text_by(explain_shutdown), "");
}

static void
network_is_explained(void **state)
{
	(void)state;
	row.tcp.known_bytes = 280;
	row.tcp.rtt = 12000;
	row.tcp.rttvar = 3000;
	row.tcp.min_rtt = 11000;
	assert_string_equal(text_by(explain_rtt), "12ms ± 3.0ms, lowest 11ms");
	row.tcp.rtt = 120000;
	assert_non_null(strstr(text_by(explain_rtt), "a queue is filling"));
	/* The kernel's "no sample yet". */
	row.tcp.min_rtt = UINT32_MAX;
	assert_null(strstr(text_by(explain_rtt), "lowest"));
	assert_string_equal(text_by(explain_retransmissions), "none");
	row.tcp.total_retrans = 3;
	row.tcp.segs_out = 100;
	row.tcp.retrans = 1;
	assert_string_equal(
		text_by(explain_retransmissions), "3 segments of 100 (3.0%), 1 under way now");
	row.tcp.total_retrans = 1;
	row.tcp.retrans = 0;
	assert_string_equal(text_by(explain_retransmissions), "1 segment of 100 (1.0%)");
	row.tcp.unacked = 1;
	assert_string_equal(text_by(explain_in_flight), "1 segment");
	row.tcp.busy_time = 10000000;
	row.tcp.rwnd_limited = 1200000;
	assert_string_equal(
		text_by(explain_receiver_limit), "12% of the time with data to send (1.2s of 10s)");
	row.timer = SOCKET_TIMER_PERSIST;
	assert_non_null(strstr(text_by(explain_window), "the peer does not read"));
}

/* The flag stays set on a socket that has nothing to send, which is nobody's fault. */
static void
sender_is_judged_only_while_it_sends(void **state)
{
	(void)state;
	row.tcp.known_bytes = 280;
	row.tcp.app_limited = 1;
	assert_string_equal(text_by(explain_app_limited), "");
	row.send_rate = 1000;
	assert_non_null(strstr(text_by(explain_app_limited), "by the program: "));
	row.tcp.last_data_sent = 1000;
	assert_string_equal(text_by(explain_app_limited), "");
	row.tcp.last_data_sent = 999;
	assert_non_null(strstr(text_by(explain_app_limited), "by the program: "));
	row.tcp.notsent_bytes = 1;
	assert_string_equal(
		text_by(explain_app_limited), "not by the program: data waits to be sent");
	row.tcp.notsent_bytes = 0;
	row.tcp.app_limited = 2; /* of fast open */
	assert_string_equal(text_by(explain_app_limited), "");
	row.tcp.app_limited = 1;
	row.state = TCP_STATE_LAST_ACK;
	assert_string_equal(text_by(explain_app_limited), "");
}

/* A row that nobody looked at before it closed: the process that eBPF reported, or why none is
 * known. */
static void
process_of_a_short_connection(void **state)
{
	struct netns_row netns = {.id = 1};
	struct netns_row *list[] = {&netns};
	struct caller caller = {.local_port = 40000, .remote_port = 80, .netns = 1, .pid = 4711};

	(void)state;
	model.netns = list;
	model.netns_count = 1;
	caller_table_init(&model.own->callers);
	row.state = TCP_STATE_CLOSED;
	row.flags = SOCKET_CLOSED;
	row.local_port = 40000;
	row.remote_port = 80;
	row.closed_ms = NOW_MS;
	assert_string_equal(text_by(explain_process), "");
	assert_int_equal(strncmp(text_by(explain_no_process), "none (not seen). ", 17), 0);
	assert_null(strstr(text_by(explain_no_process), "eBPF"));
	snprintf(model.trace.text, sizeof model.trace.text, "it may not");
	assert_non_null(
		strstr(text_by(explain_no_process), "eBPF could report it, but it may not."));
	memcpy(caller.comm, "curl", 4);
	assert_int_equal(caller_table_add(&model.own->callers, &caller, model.now_ns), 0);
	assert_int_equal(strncmp(text_by(explain_process), "curl, process 4711, ", 20), 0);
	assert_string_equal(text_by(explain_no_process), "");
	/* The process has ended after it was seen. */
	row.last_pid = 812;
	model.own->ended_processes[812] = (struct model_ended_process){.pid = 812, .comm = "wget"};
	assert_string_equal(text_by(explain_process), "");
	assert_string_equal(text_by(explain_no_process), "wget, process 812, which has ended");
	row.last_pid = 0;
	/* What is there has its owner from /proc, or a reason that eBPF does not change. */
	row.flags = 0;
	row.state = TCP_STATE_ESTABLISHED;
	assert_string_equal(text_by(explain_process), "");
	assert_null(strstr(text_by(explain_no_process), "eBPF"));
	caller_table_fini(&model.own->callers);
}

/* The lines of who, joined by blanks. */
static const char *
labels_of(const struct model *box, const struct socket_row *of, bool lives)
{
	static struct strip diagram[EXPLAIN_DIAGRAM_LINES];
	static const struct wire_history wire;
	static struct facts facts;
	static char text[256];
	const struct explain_source page = {.model = box,
		.row = of,
		.figures = of,
		.process = "",
		.lives = lives,
		.context = {.model = box},
		.wire = &wire,
		.diagram = diagram};
	size_t len = 0;

	facts_begin(&facts, 200);
	explain_facts(&page, &facts, NULL);
	for (size_t i = 1; facts.lines[i].kind != FACTS_BLANK; i++)
		len = text_add(text, sizeof text, len, "%s,", facts.lines[i].label);
	return text;
}

/* Owner and cgroup come a moment later than the socket: nothing moves for that. */
static void
places_are_kept(void **state)
{
	static const char lines[] = "process,command,user,unit,container,cgroup,held by,namespace,";
	struct model *const box = sockets_model();
	struct socket_row *const web =
		sockets_connection(box, TCP_STATE_ESTABLISHED, "10.0.0.9", 5000);

	(void)state;
	assert_string_equal(labels_of(box, web, true), lines);
	sockets_hold(box, web, 812, "nginx");
	assert_string_equal(labels_of(box, web, true), lines);
	/* Of what had ended before the page was opened nothing more comes. */
	web->flags |= SOCKET_CLOSED;
	assert_null(strstr(labels_of(box, web, false), "container"));
	model_free(box);
}

/* The same address in another namespace is another box, and so is fe80::1 on another interface. */
static void
path_of_the_row_is_found(void **state)
{
	struct netns_row home = {.id = 1}, blue = {.id = 2};
	struct netns_row *list[] = {&home, &blue};
	struct message_probe_start start = {.id = 1,
		.netns = 2,
		.protocol = PROBE_PROTOCOL_TCP,
		.port = 80,
		.flows = 1,
		.max_ttl = 30};
	struct error error;

	(void)state;
	assert_int_equal(address_parse("10.0.0.9", 8, &start.target, &error), 0);
	model.netns = list;
	model.netns_count = 2;
	model.paths = path_table_new(4);
	assert_non_null(path_table_start(model.paths, &start, model.now_ns));
	row.remote = start.target;
	row.remote_port = 80;
	assert_string_equal(text_by(explain_path), "");
	row.netns = 1;
	assert_int_equal(strncmp(text_by(explain_path), "tcp 80, ", 8), 0);
	row.remote_port = 81; /* none was probed to this one */
	assert_int_equal(strncmp(text_by(explain_path), "tcp 80, ", 8), 0);
	assert_int_equal(address_parse("fe80::1", 7, &start.target, &error), 0);
	start = (struct message_probe_start){.id = 2,
		.netns = 2,
		.protocol = PROBE_PROTOCOL_ICMP,
		.target = start.target,
		.interface = 3,
		.flows = 1,
		.max_ttl = 30};
	assert_non_null(path_table_start(model.paths, &start, model.now_ns));
	row.remote = start.target;
	row.ifindex = 4;
	assert_string_equal(text_by(explain_path), "");
	row.ifindex = 3;
	assert_int_equal(strncmp(text_by(explain_path), "icmp, ", 6), 0);
	path_table_free(model.paths);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(timers_are_explained, setup),
		cmocka_unit_test_setup(keepalive_is_explained_only_where_it_is_known, setup),
		cmocka_unit_test_setup(queues_are_explained, setup),
		cmocka_unit_test_setup(states_and_ages_are_explained, setup),
		cmocka_unit_test_setup(counts_the_age_from_the_syn, setup),
		cmocka_unit_test_setup(age_idle_and_life_agree, setup),
		cmocka_unit_test_setup(syn_ack_shows_who_opened, setup),
		cmocka_unit_test_setup(end_alone_has_no_bytes, setup),
		cmocka_unit_test_setup(what_the_kernel_did_not_report_is_empty, setup),
		cmocka_unit_test_setup(network_is_explained, setup),
		cmocka_unit_test_setup(sender_is_judged_only_while_it_sends, setup),
		cmocka_unit_test_setup(process_of_a_short_connection, setup),
		cmocka_unit_test_setup(places_are_kept, setup),
		cmocka_unit_test_setup(path_of_the_row_is_found, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
