/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page that is read does not move when facts come or go above the window. */
#include <config.h>

#include <stdlib.h>

#include "tui/detail/detail_place.h"
#include "unit.h"

static struct facts facts;

static void
make(bool has_close, bool has_state)
{
	facts_begin(&facts, 60);
	facts_heading(&facts, "who");
	facts_add(&facts, SEVERITY_INFO, "process", "nginx");
	if (has_close)
		facts_add(&facts, SEVERITY_INFO, "close begun", "by us");
	facts_heading(&facts, "network");
	if (has_state)
		facts_add(&facts, SEVERITY_INFO, "state", "open");
	facts_add(&facts, SEVERITY_INFO, "timer",
		"a long sentence that goes on in a second line because the page is not so wide");
}

/* The text of the line that is at the top after the page was made again. */
static const char *
top_after(size_t top, bool has_close, bool has_state)
{
	struct detail_place place;
	size_t found;

	detail_place_note(&place, &facts, top);
	make(has_close, has_state);
	found = detail_place_find(&place, &facts);
	assert_true(found < facts.count);
	return facts.lines[found].kind == FACTS_MORE ? "more" : facts.lines[found].label;
}

static void
window_stays_on_its_line(void **state)
{
	(void)state;
	make(false, true);
	assert_string_equal(facts.lines[3].label, "network");
	assert_string_equal(top_after(3, true, true), "network");
	assert_string_equal(top_after(4, true, true), "network");
	assert_string_equal(top_after(4, false, true), "network");
	/* A line that goes on belongs to the one with the label. */
	assert_int_equal(facts.lines[6].kind, FACTS_MORE);
	assert_string_equal(top_after(6, true, false), "more");
	make(true, true);
	assert_string_equal(top_after(5, true, false), "timer");
	/* At the very top what comes is seen. */
	make(false, true);
	assert_string_equal(top_after(0, true, true), "who");
}

/* In the segments below the facts the window moves with them. */
static void
segments_stay(void **state)
{
	struct detail_place place;

	(void)state;
	make(false, true);
	detail_place_note(&place, &facts, facts.count + 5);
	make(true, true);
	assert_int_equal(detail_place_find(&place, &facts), facts.count + 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_stays_on_its_line),
		cmocka_unit_test(segments_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
