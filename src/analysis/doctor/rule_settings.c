/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's wishes: which rules are on, and with which thresholds. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor_private.h"

/* index: below doctor_rule_count. */
static const struct rule *
rule_at(size_t index)
{
	size_t table = 0;

	while (index >= rule_tables[table]->count)
		index -= rule_tables[table++]->count;
	return &rule_tables[table]->rules[index];
}

size_t
doctor_rule_count(void)
{
	size_t count = 0;

	for (size_t table = 0; table < rule_table_count; table++)
		count += rule_tables[table]->count;
	return count;
}

struct rule_words
doctor_rule(size_t index)
{
	return rule_at(index)->words;
}

void
doctor_rule_sentences(size_t index, char why[FINDING_WHY_SIZE], char action[FINDING_ACTION_SIZE])
{
	sentence_fill(NULL, 0, rule_at(index)->why, why, FINDING_WHY_SIZE);
	sentence_fill(NULL, 0, rule_at(index)->action, action, FINDING_ACTION_SIZE);
}

static size_t
find_rule(struct text name)
{
	const size_t count = doctor_rule_count();
	size_t i = 0;

	while (i < count && !text_equal_nocase(name, rule_at(i)->words.name))
		i++;
	return i;
}

void
doctor_settings_init(struct doctor_settings *settings)
{
	memset(settings, 0, sizeof *settings);
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		const struct rule_words *const words = &rule_at(i)->words;

		for (size_t j = 0; j < words->threshold_count; j++)
			settings->thresholds[i][j] = words->thresholds[j].value;
	}
}

static int
refuse_rule(struct text name, struct error *error)
{
	error_set(error, "\"%.*s\" is not a rule of doctor; sockwatch doctor --list names them",
		(int)name.len, name.data);
	return -EINVAL;
}

static int
set_threshold(struct doctor_settings *settings, size_t rule, size_t at, const char *value,
	struct error *error)
{
	const struct threshold *const threshold = &rule_at(rule)->words.thresholds[at];
	double number;

	if (number_parse_unit(value, strlen(value), threshold->unit, &number) != 0 || number < 0) {
		error_set(error,
			"\"%s\" is not a threshold of %s.%s; it is a number of 0 or more%s%s",
			value, rule_at(rule)->words.name, threshold->name,
			threshold->unit == UNIT_NONE ? "" : " with ",
			threshold->unit == UNIT_NONE ? "" : number_suffixes(threshold->unit));
		return -EINVAL;
	}
	if (threshold->unit == UNIT_PERCENT && number > 100) {
		error_set(error, "\"%s\" is not a threshold of %s.%s; it is a part, 100%% at most",
			value, rule_at(rule)->words.name, threshold->name);
		return -EINVAL;
	}
	settings->thresholds[rule][at] = number;
	return 0;
}

int
doctor_settings_set(
	struct doctor_settings *settings, const char *name, const char *value, struct error *error)
{
	struct text threshold = text_of(name);
	const struct text rule_name = text_cut(&threshold, '.');
	const size_t rule = find_rule(rule_name);
	const struct rule_words *words;

	if (rule == doctor_rule_count())
		return refuse_rule(rule_name, error);
	words = &rule_at(rule)->words;
	for (size_t i = 0; i < words->threshold_count; i++)
		if (text_equal_nocase(threshold, words->thresholds[i].name))
			return set_threshold(settings, rule, i, value, error);
	error_set(error, "%s has no threshold \"%.*s\"; sockwatch doctor --list names them",
		words->name, (int)threshold.len, threshold.data);
	return -EINVAL;
}

/* "close-wait:critical" */
static int
set_accepted_rule(struct accepted *accepted, struct text word, struct error *error)
{
	const struct text name = text_cut(&word, ':');
	const size_t rule = find_rule(name);

	if (rule == doctor_rule_count())
		return refuse_rule(name, error);
	snprintf(accepted->rule, sizeof accepted->rule, "%s", rule_at(rule)->words.name);
	accepted->severity = SEVERITY_WARNING;
	if (word.len == 0)
		return 0;
	for (int severity = SEVERITY_INFO; severity <= SEVERITY_CRITICAL; severity++) {
		if (text_equal_nocase(word, finding_severity_name((enum severity)severity))) {
			accepted->severity = (enum severity)severity;
			return 0;
		}
	}
	error_set(error, "\"%.*s\" is not a severity; use info, warning or critical", (int)word.len,
		word.data);
	return -EINVAL;
}

int
doctor_settings_accept(struct doctor_settings *settings, const char *text, struct error *error)
{
	struct text filter = text_of(text);
	const struct text word = text_cut(&filter, ' ');
	struct accepted *const accepted = &settings->accepted[settings->accepted_count];
	int result;

	if (settings->accepted_count == DOCTOR_ACCEPTED_MAX ||
		filter.len >= sizeof accepted->filter) {
		error_set(error,
			"no more than %d findings, with filters of %d characters, can be accepted",
			DOCTOR_ACCEPTED_MAX, FINDING_FILTER_SIZE - 1);
		return -ENOSPC;
	}
	result = set_accepted_rule(accepted, word, error);
	if (result != 0)
		return result;
	snprintf(accepted->filter, sizeof accepted->filter, "%.*s", (int)filter.len, filter.data);
	settings->accepted_count++;
	return 0;
}

bool
doctor_settings_toggle(struct doctor_settings *settings, const struct finding *finding)
{
	struct accepted *const end = &settings->accepted[settings->accepted_count];

	for (struct accepted *accepted = settings->accepted; accepted < end; accepted++) {
		if (strcmp(accepted->rule, finding->rule) != 0 ||
			strcmp(accepted->filter, finding->about) != 0)
			continue;
		if (!finding->is_accepted) { /* it got worse since */
			accepted->severity = finding->severity;
			return true;
		}
		memmove(accepted, accepted + 1, (size_t)(end - accepted - 1) * sizeof *accepted);
		settings->accepted_count--;
		return true;
	}
	if (settings->accepted_count == DOCTOR_ACCEPTED_MAX)
		return false;
	settings->accepted_count++;
	*end = (struct accepted){.severity = finding->severity};
	snprintf(end->rule, sizeof end->rule, "%s", finding->rule);
	snprintf(end->filter, sizeof end->filter, "%s", finding->about);
	return true;
}

int
doctor_settings_choose(struct doctor_settings *settings, const char *names, struct error *error)
{
	struct text rest = text_of(names);

	for (size_t i = 0; i < DOCTOR_RULES_MAX; i++)
		settings->is_off[i] = true;
	while (rest.len > 0) {
		const struct text name = text_cut(&rest, ',');
		const size_t rule = find_rule(name);

		if (rule == doctor_rule_count())
			return refuse_rule(name, error);
		settings->is_off[rule] = false;
	}
	return 0;
}
