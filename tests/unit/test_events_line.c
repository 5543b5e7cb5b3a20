/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of the event pane at several widths. */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "model/wire/wire_input.h"
#include "segments.h"
#include "tui/events/events_line.h"
#include "tui/events/events_pick.h"
#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/netns.h>

static struct conversation nginx = {.owner = {{.pid = 812, .comm = "nginx"}}};

static struct event
event_of(uint8_t side, uint16_t flags, enum event_kind kind, const char *words)
{
	const struct line line = {.ms = 1500, .side = side, .flags = flags, .seq = 0, .ack = 1};
	struct event event = {.segment = segment_of(&line),
		.side = side,
		.kind = (uint8_t)kind,
		.relative = true,
		.relative_ack = 1};

	event.segment.direction = side == 0 ? SEGMENT_IN : SEGMENT_OUT;
	snprintf(event.words, sizeof event.words, "%s", words);
	return event;
}

static const char *
line_of(const struct event *event, size_t width, struct strip *line)
{
	const struct field_context context = {.numeric = true};
	const struct event_row row = {.event = event, .conversation = &nginx};
	struct events_columns widest = {0}, columns;

	events_line_widen(&widest, &context, &row);
	events_line_arrange(&widest, width, &columns);
	events_line_make(&columns, &context, &row, line);
	assert_true(line->columns <= width);
	return line->text +
	       (columns.widths[EVENTS_PART_CLOCK] > 0 ? columns.widths[EVENTS_PART_CLOCK] + 1 : 0);
}

static void
tells_all_where_there_is_room(void **state)
{
	const struct event event = event_of(1, S | A, EVENT_SYN_ACK, "2/3");
	struct strip line;

	(void)state;
	assert_string_equal(line_of(&event, 140, &line),
		"if2 out 198.51.100.2:80 > 192.0.2.1:40000 [S.] seq 2147483632 ack +1 win 1000 "
		"2/3 nginx/812");
	assert_int_equal(line.text[8], '.'); /* the clock in full: hh:mm:ss.uuuuuu */
	assert_int_equal(line.text[15], ' ');
}

static void
gives_way_in_order(void **state)
{
	struct event event = event_of(0, F | A, EVENT_FIN, "close begun by the other side here");
	struct strip line;

	(void)state;
	event.relative_seq = 2000000;
	event.relative_ack = 3000000;
	/* The process and the window go, the words stay. */
	assert_string_equal(line_of(&event, 119, &line),
		"if2 in 192.0.2.1:40000 > 198.51.100.2:80 [F.] seq 2000000 ack +3000000 "
		"close begun by the other side h~");
	/* Numbers are there in full or not at all; of the time the last digits go. */
	assert_string_equal(line_of(&event, 79, &line),
		"in 192.0.2.1:40000 > 198.51.100.2:80 [F.] close begun by the othe~");
	assert_int_equal(line.text[12], ' ');
	assert_string_equal(
		line_of(&event, 59, &line), "192.0.2.1:40000 > 198.51.100.2:80 [F.] close begu~");
	assert_int_equal(line.text[8], ' ');
	for (size_t width = 34; width < 59; width++) {
		line_of(&event, width, &line);
		assert_true(text_width(line.text) <= width);
	}
}

/* The figures stand at the end of the words: what is before them gives way. */
static void
abbreviates_words(void **state)
{
	static const struct {
		const char *whole, *brief;
	} cases[] = {
		{"closed by peer, lived 10.9 ms", "closed by peer, 10.9 ms"},
		{"SYN again, 2nd try after 1.0 s", "SYN 2nd try after 1.0 s"},
		{"reset by peer after data", "reset by peer, had data"},
		{"SYN-ACK again, 2nd try after 1.0 s", "SYN-ACK 2nd try 1.0 s"},
		{"closed by server, lived 1.9 ms", "closed by server, 1.9ms"},
		{"closed by server, lived 10.9 ms", "closed by server~"},
		{"SYN-ACK again, 12th try after 1.0 s", "SYN-ACK 12th try 1.0 s"},
		{"SYN-ACK again, 12th try after 16.0 s", "SYN-ACK 12th try 16.0 s"},
		{"SYN-ACK again, 12th try after 116.0 s", "SYN-ACK 12th try~"},
		{"reset by us after data", "reset by us after data"}, /* fits */
	};
	const size_t before = strlen("hh:mm:ss.mmm in 192.0.2.1:40000 > 198.51.100.2:80 [F.] ");
	struct strip line;

	(void)state;
	unit_each (i, cases) {
		const struct event event = event_of(0, F | A, EVENT_FIN, cases[i].whole);

		line_of(&event, before + 23, &line);
		assert_string_equal(strstr(line.text, "] ") + 2, cases[i].brief);
	}
}

