/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers to probes, in any order and with any bytes: the readers of the collector, the model, its
 * verdicts and the reports. An input is records: one byte for the kind (0 sent, 1 answer, 2 time
 * passes, 3 state, 4 bytes to the collector's readers, else start again), one for how much of
 * a struct's members follow, the members, and of an answer the rest up to its length as quoted
 * data.
 */
#include <config.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/model/path.h>
#include <sockwatch/report/path_report.h>

#include "collector/probe/probe_wire.h"
#include "fuzz.h"

enum { ID = 1, HEADER = 2, TIMEOUT_MS = 1000 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

struct run {
	struct path_table *table;
	uint64_t now_ns;
};

static uint8_t
byte(const uint8_t *data, size_t len, size_t i)
{
	return i < len ? data[i] : 0;
}

static void
begin(struct run *run, uint8_t how)
{
	const bool is_v4 = (how & 1) == 0;
	static const uint8_t v4[4] = {10, 0, 0, 9};
	static const uint8_t v6[16] = {0x20, 1, [15] = 9};
	const struct message_probe_start start = {.id = ID,
		.target = is_v4 ? address_from_v4(v4) : address_from_v6(v6),
		.flows = 2,
		.first_ttl = 1,
		.max_ttl = 30,
		.timeout_ms = TIMEOUT_MS,
		.continued = (how & 2) != 0};

	if ((how & 4) != 0)
		path_table_drain(run->table, ID);
	require(path_table_start(run->table, &start, run->now_ns) != NULL);
}

static void
take_sent(const struct run *run, const uint8_t *data, size_t len)
{
	const struct message_probe_sent sent = {.id = ID,
		.sequence = byte(data, len, 0) | (uint32_t)byte(data, len, 1) << 8,
		.ttl = byte(data, len, 2),
		.flow = byte(data, len, 3),
		.error = byte(data, len, 4) == 1 ? 101 : 0,
		.sent_ns = run->now_ns};

	path_on_sent(run->table, &sent);
}

static void
take_answer(const struct run *run, const uint8_t *data, size_t len)
{
	enum { MEMBERS = 11 };
	const uint8_t from[4] = {10, 0, 0, byte(data, len, 5)};
	const struct message_probe_answer answer = {.id = ID,
		.sequence = byte(data, len, 0) | (uint32_t)byte(data, len, 1) << 8,
		.kind = byte(data, len, 2) % 5,
		.icmp_type = byte(data, len, 3),
		.icmp_code = byte(data, len, 4),
		.from = address_from_v4(from),
		.ttl = byte(data, len, 6),
		.info = byte(data, len, 7) * 97U,
		.extension = byte(data, len, 8),
		.received_ns = run->now_ns + byte(data, len, 9) * UINT64_C(100000) -
			       byte(data, len, 10) * UINT64_C(10000),
		.data = {(const char *)data + (len > MEMBERS ? MEMBERS : len),
			len > MEMBERS ? len - MEMBERS : 0}};

	path_on_answer(run->table, &answer);
}

static void
read_bytes(const uint8_t *data, size_t len)
{
	const size_t header = probe_wire_ipv4_header(data, len);
	struct wire_mark mark;
	struct probe_wire_syn syn;
	struct probe_wire_udp udp;
	uint16_t id, sequence;
	bool is_refused;

	require(header <= len);
	(void)probe_wire_read_payload(data, len, &mark);
	(void)probe_wire_read_syn(data, len, &syn);
	require(!probe_wire_read_udp(data, len, 1000, &udp) || len >= 16 ||
		udp.mark.sequence <= 1000);
	(void)probe_wire_read_syn_answer(data + header, len - header, &syn, &is_refused);
	for (int i = 0; i < 4; i++)
		(void)probe_wire_read_echo(
			data + header, len - header, (i & 1) != 0, (i & 2) != 0, &id, &sequence);
	(void)probe_wire_checksum(data, len, 0);
}

static void
check(const struct path *path)
{
	const struct path_report report = {.target = "x", .host = "y", .columns = 80, .lines = 0};
	struct buffer out;

	require(path->hop_count <= PATH_TTL_MAX);
	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		const struct hop *hop = &path->hops[i];
		uint64_t us;
		require(hop->ttl == i + 1 && hop->received + hop->pending <= hop->sent);
		require(hop->late <= hop->received && hop->address_count <= PATH_ADDRESSES_MAX &&
			hop->label_count <= PATH_LABELS_MAX);
		require(isnan(hop->loss) || (hop->loss >= 0 && hop->loss <= 1));
		require(isnan(hop->link_loss) || (hop->link_loss >= 0 && hop->link_loss <= 1));
		require(hop_verdict_name((enum hop_verdict)hop->verdict) != NULL);
		require(!hop_percentile(hop, 95, &us) ||
			(us >= hop->best_us && us <= hop->worst_us) || us == INT32_MAX);
	}
	buffer_init(&out, 0);
	path_report_text(&report, path, &out);
	require(memchr(out.data, '\x1b', out.len) == NULL);
	path_report_json(&report, path, &out);
	buffer_fini(&out);
}

static void
take(struct run *run, uint8_t what, const uint8_t *data, size_t len)
{
	struct message_probe_state state = {.id = ID,
		.running = byte(data, len, 0),
		.mtu = byte(data, len, 1),
		.text = {(const char *)data, len}};

	switch (what % 6) {
	case 0: take_sent(run, data, len); break;
	case 1: take_answer(run, data, len); break;
	case 2:
		run->now_ns += byte(data, len, 0) * UINT64_C(10000000);
		path_tick(run->table, run->now_ns);
		break;
	case 3: path_on_state(run->table, &state, run->now_ns); break;
	case 4: read_bytes(data, len); break;
	case 5: begin(run, byte(data, len, 0)); break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct run run = {.table = path_table_new(1), .now_ns = UINT64_C(1000000000000)};

	if (run.table == NULL)
		return 0;
	begin(&run, 0);
	while (len >= HEADER) {
		const uint8_t what = data[0];
		const size_t size = data[1] < len - HEADER ? data[1] : len - HEADER;
		take(&run, what, data + HEADER, size);
		data += HEADER + size;
		len -= HEADER + size;
	}
	path_tick(run.table, run.now_ns + UINT64_C(2000000) * TIMEOUT_MS);
	check(path_table_at(run.table, 0));
	path_table_free(run.table);
	return 0;
}
