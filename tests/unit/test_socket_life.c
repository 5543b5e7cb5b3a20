/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <string.h>

#include <sockwatch/analysis/field.h>

#include "feed.h"
#include "model/wire/wire_input.h"
#include "unit.h"

#include "segments.h"

enum { CLIENT_COOKIE = 1, SERVER_COOKIE = 2 };

/* Both ends are on this box. */
static struct feed
feed_lines(const struct line *lines, size_t count)
{
	const struct feed_socket sockets[] = {
		{.cookie = CLIENT_COOKIE,
			.state = 1,
			.local = "192.0.2.1",
			.remote = "198.51.100.2",
			.local_port = CLIENT_PORT,
			.remote_port = SERVER_PORT,
			.inode = 101},
		{.cookie = SERVER_COOKIE,
			.state = 1,
			.local = "198.51.100.2",
			.remote = "192.0.2.1",
			.local_port = SERVER_PORT,
			.remote_port = CLIENT_PORT,
			.inode = 102},
	};
	struct feed feed = feed_new();

	feed_snapshot(&feed, true, sockets, 2);
	for (size_t i = 0; i < count; i++) {
		struct segment segment = segment_of(&lines[i]);

		segment.netns = FEED_NETNS;
		wire_segment(feed.model->wire, &segment);
	}
	return feed;
}

static void
check(const struct feed *feed, uint64_t cookie, const char *name, const char *expected)
{
	const struct field *const field = field_find(&socket_fields, name, strlen(name));
	const struct field_context context = {.model = feed->model};
	struct value value;
	char text[64] = "";

	assert_non_null(field);
	field_get(field, &context, feed_row(feed, cookie), &value);
	if (value.kind != VALUE_UNKNOWN)
		value_format(&context, &value, text, sizeof text);
	assert_string_equal(text, expected);
}

static void
test_orderly(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "", {0}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "", {0}},
		{12, 0, A, 1, 1, 0, EVENT_HANDSHAKE_DONE, "", {0}},
		{20, 1, F | A, 1, 1, 0, EVENT_FIN, "", {0}},
		{21, 0, F | A, 1, 2, 0, EVENT_FIN_ACK, "", {0}},
	};
	struct feed feed = feed_lines(lines, 3);

	(void)state;
	check(&feed, CLIENT_COOKIE, "handshake_us", "10000");
	check(&feed, SERVER_COOKIE, "handshake_us", "12000");
	check(&feed, CLIENT_COOKIE, "opened_by", "us");
	check(&feed, SERVER_COOKIE, "opened_by", "peer");
	check(&feed, CLIENT_COOKIE, "closed_by", "");
	check(&feed, CLIENT_COOKIE, "close_reason", "");
	feed_free(&feed);
	feed = feed_lines(lines, 5);
	check(&feed, CLIENT_COOKIE, "closed_by", "peer");
	check(&feed, SERVER_COOKIE, "closed_by", "us");
	check(&feed, SERVER_COOKIE, "close_reason", "closed");
	feed_free(&feed);
}

static void
test_reset(void **state)
{
	static const struct line lines[] = {
		{0, 0, S, 0, 0, 0, EVENT_SYN, "", {0}},
		{10, 1, S | A, 0, 1, 0, EVENT_SYN_ACK, "", {0}},
		{12, 0, R | A, 1, 1, 0, EVENT_RST, "", {0}},
	};
	struct feed feed = feed_lines(lines, 3);

	(void)state;
	check(&feed, CLIENT_COOKIE, "closed_by", "us");
	check(&feed, SERVER_COOKIE, "closed_by", "peer");
	check(&feed, SERVER_COOKIE, "close_reason", "reset");
	check(&feed, SERVER_COOKIE, "handshake_us", "");
	feed_free(&feed);
}

/* First seen when it stood: who opened it is not known. */
static void
test_unknown(void **state)
{
	static const struct line lines[] = {{0, 0, P | A, 1, 1, 10, EVENT_DATA, "", {0}}};
	struct feed feed = feed_lines(lines, 0);

	(void)state;
	check(&feed, CLIENT_COOKIE, "opened_by", "");
	feed_free(&feed);
	feed = feed_lines(lines, 1);
	check(&feed, CLIENT_COOKIE, "opened_by", "");
	check(&feed, CLIENT_COOKIE, "closed_by", "");
	check(&feed, CLIENT_COOKIE, "handshake_us", "");
	feed_free(&feed);
}

/* The last name of a congestion control is kept beside the table of texts: names that differ only
 * where it ends are two, and so are those that do not fit. */
static void
test_congestion_names(void **state)
{
	static const char *const names[] = {"c23456789012345", "c23456789012345",
		"c234567890123456", "c23456789012345", "c2345678901234567", "c234567890123456",
		"c2345678901234"};
	struct feed feed = feed_new();
	struct feed_socket sockets[UNIT_COUNT_OF(names)];

	(void)state;
	unit_each (i, names)
		sockets[i] = (struct feed_socket){.cookie = i + 1,
			.state = 1,
			.local = "10.0.0.1",
			.remote = "10.0.0.2",
			.local_port = 443,
			.remote_port = (uint16_t)(1000 + i),
			.info_len = 280,
			.congestion = names[i]};
	feed_snapshot(&feed, true, sockets, UNIT_COUNT_OF(names));
	unit_each (i, names)
		assert_string_equal(
			model_text(feed.model, feed_row(&feed, i + 1)->congestion), names[i]);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orderly),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_congestion_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
