/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that runs out: each allocation of each of these in turn fails. What cannot go on says so,
 * what can goes on, nothing stays behind, and nothing is read that is not there.
 */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/filter.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/base/intern.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/base/map.h>
#include <sockwatch/model/path.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/report/metrics.h>
#include <sockwatch/report/report.h>
#include <sockwatch/stream/stream.h>

#include "made_box.h"
#include "model/wire/wire_input.h"
#include "unit.h"

enum { RECORDS_MAX = 4096, ALLOCATIONS_MAX = 20000 };

/* Records of a recording, read before memory runs out. */
static struct record records[RECORDS_MAX];
static size_t record_count;
static struct feed box;

static void
nothing(void *context, unsigned events)
{
	(void)context;
	(void)events;
}

static void
no_time(void *context, uint64_t times)
{
	(void)context;
	(void)times;
}

/* Each of these: false, when it was refused. */
static bool
use_loop(void)
{
	struct loop *const loop = loop_new();
	bool is_whole;
	int ends[2];

	if (loop == NULL)
		return false;
	assert_int_equal(pipe(ends), 0);
	is_whole = loop_add(loop, ends[0], LOOP_READ, nothing, NULL) != NULL &&
		   loop_add_timer(loop, no_time, NULL) != NULL;
	loop_free(loop);
	close(ends[0]);
	close(ends[1]);
	return is_whole;
}

static bool
use_map(void)
{
	struct map map;
	bool is_whole = true;
	uint32_t value;

	map_init(&map);
	for (uint64_t i = 0; i < 500 && is_whole; i++) {
		is_whole = map_set(&map, i, (uint32_t)i) == 0;
		/* What was there before stays. */
		for (uint64_t k = 0; k < i; k += 50)
			assert_true(map_find(&map, k, &value) && value == k);
	}
	map_fini(&map);
	return is_whole;
}

static bool
use_intern(void)
{
	struct intern *const intern = intern_new(5000);
	bool is_whole = intern != NULL;
	char text[32];

	for (unsigned i = 0; i < 3000 && is_whole; i++) {
		snprintf(text, sizeof text, "a text of its own %u", i);
		is_whole = intern_add(intern, text_of(text)) != 0;
	}
	intern_free(intern);
	return is_whole;
}

static bool
use_buffer(void)
{
	struct buffer buffer;
	bool is_whole;

	buffer_init(&buffer, 0);
	for (unsigned i = 0; i < 1000; i++)
		buffer_append_format(&buffer, "%u ", i);
	buffer_append(&buffer, records, 100000);
	is_whole = !buffer.failed;
	buffer_fini(&buffer);
	return is_whole;
}

static bool
use_stream(void)
{
	struct stream_writer *writer;
	struct stream_reader *reader;
	const struct message_notice notice = {.text = text_of("a sentence")};
	bool is_whole;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	writer = stream_writer_new(ends[1], 100000);
	reader = stream_reader_new(ends[0]);
	is_whole = writer != NULL && reader != NULL;
	for (unsigned i = 0; i < 100 && is_whole; i++)
		is_whole = stream_write_message(writer, MESSAGE_NOTICE, &notice) == 0;
	if (writer != NULL)
		stream_writer_free(writer);
	if (reader != NULL)
		stream_reader_free(reader);
	close(ends[0]);
	close(ends[1]);
	return is_whole;
}

static const char *
recording(const char *name)
{
	static char path[512];
	const char *const srcdir = getenv("srcdir");

	snprintf(path, sizeof path, "%s/tests/golden/%s", srcdir != NULL ? srcdir : ".", name);
	return path;
}

static bool
use_file(const char *name)
{
	struct error error = {.text = ""};
	struct stream_reader *const reader = stream_reader_open(
		open(recording(name), O_RDONLY | O_CLOEXEC), recording(name), &error);
	struct record record;
	int got;

	if (reader == NULL) {
		assert_true(error.text[0] != '\0');
		return false;
	}
	while ((got = stream_reader_next(reader, &record, &error)) == 1)
		;
	stream_reader_free(reader);
	return got == 0;
}

static bool
use_recording(void)
{
	return use_file("zoo.pcap");
}

static bool
use_capture(void)
{
	return use_file("wire/mptcp.pcap");
}

/* The model goes on without what had no room, and counts it. */
static bool
use_model(void)
{
	static const struct wire_options options = {
		.conversations = 64, .half_open = 32, .events = 128, .fold_above = UINT32_MAX};
	struct model *const model = model_new_wired(1000, &options);

	if (model == NULL)
		return false;
	for (size_t i = 0; i < record_count; i++)
		model_apply(model, &records[i]);
	model_free(model);
	return true;
}

