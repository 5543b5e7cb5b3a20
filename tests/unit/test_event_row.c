/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of an event: whole, or marked where it is not. */
#include <config.h>

#include "unit.h"

#include "segments.h"

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/wire_history.h>

#include "model/socket/tuple_index.h"
#include "model/wire/wire_private.h"
#include "sockets.h"

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

/* What a field shows of the event; model: NULL for a file without one. */
static const char *
shown(const struct model *model, const struct event *event, const struct conversation *conversation,
	const char *name)
{
	static char text[128];
	const struct field *const field = field_find(&event_fields, name, strlen(name));
	const struct field_context context = {.model = model, .numeric = true};
	const struct event_row row = {.event = event, .conversation = conversation};
	struct value value;

	assert_non_null(field);
	field_get(field, &context, &row, &value);
	field_format(field, &context, &value, 0, text, sizeof text);
	return text;
}

struct shown_case {
	const char *field, *text;
};

static void
check_shown(const struct model *model, const struct event *event,
	const struct conversation *conversation, const struct shown_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *const text = shown(model, event, conversation, cases[i].field);

		if (strcmp(text, cases[i].text) != 0)
			fail_msg("%s is \"%s\", not \"%s\"", cases[i].field, text, cases[i].text);
	}
}

/* Where it was seen, what it says, and how long its answer took. */
static void
test_values(void **state)
{
	static const struct shown_case known[] = {{"interface", "eth0"}, {"direction", "out"},
		{"family", "4"}, {"src_addr", "192.0.2.1"}, {"src_port", "40000"},
		{"dst_addr", "198.51.100.2"}, {"dst_port", "80"}, {"seq", "4294967291"},
		{"ack", "2147484649"}, {"relative_seq", "1"}, {"relative_ack", "1001"},
		{"win", "1000"}, {"len", "7"}, {"ttl", "64"}, {"vlan", "12"}, {"folded", "3"},
		{"syn_ack_us", "20us"}, {"ack_us", "30us"}, {"tunnel", "vxlan"},
		{"outer_src_addr", "203.0.113.1"}, {"outer_dst_addr", "203.0.113.2"},
		{"through", "vxlan 203.0.113.1 > 203.0.113.2"}, {"kind", "ack"}, {"step", "words"}};
	static const struct shown_case unknown[] = {{"interface", ""}, {"direction", ""},
		{"ack", ""}, {"relative_seq", ""}, {"relative_ack", ""}, {"vlan", ""},
		{"folded", ""}, {"syn_ack_us", ""}, {"ack_us", ""}, {"tunnel", ""},
		{"outer_src_addr", ""}, {"outer_dst_addr", ""}, {"through", ""}, {"owner", ""},
		{"pid", ""}, {"process", ""}, {"peer_pid", ""}, {"peer_process", ""},
		{"listens", ""}, {"no_owner", ""}};
	const struct segment_tunnel tunnel = {.kind = SEGMENT_TUNNEL_VXLAN,
		.source = sockets_address("203.0.113.1"),
		.destination = sockets_address("203.0.113.2")};
	struct model *const model = sockets_model();
	struct event event = event_with_options();

	(void)state;
	assert_int_equal(map_set(&model->links, 2, intern_add(model->texts, text_of("eth0"))), 0);
	event.segment.direction = SEGMENT_OUT;
	event.segment.len = 7;
	event.segment.ttl = 64;
	event.segment.vlan = 12;
	event.segment.tunnel = wire_tunnels_number(&model->wire->tunnels, &tunnel);
	event.folded = 3;
	event.syn_ack_us = 20;
	event.ack_us = 30;
	check_shown(model, &event, NULL, known, UNIT_COUNT_OF(known));
	/* The zone of a tunnel's address is not known. */
	event.segment.tunnel = wire_tunnels_number(
		&model->wire->tunnels, &(struct segment_tunnel){.kind = SEGMENT_TUNNEL_GRE,
					       .source = sockets_address("fe80::1"),
					       .destination = sockets_address("fe80::2")});
	assert_string_equal(shown(model, &event, NULL, "outer_src_addr"), "fe80::1");
	assert_string_equal(shown(model, &event, NULL, "through"), "gre fe80::1 > fe80::2");
	/* An interface that has no name, and one in a namespace that is not known. */
	event.segment.ifindex = 9;
	assert_string_equal(shown(model, &event, NULL, "interface"), "if9");
	event.segment.ifindex = 2;
	event.segment.netns = 1;
	assert_string_equal(shown(model, &event, NULL, "interface"), "eth0");
	event.segment.netns = 7;
	assert_string_equal(shown(model, &event, NULL, "interface"), "if2");
	assert_string_equal(shown(NULL, &event, NULL, "interface"), "if2");
	assert_string_equal(shown(NULL, &event, NULL, "tunnel"), "");
	/* Nothing of it is known. */
	event.segment.direction = SEGMENT_DIRECTION_UNKNOWN;
	event.segment.ifindex = event.segment.vlan = event.segment.tunnel = 0;
	event.segment.flags = 0;
	event.folded = 0;
	event.relative = false;
	event.syn_ack_us = event.ack_us = EVENT_UNKNOWN_US;
	check_shown(model, &event, NULL, unknown, UNIT_COUNT_OF(unknown));
	/* With the numbers, but without an ACK. */
	event.relative = true;
	assert_string_equal(shown(model, &event, NULL, "relative_seq"), "1");
	assert_string_equal(shown(model, &event, NULL, "relative_ack"), "");
	model_free(model);
}

