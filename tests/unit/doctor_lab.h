/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A doctor and a model of a small box; looks a second apart. What doctor finds whenever a test asks
 * for it, and at the end, is noted in whole and compared with a page of tests/golden/pages, where
 * the test names one (lab_page).
 */
#ifndef SOCKWATCH_TESTS_UNIT_DOCTOR_LAB_H
#define SOCKWATCH_TESTS_UNIT_DOCTOR_LAB_H

#include <string.h>

#include <sockwatch/analysis/baseline/baseline.h>
#include <sockwatch/analysis/doctor.h>
#include <sockwatch/base/clock.h>

#include "page_file.h"
#include "sockets.h"
#include "unit.h"

struct lab {
	struct doctor_settings settings;
	struct model *model;
	struct doctor *doctor;
};

/* What was noted; its page, or NULL. */
static struct buffer lab_notes;
static size_t lab_last_note, lab_last_len;
static const char *lab_page;

static inline void
lab_note_finding(const struct finding *finding)
{
	buffer_append_format(&lab_notes,
		"%s %s%s%s, %u sockets, namespace %u, process %u \"%s\": %s\n ",
		finding->over_ns != 0 ? "over " : "", finding_severity_name(finding->severity),
		finding->is_accepted ? " accepted " : " ", finding->rule, finding->sockets,
		(unsigned)finding->netns, finding->pid, finding->process, finding->title);
	for (size_t i = 0; i < finding->figure_count; i++)
		buffer_append_format(&lab_notes, " %s=%.6g%s/%d", finding->figures[i].name,
			finding->figures[i].number, finding->figures[i].text,
			(int)finding->figures[i].unit);
	buffer_append_format(
		&lab_notes, "\n  filter %s | needs %s\n", finding->filter, finding->needs);
}

/* All findings, unless they are as they were. */
static inline void
lab_note(const struct lab *lab)
{
	const size_t start = lab_notes.len;
	size_t count;
	const struct finding *const *const findings = doctor_findings(lab->doctor, &count);

	if (lab_page == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		lab_note_finding(findings[i]);
	if (lab_notes.len - start == lab_last_len &&
		(lab_last_len == 0 || memcmp(lab_notes.data + start, lab_notes.data + lab_last_note,
					      lab_last_len) == 0)) {
		lab_notes.len = start;
		return;
	}
	lab_last_note = start;
	lab_last_len = lab_notes.len - start;
	buffer_append_text(&lab_notes, "--\n");
}

/* Setup and teardown of the whole program. */
static inline int
lab_begin(void **state)
{
	(void)state;
	buffer_init(&lab_notes, 0);
	lab_last_note = lab_last_len = 0;
	return 0;
}

static inline int
lab_compare(void **state)
{
	(void)state;
	compare(lab_page, &lab_notes);
	buffer_fini(&lab_notes);
	return 0;
}

static inline void
lab_open(struct lab *lab)
{
	doctor_settings_init(&lab->settings);
	lab->model = sockets_model();
	lab->doctor = doctor_new(&lab->settings);
	assert_non_null(lab->doctor);
}

static inline void
lab_close(struct lab *lab)
{
	lab_note(lab);
	doctor_free(lab->doctor);
	model_free(lab->model);
}

static inline void
lab_look(struct lab *lab)
{
	lab->model->now_ns += CLOCK_NS_PER_S;
	lab->model->snapshot_monotonic_ns += CLOCK_NS_PER_S;
	lab->model->complete_sequence++;
	doctor_look(lab->doctor, lab->model, false);
}

static inline void
lab_looks(struct lab *lab, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		lab_look(lab);
}

/* The counter as if it had been read now. */
static inline void
lab_count(struct lab *lab, enum counter counter, uint64_t value)
{
	struct counter_reading *const reading = &lab->model->netns[0]->counters.rows[counter];

	reading->known = true;
	reading->value = value;
}

/* A counter that goes on by so much from each look to the next. */
struct lab_rate {
	enum counter counter;
	uint64_t a_look;
};

/* Looks in which these counters of the namespace go on. */
static inline void
lab_run(struct lab *lab, uint16_t netns, const struct lab_rate *rates, size_t count, unsigned looks)
{
	for (unsigned look = 0; look < looks; look++) {
		for (size_t i = 0; i < count; i++) {
			struct counter_reading *const reading =
				&lab->model->netns[netns]->counters.rows[rates[i].counter];

			reading->known = true;
			reading->value += rates[i].a_look;
		}
		lab_look(lab);
	}
}

/* A second namespace, for rows and counters; its number. */
static inline uint16_t
lab_other_netns(struct lab *lab)
{
	const struct netns_row *const netns = netns_get(lab->model, 2);

	assert_non_null(netns);
	return netns->index;
}

/* Begins again, with these rules alone ("a,b"). */
static inline void
lab_again(struct lab *lab, const char *rules)
{
	lab_close(lab);
	lab_open(lab);
	assert_int_equal(doctor_settings_choose(&lab->settings, rules, NULL), 0);
}

static inline void
lab_refuse_mistake(void *context, const struct error *error)
{
	(void)context;
	fail_msg("%s", error->text);
}

/* Judges by this baseline from now on; the caller frees it. */
static inline struct baseline *
lab_baseline(struct lab *lab, const char *lines)
{
	const struct baseline_mistakes mistakes = {NULL, lab_refuse_mistake};
	struct baseline *const baseline = baseline_new();

	assert_non_null(baseline);
	assert_int_equal(baseline_parse(baseline, "base", text_of(lines), &mistakes), 0);
	lab->settings.baseline = baseline;
	lab->settings.baseline_name = "/etc/base";
	return baseline;
}

/* Index of the rule of this name; doctor_rule_count() when there is none. */
static inline size_t
lab_rule(const char *name)
{
	size_t i = 0;

	while (i < doctor_rule_count() && strcmp(doctor_rule(i).name, name) != 0)
		i++;
	return i;
}

static inline bool
lab_has(const struct lab *lab, const char *rule)
{
	size_t count;
	const struct finding *const *const findings = doctor_findings(lab->doctor, &count);

	lab_note(lab);
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i]->rule, rule) == 0)
			return true;
	return false;
}

