/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known besides sockets, and what becomes of it when the collector is started again. */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/model/history.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/rights.h>
#include <sockwatch/stream/stream.h>

#include "feed.h"
#include "model/model_private.h"
#include "unit.h"

#define BOOT (UINT64_C(1600000000) * 1000000000)

static void
names(void **state)
{
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	uint64_t changes;
	uint32_t link;

	(void)state;
	assert_null(model_user(model, 33));
	feed_message(&feed, MESSAGE_USER,
		&(struct message_user){.uid = 33, .name = text_of("www-data")});
	assert_string_equal(model_user(model, 33), "www-data");
	feed_message(&feed, MESSAGE_LINK,
		&(struct message_link){.netns = FEED_NETNS, .ifindex = 2, .name = text_of("eth0")});
	assert_true(map_find(&model->links, 2, &link));
	assert_string_equal(model_text(model, link), "eth0");
	/* What is known already is no news. */
	changes = model->changes;
	feed_message(&feed, MESSAGE_USER,
		&(struct message_user){.uid = 33, .name = text_of("www-data")});
	assert_int_equal(model->changes, changes);
	feed_message(&feed, MESSAGE_NOTICE,
		&(struct message_notice){
			.severity = SEVERITY_WARNING, .text = text_of("interrupted")});
	assert_int_equal(model->notice_count, 1);
	assert_string_equal(model->notices[0].text, "interrupted");
	assert_int_equal(model->notices[0].severity, SEVERITY_WARNING);
	for (int i = 0; i < MODEL_NOTICES; i++)
		feed_message(&feed, MESSAGE_NOTICE, &(struct message_notice){.severity = 9});
	assert_int_equal(model->notice_count, MODEL_NOTICES + 1);
	assert_int_equal(model->notices[0].severity, SEVERITY_CRITICAL);
	feed_message(&feed, MESSAGE_RESULT,
		&(struct message_result){.request = 5, .error = 1, .text = text_of("no")});
	assert_int_equal(model->last_result_request, 5);
	assert_string_equal(model->last_result, "no");
	feed_message(&feed, MESSAGE_COUNTERS,
		&(struct message_counters){.netns = FEED_NETNS,
			.source = COUNTER_SOCKSTAT,
			.monotonic_ns = 1,
			.text = text_of("TCP: inuse 9 orphan 1 tw 2 alloc 3 mem 4\n")});
	assert_int_equal(model_netns(model, 0)->counters.rows[COUNTER_TCP_TW].value, 2);
	assert_null(model_netns(model, 1));
	/* Subscriptions and records that are no message do not belong here. */
	assert_int_equal(model->bad_records, 0);
	feed_message(&feed, MESSAGE_VERIFY, &(struct message_verify){.request = 1});
	feed_message(&feed, MESSAGE_LOSS, &(struct message_loss){.what = 200});
	assert_int_equal(model->bad_records, 2);
	/* What the collector says that it collects; a viewer's requests are no news. */
	feed_message(&feed, MESSAGE_SUBSCRIPTION,
		&(struct message_subscription){.needs = 5, .interval_ms = 250});
	assert_int_equal(model->bad_records, 2);
	assert_int_equal(model->host.needs, 5);
	assert_int_equal(model->host.interval_ms, 250);
	feed_free(&feed);
}

