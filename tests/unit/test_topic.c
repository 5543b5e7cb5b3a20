/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help that teaches: every word has its texts, and is found as people write it. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/topic/topic.h>
#include <sockwatch/model/tcp_state.h>

#include "analysis/topic/topic_tables.h"
#include "unit.h"

static struct topic topic;

/* The text of a part of the topic; NULL: it has none of this label. */
static const char *
part(const char *label)
{
	for (size_t i = 0; i < topic.count; i++) {
		if (strcmp(topic.parts[i].label, label) == 0)
			return topic.parts[i].text;
	}
	return NULL;
}

/* NULL is not looked at. */
static void
assert_part(const char *word, const char *label, const char *text)
{
	if (text == NULL)
		return;
	assert_row(word, part(label) != NULL);
	assert_string_equal(part(label), text);
}

static void
every_state_has_three_parts(void **state)
{
	(void)state;
	for (int tcp = TCP_STATE_UNKNOWN + 1; tcp < TCP_STATE_COUNT; tcp++) {
		const char *const name = tcp_state_name((enum tcp_state)tcp);

		assert_row(name, topic_find(TOPIC_STATE, name, &topic));
		assert_string_equal(topic.name, name);
		assert_row(name, topic.count == 3);
	}
}

/* A part stands behind a label: it begins small unless it is a name, and has no full stop. */
static void
check_parts(enum topic_kind kind)
{
	for (size_t i = 0; topic_at(kind, i, &topic); i++) {
		for (size_t k = 0; k < topic.count; k++) {
			const char *const text = topic.parts[k].text;
			const size_t len = strlen(text);

			assert_row(topic.name, len > 0 && len + 1 < TOPIC_TEXT_SIZE);
			assert_row(topic.name, text[len - 1] != ' ');
			if (kind != TOPIC_RULE)
				assert_row(topic.name, text[len - 1] != '.');
			assert_row(topic.name, strpbrk(text, "{}\n\t") == NULL);
		}
	}
}

static void
parts_are_whole(void **state)
{
	(void)state;
	for (int kind = 0; kind < TOPIC_KIND_COUNT; kind++)
		check_parts((enum topic_kind)kind);
	for (size_t i = 0; topic_at(TOPIC_COUNTER, i, &topic); i++)
		assert_row(topic.name, topic.count == 3);
	for (size_t i = 0; topic_at(TOPIC_RULE, i, &topic); i++)
		assert_row(topic.name, topic.count == 3);
}

static void
every_extra_word_is_of_a_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < topic_field_count; i++) {
		const char *const name = topic_fields[i].name;

		assert_row(name, topic_find(TOPIC_FIELD, name, &topic));
		assert_string_equal(topic.name, name);
		assert_row(name, part("normal") != NULL && part("if not") != NULL);
	}
}

/* What the field's own row says: the heading, the kernel's name for it, the unit, the values. */
static void
fields_are_explained_by_their_rows(void **state)
{
	static const struct {
		const char *word, *heading, *what, *from, *unit, *values;
	} cases[] = {
		{"rtt_us", "RTT", "smoothed round trip time", "tcpi_rtt",
			"microseconds, shown as us, ms or s", NULL},
		{"recv_q", "RECV-Q", "bytes received and not yet read; of UDP the buffer in use",
			"idiag_rqueue", "bytes; k, M, G are powers of 1024", NULL},
		{"scope", "OF", NULL, NULL, NULL, "netns machine"},
		{"process", "PROGRAM", "name of that process", "/proc/PID/comm", NULL, NULL},
		{"cmdline", "COMMAND", NULL, "/proc/PID/cmdline", NULL, NULL},
		{"handshake_us", "SHAKE", NULL, "captured packets: SYN, FIN and RST",
			"microseconds, shown as us, ms or s", NULL},
		{"service", "SERVICE", "name of the well-known port, from /etc/services", NULL,
			NULL, NULL},
		{"ports_used", "USED", NULL, NULL, NULL, NULL},
	};

	(void)state;
	unit_each (i, cases) {
		assert_row(cases[i].word, topic_find(TOPIC_FIELD, cases[i].word, &topic));
		assert_string_equal(topic.heading, cases[i].heading);
		assert_part(cases[i].word, "what it is", cases[i].what);
		assert_part(cases[i].word, "from", cases[i].from);
		assert_part(cases[i].word, "unit", cases[i].unit);
		assert_part(cases[i].word, "values", cases[i].values);
	}
}

