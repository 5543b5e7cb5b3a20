/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Made-up paths, the same each time: with loss, jitter, routers that answer seldom or not at all,
 * parallel ways, changes, errors, small MTUs, and targets that answer in each way. Reports, fields
 * and sentences are compared as text.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/explain_path.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_delay.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/report/path_report.h>

#include "page_text.h"
#include "path_lab.h"
#include "unit.h"

enum { PATHS = 36, CYCLES = 24 };

/* What is special about a path, by its number. */
struct made {
	struct lab lab;
	unsigned number, cycle;
	uint64_t seed;
	uint8_t routers, flows;
};

static unsigned
dice(struct made *made, unsigned faces)
{
	made->seed = made->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(made->seed >> 33) % faces;
}

static void
answer_last(struct made *made, uint32_t sequence, uint64_t us)
{
	static const struct {
		uint8_t kind, type, code;
	} ways[] = {{PROBE_ANSWER_ECHO, 0, 0}, {PROBE_ANSWER_CONNECTED, 0, 0},
		{PROBE_ANSWER_REFUSED, 0, 0}, {PROBE_ANSWER_UDP, 0, 0}, {PROBE_ANSWER_ICMP, 3, 3},
		{PROBE_ANSWER_ICMP, 3, 13}};
	struct message_probe_answer answer = answer_of(&made->lab, sequence, us);

	answer.kind = ways[made->number % 6].kind;
	answer.icmp_type = ways[made->number % 6].type;
	answer.icmp_code = ways[made->number % 6].code;
	answer.from = target;
	answer.ttl = (uint8_t)(64 - made->routers - (made->number % 5 == 4 ? 9 : 0));
	answer.kernel_stamp = made->number % 2 == 0;
	path_on_answer(made->lab.table, &answer);
}

static void
answer_hop(struct made *made, uint32_t sequence, uint8_t ttl, uint8_t way, uint64_t us)
{
	struct message_probe_answer answer = answer_of(&made->lab, sequence, us);

	answer.from = router(ttl, way);
	answer.ttl = (uint8_t)(64 - ttl);
	if (made->number % 9 == 5 && ttl == made->routers) {
		answer.icmp_type = 3;
		answer.icmp_code = made->number % 2 != 0 ? 4 : 1;
		answer.info = 1400;
	}
	path_on_answer(made->lab.table, &answer);
	if (made->number % 10 == 7 && ttl == 2 && made->cycle % 4 == 0)
		path_on_answer(made->lab.table, &answer); /* twice */
}

static bool
is_lost(struct made *made, uint8_t ttl)
{
	switch (made->number % 8) {
	case 1: return ttl == 2 && dice(made, 3) != 0;      /* answers seldom */
	case 2: return ttl == 3;                            /* never answers */
	case 3: return ttl >= 3 && dice(made, 10) == 0;     /* loses from there on */
	case 4: return ttl > made->routers;                 /* a silent target */
	case 5: return made->cycle > CYCLES / 2 && ttl > 2; /* breaks off */
	case 6: return dice(made, 25) == 0;
	default: return false;
	}
}

static void
probe(struct made *made, uint8_t ttl, uint8_t flow)
{
	const bool has_changed = made->number % 7 == 3 && made->cycle > CYCLES / 3;
	const uint8_t way = (uint8_t)(made->number % 4 == 2 ? flow : has_changed && ttl == 2);
	const unsigned jitter = made->number % 5 == 1 ? 20000 : 200;
	const uint32_t sequence = send_probe(&made->lab, ttl, flow);
	uint64_t us = ttl * 300u + dice(made, jitter);

	if (made->number % 6 == 2 && ttl >= 3)
		us += 60000;
	if (is_lost(made, ttl))
		return;
	if (ttl <= made->routers)
		answer_hop(made, sequence, ttl, way, us);
	else
		answer_last(made, sequence, us);
}

static void
make(struct made *made, unsigned number)
{
	struct message_probe_state state = {
		.id = ID, .running = 1, .method = (uint8_t)(number % 3)};

	*made = (struct made){.lab = make_lab_by((enum probe_protocol)(number % 3)),
		.number = number,
		.seed = number * UINT64_C(104729) + 11,
		.routers = (uint8_t)(3 + number % 5),
		.flows = number % 4 == 2 ? 2 : 1};
	path_on_state(made->lab.table, &state, made->lab.now_ns);
	for (made->cycle = 1; made->cycle <= CYCLES; made->cycle++) {
		for (uint8_t ttl = 1; ttl <= made->routers + 1; ttl++)
			for (uint8_t flow = 0; flow < made->flows; flow++)
				probe(made, ttl, flow);
		pass(&made->lab, TIMEOUT_MS + 1);
	}
	if (number % 12 == 11) {
		state.running = 0;
		state.error = 101;
		state.text = text_of("there is no route");
		path_on_state(made->lab.table, &state, made->lab.now_ns);
	}
}

static void
print_fields(const struct path *path, struct buffer *out)
{
	static const struct model *const none;
	const struct field_context context = {.model = none};

	for (unsigned i = 0; i < path->hop_count; i++) {
		static struct hop_row row;
		char words[256];

		hop_row_fill(&row, path, &path->hops[i], NULL, NULL);
		buffer_append_format(out, "hop %u%s:", path->hops[i].ttl,
			hop_row_is_beyond(path, &path->hops[i]) ? " (beyond)" : "");
		for (size_t k = 0; k < hop_fields.count; k++)
			page_text_field(&hop_fields.fields[k], &context, &row, out);
		hop_row_words(&row, words, sizeof words);
		buffer_append_format(out, " | %s\n", words);
	}
}

