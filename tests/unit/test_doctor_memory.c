/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor remembers from look to look, and its bounds. */
#include <config.h>

#include <sockwatch/report/doctor_report.h>

#include "analysis/doctor/change.h"
#include "analysis/doctor/doctor_private.h"
#include "analysis/doctor/rule.h"
#include "analysis/doctor/still.h"
#include "doctor_lab.h"
#include "feed.h"

/* A row that meets a condition: since when, with which value then and in the look before. */
static void
test_still(void **state)
{
	static const struct {
		uint64_t cookie, value, now_ms, since_ms, first, before;
	} meetings[] = {
		{5, 10, 1000, 0, 10, 10},
		{5, 12, 1999, 999, 10, 10},
		{5, 11, 3000, 2000, 10, 12},
		/* Another socket with the same id. */
		{6, 3, 4000, 0, 3, 3},
		{6, 3, 4001, 1, 3, 3},
	};
	struct still_table table = {0};
	struct still still;
	uint32_t look = 0;

	(void)state;
	unit_each (i, meetings) {
		look++;
		assert_true(still_meet(&table, 7, meetings[i].cookie, meetings[i].value,
			meetings[i].now_ms * CLOCK_NS_PER_MS, look, &still));
		assert_int_equal(still.since_ms, meetings[i].since_ms);
		assert_int_equal(still.first, meetings[i].first);
		assert_int_equal(still.before, meetings[i].before);
		still_sweep(&table, look);
		assert_int_equal(table.count, 1);
	}
	/* The same value goes on, another begins anew. */
	still_forget_other(&table, 7, 3);
	assert_true(still_meet(&table, 7, 6, 3, 5000 * CLOCK_NS_PER_MS, ++look, &still));
	assert_int_equal(still.since_ms, 1000);
	still_forget_other(&table, 7, 4);
	still_forget_other(&table, 8, 4);
	assert_true(still_meet(&table, 7, 6, 4, 6000 * CLOCK_NS_PER_MS, ++look, &still));
	assert_int_equal(still.since_ms, 0);
	assert_int_equal(still.first, 4);
	/* A look without it forgets it. */
	still_sweep(&table, look + 1);
	assert_int_equal(table.count, 0);
	assert_true(still_meet(&table, 7, 6, 4, 7000 * CLOCK_NS_PER_MS, look + 2, &still));
	assert_int_equal(still.since_ms, 0);
	still_fini(&table);
}

/* What is kept in the sweep is found by its key, wherever it moves. */
static void
test_still_sweep(void **state)
{
	enum { ENTRIES = 200 };
	struct still_table table = {0};
	struct still still;

	(void)state;
	for (uint64_t key = 0; key < ENTRIES; key++)
		assert_true(still_meet(
			&table, key, key + 1, key * 3, key * CLOCK_NS_PER_MS, 1, &still));
	for (uint64_t key = 0; key < ENTRIES; key += 3)
		assert_true(still_meet(
			&table, key, key + 1, key * 3, 1000 * CLOCK_NS_PER_MS, 2, &still));
	still_sweep(&table, 2);
	assert_int_equal(table.count, (ENTRIES + 2) / 3);
	for (uint64_t key = 0; key < ENTRIES; key++) {
		assert_true(still_meet(&table, key, key + 1, 0, 2000 * CLOCK_NS_PER_MS, 3, &still));
		assert_int_equal(still.since_ms, key % 3 == 0 ? 2000 - key : 0);
		assert_int_equal(still.before, key % 3 == 0 ? key * 3 : 0);
	}
	assert_int_equal(table.count, ENTRIES);
	still_fini(&table);
}

static void
test_still_bound(void **state)
{
	struct still_table table = {0};
	struct still still;

	(void)state;
	for (uint64_t key = 0; key < STILL_MAX; key++)
		assert_true(still_meet(&table, key, 1, 0, 0, 1, &still));
	assert_int_equal(table.refused, 0);
	assert_false(still_meet(&table, STILL_MAX, 1, 0, 0, 1, &still));
	assert_false(still_meet(&table, STILL_MAX + 1, 1, 0, 0, 1, &still));
	assert_int_equal(table.refused, 2);
	assert_int_equal(table.count, STILL_MAX);
	/* Those that are known stay known. */
	assert_true(still_meet(&table, STILL_MAX - 1, 1, 0, CLOCK_NS_PER_S, 2, &still));
	assert_int_equal(still.since_ms, 1000);
	still_fini(&table);
}