static bool
ends(const char *text, const char *end)
{
	const size_t len = strlen(text), tail = strlen(end);

	return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* Every field fits: nothing is left out for lack of parts, no bracket is torn. */
static void
every_field_fits(void **state)
{
	(void)state;
	for (size_t i = 0; topic_at(TOPIC_FIELD, i, &topic); i++) {
		const char *const what = part("what it is");

		assert_row(topic.name,
			what != NULL && !ends(what, " ") && (!ends(what, ")") || ends(what, "()")));
		assert_row(topic.name, topic.count < TOPIC_PARTS || part("if not") != NULL);
	}
}

static void
words_are_found_as_people_write_them(void **state)
{
	static const struct {
		enum topic_kind kind;
		const char *word, *name; /* NULL: not found */
	} cases[] = {
		{TOPIC_STATE, "close-wait", "CLOSE-WAIT"},
		{TOPIC_STATE, "CLOSE_WAIT", "CLOSE-WAIT"},
		{TOPIC_STATE, "estab", "ESTABLISHED"},
		{TOPIC_STATE, "fin_wait2", "FIN-WAIT-2"},
		{TOPIC_STATE, "syn_recv", "SYN-RECEIVED"},
		{TOPIC_STATE, "unconn", "UNCONN"},
		{TOPIC_STATE, "connected", NULL},
		{TOPIC_STATE, "", NULL},
		{TOPIC_RULE, "close-wait", "close-wait"},
		{TOPIC_RULE, "Accept-Queue", "accept-queue"},
		{TOPIC_RULE, "close_wait", "close-wait"},
		{TOPIC_RULE, "accept", NULL},
		{TOPIC_COUNTER, "TcpExt.ListenDrops", "TcpExt.ListenDrops"},
		{TOPIC_COUNTER, "TcpExtListenDrops", "TcpExt.ListenDrops"},
		{TOPIC_COUNTER, "listendrops", "TcpExt.ListenDrops"},
		{TOPIC_COUNTER, "InErrors", "Udp.InErrors"},
		{TOPIC_COUNTER, "Udp6InErrors", "Udp6InErrors"},
		{TOPIC_COUNTER, "TcpExt", NULL},
		{TOPIC_FIELD, "recv_q", "recv_q"},
		{TOPIC_FIELD, "RTT", "rtt_us"},
		{TOPIC_FIELD, "loss", "loss_pct"},
		{TOPIC_FIELD, "nothing", NULL},
	};

	(void)state;
	unit_each (i, cases) {
		const bool is_found = topic_find(cases[i].kind, cases[i].word, &topic);

		assert_int_equal(is_found, cases[i].name != NULL);
		if (!is_found)
			continue;
		assert_int_equal(topic.kind, cases[i].kind);
		assert_string_equal(topic.name, cases[i].name);
	}
}

static void
misspelt_words_have_a_neighbour(void **state)
{
	static const struct {
		const char *word, *name;
	} cases[] = {
		{"clsoe-wait", "CLOSE-WAIT"},
		{"ListenDrop", "TcpExt.ListenDrops"},
		{"tcpext.listendrosp", "TcpExt.ListenDrops"},
		{"acept-queue", "accept-queue"},
		{"congeston", "congestion"},
		{"xyzzyplugh", NULL},
		{"", NULL},
	};

	(void)state;
	unit_each (i, cases) {
		const char *const name = topic_suggest(cases[i].word);

		if (cases[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, cases[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_three_parts),
		cmocka_unit_test(parts_are_whole),
		cmocka_unit_test(every_extra_word_is_of_a_field),
		cmocka_unit_test(fields_are_explained_by_their_rows),
		cmocka_unit_test(every_field_fits),
		cmocka_unit_test(words_are_found_as_people_write_them),
		cmocka_unit_test(misspelt_words_have_a_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