/* A link-local address belongs to the interface where it was seen, others to none. */
static void
test_zones(void **state)
{
	struct model *const model = sockets_model();
	struct event event = event_with_options();

	(void)state;
	assert_int_equal(map_set(&model->links, 2, intern_add(model->texts, text_of("eth0"))), 0);
	event.segment.family = AF_INET6;
	event.segment.source = sockets_address("fe80::1");
	event.segment.destination = sockets_address("2001:db8::2");
	assert_string_equal(shown(model, &event, NULL, "family"), "6");
	assert_string_equal(shown(model, &event, NULL, "src_addr"), "fe80::1%eth0");
	assert_string_equal(shown(model, &event, NULL, "dst_addr"), "2001:db8::2");
	assert_string_equal(shown(model, &event, NULL, "source"), "[fe80::1]%eth0:40000");
	assert_string_equal(shown(model, &event, NULL, "destination"), "[2001:db8::2]:80");
	assert_string_equal(shown(NULL, &event, NULL, "src_addr"), "fe80::1%2");
	event.segment.source_port = 0;
	assert_string_equal(shown(model, &event, NULL, "source"), "[fe80::1]%eth0:0");
	model_free(model);
}

/* A file without sockets knows the processes that were noted of the ends. */
static void
test_owners_of_a_file(void **state)
{
	static const struct shown_case both[] = {{"owner", "curl/71 > nginx/812"}, {"pid", "71"},
		{"process", "curl"}, {"peer_pid", "812"}, {"peer_process", "nginx"},
		{"listens", ""}, {"no_owner", ""}};
	static const struct shown_case back[] = {{"owner", "nginx/812 > curl/71"}, {"pid", "812"},
		{"process", "nginx"}, {"peer_pid", "71"}, {"peer_process", "curl"}};
	static const struct shown_case ours[] = {{"owner", "nginx/812"}, {"pid", "812"},
		{"process", "nginx"}, {"peer_pid", ""}, {"peer_process", ""}};
	static const struct shown_case receiver[] = {
		{"owner", "> nginx/812"}, {"pid", ""}, {"peer_pid", "812"}};
	struct conversation conversation = {
		.local_side = CONVERSATION_SIDE_UNKNOWN, .owner = {{71, "curl"}, {812, "nginx"}}};
	struct event event = event_with_options();

	(void)state;
	check_shown(NULL, &event, &conversation, both, UNIT_COUNT_OF(both));
	event.side = 1;
	check_shown(NULL, &event, &conversation, back, UNIT_COUNT_OF(back));
	/* Both are here, whichever side was taken for ours. */
	conversation.local_side = 0;
	check_shown(NULL, &event, &conversation, back, UNIT_COUNT_OF(back));
	/* One process that talks to itself is named once. */
	conversation.owner[0].pid = 812;
	assert_string_equal(shown(NULL, &event, &conversation, "owner"), "nginx/812");
	/* Only our side is known, and is what every line is about. */
	conversation.owner[0].pid = 0;
	conversation.local_side = 1;
	check_shown(NULL, &event, &conversation, ours, UNIT_COUNT_OF(ours));
	event.side = 0;
	check_shown(NULL, &event, &conversation, ours, UNIT_COUNT_OF(ours));
	/* Which side is here is not known, and the sender is not. */
	conversation.local_side = CONVERSATION_SIDE_UNKNOWN;
	check_shown(NULL, &event, &conversation, receiver, UNIT_COUNT_OF(receiver));
}

/* Whose history an event leads to: that of our end, of a namespace that is known. */
static void
test_history_of(void **state)
{
	static const struct line syn = {.side = 0, .flags = S};
	struct model *const model = sockets_model();
	struct segment segment = segment_of(&syn);
	struct event event = {.segment = segment};
	struct identity identity;

	(void)state;
	assert_false(wire_history_identify(model, &event, &identity));
	for (uint32_t netns = 1; netns < 78; netns += 76) {
		segment.netns = netns;
		segment.direction = SEGMENT_IN;
		wire_segment(model->wire, &segment);
		event.segment = segment;
		assert_int_equal(wire_history_identify(model, &event, &identity), netns == 1);
	}
	assert_int_equal(identity.local_port, SERVER_PORT);
	assert_int_equal(identity.remote_port, CLIENT_PORT);
	assert_int_equal(identity.socket, SOCKET_NONE);
	/* The socket of that end, when there is one. */
	sockets_add(model, IPPROTO_TCP, TCP_STATE_SYN_RECEIVED, "198.51.100.2", SERVER_PORT,
		"192.0.2.1", CLIENT_PORT);
	tuple_index_keep(model);
	event.segment.netns = 1;
	assert_true(wire_history_identify(model, &event, &identity));
	assert_int_equal(identity.socket, 0);
	model_free(model);
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
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_owners_of_a_file),
		cmocka_unit_test(test_history_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
