/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <locale.h>
#include <string.h>

#include "analysis/explain/diagram.h"
#include "unit.h"

#define S(name) TCP_STATE_##name

enum { WIDTH = 80, PATH_MAX_STATES = 8 };

/* The states of one side, and its diagram line by line, without times. */
struct course {
	uint8_t states[PATH_MAX_STATES]; /* until 0 */
	const char *why;
	bool over;
	const char *lines[2 * DIAGRAM_STEPS]; /* until NULL */
};

static const struct course courses[] = {
	{{S(CLOSED), S(SYN_SENT), S(ESTABLISHED), S(FIN_WAIT_1), S(FIN_WAIT_2), S(TIME_WAIT),
		 S(CLOSED)},
		NULL, true,
		{" us", " * CLOSED", " | sent SYN", " * SYN-SENT", " | got SYN-ACK, sent ACK",
			" * ESTABLISHED", " | sent FIN", " * FIN-WAIT-1", " | got ACK of FIN",
			" * FIN-WAIT-2", " | got FIN, sent ACK", " * TIME-WAIT", " | waited 60 s",
			" >  CLOSED"}},
	{{S(CLOSED), S(LISTEN), S(SYN_RECEIVED), S(ESTABLISHED), S(CLOSE_WAIT), S(LAST_ACK),
		 S(CLOSED)},
		NULL, true,
		{" us", " * CLOSED", " | listens", " * LISTEN", " | got SYN, sent SYN-ACK",
			" * SYN-RECEIVED", " | got ACK", " * ESTABLISHED", " | got FIN, sent ACK",
			" * CLOSE-WAIT", " | sent FIN", " * LAST-ACK", " | got ACK of FIN",
			" >  CLOSED"}},
	/* Simultaneous open and close. */
	{{S(CLOSED), S(SYN_SENT), S(SYN_RECEIVED), S(ESTABLISHED), S(FIN_WAIT_1), S(CLOSING),
		 S(TIME_WAIT)},
		NULL, true,
		{" us", " * CLOSED", " | sent SYN", " * SYN-SENT", " | got SYN, sent SYN-ACK",
			" * SYN-RECEIVED", " | got ACK", " * ESTABLISHED", " | sent FIN",
			" * FIN-WAIT-1", " | got FIN, sent ACK", " * CLOSING", " | got ACK of FIN",
			" >  TIME-WAIT"}},
	/* A server that opens actively. */
	{{S(LISTEN), S(SYN_SENT), S(ESTABLISHED)}, NULL, true,
		{" us", " * LISTEN", " | sent SYN", " * SYN-SENT", " | got SYN-ACK, sent ACK",
			" >  ESTABLISHED"}},
	{{S(CLOSED), S(SYN_SENT), S(CLOSED)}, "got RST: refused", true,
		{" us", " * CLOSED", " | sent SYN", " * SYN-SENT", " | got RST: refused",
			" >  CLOSED"}},
	{{S(CLOSED), S(SYN_SENT), S(CLOSED)}, "no answer came", true,
		{" us", " * CLOSED", " | sent SYN", " * SYN-SENT", " | no answer came",
			" >  CLOSED"}},
	{{S(LISTEN), S(SYN_RECEIVED), S(LISTEN)}, "got RST", true,
		{" us", " * LISTEN", " | got SYN, sent SYN-ACK", " * SYN-RECEIVED", " | got RST",
			" >  LISTEN"}},
	{{S(CLOSED), S(SYN_SENT), S(ESTABLISHED), S(CLOSED)}, "got RST", true,
		{" us", " * CLOSED", " | sent SYN", " * SYN-SENT", " | got SYN-ACK, sent ACK",
			" * ESTABLISHED", " | got RST", " >  CLOSED"}},
	/* Closed before it was established; FIN and ACK in one segment. */
	{{S(LISTEN), S(SYN_RECEIVED), S(FIN_WAIT_1), S(TIME_WAIT)}, NULL, false,
		{" us", " * LISTEN", " | got SYN, sent SYN-ACK", " * SYN-RECEIVED", " | sent FIN",
			" * FIN-WAIT-1", " | got FIN and ACK", " >  TIME-WAIT", " :", " o CLOSED"}},
	{{S(LISTEN)}, NULL, true, {" us", " >  LISTEN"}},
	/* What the wire did not show. */
	{{S(ESTABLISHED), S(LAST_ACK)}, NULL, false,
		{" us", " * ESTABLISHED", " | not seen", " >  LAST-ACK", " :", " o CLOSED"}},
	/* Where the two closes part. */
	{{S(SYN_SENT)}, NULL, false,
		{" us", " >  SYN-SENT", " :", " o ESTABLISHED", " : sends FIN    : gets FIN",
			" o FIN-WAIT-1   o CLOSE-WAIT",
			" :              :", " o FIN-WAIT-2   o LAST-ACK",
			" :              :", " o TIME-WAIT    o CLOSED", " :", " o CLOSED"}},
};

