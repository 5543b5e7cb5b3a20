/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the inputs of fuzz_screen and fuzz_report into the directories given: what somebody types,
 * over a made-up box, its wire (captures of tests/golden/wire), probed paths, and every message. To
 * be run by hand when the format changes: seed_screen DIRECTORY_OF_SCREEN DIRECTORY_OF_REPORT
 * CAPTURE….
 */
#include <config.h>

#include <fcntl.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/stream.h>

#include "../unit/made_box.h"
#include "seed_fill.h"

enum { EACH = 9, LONG = 4000, HOPS = 4, CYCLES = 3, ANSWERS = 6, ICMP_EXCEEDED = 11 };

/* The records so far, as records.h has them. */
static struct buffer out;
static uint64_t last_ns, sockets;

void __real_model_apply(struct model *model, const struct record *record);
void __wrap_model_apply(struct model *model, const struct record *record);

/* The link of raw IP is not among those of records.h: there its ethertype says what it is. */
static uint16_t
ethertype_of(const struct record *record)
{
	if (record->protocol != 0 || record->arphrd == ARPHRD_ETHER || record->len == 0)
		return record->protocol;
	return record->data[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;
}

static void
put_record(const struct record *record)
{
	const uint16_t ethertype = ethertype_of(record);
	static const uint8_t kinds[] = {
		[RECORD_DIAG] = 0, [RECORD_MESSAGE] = 1, [RECORD_PACKET] = 2};
	const uint64_t tenths =
		record->time_ns > last_ns ? (record->time_ns - last_ns) / 100000000 : 0;
	const size_t extra = record->kind == RECORD_PACKET ? 3 : 0;
	const size_t len = record->len + extra;

	if (record->len > LONG)
		return;
	if (tenths > 0 || last_ns == 0)
		last_ns = record->time_ns;
	buffer_append_char(&out, (char)kinds[record->kind]);
	buffer_append_char(&out, (char)(tenths > 255 ? 255 : tenths));
	buffer_append_char(&out, (char)(len & 255));
	buffer_append_char(&out, (char)(len >> 8));
	if (extra != 0) {
		buffer_append_char(&out, (char)record->packet_type);
		buffer_append_char(&out, (char)(ethertype & 255));
		buffer_append_char(&out, (char)(ethertype >> 8));
	}
	buffer_append(&out, record->data, record->len);
}

static bool
is_hello(const struct record *record)
{
	struct message message;

	return message_decode(record->data, record->len, &message) == 0 &&
	       message.type == MESSAGE_HELLO;
}

static void
put_message(uint64_t time_ns, enum message_type type, const void *body)
{
	struct buffer bytes;

	buffer_init(&bytes, 0);
	if (message_encode(type, body, &bytes) != 0)
		abort();
	put_record(&(struct record){
		.time_ns = time_ns, .kind = RECORD_MESSAGE, .data = bytes.data, .len = bytes.len});
	buffer_fini(&bytes);
}

/* Linked with -Wl,--wrap=model_apply: what the made-up box tells its model. One socket of EACH. */
void
__wrap_model_apply(struct model *model, const struct record *record)
{
	if (record->kind == RECORD_MESSAGE && is_hello(record))
		put_message(record->time_ns, MESSAGE_HELLO,
			&(struct message_hello){.format = MESSAGE_FORMAT,
				.host = text_of("box"),
				.rights = UINT32_MAX});
	else if (record->kind != RECORD_DIAG || sockets++ % EACH == 0)
		put_record(record);
	__real_model_apply(model, record);
}

static void
put_greeting(uint64_t time_ns)
{
	put_message(time_ns, MESSAGE_HELLO,
		&(struct message_hello){.format = MESSAGE_FORMAT, .host = text_of("box")});
	put_message(time_ns, MESSAGE_NETNS, &(struct message_netns){.id = 1, .inode = 5});
}

static void
put_snapshot(uint64_t time_ns, uint32_t sequence)
{
	put_message(time_ns, MESSAGE_SNAPSHOT_BEGIN,
		&(struct message_snapshot_begin){.sequence = sequence});
	put_message(time_ns, MESSAGE_SNAPSHOT_END,
		&(struct message_snapshot_end){.sequence = sequence});
}

static void
put_answer(uint64_t time_ns, uint32_t sequence, uint8_t ttl)
{
	const uint8_t v4[] = {10, 0, 0, ttl};
	const bool is_last = ttl == HOPS;

	put_message(time_ns, MESSAGE_PROBE_SENT,
		&(struct message_probe_sent){
			.id = 1, .sequence = sequence, .ttl = ttl, .sent_ns = time_ns, .size = 60});
	put_message(time_ns, MESSAGE_PROBE_ANSWER,
		&(struct message_probe_answer){.id = 1,
			.sequence = sequence,
			.kind = is_last ? PROBE_ANSWER_ECHO : PROBE_ANSWER_ICMP,
			.icmp_type = is_last ? 0 : ICMP_EXCEEDED,
			.ttl = (uint8_t)(64 - ttl),
			.received_ns = time_ns + ttl * UINT64_C(1300000),
			.from = address_from_v4(v4)});
	put_message(time_ns, MESSAGE_NAME,
		&(struct message_name){.address = address_from_v4(v4),
			.name = text_of("router.example"),
			.server = text_of("192.0.2.53")});
}

static void
put_paths(void)
{
	const uint8_t v4[] = {10, 0, 0, HOPS};
	uint64_t time_ns = UINT64_C(1700000000) * 1000000000;
	uint32_t sequence = 0;

	put_greeting(time_ns);
	put_message(time_ns, MESSAGE_PROBE_START,
		&(struct message_probe_start){.id = 1,
			.netns = 1,
			.flows = 1,
			.first_ttl = 1,
			.max_ttl = 30,
			.target = address_from_v4(v4),
			.interval_ms = 1000,
			.timeout_ms = 1000});
	put_message(time_ns, MESSAGE_PROBE_STATE,
		&(struct message_probe_state){
			.id = 1, .running = 1, .method = PROBE_METHOD_RAW, .text = text_of("raw")});
	for (unsigned cycle = 1; cycle <= CYCLES; cycle++, time_ns += 1000000000) {
		for (uint8_t ttl = 1; ttl <= HOPS; ttl++)
			put_answer(time_ns, ++sequence, ttl);
		put_snapshot(time_ns, cycle);
	}
}

static void
put_messages(void)
{
	const uint64_t time_ns = UINT64_C(1700000000) * 1000000000;
	union message_body body;

	put_greeting(time_ns);
	put_snapshot(time_ns, 1);
	for (unsigned type = 0; type < SEED_FILL_TYPES; type++) {
		if (message_layout(type) == NULL || type == MESSAGE_HELLO)
			continue;
		seed_fill(message_layout(type), &body);
		put_message(time_ns, (enum message_type)type, &body);
	}
	put_snapshot(time_ns, 2);
}

static void
put_capture(const char *path)
{
	struct error error = {.text = ""};
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	struct record record;
	bool is_greeted = false;

	if (reader == NULL) {
		fprintf(stderr, "%s\n", error.text);
		exit(EXIT_FAILURE);
	}
	while (stream_reader_next(reader, &record, &error) == 1) {
		if (!is_greeted) {
			put_greeting(record.time_ns);
			put_snapshot(record.time_ns, 1);
		}
		is_greeted = true;
		put_record(&record);
	}
	put_snapshot(last_ns, 2);
	stream_reader_free(reader);
}

/* Counters of the kernel and its settings. */
static void
put_figures(uint64_t second, const char *snmp, const char *sockstat)
{
	put_message(last_ns, MESSAGE_COUNTERS,
		&(struct message_counters){.netns = 1,
			.source = COUNTER_SNMP,
			.monotonic_ns = second * 1000000000,
			.text = text_of(snmp)});
	put_message(last_ns, MESSAGE_COUNTERS,
		&(struct message_counters){.netns = 1,
			.source = COUNTER_SOCKSTAT,
			.monotonic_ns = second * 1000000000,
			.text = text_of(sockstat)});
	put_message(last_ns, MESSAGE_SYSCTLS,
		&(struct message_sysctls){.netns = 1,
			.text = text_of("net.ipv4.ip_local_port_range 30000 30005\n"
					"net.core.somaxconn 128\nnet.ipv4.tcp_tw_reuse 2\n")});
}

static void
put_box(void)
{
	struct feed feed = made_box();

	feed_free(&feed);
	put_figures(1, "Tcp: InSegs OutSegs RetransSegs\nTcp: 5 6 1\n", "TCP: inuse 5 tw 6\n");
	put_snapshot(last_ns, 2);
	last_ns += 2000000000;
	put_figures(2, "Tcp: InSegs OutSegs RetransSegs\nTcp: 500 660 19\n", "TCP: inuse 7 tw 6\n");
	/* The answers to what is asked for on the screen. */
	for (uint32_t request = 1; request <= ANSWERS; request++)
		put_message(last_ns, MESSAGE_RESULT,
			&(struct message_result){.request = request,
				.error = request % 4 == 3 ? 1 : 0,
				.text = text_of("done")});
	put_snapshot(last_ns, 3);
}

/* Writes the records behind so many bytes before them. */
static void
save(const char *directory, const char *name, const void *before, size_t len)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	file = fopen(path, "wbe");
	if (out.failed || file == NULL || fwrite(before, 1, len, file) != len ||
		fwrite(out.data, 1, out.len, file) != out.len || fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

/* \376 lets the recording go on, \377 stands before a size. */
static const struct script {
	const char *name;
	uint8_t switches;
	const char *keys;
} scripts[] = {
	{"tables", 0, "\376jjG\r\377\30\50\t\t\033\376t\rjj\r+=-tg\033s\r<>IAHFOn"},
	{"filters", 32,
		"\376/state listen\r/port 80 and\t\r\033f.\rp\r\033P\r\033u\ra\r\376\033\033OR"},
	{"pages", 1, "\376?/state\rnq2j\r\t\033\063\r\0334\r\0335zan\0336ja\rF7TTu"},
	{"setup", 16, "\376\033OQ\t j \t\t jj j j [-]\033q"},
	{"options", 0,
		"\376\033OQ\t\tj\rj\r j\033[Cj\033[Djj\rj\033[C\t\033[3~]\t\033[B\r\033\033OQq"},
	{"tags", 1, "\376*j*jK\ry\376\033*K\033[B\ry\376\033UK\r\r\376\033"},
	{"signals", 1, "\376jK\376\033[B\r\033[B\ry\376jK\r\ty\033[20~\376\033[B\r\r\r\376\033n"},
	{"groups", 1, "\376t\rK\ry\376\033t\033[B\rjj+\033[B*K\033[B\r\r\376\033"},
	{"acting", 3, "\376\033[20~\r\ry\033K\033wx\r\033d0.5\r T\0334pEMm9\rxx"},
	{"looking", 5,
		"\376\033ORnginx\r\033ORnn\033OR10\rN\033[<0;5;5M\033[<64;5;5M\033[<0;9;3M\033[<0;9;3M\377\377\377e\376ee\377\5\3\0338"},
	{"typing", 32,
		"\376/port 80\033[D\033[D\033[3~\001\005\027\025\v\b\303\244\342\202\254 not\033[H\033[C\177\033[F\r/\033[A\033[A\033[B\033[A\r/foo(\r\033"},
	{"plain", 78, "\3761234566Dbyzw/tmp/x\r\376\003"},
	{"paths", 1,
		"\376T\376\0334jj\rno\033[Co\t\033d2\ri3\rr pxt\0336\033[C\r5\033[C\033[C>I3/syn\r \033[A\033[A\ry"},
};

static void
save_scripts(const char *directory, const char *part)
{
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		const size_t len = strlen(scripts[i].keys);
		uint8_t before[3 + 256] = {scripts[i].switches, (uint8_t)len, (uint8_t)(len >> 8)};
		char name[64];

		memcpy(before + 3, scripts[i].keys, len);
		snprintf(name, sizeof name, "%s-%s", part, scripts[i].name);
		save(directory, name, before, 3 + len);
	}
}

/* The report of each format, width and view. */
static void
save_reports(const char *directory, const char *part)
{
	static const uint8_t switches[] = {0, 4 + 33, 8 + 66, 4 + 99, 24 + 128, 20 + 161, 224 + 2};
	char name[64];

	for (size_t i = 0; i < sizeof switches; i++) {
		snprintf(name, sizeof name, "%s-%u", part, switches[i]);
		save(directory, name, &switches[i], 1);
	}
}

static void
save_part(char **directories, const char *part, size_t scripts_of_it)
{
	const struct script *const script =
		&scripts[scripts_of_it % (sizeof scripts / sizeof *scripts)];
	uint8_t before[3 + 256] = {script->switches, (uint8_t)strlen(script->keys)};

	if (strcmp(part, "box") == 0)
		save_scripts(directories[0], part);
	memcpy(before + 3, script->keys, strlen(script->keys));
	if (strcmp(part, "box") != 0)
		save(directories[0], part, before, 3 + strlen(script->keys));
	if (strchr(part, '.') == NULL)
		save_reports(directories[1], part);
	else
		save(directories[1], part, &script->switches, 1);
	buffer_clear(&out);
	last_ns = sockets = 0;
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: %s DIRECTORY_OF_SCREEN DIRECTORY_OF_REPORT CAPTURE…\n",
			argv[0]);
		return EXIT_FAILURE;
	}
	buffer_init(&out, 0);
	put_box();
	save_part(argv + 1, "box", 0);
	put_paths();
	save_part(argv + 1, "paths", 12);
	put_messages();
	save_part(argv + 1, "messages", 5);
	for (int i = 3; i < argc; i++) {
		const char *const slash = strrchr(argv[i], '/');

		put_capture(argv[i]);
		save_part(argv + 1, slash != NULL ? slash + 1 : argv[i], (size_t)i);
	}
	buffer_fini(&out);
	return EXIT_SUCCESS;
}