static void
processes(void **state)
{
	static const char cmdline[] = "nginx:\0worker\0";
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	const struct message_process first = {
		.pid = 812,
		.start_ticks = 100,
		.uid = 33,
		.comm = text_of("nginx"),
		.cmdline = {cmdline, sizeof cmdline},
		.unit = text_of("nginx.service"),
	};
	const struct process_row *row;
	uint64_t changes;

	(void)state;
	feed_hold(&feed, 812, 7, 3);
	feed_message(&feed, MESSAGE_PROCESS, &first);
	row = process_table_find(&model->processes, 812);
	assert_string_equal(model_text(model, row->cmdline), "nginx: worker");
	assert_string_equal(model_text(model, row->unit), "nginx.service");
	assert_string_equal(model_text(model, row->container), "");
	assert_int_equal(row->held, 1);
	changes = model->changes;
	feed_message(&feed, MESSAGE_PROCESS, &first);
	feed_hold(&feed, 812, 7, 3);
	assert_int_equal(model->changes, changes);
	/* It execs: its sockets stay. */
	feed_process(&feed, 812, 100, "sh");
	assert_string_equal(model_text(model, row->comm), "sh");
	assert_int_equal(process_table_owner(&model->processes, 7)->pid, 812);
	/* Another one with its number: they do not. */
	changes = model->socket_changes;
	feed_process(&feed, 812, 200, "cron");
	assert_null(process_table_owner(&model->processes, 7));
	assert_true(model->socket_changes > changes);
	feed_hold(&feed, 812, 8, 3);
	feed_hold(&feed, 813, 8, 4);
	changes = model->socket_changes;
	feed_message(&feed, MESSAGE_PROCESS_GONE,
		&(struct message_process_gone){.pids = {(uint32_t[]){811, 812}, 2}});
	assert_int_equal(process_table_owner(&model->processes, 8)->pid, 813);
	assert_int_equal(model->socket_changes, changes + 1);
	/* Rows that it held may be shown a while yet. */
	assert_string_equal(model_ended_process(model, 812), "cron");
	assert_null(model_ended_process(model, 811));
	assert_null(model_ended_process(model, 812 + 1024));
	feed_message(&feed, MESSAGE_PROCESS,
		&(struct message_process){.pid = 1, .start_ticks = 1, .fd_error = 13});
	assert_int_equal(model->processes.hidden, 1);
	feed_free(&feed);
}

static const char *
ownerless(const struct feed *feed, uint64_t cookie)
{
	const char *sentence = NULL;
	const char *const word =
		model_socket_ownerless(feed->model, feed_row(feed, cookie), &sentence);

	assert_true((word != NULL) == (sentence != NULL));
	return word;
}

static void
tells_why_nobody_owns_it(void **state)
{
	struct feed feed = feed_new();
	const struct feed_socket sockets[] = {
		{.cookie = 1, .state = 1, .inode = 5},
		{.cookie = 2, .state = 1},
		{.cookie = 3, .state = 6, .bare = true},
		{.cookie = 4, .state = 12, .bare = true},
		{.cookie = 5, .state = 9},
		{.cookie = 6, .state = 1, .inode = 6, .uid = 1000},
		{.cookie = 7, .state = 10, .inode = 7},
		{.cookie = 8, .state = 8},
		{.cookie = 9, .state = 4},
		{.cookie = 10, .state = 2},
	};

	(void)state;
	feed.model->linger_ms = 1000;
	feed_snapshot(&feed, true, sockets, UNIT_COUNT_OF(sockets));
	assert_string_equal(ownerless(&feed, 1), "pending");
	feed_process(&feed, 812, 1, "nginx");
	feed_hold(&feed, 812, 5, 3);
	assert_null(ownerless(&feed, 1));
	assert_string_equal(ownerless(&feed, 2), "not accepted");
	assert_string_equal(ownerless(&feed, 3), "time-wait");
	assert_string_equal(ownerless(&feed, 4), "request");
	assert_string_equal(ownerless(&feed, 5), "orphan");
	assert_string_equal(ownerless(&feed, 8), "not accepted");
	assert_string_equal(ownerless(&feed, 9), "orphan");
	assert_string_equal(ownerless(&feed, 10), "kernel");
	feed_message(&feed, MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){0});
	assert_string_equal(ownerless(&feed, 6), "hidden");
	/* Root's neither: that nobody is seen is no proof of the kernel. */
	assert_string_equal(ownerless(&feed, 7), "hidden");
	feed_message(
		&feed, MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){.owners_pending = 2});
	assert_string_equal(ownerless(&feed, 6), "pending");
	feed_message(
		&feed, MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){.owners_hidden = 2});
	assert_string_equal(ownerless(&feed, 7), "hidden");
	feed_gone(&feed, 6);
	assert_string_equal(ownerless(&feed, 6), "not seen");
	feed_free(&feed);
}