static size_t
make(const struct course *course, bool ascii, struct strip *lines)
{
	struct diagram diagram = {
		.sides[0] = {.title = "us", .why = course->why, .over = course->over}};

	for (size_t i = 0; i < PATH_MAX_STATES && course->states[i] != 0; i++)
		diagram_enter(&diagram.sides[0], (enum tcp_state)course->states[i], 0);
	return diagram_make(&diagram, WIDTH, ascii, lines);
}

/* Without the blanks of the empty column beside it. */
static void
check_line(const struct strip *line, const char *expected)
{
	size_t len = line->len;

	while (len > 0 && line->text[len - 1] == ' ')
		len--;
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(line->text, expected, len);
	assert_true(line->columns <= WIDTH);
}

static void
draws_every_way(void **state)
{
	struct strip lines[DIAGRAM_LINES];

	(void)state;
	for (size_t i = 0; i < sizeof courses / sizeof courses[0]; i++) {
		const size_t count = make(&courses[i], true, lines);
		size_t line = 0;

		for (; courses[i].lines[line] != NULL; line++) {
			assert_true(line < count);
			check_line(&lines[line], courses[i].lines[line]);
		}
		assert_int_equal(count, line);
	}
}

static void
draws_it_in_utf8(void **state)
{
	struct strip lines[DIAGRAM_LINES];

	(void)state;
	make(&courses[0], false, lines);
	check_line(&lines[1], " ● CLOSED");
	check_line(&lines[2], " │ sent SYN");
	check_line(&lines[13], " ▶  CLOSED");
}

static void
marks_where_it_stands(void **state)
{
	struct strip lines[DIAGRAM_LINES];
	size_t marked = 0;
	const size_t count = make(&courses[3], true, lines);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t part = 0; part < lines[i].count; part++) {
			if (lines[i].parts[part].meaning == MEANING_HERE) {
				marked++;
				assert_non_null(strstr(lines[i].text, "ESTABLISHED"));
			}
		}
	}
	assert_int_equal(marked, 1);
}

static void
times_are_shown(void **state)
{
	struct diagram diagram = {.begin_ns = 1000000000, .now_ns = 4000000000};
	struct strip lines[DIAGRAM_LINES];

	(void)state;
	diagram_enter(&diagram.sides[0], TCP_STATE_CLOSED, 0);
	diagram_enter(&diagram.sides[0], TCP_STATE_SYN_SENT, 1000000000);
	diagram_enter(&diagram.sides[0], TCP_STATE_SYN_SENT, 2000000000);
	diagram_enter(&diagram.sides[0], TCP_STATE_ESTABLISHED, 1012345678);
	diagram_enter(&diagram.sides[1], TCP_STATE_LISTEN, 0);
	diagram_enter(&diagram.sides[1], TCP_STATE_SYN_RECEIVED, 1000085000);
	diagram_make(&diagram, WIDTH, true, lines);
	check_line(&lines[1], " * CLOSED                               * LISTEN");
	check_line(&lines[3],
		" * SYN-SENT      +0 us                  >  SYN-RECEIVED  +85 us  for 2.9 s");
	assert_non_null(strstr(lines[5].text, " >  ESTABLISHED  +12.3 ms  for 2.9 s"));
}

static void
unknown_side_is_noted(void **state)
{
	struct diagram diagram = {.sides = {{.title = "us"}, {.title = "peer"}}};
	struct strip lines[DIAGRAM_LINES];

	(void)state;
	diagram_enter(&diagram.sides[0], TCP_STATE_ESTABLISHED, 0);
	diagram_make(&diagram, WIDTH, true, lines);
	check_line(&lines[0], " us                                     peer: not seen");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_every_way),
		cmocka_unit_test(draws_it_in_utf8),
		cmocka_unit_test(marks_where_it_stands),
		cmocka_unit_test(times_are_shown),
		cmocka_unit_test(unknown_side_is_noted),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
