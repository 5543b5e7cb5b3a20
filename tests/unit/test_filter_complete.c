/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