enum { SLOW_WINDOW = 10 };

static bool
find(const struct changes *changes, double seconds, bool any_time, struct change *change)
{
	return changes_find(changes, 0, COUNTER_LISTEN_DROPS, seconds, any_time, change);
}

/* Looks at such a distance, in which the counter goes on by one each. */
static void
sample(struct changes *changes, unsigned looks, unsigned interval_ms)
{
	for (unsigned i = 0; i < looks; i++) {
		lab.model->now_ns += interval_ms * CLOCK_NS_PER_MS;
		lab.model->netns[0]->counters.rows[COUNTER_LISTEN_DROPS].value++;
		changes_sample(changes, lab.model, lab.model->now_ns);
	}
}

/* The shortest time that is nearly the window; with any_time the longest that there is. */
static void
test_changes(void **state)
{
	static const struct {
		unsigned interval_ms, looks;
		double window;
		bool any_time, is_found;
		unsigned count_from, count_to;
	} cases[] = {
		{1000, 1, 1, true, false, 0, 0}, /* one look is no change */
		{1000, 2, 1, false, true, 1, 1},
		{1000, 5, 3, false, true, 3, 3},
		{1000, 3, 3, false, false, 0, 0},
		{1000, 3, 3, true, true, 2, 2},
		{900, 2, 1, false, true, 1, 1}, /* nine tenths are near enough */
		{899, 2, 1, false, false, 0, 0},
		{899, 3, 1, false, true, 2, 2},
		{1000, 12, SLOW_WINDOW, false, true, 9, 9},
		/* Ten looks a second: the ring spans the window all the same. */
		{100, 115, SLOW_WINDOW, false, true, 90, 98},
		{100, 500, SLOW_WINDOW, false, true, 90, 98},
		{5000, 40, SLOW_WINDOW, false, true, 2, 2},
		{1000, 40, SLOW_WINDOW, false, true, 9, 9},
	};

	(void)state;
	lab_count(&lab, COUNTER_LISTEN_DROPS, 100);
	unit_each (i, cases) {
		struct changes changes = {0};
		struct change change;

		sample(&changes, cases[i].looks, cases[i].interval_ms);
		assert_int_equal(find(&changes, cases[i].window, cases[i].any_time, &change),
			cases[i].is_found);
		if (cases[i].is_found) {
			assert_in_range(
				(unsigned)change.count, cases[i].count_from, cases[i].count_to);
			assert_true(change.seconds * 1000 == change.count * cases[i].interval_ms);
			assert_true(change.a_second == change.count / change.seconds);
		}
		changes_fini(&changes);
	}
}

/* Of a counter that is not known now, or was not, nothing is told; nor of a namespace that went. */
static void
test_changes_unknown(void **state)
{
	struct changes changes = {0};
	struct change change;
	struct counter_reading *const reading =
		&lab.model->netns[0]->counters.rows[COUNTER_LISTEN_DROPS];

	(void)state;
	sample(&changes, 2, 1000);
	assert_false(find(&changes, 1, true, &change));
	lab_count(&lab, COUNTER_LISTEN_DROPS, 1);
	sample(&changes, 1, 1000);
	assert_false(find(&changes, 1, true, &change));
	sample(&changes, 1, 1000);
	assert_true(find(&changes, 1, true, &change) && change.count == 1);
	/* A gauge may fall. */
	reading->value = 0;
	sample(&changes, 1, 1000);
	assert_true(find(&changes, 1, true, &change) && change.count == -2);
	/* Not twice at one time. */
	sample(&changes, 1, 0);
	assert_false(find(&changes, 1, true, &change) && change.seconds == 0);
	reading->known = false;
	sample(&changes, 1, 1000);
	assert_false(find(&changes, 1, true, &change));
	assert_false(
		changes_find(&changes, MODEL_NETNS_MAX, COUNTER_LISTEN_DROPS, 1, true, &change));
	assert_false(changes_find(&changes, 1, COUNTER_LISTEN_DROPS, 1, true, &change));
	reading->known = true;
	sample(&changes, 2, 1000);
	assert_true(find(&changes, 1, true, &change));
	lab.model->netns[0]->gone = true;
	sample(&changes, 1, 1000);
	assert_false(find(&changes, 1, true, &change));
	lab.model->netns[0]->gone = false;
	sample(&changes, 1, 1000);
	assert_false(find(&changes, 1, true, &change));
	changes_fini(&changes);
}

