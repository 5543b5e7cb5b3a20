/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A box with every trouble that sockets and counters can show, over two minutes: what doctor finds
 * in each look, its report, and what is left when all is over. Compared as text.
 */
#include <config.h>

#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/finding.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/report/doctor_report.h>
#include <sockwatch/stream/sysctl.h>

#include "feed_wire.h"
#include "made_box.h"
#include "model/netns_private.h"
#include "page_text.h"
#include "unit.h"

enum { KINDS = 12, EACH = 30, LOOKS = 14, STEP_MS = 10000 };

/* The i-th socket of a kind: of one process, to one peer, or to many where the kind is odd. */
static struct feed_socket
socket_of(unsigned kind, unsigned i, unsigned look)
{
	static char remotes[KINDS * EACH][20];
	char *const remote = remotes[kind * EACH + i];
	const bool listens = kind + 1 == 10;
	struct feed_socket socket = {.cookie = 10000 + kind * 100 + i,
		.state = (int)kind + 1,
		.local = "10.0.0.2",
		.remote = listens || kind == 6 ? NULL : remote,
		.local_port = (uint16_t)(listens ? 8000 + i : 32768 + kind * 1000 + i),
		.remote_port = (uint16_t)(listens || kind == 6 ? 0
					  : kind == 1          ? 1 + i
							       : 443),
		.inode = kind == 5 || kind == 11 ? 0 : 20000 + kind * 100 + i,
		.uid = 1000,
		.bare = kind == 5 || kind == 11,
		.timer = kind == 1 ? 1 : 0,
		.retries = (uint8_t)(kind == 1 ? look % 6 : 0),
		.receive_queue = listens         ? 100 + i
				 : kind % 4 == 3 ? 5000
						 : 0,
		.send_queue = listens         ? 128
			      : kind % 4 == 0 ? 200000
					      : 0,
		.info_len = sizeof(struct tcp_info)};

	snprintf(remote, sizeof remotes[0], "203.0.113.%u", kind % 2 != 0 ? 1 + i : 7);
	socket.info.tcpi_rtt = 20000 + kind * 1000;
	socket.info.tcpi_total_retrans = kind % 3 == 0 ? look * 20 : 0;
	socket.info.tcpi_segs_out = 100 + look * 100;
	socket.info.tcpi_data_segs_out = 100 + look * 100;
	socket.info.tcpi_bytes_sent = look * 100000;
	socket.info.tcpi_bytes_acked = kind % 4 == 0 ? 1000 : look * 100000;
	socket.info.tcpi_unacked = kind % 4 == 0 ? 10 : 0;
	socket.info.tcpi_last_data_recv = look * STEP_MS + kind * 1000000;
	socket.info.tcpi_last_data_sent = kind % 5 == 0 ? look * STEP_MS : 5;
	socket.info.tcpi_last_ack_recv = kind % 4 == 0 ? look * STEP_MS : 5;
	socket.info.tcpi_busy_time = look * 10000000;
	socket.info.tcpi_rwnd_limited = kind == 0 && i % 2 == 0 ? look * 9000000 : 0;
	socket.info.tcpi_sndbuf_limited = kind == 0 && i % 2 == 1 ? look * 9000000 : 0;
	socket.info.tcpi_snd_wnd = kind == 7 ? 0 : 65535;
	socket.info.tcpi_snd_mss = 1448;
	socket.info.tcpi_pmtu = 1500;
	return socket;
}

static void
count_up(struct feed *feed, unsigned look)
{
	char text[512];
	const int len = snprintf(text, sizeof text,
		"TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPReqQFullDrop "
		"TCPReqQFullDoCookies TCPBacklogDrop TCPTimeouts TCPMemoryPressures "
		"PruneCalled TCPAbortOnMemory TCPTimeWaitOverflow\n"
		"TcpExt: %u %u %u %u %u %u %u %u %u %u %u\n",
		look * 50, look * 40, look * 45, look * 7, look * 8, look * 9, look * 100, look,
		look * 3, look * 2, look * 11);
	const struct message_counters counters = {.netns = FEED_NETNS,
		.source = COUNTER_NETSTAT,
		.monotonic_ns = feed->monotonic_ns,
		.text = {text, (size_t)len}};

	feed_message(feed, MESSAGE_COUNTERS, &counters);
}

