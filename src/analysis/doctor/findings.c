/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of findings. Raised: the condition held in two looks in a row. Severity rises at once
 * and falls one step each time that the rule's clear time has passed below it. Over: the condition
 * did not hold for the clear time. Then it stays for KEEP_S, to be read.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/word.h>

#include "doctor_private.h"

enum { KEEP_S = 600, LOOKS_TO_RAISE = 2, ROWS_LEAST = 1024 };

void
findings_fini(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->standing_count; i++)
		free(doctor->standing[i]);
	free(doctor->standing);
}

struct standing *
findings_get(struct doctor *doctor, size_t rule, uint16_t netns, uint64_t key)
{
	struct standing *standing;

	for (size_t i = 0; i < doctor->standing_count; i++) {
		standing = doctor->standing[i];
		if (standing->rule == rule && standing->shown.netns == netns &&
			standing->shown.key == key)
			return standing;
	}
	if (doctor->standing_count == DOCTOR_FINDINGS_MAX)
		return NULL;
	if (doctor->standing == NULL)
		doctor->standing = calloc(DOCTOR_FINDINGS_MAX, sizeof *doctor->standing);
	standing = doctor->standing != NULL ? calloc(1, sizeof *standing) : NULL;
	if (standing == NULL)
		return NULL;
	doctor->standing[doctor->standing_count++] = standing;
	standing->rule = rule;
	standing->shown.rule = doctor->rules[rule]->words.name;
	standing->shown.netns = netns;
	standing->shown.key = key;
	return standing;
}

static void
set_severity(struct standing *standing, uint64_t clear_ns, uint64_t now_ns)
{
	struct finding *const finding = &standing->shown;

	if (standing->now >= finding->severity) {
		finding->severity = standing->now;
		standing->milder_ns = 0;
	} else if (standing->milder_ns == 0) {
		standing->milder_ns = now_ns;
	} else if (now_ns - standing->milder_ns >= clear_ns) {
		finding->severity--;
		standing->milder_ns = now_ns;
	}
}

/* The condition holds in this look. */
static void
hold(struct standing *standing, const struct look *look, uint64_t clear_ns)
{
	struct finding *const finding = &standing->shown;

	if (!standing->is_raised && (standing->looks >= LOOKS_TO_RAISE || look->is_last)) {
		standing->is_raised = true;
		finding->severity = standing->now;
		finding->first_ns = finding->since_ns;
		finding->times = 1;
	}
	if (finding->over_ns != 0) {
		finding->since_ns = look->now_ns;
		finding->severity = standing->now;
		finding->times++;
	}
	finding->over_ns = 0;
	set_severity(standing, clear_ns, look->now_ns);
	if (finding->severity > finding->worst)
		finding->worst = finding->severity;
}

/* It does not hold. False: it is to be forgotten. */
static bool
fade(const struct doctor *doctor, struct standing *standing, const struct look *look,
	uint64_t clear_ns)
{
	struct finding *const finding = &standing->shown;

	if (!standing->is_raised)
		return false;
	standing->rows = (struct row_list){0};
	if (finding->over_ns != 0)
		return doctor->keeps_over ||
		       look->now_ns - finding->over_ns < KEEP_S * CLOCK_NS_PER_S;
	if (look->now_ns - finding->last_ns >= clear_ns)
		finding->over_ns = look->now_ns;
	return true;
}

static void
settle_all(struct doctor *doctor, const struct look *look)
{
	size_t kept = 0;

	for (size_t i = 0; i < doctor->standing_count; i++) {
		struct standing *const standing = doctor->standing[i];
		const uint64_t clear_ns = doctor->rules[standing->rule]->clear_s * CLOCK_NS_PER_S;
		const bool is_off = doctor->settings->is_off[standing->rule];

		if (standing->number == doctor->looks) {
			hold(standing, look, clear_ns);
		} else if (is_off || !fade(doctor, standing, look, clear_ns)) {
			free(standing);
			continue;
		}
		doctor->standing[kept++] = standing;
	}
	doctor->standing_count = kept;
}

void
doctor_end(struct doctor *doctor, const char *rule, uint64_t now_ns)
{
	for (size_t i = 0; i < doctor->standing_count; i++) {
		struct finding *const finding = &doctor->standing[i]->shown;

		if (finding->over_ns == 0 && strcmp(finding->rule, rule) == 0)
			finding->over_ns = now_ns;
	}
}

static bool
is_standing(const struct standing *standing)
{
	return standing->is_raised && standing->shown.over_ns == 0;
}

static bool
is_hidden_by(const struct finding *finding, const struct finding *by, const char *hides)
{
	struct text name;
	bool is_named = false;

	while (word_next(&hides, &name))
		is_named = is_named || text_equal(name, text_of(finding->rule));
	return is_named && finding->netns == by->netns &&
	       (finding->key == by->key || finding->key == 0 || by->key == 0);
}

static void
hide(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->standing_count; i++)
		doctor->standing[i]->shown.hidden_by = NULL;
	for (size_t i = 0; i < doctor->standing_count; i++) {
		const struct standing *const by = doctor->standing[i];
		const char *const hides = doctor->rules[by->rule]->words.hides;

		if (!is_standing(by) || hides == NULL)
			continue;
		for (size_t j = 0; j < doctor->standing_count; j++) {
			struct finding *const finding = &doctor->standing[j]->shown;

			if (is_standing(doctor->standing[j]) &&
				is_hidden_by(finding, &by->shown, hides))
				finding->hidden_by = by->shown.rule;
		}
	}
}