/* Without a regular expression: the C library's own compiler of those leaks. */
static bool
use_filter(void)
{
	static const char text[] = "port 80,443 and (process nginx or addr 10.0.0.0/8) and "
				   "not state listen and \"a b\" and rtt > 1ms";
	struct error error = {.text = ""};
	struct filter *const filter = filter_parse(text, &socket_fields, &error);

	if (filter == NULL) {
		assert_true(error.text[0] != '\0');
		return false;
	}
	filter_free(filter);
	return true;
}

static bool
use_view(void)
{
	static struct view_line lines[200];
	static const char *const words[] = {"process", "remote", "rtt_us", "state"};
	struct view *const view = view_new(box.model, &socket_fields);

	if (view == NULL)
		return false;
	for (size_t i = 0; i < UNIT_COUNT_OF(words); i++) {
		const struct field *const field =
			field_find(&socket_fields, words[i], strlen(words[i]));

		view_set_order(view, field, i % 2 != 0);
		view_set_group(view, i % 2 != 0 ? field : NULL);
		view_set_hold(view, i == 2);
		view_update(view, true);
		(void)view_window(view, 0, UNIT_COUNT_OF(lines), lines);
	}
	view_free(view);
	return true;
}

static bool
use_doctor(void)
{
	static struct doctor_settings settings;
	struct doctor *doctor;
	size_t count;

	doctor_settings_init(&settings);
	doctor = doctor_new(&settings);
	if (doctor == NULL)
		return false;
	doctor_look(doctor, box.model, true);
	(void)doctor_findings(doctor, &count);
	doctor_free(doctor);
	return true;
}

static bool
use_paths(void)
{
	struct path_table *const table = path_table_new(8);
	const struct message_probe_start start = {
		.id = 1, .flows = 1, .first_ttl = 1, .max_ttl = 30};
	bool is_whole;

	if (table == NULL)
		return false;
	is_whole = path_table_start(table, &start, 1000000000) != NULL;
	path_table_free(table);
	return is_whole;
}

/* Each format; what had no room is said by the buffer. */
static bool
use_report_of(enum report_format format)
{
	static const char *const words[] = {"process", "remote", "rtt_us", "state"};
	const struct field_context context = {.model = box.model};
	const struct field *fields[UNIT_COUNT_OF(words)];
	const struct report_options options = {
		.format = format, .fields = fields, .field_count = UNIT_COUNT_OF(words)};
	struct buffer out;
	struct report *report;
	bool is_whole = false;

	unit_each (i, words)
		fields[i] = field_find(&socket_fields, words[i], strlen(words[i]));
	buffer_init(&out, 0);
	report = report_new(&options, &context, &out);
	if (report != NULL) {
		for (uint32_t id = 0; id < box.model->sockets.used; id++)
			report_row(report, socket_table_row(&box.model->sockets, id));
		report_end(report);
		is_whole = !out.failed;
	}
	report_free(report);
	buffer_fini(&out);
	return is_whole;
}

static bool
use_report(void)
{
	return use_report_of(REPORT_TEXT) && use_report_of(REPORT_JSON) &&
	       use_report_of(REPORT_CSV);
}

static bool
use_metrics(void)
{
	static const struct metrics_options options = {
		.format = METRICS_OPENMETRICS, .limit = 100, .has_counters = true};
	static struct doctor_settings settings;
	struct metrics *const metrics = metrics_new(&options);
	struct doctor *doctor;
	struct buffer out;
	bool is_whole;

	if (metrics == NULL)
		return false;
	doctor_settings_init(&settings);
	doctor = doctor_new(&settings);
	buffer_init(&out, 0);
	is_whole = doctor != NULL && metrics_print(metrics, box.model, doctor, 1, &out);
	buffer_fini(&out);
	doctor_free(doctor);
	metrics_free(metrics);
	return is_whole;
}

static void
send_segment(
	struct wire *wire, bool is_answer, unsigned flags, uint32_t seq, uint32_t ack, uint32_t len)
{
	static uint64_t time_ns = 1000000000;
	const struct address ends[2] = {
		address_from_v4("\300\0\2\1"), address_from_v4("\300\0\2\2")};
	const struct segment segment = {.time_ns = time_ns += 1000000,
		.family = AF_INET,
		.source = ends[is_answer],
		.destination = ends[!is_answer],
		.source_port = is_answer ? 80 : 40000,
		.destination_port = is_answer ? 40000 : 80,
		.flags = (uint16_t)flags,
		.seq = seq,
		.ack = ack,
		.len = len,
		.window = 1000};