static void
take_look(struct feed *feed, unsigned look, unsigned each)
{
	feed->sequence++;
	feed_message(feed, MESSAGE_SNAPSHOT_BEGIN,
		&(struct message_snapshot_begin){
			.sequence = feed->sequence, .monotonic_ns = feed->monotonic_ns});
	feed_begin(feed, PROTOCOL_TCP, true);
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned i = 0; i < each && kind != 6 && (kind != 9 || i < 5); i++) {
			const struct feed_socket socket = socket_of(kind, i, look);

			feed_socket(feed, &socket);
		}
	feed_end(feed, PROTOCOL_TCP, true);
	if (look == 1)
		for (unsigned kind = 0; kind < KINDS; kind++) {
			char name[16];

			snprintf(name, sizeof name, "daemon%u", kind);
			feed_process(feed, 300 + kind, 5000 + kind, name);
			for (unsigned i = 0; i < EACH; i++)
				feed_hold(feed, 300 + kind, 20000 + kind * 100 + i, 3 + i);
		}
	count_up(feed, look);
	feed_message(feed, MESSAGE_SNAPSHOT_END,
		&(struct message_snapshot_end){.sequence = feed->sequence,
			.monotonic_ns = feed->monotonic_ns,
			.owners_settled_ns = feed->monotonic_ns});
}

static void
print_findings(const struct doctor *doctor, const struct model *model, struct buffer *out)
{
	const struct field_context context = {.model = model};
	const struct finding *hidden[8];
	size_t count, standing;
	const struct finding *const *const findings = doctor_findings(doctor, &count);
	const enum severity worst = doctor_worst(doctor, &standing);

	buffer_append_format(out, "%zu findings, worst %d of %zu, %u refused\n", count, (int)worst,
		standing, (unsigned)doctor_refused(doctor));
	for (size_t i = 0; i < count; i++) {
		buffer_append_format(out, "-- %s\n", findings[i]->title);
		for (size_t k = 0; k < finding_fields.count; k++)
			page_text_field(&finding_fields.fields[k], &context, findings[i], out);
		for (size_t k = 0; k < findings[i]->figure_count; k++)
			buffer_append_format(out, " %s=%.6g%s", findings[i]->figures[k].name,
				findings[i]->figures[k].number, findings[i]->figures[k].text);
		if (i % 3 == 0)
			doctor_report_finding(findings[i], doctor, model, 80 + i, out);
		buffer_append_format(out, "\n  about %s, %u sockets, explains %zu\n",
			findings[i]->about, findings[i]->sockets,
			doctor_hidden(doctor, findings[i], hidden, UNIT_COUNT_OF(hidden)));
	}
}

static void
print_rows(const struct doctor *doctor, const struct model *model, struct buffer *out)
{
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct finding *const finding = doctor_of_socket(doctor, id);

		if (finding != NULL && id % 7 == 0)
			buffer_append_format(out, " %u:%s",
				(unsigned)socket_table_row(&model->sockets, id)->cookie,
				finding->rule);
	}
	buffer_append_char(out, '\n');
}

static void
test_two_minutes(void **state)
{
	static struct doctor_settings settings;
	struct feed feed = feed_new();
	struct error error = {.text = ""};
	struct buffer out = {0};
	struct doctor *doctor;

	(void)state;
	doctor_settings_init(&settings);
	assert_int_equal(
		doctor_settings_accept(&settings, "close-wait:critical state close-wait", &error),
		0);
	doctor = doctor_new(&settings);
	assert_non_null(doctor);
	for (unsigned look = 1; look <= LOOKS; look++) {
		feed_wait(&feed, STEP_MS);
		take_look(&feed, look, look <= LOOKS - 4 ? EACH : 1);
		doctor_look(doctor, feed.model, look == LOOKS);
		if (look % 3 != 0 && look < LOOKS - 1)
			continue;
		buffer_append_format(&out, "== look %u\n", look);
		print_findings(doctor, feed.model, &out);
		print_rows(doctor, feed.model, &out);
	}
	doctor_free(doctor);
	feed_free(&feed);
	compare("made-troubles", &out);
	buffer_fini(&out);
}

/* Small numbers, which are soon reached; where a sysctl has several, three. */
static void
say_sysctls(struct feed *feed, uint32_t netns)
{
	char text[8192] = "";
	size_t len = 0;

	for (unsigned i = 0; i < SYSCTL_COUNT; i++) {
		const char *const name = sysctl_name((enum sysctl)i);
		const bool has_three = strstr(name, "mem") != NULL;
		const bool is_range = strstr(name, "port_range") != NULL;

		if (strstr(name, "recycle") != NULL)
			len = text_add(text, sizeof text, len, "%s\n", name);
		else if (is_range)
			len = text_add(text, sizeof text, len, "%s=32768\t32868\n", name);
		else if (has_three)
			len = text_add(text, sizeof text, len, "%s=60\t80\t100\n", name);
		else
			len = text_add(text, sizeof text, len, "%s=%u\n", name, i % 3 * 40);
	}
	feed_message(feed, MESSAGE_SYSCTLS,
		&(struct message_sysctls){.netns = netns, .text = {text, len}});
}