static void
folds_what_is_many(void **state)
{
	struct event event = event_of(0, S, EVENT_SYN, "1/3");
	struct strip line;

	(void)state;
	event.folded = 4999;
	event.sources = 4711;
	assert_string_equal(line_of(&event, 119, &line),
		"if2 in ~4700 addresses > 198.51.100.2:80 [S] x5000 1/3");
	event.sources = 6000; /* an estimate */
	assert_non_null(strstr(line_of(&event, 119, &line), "~5000 addresses"));
	event.sources = 1;
	assert_non_null(strstr(line_of(&event, 119, &line), " 192.0.2.1:* > 198.51.100.2:80 "));
	event.folded = 3; /* not counted yet */
	assert_non_null(strstr(line_of(&event, 119, &line), " some addresses > 198.51.100.2:80 "));
	/* A scan: one opener, many others. */
	event.fold_scope = EVENT_FOLD_OPENER;
	event.folded = 499;
	event.sources = 200;
	assert_non_null(strstr(line_of(&event, 119, &line), " 192.0.2.1:* > ~200 addresses "));
	/* What comes back goes the other way. */
	event.side = 1;
	event.fold_scope = EVENT_FOLD_ENDPOINT;
	assert_non_null(strstr(line_of(&event, 119, &line), " 192.0.2.1:40000 > ~200 addresses "));
}

static void
keeps_columns_apart(void **state)
{
	const struct field_context context = {.numeric = true};
	const struct event first = event_of(0, S, EVENT_SYN, "1/3");
	const struct event second = event_of(1, R, EVENT_REFUSED, "refused");
	const struct event_row rows[] = {{.event = &first}, {.event = &second}};
	struct events_columns widest = {0}, columns;
	struct strip lines[2];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		events_line_widen(&widest, &context, &rows[i]);
	events_line_arrange(&widest, 119, &columns);
	for (size_t i = 0; i < 2; i++)
		events_line_make(&columns, &context, &rows[i], &lines[i]);
	assert_int_equal(strstr(lines[0].text, "[S]") - lines[0].text,
		strstr(lines[1].text, "[R]") - lines[1].text);
	assert_int_equal(strstr(lines[0].text, "1/3") - lines[0].text,
		strstr(lines[1].text, "refused") - lines[1].text);
}

/* Of the row in its own namespace; of a listener what comes to its port, not what we ask of another
 * box's. */
static void
tells_whose_an_event_is(void **state)
{
	static const struct wire_options small = {
		.conversations = 64, .half_open = 16, .events = 64, .fold_above = UINT32_MAX};
	static const struct line syn = {.flags = S};
	const struct segment segment = segment_of(&syn);
	struct netns_row own = {.id = 1}, blue = {.id = 2};
	struct netns_row *list[] = {&own, &blue};
	struct model model = {.netns = list, .netns_count = 2, .wire = wire_new(&small)};
	struct socket_row row = {
		.protocol = IPPROTO_TCP,
		.local = segment.source,
		.remote = segment.destination,
		.local_port = CLIENT_PORT,
		.remote_port = SERVER_PORT,
	};
	struct socket_row listener = {.protocol = IPPROTO_TCP, .local_port = SERVER_PORT};
	const struct event *event;

	(void)state;
	send_at(model.wire, &syn, 0, 2, SEGMENT_OUT);
	event = last_event(model.wire);
	assert_true(events_is_of_row(&model, event, &row));
	row.netns = 1;
	assert_false(events_is_of_row(&model, event, &row));
	row.netns = 0;
	row.remote_port++;
	assert_false(events_is_of_row(&model, event, &row));
	assert_false(events_is_of_row(&model, event, &listener));
	wire_free(model.wire);
	model.wire = wire_new(&small);
	send_at(model.wire, &syn, 0, 2, SEGMENT_IN);
	event = last_event(model.wire);
	assert_true(events_is_of_row(&model, event, &listener));
	listener.local = segment.source;
	assert_false(events_is_of_row(&model, event, &listener));
	listener.local = segment.destination;
	assert_true(events_is_of_row(&model, event, &listener));
	listener.protocol = IPPROTO_UDP;
	assert_false(events_is_of_row(&model, event, &listener));
	wire_free(model.wire);
}

/* Events and conversations have the places of earlier ones: a verdict on those is none on them. */
static void
filters_each_event_anew(void **state)
{
	static const char *const filters[] = {"step ~ ^SYN", "again", "process curl"};
	struct model *const model = model_new(64);
	const struct field_context context = {.model = model, .numeric = true};
	struct event event = event_of(0, S, EVENT_RETRANSMIT, "SYN again, 2nd try");
	struct conversation conversation = {.owner = {{.pid = 812, .comm = "curl"}}};
	const struct event_row row = {.event = &event, .conversation = &conversation};

	(void)state;
	unit_each (i, filters) {
		struct error error;
		struct filter *const filter = filter_parse(filters[i], &event_fields, &error);

		assert_non_null(filter);
		snprintf(event.words, sizeof event.words, "SYN again, 2nd try");
		snprintf(conversation.owner[0].comm, sizeof conversation.owner[0].comm, "curl");
		assert_true(filter_match(
			filter, &context, &row, events_line_fields(), events_line_field_count()));
		snprintf(event.words, sizeof event.words, "1/3");
		snprintf(conversation.owner[0].comm, sizeof conversation.owner[0].comm, "wget");
		assert_false(filter_match(
			filter, &context, &row, events_line_fields(), events_line_field_count()));
		filter_free(filter);
	}
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_all_where_there_is_room),
		cmocka_unit_test(gives_way_in_order),
		cmocka_unit_test(abbreviates_words),
		cmocka_unit_test(folds_what_is_many),
		cmocka_unit_test(keeps_columns_apart),
		cmocka_unit_test(tells_whose_an_event_is),
		cmocka_unit_test(filters_each_event_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