/* What keeps processes out of sight is named, each reason where it holds. */
static void
names_why_processes_are_hidden(void **state)
{
	static const struct {
		uint32_t rights, limits, hidden;
		const char *words[4], *not_words[4];
	} cases[] = {
		{RIGHT_SYS_PTRACE | RIGHT_DAC_READ_SEARCH, 0, 0,
			{"All processes were read", "in transit", "does not report which"},
			{"PID namespace", "hidepid", "capabilities", "CAP_"}},
		{RIGHT_SYS_PTRACE, 0, 7, {"7 processes cannot be read", "CAP_DAC_READ_SEARCH"},
			{"All processes", "more capabilities"}},
		{RIGHT_SYS_PTRACE | RIGHT_DAC_READ_SEARCH, 0, 1,
			{"1 process has more capabilities", "in transit"},
			{"CAP_SYS_PTRACE", "All processes"}},
		{0, PROC_LIMIT_NAMESPACE, 0, {"PID namespace", "in transit"},
			{"hidepid", "All processes", "cannot be read"}},
		{0, PROC_LIMIT_NAMESPACE | PROC_LIMIT_HIDEPID, 0,
			{"PID namespace", "hidepid", "CAP_SYS_PTRACE"}, {"All processes"}},
		{0, PROC_LIMIT_MISSING, 0, {"no /proc"}, {"PID namespace"}},
	};
	const struct feed_socket socket = {.cookie = 6, .state = 10, .inode = 6};

	(void)state;
	unit_each (i, cases) {
		struct feed feed = feed_new();
		const char *sentence = NULL;

		feed.model->host.rights = cases[i].rights;
		feed_snapshot(&feed, true, &socket, 1);
		feed_process(&feed, 812, 1, "nginx");
		feed_message(&feed, MESSAGE_SNAPSHOT_END,
			&(struct message_snapshot_end){
				.owners_hidden = cases[i].hidden, .proc_limits = cases[i].limits});
		assert_string_equal(
			model_socket_ownerless(feed.model, feed_row(&feed, 6), &sentence),
			"hidden");
		for (int word = 0; word < 4; word++) {
			if (cases[i].words[word] != NULL)
				assert_non_null(strstr(sentence, cases[i].words[word]));
			if (cases[i].not_words[word] != NULL)
				assert_null(strstr(sentence, cases[i].not_words[word]));
		}
		feed_free(&feed);
	}
}

/* While others are searched for, one that came before the last whole turn is settled. */
static void
knows_what_was_searched_for(void **state)
{
	const struct feed_socket sockets[] = {
		{.cookie = 6, .state = 10, .inode = 6}, {.cookie = 7, .state = 10, .inode = 7}};
	const uint64_t second = 1000000000;
	struct feed feed = feed_new();
	struct message_snapshot_end end = {.owners_pending = 2, .monotonic_ns = 10 * second};

	(void)state;
	feed_process(&feed, 812, 1, "nginx");
	feed_snapshot(&feed, true, &sockets[0], 1);
	feed_wait(&feed, 5000);
	feed_snapshot(&feed, false, &sockets[1], 1);
	feed_message(&feed, MESSAGE_SNAPSHOT_END, &end);
	assert_string_equal(ownerless(&feed, 6), "pending");
	assert_string_equal(ownerless(&feed, 7), "pending");
	/* All processes were read since two seconds ago. */
	end.owners_settled_ns = 8 * second;
	feed_message(&feed, MESSAGE_SNAPSHOT_END, &end);
	assert_string_equal(ownerless(&feed, 6), "hidden");
	assert_string_equal(ownerless(&feed, 7), "pending");
	feed_wait(&feed, 3000);
	end.monotonic_ns = 13 * second;
	end.owners_settled_ns = 12 * second;
	feed_message(&feed, MESSAGE_SNAPSHOT_END, &end);
	assert_string_equal(ownerless(&feed, 7), "hidden");
	feed_free(&feed);
}