static void
say_limits(struct feed *feed, unsigned look)
{
	static const char path[] = "/system.slice/a.service";
	const uint64_t open[] = {UINT64_C(300) << 32 | (90 + look), UINT64_C(301) << 32 | 10};
	const uint64_t limits[] = {UINT64_C(300) << 32 | 100, UINT64_C(301) << 32 | 1024};

	feed_message(feed, MESSAGE_DESCRIPTORS,
		&(struct message_descriptors){.open = {open, 2}, .limits = {limits, 2}});
	feed_message(feed, MESSAGE_CGROUP_MEMORY,
		&(struct message_cgroup_memory){.path = text_of(path),
			.version = 2,
			.known = 0xff & ~CGROUP_MEMORY_UNLIMITED,
			.limit_bytes = 1000000,
			.usage_bytes = 950000 + look * 3000,
			.socket_bytes = 400000,
			.limit_hits = look * 5,
			.throttled = look});
}

/* A datagram socket that drops, a program that was closed, one that resets. */
static void
list_few(struct feed *feed, unsigned look)
{
	static uint32_t memory[9] = {1000, 2000, 0, 3000, 0, 0, 0, 0, 0};
	struct feed_socket udp = {.cookie = 90000,
		.state = 7,
		.local = "10.0.0.2",
		.local_port = 53,
		.inode = 20000,
		.receive_queue = 3000,
		.memory = memory};

	memory[8] = look * 500;
	feed_begin(feed, PROTOCOL_UDP, look == 1);
	feed_socket(feed, &udp);
	feed_end(feed, PROTOCOL_UDP, true);
}

/* One source tries many closed ports; some packets have flags that no stack sends. */
static void
scan(struct feed *feed, unsigned look)
{
	for (uint16_t port = 1; port <= 40; port++) {
		feed_wire(feed, &(struct feed_segment){.ours = port,
					.theirs = (uint16_t)(50000 + look * 40 + port),
					.flags = port % 10 == 0 ? SEGMENT_FIN : SEGMENT_SYN,
					.seq = port * 1000u});
		feed_wait(feed, 1);
		if (port % 10 != 0)
			feed_wire(feed, &(struct feed_segment){.out = true,
						.ours = port,
						.theirs = (uint16_t)(50000 + look * 40 + port),
						.flags = SEGMENT_RST | SEGMENT_ACK,
						.ack = port * 1000u + 1});
	}
}

static void
test_counters(void **state)
{
	static struct doctor_settings settings;
	const struct wire_options wire_options = {
		.conversations = 1024, .half_open = 512, .events = 4096, .fold_above = UINT32_MAX};
	struct feed feed = feed_new_wired(&wire_options);
	struct buffer out = {0};
	struct doctor *doctor;

	(void)state;
	doctor_settings_init(&settings);
	doctor = doctor_new(&settings);
	assert_non_null(doctor);
	feed_process(&feed, 300, 5000, "named");
	feed_hold(&feed, 300, 20000, 3);
	say_sysctls(&feed, FEED_NETNS);
	say_sysctls(&feed, 0);
	for (unsigned look = 1; look <= LOOKS; look++) {
		feed_wait(&feed, 1000);
		feed.sequence++;
		feed_message(&feed, MESSAGE_SNAPSHOT_BEGIN,
			&(struct message_snapshot_begin){
				.sequence = feed.sequence, .monotonic_ns = feed.monotonic_ns});
		list_few(&feed, look);
		say_limits(&feed, look);
		scan(&feed, look);
		for (unsigned i = 0; i < COUNTER_COUNT && look <= LOOKS - 3; i++) {
			struct counter_reading *const reading =
				&feed.model->netns[0]->counters.rows[i];

			reading->known = true;
			reading->value = (uint64_t)look * (1 + i % 17) * 10;
		}
		feed_message(&feed, MESSAGE_SNAPSHOT_END,
			&(struct message_snapshot_end){.sequence = feed.sequence,
				.monotonic_ns = feed.monotonic_ns,
				.owners_settled_ns = feed.monotonic_ns});
		doctor_look(doctor, feed.model, look == LOOKS);
		if (look % 5 != 0 && look != LOOKS)
			continue;
		buffer_append_format(&out, "== look %u\n", look);
		print_findings(doctor, feed.model, &out);
	}
	doctor_free(doctor);
	feed_free(&feed);
	compare("made-counters", &out);
	buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_minutes),
		cmocka_unit_test(test_counters),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