/* A pid is another one after a restart; the name of the process stays. */
static void
set_about(struct finding *finding)
{
	char by_pid[32], name[FINDING_PROCESS_SIZE * 4];
	const char *at;

	snprintf(finding->about, sizeof finding->about, "%s", finding->filter);
	snprintf(by_pid, sizeof by_pid, "pid %u", (unsigned)finding->pid);
	at = finding->pid != 0 ? strstr(finding->filter, by_pid) : NULL;
	if (at == NULL || filter_write_text(text_of(finding->process), name, sizeof name) == 0)
		return;
	finding->about[at - finding->filter] = '\0';
	text_add(finding->about, sizeof finding->about, strlen(finding->about), "process %s%s",
		name, at + strlen(by_pid));
}

static bool
is_accepted(const struct doctor_settings *settings, const struct finding *finding)
{
	for (size_t i = 0; i < settings->accepted_count; i++) {
		const struct accepted *const accepted = &settings->accepted[i];

		if (strcmp(accepted->rule, finding->rule) == 0 &&
			strcmp(accepted->filter, finding->about) == 0 &&
			finding->severity <= accepted->severity)
			return true;
	}
	return false;
}

/* Behind the others: 1 accepted, 2 over. */
static int
place(const struct finding *finding)
{
	return finding->over_ns != 0 ? 2 : finding->is_accepted ? 1 : 0;
}

static int
compare(const void *a, const void *b)
{
	const struct finding *const left = *(const struct finding *const *)a;
	const struct finding *const right = *(const struct finding *const *)b;

	if (place(left) != place(right))
		return place(left) - place(right);
	if (left->severity != right->severity)
		return left->severity < right->severity ? 1 : -1;
	if (left->sockets != right->sockets)
		return left->sockets < right->sockets ? 1 : -1;
	if (left->since_ns != right->since_ns)
		return left->since_ns < right->since_ns ? -1 : 1;
	return strcmp(left->rule, right->rule);
}

static void
list(struct doctor *doctor)
{
	doctor->listed_count = 0;
	for (size_t i = 0; i < doctor->standing_count; i++) {
		struct finding *const finding = &doctor->standing[i]->shown;

		if (!doctor->standing[i]->is_raised || finding->hidden_by != NULL ||
			(doctor->filter != NULL && finding->sockets == 0))
			continue;
		set_about(finding);
		finding->is_accepted = is_accepted(doctor->settings, finding);
		doctor->listed[doctor->listed_count++] = finding;
	}
	qsort(doctor->listed, doctor->listed_count, sizeof doctor->listed[0], compare);
}

static bool
has_row_room(struct doctor *doctor, uint32_t count)
{
	uint32_t capacity = doctor->of_row_capacity != 0 ? doctor->of_row_capacity : ROWS_LEAST;
	uint8_t *grown;

	if (count <= doctor->of_row_capacity)
		return true;
	while (capacity < count)
		capacity *= 2;
	grown = realloc(doctor->of_row, capacity);
	if (grown == NULL)
		return false;
	doctor->of_row = grown;
	doctor->of_row_capacity = capacity;
	return true;
}

/* The worst comes first and is kept. */
static void
mark_rows(struct doctor *doctor, const struct look *look)
{
	const uint32_t used = look->model->sockets.used;

	doctor->of_row_count = 0;
	if (doctor->listed_count == 0 || used == 0 || !has_row_room(doctor, used))
		return;
	doctor->of_row_count = used;
	memset(doctor->of_row, 0, used);
	for (size_t i = 0; i < doctor->listed_count; i++) {
		const struct standing *const standing =
			(const struct standing *)((const char *)doctor->listed[i] -
						  offsetof(struct standing, shown));
		uint32_t position = 0, id;

		while ((id = row_list_next(look, &standing->rows, &position)) != SOCKET_NONE)
			if (doctor->of_row[id] == 0)
				doctor->of_row[id] = (uint8_t)(i + 1);
	}
}

void
findings_settle(struct doctor *doctor, const struct look *look)
{
	settle_all(doctor, look);
	hide(doctor);
	list(doctor);
	mark_rows(doctor, look);
}

const struct finding *const *
doctor_findings(const struct doctor *doctor, size_t *count)
{
	*count = doctor->listed_count;
	return doctor->listed;
}

size_t
doctor_hidden(const struct doctor *doctor, const struct finding *by, const struct finding **hidden,
	size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < doctor->standing_count && count < max; i++) {
		const struct finding *const finding = &doctor->standing[i]->shown;

		if (finding->hidden_by != NULL && strcmp(finding->hidden_by, by->rule) == 0 &&
			is_hidden_by(finding, by, finding->rule))
			hidden[count++] = finding;
	}
	return count;
}

enum severity
doctor_worst(const struct doctor *doctor, size_t *count)
{
	*count = 0;
	while (*count < doctor->listed_count && place(doctor->listed[*count]) == 0)
		++*count;
	return *count > 0 ? doctor->listed[0]->severity : SEVERITY_INFO;
}
