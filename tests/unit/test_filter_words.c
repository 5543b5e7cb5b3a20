/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bare words, which are looked for in what the columns show: what is remembered is true. */
#include <config.h>

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/model/names.h>

#include "analysis/filter/filter_tree.h"
#include "sockets.h"

static struct model *model;

static int
set_up(void **state)
{
	(void)state;
	model = sockets_model();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	model_free(model);
	return 0;
}

/* Rows of the table that pass, as bits; those columns are shown. */
static unsigned
passes(const char *text, const char *column, bool numeric)
{
	const struct field_context context = {.model = model, .numeric = numeric};
	const struct field *const visible[] = {sockets_field(column)};
	struct filter *const filter = filter_parse(text, &socket_fields, NULL);
	unsigned passed[2] = {0};

	assert_non_null(filter);
	/* The second time out of the cache. */
	for (size_t time = 0; time < 2; time++)
		for (uint32_t id = 0; id < model->sockets.used; id++)
			if (filter_match(filter, &context, socket_table_row(&model->sockets, id),
				    visible, 1))
				passed[time] |= 1U << id;
	assert_int_equal(passed[0], passed[1]);
	filter_free(filter);
	return passed[0];
}

/* Numbers that share a place of the cache are told apart. */
static void
test_numbers(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 4; i++)
		sockets_add(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "10.0.0.1",
			(uint16_t)(7 + i % 2 * FILTER_CACHE_SLOTS), "10.0.0.2", 1);
	assert_int_equal(passes("7", "local_port", true), 1 << 0 | 1 << 2);
	assert_int_equal(passes("1031", "local_port", true), 1 << 1 | 1 << 3);
	assert_int_equal(passes("9", "local_port", true), 0);
	assert_int_equal(passes("nginx", "local_port", true), 0);
}

/* An age that is known and one that is at least as long look different. */
static void
test_at_least(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct socket_row *const row =
			sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);

		row->first_ms = 0;
		if (i % 2 == 0)
			row->flags |= SOCKET_BIRTH_SEEN;
	}
	assert_int_equal(passes("\">10m\"", "age", true), 1 << 1 | 1 << 3);
	assert_int_equal(passes("10m", "age", true), 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3);
}

/* A host is found by its name and by its address, whichever is shown, and by its zone. */
static void
test_hosts(void **state)
{
	const struct message_name name = {.address = sockets_address("10.1.2.3"),
		.name = text_of("db.example"),
		.status = NAME_FOUND,
		.ttl_s = 600};

	(void)state;
	names_take(model->own->names, &name, model->now_ns);
	assert_int_equal(map_set(&model->links, 3, intern_add(model->texts, text_of("eth0"))), 0);
	sockets_connection(model, TCP_STATE_ESTABLISHED, "10.1.2.3", 5432);
	sockets_connection(model, TCP_STATE_ESTABLISHED, "10.1.2.4", 5432);
	sockets_add(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "fe80::1", 1, "fe80::2", 443)
		->ifindex = 3;
	for (int numeric = 0; numeric < 2; numeric++) {
		assert_int_equal(passes("10.1.2.3", "remote", numeric != 0), 1 << 0);
		assert_int_equal(passes("10.1.2.", "remote", numeric != 0), 1 << 0 | 1 << 1);
		assert_int_equal(passes("eth0", "remote", numeric != 0), 1 << 2);
		assert_int_equal(passes("ETH", "remote", numeric != 0), 1 << 2);
		assert_int_equal(passes("fe80::2", "remote", numeric != 0), 1 << 2);
		assert_int_equal(passes("wlan0", "remote", numeric != 0), 0);
	}
	assert_int_equal(passes("db.example", "remote", false), 1 << 0);
	assert_int_equal(passes("db.example", "remote", true), 0);
}

/* Truths and numbers are not searched for words that they cannot have. */
static void
test_kinds(void **state)
{
	struct socket_row *const row =
		sockets_connection(model, TCP_STATE_ESTABLISHED, "10.0.0.2", 1);

	(void)state;
	row->has |= SOCKET_HAS_KEEPALIVE;
	assert_int_equal(passes("no", "keepalive", true), 0);
	assert_int_equal(passes("tab", "state", true), 1);
	assert_int_equal(passes("tab", "local_port", true), 0);
}

/* A regular expression has a bound. */
static void
test_pattern(void **state)
{
	char text[16 + FILTER_PATTERN_MAX + 2] = "process ~ ";
	struct filter *filter;
	struct error error;

	(void)state;
	memset(text + 10, 'a', FILTER_PATTERN_MAX);
	filter = filter_parse(text, &socket_fields, &error);
	assert_non_null(filter);
	filter_free(filter);
	text[10 + FILTER_PATTERN_MAX] = 'a';
	assert_null(filter_parse(text, &socket_fields, &error));
	assert_int_equal(error.position, 10);
	assert_non_null(strstr(error.text, "at most 1024 bytes long"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_at_least, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hosts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
		cmocka_unit_test(test_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