/* The number of a process that has ended may be another's by now. */
static void
tells_a_later_process_apart(void **state)
{
	const struct feed_socket socket = {.cookie = 6, .state = 1, .inode = 6};
	struct feed feed = feed_new();
	const uint64_t since_boot_s = 3600 + 10;

	(void)state;
	feed.model->linger_ms = 60000;
	feed.model->host.clock_ticks = 100;
	feed_process(&feed, 812, 1, "nginx");
	feed_snapshot(&feed, true, &socket, 1);
	feed_hold(&feed, 812, 6, 3);
	feed.model->host.boot_ns = feed.model->now_ns - UINT64_C(3600) * 1000000000;
	feed_gone(&feed, 6);
	assert_int_equal(model_socket_process(feed.model, feed_row(&feed, 6))->pid, 812);
	feed_message(&feed, MESSAGE_PROCESS_GONE,
		&(struct message_process_gone){
			.pids = {.data = (const uint32_t[]){812}, .count = 1}});
	feed_wait(&feed, 10000);
	feed_process(&feed, 812, since_boot_s * 100, "later");
	assert_null(model_socket_process(feed.model, feed_row(&feed, 6)));
	assert_string_equal(ownerless(&feed, 6), "exited");
	assert_string_equal(model_ended_process(feed.model, 812), "nginx");
	feed_free(&feed);
}

static void
survives_a_restart(void **state)
{
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	const struct feed_socket sockets[] = {
		{.cookie = 1, .state = 1, .inode = 5, .info_len = 280},
		{.cookie = 2, .state = 1, .inode = 6, .info_len = 280},
	};
	double send, receive;

	(void)state;
	feed_process(&feed, 812, 1, "nginx");
	feed_hold(&feed, 812, 5, 3);
	feed_message(&feed, MESSAGE_LOSS, &(struct message_loss){.what = 0, .count = 4});
	feed_snapshot(&feed, true, sockets, 2);
	feed_wait(&feed, 1000);
	feed_snapshot(&feed, false, NULL, 0);
	assert_true(model_socket_rates(model, feed_row(&feed, 1), &send, &receive));
	feed_wait(&feed, 1000);
	/* Died in the middle of a dump. */
	feed_begin(&feed, PROTOCOL_TCP, false);
	feed_hello(&feed, "box", BOOT + 2000000, 0);
	assert_int_equal(model->host.hellos, 2);
	assert_int_equal(model->processes.count, 0);
	assert_null(process_table_owner(&model->processes, 5));
	assert_non_null(feed_row(&feed, 1));
	assert_false(model_socket_rates(model, feed_row(&feed, 1), &send, &receive));
	feed_message(&feed, MESSAGE_LOSS, &(struct message_loss){.what = 0, .count = 1});
	assert_int_equal(model->losses[0], 5);
	feed_snapshot(&feed, true, sockets, 1);
	/* The same row, and the one that ended meanwhile is gone. */
	assert_int_equal(feed_row(&feed, 1)->first_ms, 0);
	assert_null(feed_row(&feed, 2));
	assert_int_equal(model->netns_count, 1);
	/* Another box: nothing of what was known is there. */
	feed_hello(&feed, "other", BOOT, 0);
	assert_int_equal(model->sockets.count, 0);
	feed_snapshot(&feed, true, sockets, 2);
	feed_hello(&feed, "other", BOOT + UINT64_C(3600) * 1000000000, 0);
	assert_int_equal(model->sockets.count, 0);
	assert_int_equal(model->bad_records, 0);
	feed_free(&feed);
}

