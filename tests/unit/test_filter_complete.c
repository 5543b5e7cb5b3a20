/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/filter.h>

struct offered {
	char words[8192]; /* each between blanks */
	size_t typed;
};

static void
take(void *context, const char *word, size_t typed)
{
	struct offered *offered = context;
	size_t len = strlen(offered->words);

	snprintf(offered->words + len, sizeof offered->words - len, "%s ", word);
	offered->typed = typed;
}

static void
check(const char *text, const char *word, bool expected, size_t typed)
{
	struct offered offered = {.words = " "};
	char wanted[64];

	snprintf(wanted, sizeof wanted, " %s ", word);
	filter_complete(text, &socket_fields, take, &offered);
	if ((strstr(offered.words, wanted) != NULL) != expected)
		fail_msg("after \"%s\":%s", text, offered.words);
	if (expected)
		assert_int_equal(offered.typed, typed);
}

static void
test_words(void **state)
{
	(void)state;
	check("", "state", true, 0);
	check("", "not", true, 0);
	check("", "and", false, 0);
	check("sta", "state", true, 3);
	check("STA", "state", true, 3);
	check("sta", "rtt_us", false, 0);
	check("state ", "ESTABLISHED", true, 0);
	check("state ", "=", true, 0);
	check("state clos", "CLOSE-WAIT", true, 4);
	check("state close_w", "CLOSE-WAIT", true, 7);
	check("state = ", "LISTEN", true, 0);
	check("state = ", "=", false, 0);
	check("state listen,ti", "TIME-WAIT", true, 2);
	check("state listen ", "and", true, 0);
	check("state listen ", "or", true, 0);
	check("state listen a", "and", true, 1);
	check("state listen and", "and", true, 3);
	check("state listen and ", "port", true, 0);
	check("state listen and ", "and", false, 0);
	check("(sta", "state", true, 3);
	check("not ", "process", true, 0);
	check("rtt ", ">", true, 0);
	check("rtt ", "~", false, 0);
	check("process ", "~", true, 0);
	check("keepalive ", "yes", true, 0);
	check("proto u", "udp", true, 1);
	check("timer = k", "keepalive", true, 1);
	check("nginx ", "and", true, 0);
	check("process \"ngi", "and", false, 0);
}

/* A word that is not whole is no wish for rows that contain it. */
static void
test_partial(void **state)
{
	static const struct {
		const char *text;
		bool partial;
	} cases[] = {
		{"", false},
		{"s", true},
		{"stat", true},
		{"STAT", true},
		{"state", false}, /* whole; a value is missing, which is an error of its own */
		{"state ", false},
		{"state clo", true},
		{"state close", true},
		{"state close-wait", false},
		{"state CLOSE-WAIT", false},
		{"state closing", false},
		{"state listen", false},
		{"state listen,est", true},
		{"state = l", true},
		{"state listen a", true},
		{"state listen and", false},
		{"state listen and sta", true},
		{"not sta", true},
		{"(sta", true},
		{"nginx", false},
		{"ng", false},
		{"\"stat\"", false},
		{"process st", false},
		{"port 44", false},
		{"proto t", true},
		{"proto tcp", false},
	};

	(void)state;
	unit_each (i, cases)
		assert_int_equal(
			filter_is_partial(cases[i].text, &socket_fields), cases[i].partial);
	assert_true(filter_is_partial("kin", &event_fields));
	assert_false(filter_is_partial("kind rst", &event_fields));
}

static void
test_without(void **state)
{
	static const struct {
		const char *text, *rest;
	} cases[] = {
		{"", ""}, {"state listen", ""}, {"not state listen", ""},
		{"(state listen or state close-wait)", ""}, {"state listen,close-wait", ""},
		{"process nginx", "process nginx"},
		{"state close-wait and process nginx", "process nginx"},
		{"process nginx state close-wait", "process nginx"},
		{"process nginx and (state listen or port 22) and st = LISTEN and rtt > 1ms",
			"process nginx and (state listen or port 22) and rtt > 1ms"},
		{"(port 80, 443) and state listen and not user \"a b\"",
			"(port 80, 443) and not user \"a b\""},
		{"process ~ ^(a|b)$ && state listen", "process ~ ^(a|b)$"},
		/* An "or" cannot be taken apart. */
		{"state listen or port 22", "state listen or port 22"}, {"listen", "listen"},
		{"state", "state"}, /* does not parse */
	};
	const struct field *const state_field = field_find(&socket_fields, "state", 5);
	const struct field *const ports[] = {field_find(&socket_fields, "local_port", 10),
		field_find(&socket_fields, "remote_port", 11)};
	char rest[256], small[16];

	(void)state;
	unit_each (i, cases) {
		filter_text_without(
			cases[i].text, &socket_fields, &state_field, 1, rest, sizeof rest);
		assert_string_equal(rest, cases[i].rest);
	}
	/* Both sides of a port. */
	assert_true(filter_text_without(
		"port 443 and lport 1 and user root", &socket_fields, ports, 2, rest, sizeof rest));
	assert_string_equal(rest, "user root");
	assert_true(filter_text_without(
		"port 443 and user root", &socket_fields, ports, 1, rest, sizeof rest));
	assert_string_equal(rest, "port 443 and user root");
	/* What does not fit is cut, and the caller hears of it. */
	assert_false(filter_text_without("state listen and user somebody and user other",
		&socket_fields, &state_field, 1, small, sizeof small));
	assert_string_equal(small, "state listen an");
	/* 15 characters fit, and 16 do not: then it is left as it was. */
	assert_true(filter_text_without("user somebodyxy and state listen", &socket_fields,
		&state_field, 1, small, sizeof small));
	assert_string_equal(small, "user somebodyxy");
	assert_false(filter_text_without("user somebodyxyz and state listen", &socket_fields,
		&state_field, 1, small, sizeof small));
	assert_true(filter_text_without("user a and user bc and state listen", &socket_fields,
		&state_field, 1, rest, sizeof "user a and user bc"));
	assert_string_equal(rest, "user a and user bc");
	assert_false(filter_text_without("user a and user bc and state listen", &socket_fields,
		&state_field, 1, rest, sizeof "user a and user b"));
	/* What does not parse is left, and said so. */
	assert_false(filter_text_without("state", &socket_fields, &state_field, 1, rest, 6));
	assert_string_equal(rest, "state");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