/* The one that was added last comes first. */
static void
test_row_lists(void **state)
{
	const struct look look = {.doctor = lab.doctor, .model = lab.model};
	struct row_list lists[2] = {{0}, {0}};

	(void)state;
	for (uint32_t id = 0; id < 3000; id++)
		row_list_add(&look, &lists[id % 2], id);
	for (uint32_t list = 0; list < 2; list++) {
		uint32_t position = 0;

		assert_int_equal(lists[list].count, 1500);
		for (uint32_t i = 1500; i-- > 0;)
			assert_int_equal(
				row_list_next(&look, &lists[list], &position), i * 2 + list);
		assert_int_equal(row_list_next(&look, &lists[list], &position), SOCKET_NONE);
		assert_int_equal(row_list_next(&look, &lists[list], &position), SOCKET_NONE);
	}
	for (uint32_t id = 3000; id < DOCTOR_ROW_LINKS_MAX; id++)
		row_list_add(&look, &lists[0], id);
	assert_int_equal(look_refused(&look), 0);
	row_list_add(&look, &lists[0], 1);
	assert_int_equal(look_refused(&look), 1);
	/* It counts, and is not marked. */
	assert_int_equal(lists[0].count, DOCTOR_ROW_LINKS_MAX - 1500 + 1);
}

/* So many findings at most; those that stand are found again. */
static void
test_findings_bound(void **state)
{
	struct look look = {.doctor = lab.doctor, .model = lab.model, .now_ns = 5};
	struct finding *finding;

	(void)state;
	look.rule = lab.doctor->rules[0];
	for (uint64_t key = 0; key < DOCTOR_FINDINGS_MAX; key++)
		assert_non_null(look_report(&look, 0, key, SEVERITY_WARNING));
	assert_null(look_report(&look, 0, DOCTOR_FINDINGS_MAX, SEVERITY_WARNING));
	assert_null(look_report(&look, 1, 0, SEVERITY_WARNING));
	assert_int_equal(look_refused(&look), 2);
	finding = look_report(&look, 0, DOCTOR_FINDINGS_MAX - 1, SEVERITY_WARNING);
	assert_non_null(finding);
	assert_int_equal(finding->key, DOCTOR_FINDINGS_MAX - 1);
	for (unsigned i = 0; i < FINDING_FIGURES_MAX; i++)
		finding_figure(finding, "a", UNIT_COUNT, i);
	finding_figure(finding, "b", UNIT_COUNT, 1);
	finding_words(finding, "c", "%s", "word");
	assert_int_equal(finding->figure_count, FINDING_FIGURES_MAX);
	assert_true(finding->figures[FINDING_FIGURES_MAX - 1].number == FINDING_FIGURES_MAX - 1);
	assert_string_equal(finding->figures[FINDING_FIGURES_MAX - 1].name, "a");
}

/* Looks in which these findings, a rule and a key each, hold. */
static void
hold_findings(const char *const *names, const uint64_t *keys, size_t count)
{
	for (unsigned i = 0; i < 3; i++) {
		struct look look = {.doctor = lab.doctor, .model = lab.model, .now_ns = 5 + i};

		lab.doctor->looks++;
		for (size_t k = 0; k < count; k++) {
			look.rule_number = lab_rule(names[k]);
			look.rule = lab.doctor->rules[look.rule_number];
			finding_say(look_report(&look, 0, keys[k], SEVERITY_WARNING), "about %u",
				(unsigned)keys[k]);
		}
		findings_settle(lab.doctor, &look);
	}
}