static void
give_netns(struct feed *feed, uint32_t id, uint64_t inode, bool gone)
{
	feed_message(feed, MESSAGE_NETNS,
		&(struct message_netns){
			.id = id, .inode = inode, .name = text_of("blue"), .gone = gone});
}

/* A dump of one socket in the namespace. */
static void
dump_in(struct feed *feed, uint32_t netns, uint64_t cookie)
{
	_Alignas(8) uint8_t message[FEED_MESSAGE_MAX];
	const size_t len = feed_build(&(struct feed_socket){.cookie = cookie, .state = 1}, message);
	const struct record record = {.time_ns = feed->realtime_ns,
		.kind = RECORD_DIAG,
		.netns = netns,
		.data = message,
		.len = len,
		.wire_len = len};

	feed_message(feed, MESSAGE_DUMP_BEGIN,
		&(struct message_dump_begin){.netns = netns, .protocols = 1, .full = 1});
	model_apply(feed->model, &record);
	feed_message(feed, MESSAGE_DUMP_END,
		&(struct message_dump_end){
			.netns = netns, .protocols = 1, .complete = 1, .listed = 1});
}

static void
namespaces_are_apart(void **state)
{
	struct feed feed = feed_new();
	struct model *const model = feed.model;
	uint32_t link;

	(void)state;
	give_netns(&feed, 2, 222, false);
	feed_message(&feed, MESSAGE_LINK,
		&(struct message_link){.netns = 2, .ifindex = 7, .name = text_of("veth0")});
	assert_true(map_find(&model->links, UINT64_C(1) << 32 | 7, &link));
	give_netns(&feed, 3, 333, false);
	dump_in(&feed, 1, 9);
	dump_in(&feed, 2, 9);
	dump_in(&feed, 3, 9);
	assert_int_equal(model->sockets.count, 3);
	assert_int_equal(model_netns(model, 1)->sockets, 1);
	assert_string_equal(model_text(model, model_netns(model, 1)->name), "blue");
	/* One goes, with its sockets. */
	give_netns(&feed, 2, 222, true);
	assert_int_equal(model->sockets.count, 2);
	/* Its place is taken by the next, whose interfaces are others. */
	give_netns(&feed, 4, 444, false);
	assert_false(map_find(&model->links, UINT64_C(1) << 32 | 7, &link));
	assert_int_equal(model->netns_count, 3);
	assert_int_equal(model_netns(model, 1)->inode, 444);
	dump_in(&feed, 4, 9);
	/* A new collector numbers them from 1 again: the inode shows which is which. */
	feed_hello(&feed, "box", BOOT, 0);
	feed_message(&feed, MESSAGE_SNAPSHOT_BEGIN, &(struct message_snapshot_begin){0});
	give_netns(&feed, 2, 333, false);
	assert_int_equal(model->netns_count, 3);
	assert_int_equal(model_netns(model, 2)->id, 2);
	dump_in(&feed, 2, 9);
	assert_int_equal(model->sockets.count, 3);
	/* What it does not name is gone when its first snapshot has ended. */
	feed_message(&feed, MESSAGE_SNAPSHOT_END, &(struct message_snapshot_end){0});
	assert_true(model_netns(model, 1)->gone);
	assert_int_equal(model->sockets.count, 2);
	assert_int_equal(model->bad_records, 0);
	/* As many as we keep, and one more. */
	for (uint32_t id = 10; id < 10 + 2 * MODEL_NETNS_MAX; id++)
		give_netns(&feed, id, id + 1000, false);
	assert_int_equal(model->netns_count, MODEL_NETNS_MAX);
	assert_true(model->losses[LOSS_BOUNDED] >= MODEL_NETNS_MAX);
	feed_free(&feed);
}