	wire_segment(wire, &segment);
}

/* Holes in what was captured are remembered in blocks of their own; without them it goes on. */
static bool
use_holes(void)
{
	static const struct wire_options options = {
		.conversations = 64, .half_open = 32, .events = 128, .fold_above = UINT32_MAX};
	struct wire *const wire = wire_new(&options);

	if (wire == NULL)
		return false;
	send_segment(wire, false, SEGMENT_SYN, 0, 0, 0);
	send_segment(wire, true, SEGMENT_SYN | SEGMENT_ACK, 0, 1, 0);
	send_segment(wire, false, SEGMENT_ACK, 1, 1, 0);
	for (uint32_t seq = 1; seq < 1000; seq += 200)
		send_segment(wire, true, SEGMENT_ACK, seq, 1, 100);
	for (uint32_t seq = 101; seq < 900; seq += 200)
		send_segment(wire, true, SEGMENT_ACK, seq, 1, 100);
	wire_free(wire);
	return true;
}

/* SYNs that are folded are remembered in a table of their own. */
static bool
use_flood(void)
{
	static const struct wire_options options = {
		.conversations = 64, .half_open = 32, .events = 128, .fold_above = 5};
	struct wire *const wire = wire_new(&options);

	if (wire == NULL)
		return false;
	for (uint32_t i = 0; i < 100; i++) {
		const struct segment syn = {.time_ns = 1000000000 + i,
			.family = AF_INET,
			.source = address_from_v4(&i),
			.destination = address_from_v4("\300\0\2\1"),
			.source_port = 1024,
			.destination_port = 80,
			.flags = SEGMENT_SYN,
			.direction = SEGMENT_IN};

		wire_segment(wire, &syn);
	}
	wire_free(wire);
	return true;
}

static const struct {
	const char *name;
	bool (*use)(void);
	bool goes_on; /* without some of it, as the C library does without a buffer */
} uses[] = {
	{"loop", use_loop, false},
	{"map", use_map, false},
	{"intern", use_intern, false},
	{"buffer", use_buffer, false},
	{"stream", use_stream, false},
	{"recording", use_recording, true},
	{"capture", use_capture, true},
	{"model", use_model, true},
	{"filter", use_filter, false},
	{"view", use_view, true},
	{"doctor", use_doctor, true},
	{"paths", use_paths, false},
	{"report", use_report, false},
	{"metrics", use_metrics, true},
	{"flood", use_flood, false},
	{"holes", use_holes, true},
};

static void
test_each_allocation(void **state)
{
	(void)state;
	if (!unit_memory_can_fail())
		unit_skip("needs glibc without sanitizers");
	unit_each (i, uses) {
		/* Whatever it keeps for good is there then. */
		assert_row(uses[i].name, uses[i].use());
		for (unsigned long n = 1; n < ALLOCATIONS_MAX; n++) {
			const struct unit_held before = unit_held();
			struct unit_held after;
			bool is_whole;

			unit_memory_fails_at(n);
			is_whole = uses[i].use();
			if (!unit_memory_has_failed()) {
				unit_memory_fails_at(0);
				assert_row(uses[i].name, is_whole && n > 1);
				break;
			}
			after = unit_held();
			if (!uses[i].goes_on && is_whole)
				fail_msg("%s: allocation %lu failed, and nothing was said",
					uses[i].name, n);
			if (after.blocks != before.blocks ||
				after.descriptors != before.descriptors)
				fail_msg("%s: allocation %lu failed, and %ld blocks and %ld "
					 "descriptors stay",
					uses[i].name, n, after.blocks - before.blocks,
					after.descriptors - before.descriptors);
		}
	}
}

static int
read_records(void **state)
{
	struct error error;
	struct stream_reader *const reader = stream_reader_open(
		open(recording("zoo.pcap"), O_RDONLY | O_CLOEXEC), recording("zoo.pcap"), &error);

	(void)state;
	assert_non_null(reader);
	for (record_count = 0; record_count < RECORDS_MAX; record_count++) {
		struct record *const record = &records[record_count];
		uint8_t *data;

		if (stream_reader_next(reader, record, &error) != 1)
			break;
		data = malloc(record->len + 1);
		assert_non_null(data);
		memcpy(data, record->data, record->len);
		record->data = data;
	}
	stream_reader_free(reader);
	box = made_box();
	return record_count > 10 ? 0 : -1;
}

static int
free_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < record_count; i++)
		free((void *)(uintptr_t)records[i].data);
	feed_free(&box);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_allocation),
	};

	return cmocka_run_group_tests_name("memory", tests, read_records, free_records);
}
