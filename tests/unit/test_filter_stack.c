/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>

#include "tui/table/filter_stack.h"
#include "unit.h"

static void
joins_terms(void **state)
{
	struct filter_stack filters = {.count = 0};
	char text[FILTERS_TEXT_SIZE];

	(void)state;
	assert_string_equal(filter_stack_join(&filters, text, sizeof text), "");
	assert_int_equal(filter_stack_set(&filters, "port 1 or port 2"), 0);
	assert_string_equal(filter_stack_join(&filters, text, sizeof text), "port 1 or port 2");
	assert_int_equal(filter_stack_push(&filters, "state listen"), 0);
	assert_int_equal(filter_stack_push(&filters, "user root"), 0);
	assert_string_equal(filter_stack_join(&filters, text, sizeof text),
		"(port 1 or port 2) and state listen and user root");
	filter_stack_set(&filters, "port 443 and not user oracle");
	filter_stack_push(&filters, "state listen");
	assert_string_equal(filter_stack_join(&filters, text, sizeof text),
		"port 443 and not user oracle and state listen");
	filter_stack_set(&filters, "(a)OR(b)");
	filter_stack_push(&filters, "c||d");
	assert_string_equal(
		filter_stack_join(&filters, text, sizeof text), "((a)OR(b)) and (c||d)");
	filter_stack_set(&filters, "port 1 or port 2");
	filter_stack_push(&filters, "state listen");
	filter_stack_push(&filters, "user root");
	/* The same filter twice is kept once. */
	assert_int_equal(filter_stack_push(&filters, "user root"), 0);
	assert_int_equal(filters.count, 3);
	filter_stack_fini(&filters);
}

static void
takes_the_last_away(void **state)
{
	struct filter_stack filters = {.count = 0};
	char text[FILTERS_TEXT_SIZE];

	(void)state;
	filter_stack_push(&filters, "a");
	filter_stack_push(&filters, "b");
	assert_true(filter_stack_pop(&filters));
	assert_string_equal(filter_stack_join(&filters, text, sizeof text), "a");
	assert_true(filter_stack_pop(&filters));
	assert_false(filter_stack_pop(&filters));
	assert_int_equal(filter_stack_set(&filters, "  "), 0);
	assert_int_equal(filters.count, 0);
	filter_stack_fini(&filters);
}

static void
is_bounded(void **state)
{
	struct filter_stack filters = {.count = 0};
	char term[16] = "aa";

	(void)state;
	for (int i = 0; i < FILTERS_TERMS_MAX; i++) {
		term[0] = (char)('a' + i);
		assert_int_equal(filter_stack_push(&filters, term), 0);
	}
	assert_int_equal(filter_stack_push(&filters, "more"), -ENOSPC);
	filter_stack_fini(&filters);
}

static void
quotes_values(void **state)
{
	static const struct {
		const char *value, *term;
	} cases[] = {
		{"nginx", "process nginx"},
		{"10.0.0.1", "process 10.0.0.1"},
		{"2001:db8::1", "process 2001:db8::1"},
		{"Web Content", "process \"Web Content\""},
		{"a\"b\\c", "process \"a\\\"b\\\\c\""},
		{"(sd-pam)", "process \"(sd-pam)\""},
		{"a) or (b", "process \"a) or (b\""},
		{"?[2J\"x", "process \"?[2J\\\"x\""},
		{"\n\t\x7f\xff", "process \"\\n\\t\\x7f\\xff\""},
		{"and", "process \"and\""},
		{"", "process \"\""},
	};
	char term[128];

	(void)state;
	unit_each (i, cases) {
		struct filter *filter;

		assert_string_equal(filter_stack_term("process", cases[i].value, term, sizeof term),
			cases[i].term);
		filter = filter_parse(term, &socket_fields, NULL);
		assert_non_null(filter);
		filter_free(filter);
	}
	assert_string_equal(filter_stack_term("process", "too long for it", term, 16), "");
}

static void
takes_out_a_field(void **state)
{
	const struct field *const field = field_find(&socket_fields, "state", 5);
	struct filter_stack filters = {.count = 0}, rest = {.count = 0};

	(void)state;
	filter_stack_push(&filters, "state close-wait and user root");
	filter_stack_push(&filters, "state listen");
	filter_stack_push(&filters, "port 22 or port 23");
	assert_true(filter_stack_without(&filters, &socket_fields, &field, 1, &rest));
	assert_int_equal(rest.count, 2);
	assert_string_equal(rest.terms[0], "user root");
	assert_string_equal(rest.terms[1], "port 22 or port 23");
	filter_stack_fini(&filters);
	assert_false(filter_stack_without(&rest, &socket_fields, &field, 1, &filters));
	assert_int_equal(filters.count, 2);
	filter_stack_fini(&filters);
	filter_stack_fini(&rest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_terms),
		cmocka_unit_test(takes_the_last_away),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(quotes_values),
		cmocka_unit_test(takes_out_a_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