static void
keeps_a_history(void **state)
{
	struct feed feed = feed_new();
	static struct history history;
	struct feed_socket socket = {
		.cookie = 1, .state = 1, .inode = 5, .info_len = 280, .info = {.tcpi_rtt = 1}};

	(void)state;
	feed_snapshot(&feed, true, &socket, 1);
	history_start(&history, feed.model, socket_table_find(&feed.model->sockets, 0, 1));
	assert_int_equal(history.count, 1);
	assert_true(history_get(&history, HISTORY_SEND_RATE, 0) !=
		    history_get(&history, HISTORY_SEND_RATE, 0)); /* NAN */
	history_update(&history, feed.model);
	assert_int_equal(history.count, 1);
	for (uint32_t i = 2; i <= HISTORY_SAMPLES + 10; i++) {
		feed_wait(&feed, 1000);
		socket.info.tcpi_rtt = i;
		socket.info.tcpi_bytes_sent += 100;
		feed_snapshot(&feed, false, &socket, 1);
		history_update(&history, feed.model);
	}
	assert_int_equal(history.count, HISTORY_SAMPLES);
	assert_true(history_get(&history, HISTORY_RTT_US, 0) == 11);
	assert_true(
		history_get(&history, HISTORY_RTT_US, HISTORY_SAMPLES - 1) == HISTORY_SAMPLES + 10);
	assert_true(history_get(&history, HISTORY_SEND_RATE, 5) == 100);
	assert_true(history_get(&history, HISTORY_RTT_US, HISTORY_SAMPLES) !=
		    history_get(&history, HISTORY_RTT_US, HISTORY_SAMPLES));
	/* Its row's number goes to another socket. */
	feed_gone(&feed, 1);
	socket.cookie = 2;
	socket.info.tcpi_rtt = 7777;
	feed_snapshot(&feed, false, &socket, 1);
	history_update(&history, feed.model);
	assert_true(
		history_get(&history, HISTORY_RTT_US, HISTORY_SAMPLES - 1) == HISTORY_SAMPLES + 10);
	history_start(&history, feed.model, SOCKET_NONE);
	history_update(&history, feed.model);
	assert_int_equal(history.count, 0);
	feed_free(&feed);
}

static void
an_unborn_model_has_no_clock(void **state)
{
	struct model *const model = model_new(10);

	(void)state;
	model_tick(model, 5);
	assert_int_equal(model_now_ms(model), 0);
	assert_int_equal(model->sockets.limit, 10);
	assert_string_equal(model_text(model, 0), "");
	model_free(model);
	model_free(NULL);
}

/* What remembers numbers of one model sees that the next is another. */
static void
another_time_has_later_numbers(void **state)
{
	struct model *const before = model_new(10);
	struct model *next;

	(void)state;
	before->changes = 7;
	before->socket_changes = 5;
	before->path_changes = 3;
	before->text_generation = 2;
	before->complete_sequence = 9;
	before->linger_ms = 2000;
	next = model_new_after(before);
	assert_non_null(next);
	assert_true(next->changes > 7 && next->socket_changes > 5 && next->path_changes > 3);
	assert_true(next->text_generation > 2 && next->complete_sequence > 9);
	assert_int_equal(next->linger_ms, 2000);
	assert_int_equal(next->sockets.limit, 10);
	assert_int_equal(next->sockets.count, 0);
	model_free(before);
	model_free(next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(processes),
		cmocka_unit_test(tells_why_nobody_owns_it),
		cmocka_unit_test(names_why_processes_are_hidden),
		cmocka_unit_test(knows_what_was_searched_for),
		cmocka_unit_test(tells_a_later_process_apart),
		cmocka_unit_test(survives_a_restart),
		cmocka_unit_test(namespaces_are_apart),
		cmocka_unit_test(keeps_a_history),
		cmocka_unit_test(an_unborn_model_has_no_clock),
		cmocka_unit_test(another_time_has_later_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