/* A finding explains those of its rule's list that are about the same, or about all. */
static void
test_hidden(void **state)
{
	static const char *const names[] = {
		"accept-queue", "syn-flood", "syn-flood", "syn-queue-drops", "not-judged"};
	static const uint64_t keys[] = {7, 7, 8, 0, 7};
	const struct finding *hidden[8];
	const struct finding *const *findings;
	size_t count, by = 0;
	struct buffer out = {0};

	(void)state;
	hold_findings(names, keys, UNIT_COUNT_OF(names));
	findings = doctor_findings(lab.doctor, &count);
	assert_int_equal(count, 3);
	while (strcmp(findings[by]->rule, "accept-queue") != 0)
		by++;
	assert_int_equal(doctor_hidden(lab.doctor, findings[by], hidden, 8), 2);
	assert_true(hidden[0]->key == 7 && hidden[1]->key == 0);
	assert_int_equal(doctor_hidden(lab.doctor, findings[by], hidden, 1), 1);
	assert_int_equal(doctor_hidden(lab.doctor, lab_find(&lab, "not-judged"), hidden, 8), 0);
	doctor_report_finding(findings[by], lab.doctor, lab.model, 40, &out);
	buffer_append_char(&out, '\0');
	assert_non_null(strstr((const char *)out.data,
		"\n  explains   about 7 (syn-flood)\n             about 0 (syn-queue-drops)\n"));
	/* Without figures there is no evidence, without rows no filter. */
	assert_null(strstr((const char *)out.data, "evidence"));
	assert_null(strstr((const char *)out.data, "  sockets"));
	buffer_fini(&out);
}

/* Names of sysctls, with what they are where the finding is. */
static void
test_sentences(void **state)
{
	static const struct {
		const char *sysctls, *template, *filled;
	} cases[] = {
		{"", "as it is", "as it is"},
		{"", NULL, ""},
		{"", "{tcp_rmem}", "net.ipv4.tcp_rmem"},
		{"net.ipv4.tcp_rmem=4096\t8\t9\n", "set {tcp_rmem}, {core.nope}.",
			"set net.ipv4.tcp_rmem (4096 8 9 here), core.nope."},
		{"net.core.somaxconn\nnet.ipv4.tcp_mem\n", "{net.core.somaxconn} or {tcp_mem}",
			"net.core.somaxconn (not on this kernel) or net.ipv4.tcp_mem (not visible here)"},
		{"net.ipv4.ip_local_reserved_ports=\n", "{ip_local_reserved_ports}",
			"net.ipv4.ip_local_reserved_ports (empty here)"},
		{"net.core.default_qdisc=fq\n", "{net.core.default_qdisc}",
			"net.core.default_qdisc (fq here)"},
	};

	struct feed feed = {.model = lab.model};

	(void)state;
	unit_each (i, cases) {
		char out[200];

		feed_message(&feed, MESSAGE_SYSCTLS,
			&(struct message_sysctls){
				.netns = FEED_NETNS, .text = text_of(cases[i].sysctls)});
		/* Those of the machine. */
		feed_message(&feed, MESSAGE_SYSCTLS,
			&(struct message_sysctls){.text = text_of(cases[i].sysctls)});
		sentence_fill(lab.model, 0, cases[i].template, out, sizeof out);
		assert_string_equal(out, cases[i].filled);
	}
}

/* The longest title is printed whole, and then its rule. */
static void
test_long_title(void **state)
{
	struct finding finding = {
		.rule = "accept-queue", .severity = SEVERITY_WARNING, .since_ns = 1};
	struct buffer out = {0};
	size_t words = 0;

	(void)state;
	for (size_t i = 0; i + 5 < sizeof finding.title; i += 5)
		memcpy(finding.title + i, "word ", 6);
	doctor_report_finding(&finding, lab.doctor, lab.model, 78, &out);
	buffer_append_char(&out, '\0');
	for (const char *at = (const char *)out.data; (at = strstr(at, "word")) != NULL; at++)
		words++;
	assert_int_equal(words, (FINDING_TITLE_SIZE - 1) / 5);
	assert_non_null(strstr((const char *)out.data, "(accept-queue)\n"));
	buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_still),
		cmocka_unit_test(test_still_sweep),
		cmocka_unit_test(test_still_bound),
		cmocka_unit_test_setup_teardown(test_changes, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_changes_unknown, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_row_lists, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_findings_bound, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_hidden, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_sentences, open_lab, close_lab),
		cmocka_unit_test_setup_teardown(test_long_title, open_lab, close_lab),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