/* The first raised finding of this rule; one without a rule where there is none. */
static inline const struct finding *
lab_find(const struct lab *lab, const char *rule)
{
	static const struct finding none = {.rule = "none", .over_ns = 1, .since_ns = 1};
	size_t count;
	const struct finding *const *const findings = doctor_findings(lab->doctor, &count);

	lab_note(lab);
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i]->rule, rule) == 0)
			return findings[i];
	return &none;
}

enum { LAB_NONE = -1 };

/* The severity of the first finding of this rule that stands and is shown; LAB_NONE: none does. */
static inline int
lab_severity(const struct lab *lab, const char *rule)
{
	const struct finding *const finding = lab_find(lab, rule);

	return finding->over_ns == 0 ? (int)finding->severity : LAB_NONE;
}

/* How many findings of this rule stand and are shown. */
static inline size_t
lab_standing(const struct lab *lab, const char *rule)
{
	size_t count, standing = 0;
	const struct finding *const *const findings = doctor_findings(lab->doctor, &count);

	lab_note(lab);
	for (size_t i = 0; i < count; i++)
		standing += findings[i]->over_ns == 0 && strcmp(findings[i]->rule, rule) == 0;
	return standing;
}

/* Its title has these words. */
static inline void
lab_says(const struct lab *lab, const char *rule, const char *words)
{
	const struct finding *const finding = lab_find(lab, rule);

	if (strstr(finding->title, words) == NULL)
		fail_msg("%s: \"%s\" is not in \"%s\"", rule, words, finding->title);
}

/* Setup and teardown of a test: its lab, with these rules ("a,b"); NULL: with all. */
static struct lab lab;
static const char *lab_rules;

static inline int
open_lab(void **state)
{
	(void)state;
	lab_open(&lab);
	return lab_rules != NULL ? doctor_settings_choose(&lab.settings, lab_rules, NULL) : 0;
}

static inline int
close_lab(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

#endif
