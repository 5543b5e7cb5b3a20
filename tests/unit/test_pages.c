/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages of all sockets and connections of the golden recordings, as text: facts, states,
 * charts, the verdict, the segments, and each field of the events.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sockwatch/analysis/chart.h>
#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/trouble.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/socket.h>
#include <sockwatch/model/wire.h>
#include <sockwatch/stream/stream.h>

#include "page_text.h"
#include "unit.h"

enum { GENERATIONS_MAX = 256 };

/* A capture has packets alone: the namespace that they are of is said before them. */
static void
greet(struct model *model, uint64_t time_ns)
{
	const struct message_hello hello = {.format = MESSAGE_FORMAT, .boot_ns = 1};
	const struct message_netns netns = {.id = 1, .inode = 1};
	struct record record = {.time_ns = time_ns, .kind = RECORD_MESSAGE};
	struct buffer out = {0};

	assert_int_equal(message_encode(MESSAGE_HELLO, &hello, &out), 0);
	record.data = out.data;
	record.len = record.wire_len = out.len;
	model_apply(model, &record);
	buffer_clear(&out);
	assert_int_equal(message_encode(MESSAGE_NETNS, &netns, &out), 0);
	record.data = out.data;
	record.len = record.wire_len = out.len;
	model_apply(model, &record);
	buffer_fini(&out);
}

static struct model *
read_model(const char *path)
{
	const struct wire_options options = {
		.conversations = 1024, .half_open = 1024, .events = 4096, .fold_above = UINT32_MAX};
	struct model *const model = model_new_wired(0, &options);
	struct error error = {.text = ""};
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	struct record record;
	bool is_greeted = false;

	if (reader == NULL)
		fail_msg("%s: %s", path, error.text);
	while (stream_reader_next(reader, &record, &error) == 1) {
		if (record.kind == RECORD_PACKET && record.netns == 0) {
			if (!is_greeted)
				greet(model, record.time_ns);
			is_greeted = true;
			record.netns = 1;
		}
		model_apply(model, &record);
	}
	assert_true(stream_reader_ended(reader));
	stream_reader_free(reader);
	return model;
}

static struct identity
turned(const struct identity *identity)
{
	struct identity other = *identity;

	other.local = identity->remote;
	other.remote = identity->local;
	other.local_port = identity->remote_port;
	other.remote_port = identity->local_port;
	return other;
}

/* The fields of each event that are known. */
static void
print_events(const struct model *model, struct buffer *out)
{
	const struct field_context context = {.model = model};
	const struct event *event;

	for (uint64_t next = 0; (event = wire_event_from(model->wire, next)) != NULL;
		next = event->number + 1) {
		const struct event_row row = event_row_of(model, event);
		char line[EVENT_ROW_SIZE];

		event_row_format(&context, &row, line, sizeof line);
		buffer_append_format(out, "%s\n", line);
		for (size_t i = 0; i < event_fields.count; i++)
			page_text_field(&event_fields.fields[i], &context, &row, out);
		buffer_append_char(out, '\n');
	}
}

/* Each connection once, from both sides. */
static void
print_connections(const struct model *model, struct buffer *out)
{
	uint32_t done[GENERATIONS_MAX];
	size_t count = 0;
	const struct event *event;

	for (uint64_t next = 0; (event = wire_event_from(model->wire, next)) != NULL;
		next = event->number + 1) {
		struct identity identity;
		bool is_done = false;

		for (size_t i = 0; i < count; i++)
			is_done |= done[i] == event->generation;
		if (is_done || !wire_history_identify(model, event, &identity))
			continue;
		assert_true(count < GENERATIONS_MAX);
		done[count++] = event->generation;
		print_connection(model, &identity, false, out);
		identity = turned(&identity);
		print_connection(model, &identity, false, out);
	}
}

static void
print_sockets(const struct model *model, struct buffer *out)
{
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		struct identity identity;

		if ((socket_table_row(&model->sockets, id)->flags & SOCKET_FREE) != 0)
			continue;
		history_start(&history, model, id);
		history_update(&history, model);
		identity_take(&identity, model, id);
		print_connection(model, &identity, id % 2 == 0, out);
	}
}

static void
expect_pages(const char *capture, const char *name, bool has_events)
{
	char path[PATH_SIZE + 300];
	struct buffer out = {0};
	struct model *model;

	snprintf(path, sizeof path, "%s/%s", golden(), capture);
	model = read_model(path);
	print_sockets(model, &out);
	print_connections(model, &out);
	if (has_events)
		print_events(model, &out);
	assert_false(out.failed);
	compare(name, &out);
	buffer_fini(&out);
	model_free(model);
}

static int
is_capture(const struct dirent *entry)
{
	const char *const end = strrchr(entry->d_name, '.');

	return end != NULL && strcmp(end, ".pcap") == 0;
}

static void
test_captures(void **state)
{
	static const char events[] = "ecn fast-open lost-data zero-window mptcp orderly-ipv6 "
				     "reset-unread timeout simultaneous-open vlan-twice";
	struct dirent **entries;
	char path[PATH_SIZE + 64], name[300], capture[300];
	int count;

	(void)state;
	snprintf(path, sizeof path, "%s/wire", golden());
	count = scandir(path, &entries, is_capture, alphasort);
	assert_true(count > 20);
	for (int i = 0; i < count; i++) {
		snprintf(capture, sizeof capture, "wire/%s", entries[i]->d_name);
		snprintf(name, sizeof name, "%.*s", (int)strlen(entries[i]->d_name) - 5,
			entries[i]->d_name);
		/* Those that differ most. */
		expect_pages(capture, name, strstr(events, name) != NULL);
		free(entries[i]);
	}
	free(entries);
}

static void
test_recording(void **state)
{
	(void)state;
	expect_pages("zoo.pcap", "zoo", true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_recording),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