static void
print_words(const struct path *path, struct buffer *out)
{
	static const double kernel_us[] = {(double)NAN, 900, 70000};
	char text[1024];
	struct path_delay delay;

	for (unsigned i = 0; i < PATH_NOTE_COUNT; i++)
		if (path_note(path, (enum path_note)i, text, sizeof text) != 0)
			buffer_append_format(out, "note %u: %s\n", i, text);
	for (uint32_t i = 0; i < path_changes_kept(path); i++) {
		path_change_format(path, i, text, sizeof text);
		buffer_append_format(out, "change: %s\n", text);
	}
	path_verdict(path, text, sizeof text);
	buffer_append_format(out, "verdict: %s; blocked %d, answers %d\n", text,
		path_is_blocked(path), (int)path_answer_at_end(path));
	for (unsigned i = 0; i < UNIT_COUNT_OF(kernel_us); i++) {
		const struct path_rtts rtts = {.kernel_us = kernel_us[i],
			.handshake_us = i == 1 ? 1000 : (double)NAN,
			.has_handshake = i != 0};
		const enum path_mood mood = explain_path_verdict(path, &rtts, text, sizeof text);

		buffer_append_format(out, "beside the kernel's time: %d %s\n", (int)mood, text);
	}
	if (path_delay(path, &delay))
		buffer_append_format(out, "delay before hop %u: %u of %u us%s\n", delay.hop->ttl,
			(unsigned)delay.step_us, (unsigned)delay.total_us,
			delay.is_step ? ", at once" : "");
}

static void
test_paths(void **state)
{
	const struct path_report report = {.target = "10.9.9.9", .host = "box"};
	struct buffer out = {0};

	(void)state;
	for (unsigned i = 0; i < PATHS; i++) {
		struct made made;

		make(&made, i);
		buffer_append_format(&out, "== path %u\n", i);
		path_report_text(&report, made.lab.path, &out);
		print_fields(made.lab.path, &out);
		print_words(made.lab.path, &out);
		if (i % 6 == 0 || i % 9 == 5)
			assert_int_equal(path_report_json(&report, made.lab.path, &out), 0);
		path_table_free(made.lab.table);
	}
	compare("made-paths", &out);
	buffer_fini(&out);
}

/* Names of many widths, one of wide characters. */
static const char *
name_of(void *context, const struct address *address)
{
	static const char *const names[] = {NULL, "r1", "router-2.of-a-provider.example",
		"\xe5\xae\xb6\xe5\xba\xad\xe5\xae\xb6\xe5\xba\xad\xe5\xae\xb6\xe5\xba\xad.example",
		"a-name-that-is-longer-than-any-column-for-it-can-be.of-a-very-large-provider.example"};
	const unsigned most = *(const unsigned *)context;
	const unsigned which = address->bytes[14] % 5;

	return which <= most ? names[which] : NULL;
}

/* Columns and lines of the terminal at and beside each bound. */
static void
test_layouts(void **state)
{
	static const struct {
		size_t columns, lines;
		unsigned names; /* those up to this one */
	} layouts[] = {
		{0, 0, 0},
		{0, 0, 1},
		{0, 0, 2},
		{0, 0, 3},
		{0, 0, 4},
		{0, 2, 4},
		{1, 0, 4},
		{40, 3, 4},
		{95, 0, 4},
		{96, 0, 4},
		{97, 0, 4},
		{98, 4, 3},
		{106, 0, 2},
		{107, 0, 2},
		{136, 0, 4},
		{137, 0, 4},
		{200, 0, 4},
		{200, 1, 4},
	};
	struct made made;
	struct path *const path = calloc(1, sizeof *path);
	struct buffer out = {0};

	(void)state;
	assert_non_null(path);
	make(&made, 11);
	*path = *made.lab.path;
	path->hops[1].label_count = 2;
	path->hops[1].labels[0] = (struct hop_label){.label = 16, .traffic_class = 7, .ttl = 1};
	path->hops[1].labels[1] = (struct hop_label){.label = 1048575, .bottom = 1, .ttl = 255};
	path->hops[2].address_count = 3;
	path->hops[2].addresses[1].address = router(1, 1);
	path->hops[2].addresses[2].address = router(5, 2);
	unit_each (i, layouts) {
		unsigned names = layouts[i].names;
		struct path_report report = {.target = i % 2 != 0 ? "10.9.9.9" : "host.example",
			.host = i % 3 != 0 ? "box"
					   : "a-box-with-a-very-long-name.in-a-domain.example",
			.columns = layouts[i].columns,
			.lines = layouts[i].lines,
			.name = name_of,
			.context = &names};
		const size_t before = out.len;
		size_t lines = 0;

		buffer_append_format(&out, "== %zu columns, %zu lines, names %u\n",
			layouts[i].columns, layouts[i].lines, names);
		lines = path_report_text(&report, path, &out) + 1;
		for (size_t at = before; at < out.len; at++)
			lines -= out.data[at] == '\n';
		assert_int_equal(lines, 0);
	}
	compare("made-path-layouts", &out);
	buffer_fini(&out);
	path_table_free(made.lab.table);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_layouts),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
