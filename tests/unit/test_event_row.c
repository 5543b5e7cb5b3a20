/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of an event: whole, or marked where it is not. */
#include <config.h>

#include "unit.h"

#include "segments.h"

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/field.h>

/* Timestamps and three blocks: 40 bytes that need 100 characters. */
static const uint8_t options[] = {1, 1, 8, 10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 1, 1,
	5, 26, 0x80, 0, 0x27, 0x00, 0x80, 0, 0x2a, 0xe8, 0x80, 0, 0x2e, 0xd0, 0x80, 0, 0x32, 0xb8,
	0x80, 0, 0x36, 0xa0, 0x80, 0, 0x3a, 0x88};

static struct event
event_with_options(void)
{
	static const struct line line = {.side = 0, .flags = A, .seq = 1, .ack = 1001};
	struct event event = {.segment = segment_of(&line),
		.kind = EVENT_ACK,
		.relative = true,
		.relative_seq = 1,
		.relative_ack = 1001};

	event.segment.ack = 0x80000000 + 1001;
	event.segment.data_offset = 20 + sizeof options;
	event.segment.option_len = sizeof options;
	memcpy(event.segment.options, options, sizeof options);
	snprintf(event.words, sizeof event.words, "words");
	return event;
}

static size_t
format(const struct event *event, char *out, size_t size)
{
	const struct field_context context = {.numeric = true};
	const struct event_row row = {.event = event};

	return event_row_format(&context, &row, out, size);
}

static void
test_whole(void **state)
{
	const struct event event = event_with_options();
	char line[EVENT_ROW_SIZE];
	const size_t len = format(&event, line, sizeof line);

	(void)state;
	assert_int_equal(len, strlen(line));
	assert_non_null(
		strstr(line, " [.] ack 1001 win 1000 <TS val 4294967295 ecr 4294967294,"
			     "sack 3 {9984:10984}{11984:12984}{13984:14984}> length 0  words"));
}

/* Where the initial numbers are not known, all are as they were sent. */
static void
test_absolute(void **state)
{
	struct event event = event_with_options();
	char line[EVENT_ROW_SIZE];

	(void)state;
	event.relative = false;
	format(&event, line, sizeof line);
	assert_non_null(strstr(line, " ack 2147484649 "));
	assert_non_null(strstr(line, "sack 3 {2147493632:2147494632}"));
}

static void
test_cut(void **state)
{
	const struct event event = event_with_options();
	char whole[EVENT_ROW_SIZE], line[EVENT_ROW_SIZE];
	const size_t len = format(&event, whole, sizeof whole);

	(void)state;
	for (size_t size = 2; size <= len; size++) {
		assert_int_equal(format(&event, line, size), size - 1);
		assert_int_equal(line[size - 2], '~');
		assert_memory_equal(line, whole, size - 2);
	}
}

/* A packet's port 0 is a number; a socket's stands for any. */
static void
test_port_zero(void **state)
{
	struct event event = event_with_options();
	char line[EVENT_ROW_SIZE];

	(void)state;
	event.segment.destination_port = 0;
	format(&event, line, sizeof line);
	assert_non_null(strstr(line, " 192.0.2.1:40000 > 198.51.100.2:0 ["));
	event.segment.source_port = 0;
	format(&event, line, sizeof line);
	assert_non_null(strstr(line, " 192.0.2.1:0 > 198.51.100.2:0 ["));
}

static void
test_kinds(void **state)
{
	(void)state;
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		assert_int_not_equal(event_kind_name((enum event_kind)kind)[0], '\0');
	assert_string_equal(event_kind_name(EVENT_KIND_COUNT), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_absolute),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_port_zero),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
