/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule may ask in a look, and how it fills a finding. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/netns.h>

#include "doctor_private.h"

double
look_threshold(const struct look *look, size_t index)
{
	return look->doctor->settings->thresholds[look->rule_number][index];
}

double
look_threshold_of(const struct look *look, const char *rule, size_t index)
{
	size_t i = 0;

	while (strcmp(look->doctor->rules[i]->words.name, rule) != 0)
		i++;
	return look->doctor->settings->thresholds[i][index];
}

static uint64_t
still_key(const struct look *look, const struct subject *subject, unsigned condition, uint32_t id)
{
	const uint64_t number = doctor_subject(look->doctor, subject) << 8 | (condition & 0xff);

	return number << 32 | id;
}

bool
look_still(const struct look *look, const struct subject *subject, unsigned condition, uint32_t id,
	const struct socket_row *row, uint64_t value, struct still *still)
{
	return still_meet(&look->doctor->still, still_key(look, subject, condition, id),
		row->cookie, value, look->now_ns, look->doctor->looks, still);
}

bool
look_unchanged(const struct look *look, const struct subject *subject, unsigned condition,
	uint32_t id, const struct socket_row *row, uint64_t value, struct still *still)
{
	const uint64_t key = still_key(look, subject, condition, id);

	still_forget_other(&look->doctor->still, key, value);
	return still_meet(&look->doctor->still, key, row->cookie, value, look->now_ns,
		look->doctor->looks, still);
}

bool
look_change(const struct look *look, uint16_t netns, enum counter counter, double seconds,
	struct change *change)
{
	return changes_find(&look->doctor->changes, netns, counter, seconds, look->is_last, change);
}

double
look_rate(const struct look *look, uint16_t netns, enum counter counter, double seconds)
{
	struct change change;

	return look_change(look, netns, counter, seconds, &change) ? change.a_second : 0;
}

bool
look_counter(const struct look *look, uint16_t netns, enum counter counter, uint64_t *value)
{
	const struct netns_row *const row = model_netns(look->model, netns);

	if (row == NULL || counter >= row->counters.count || !row->counters.rows[counter].known)
		return false;
	*value = row->counters.rows[counter].value;
	return true;
}

const struct baseline *
look_baseline(const struct look *look)
{
	return look->doctor->settings->baseline;
}

void
finding_baseline(const struct look *look, struct finding *finding)
{
	if (look_baseline(look) != NULL)
		finding_words(finding, "baseline", "%s", look->doctor->settings->baseline_name);
}

struct finding *
look_report(struct look *look, uint16_t netns, uint64_t key, enum severity severity)
{
	struct doctor *const doctor = look->doctor;
	struct standing *const standing = findings_get(doctor, look->rule_number, netns, key);
	struct finding *finding;

	if (standing == NULL) {
		doctor->refused++;
		return NULL;
	}
	if (standing->number != doctor->looks) {
		/* The look before, or there was a gap. */
		standing->looks = standing->number + 1 == doctor->looks ? standing->looks + 1 : 1;
		standing->number = doctor->looks;
	}
	finding = &standing->shown;
	if (standing->looks == 1 && !standing->is_raised)
		finding->since_ns = look->now_ns;
	finding->last_ns = look->now_ns;
	standing->now = severity;
	standing->rows = (struct row_list){0};
	finding->sockets = finding->pid = 0;
	finding->figure_count = 0;
	finding->title[0] = finding->filter[0] = finding->process[0] = finding->needs[0] = '\0';
	sentence_fill(look->model, netns, look->rule->why, finding->why, sizeof finding->why);
	sentence_fill(
		look->model, netns, look->rule->action, finding->action, sizeof finding->action);
	return finding;
}

void
finding_say(struct finding *finding, const char *format, ...)
{
	const size_t len = strlen(finding->title);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->title + len, sizeof finding->title - len, format, arguments);
	va_end(arguments);
}

static struct figure *
add_figure(struct finding *finding, const char *name)
{
	struct figure *figure;

	if (finding->figure_count == FINDING_FIGURES_MAX)
		return NULL;
	figure = &finding->figures[finding->figure_count++];
	*figure = (struct figure){.name = name};
	return figure;
}

void
finding_figure(struct finding *finding, const char *name, enum unit unit, double number)
{
	struct figure *const figure = add_figure(finding, name);

	if (figure == NULL)
		return;
	figure->unit = unit;
	figure->number = number;
}

void
finding_words(struct finding *finding, const char *name, const char *format, ...)
{
	struct figure *const figure = add_figure(finding, name);
	char raw[FIGURE_TEXT_SIZE];
	va_list arguments;

	if (figure == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(raw, sizeof raw, format, arguments);
	va_end(arguments);
	text_clean(text_of(raw), figure->text, sizeof figure->text);
}

void
finding_needs(struct finding *finding, const char *words)
{
	snprintf(finding->needs, sizeof finding->needs, "%s", words);
}

void
finding_filter(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->filter, sizeof finding->filter, format, arguments);
	va_end(arguments);
}

void
finding_process(
	struct finding *finding, const struct model *model, const struct process_row *process)
{
	if (process == NULL)
		return;
	finding->pid = process->pid;
	text_clean(text_of(model_text(model, process->comm)), finding->process,
		sizeof finding->process);
}

void
finding_owner(const struct look *look, struct finding *finding, uint32_t pid, const char *filter)
{
	finding_process(finding, look->model, process_table_find(&look->model->processes, pid));
	if (finding->pid != 0)
		finding_filter(finding, "%s and pid %u", filter, (unsigned)finding->pid);
	else
		finding_filter(finding, "%s", filter);
}

const char *
finding_process_words(const struct finding *finding, char *out, size_t size)
{
	if (finding->pid != 0)
		snprintf(out, size, "%s (%u)", finding->process, (unsigned)finding->pid);
	else
		snprintf(out, size, "a process that is not known");
	return out;
}

const char *
finding_ago(uint64_t ago_ns, char *out, size_t size)
{
	char age[DURATION_TEXT_SIZE];

	if (ago_ns < CLOCK_NS_PER_S)
		snprintf(out, size, "just now");
	else
		snprintf(out, size, "%s ago",
			duration_format(ago_ns, DURATION_LONG, age, sizeof age));
	return out;
}

void
finding_rows(struct finding *finding, const struct row_list *list)
{
	struct standing *const standing =
		(struct standing *)((char *)finding - offsetof(struct standing, shown));

	standing->rows = *list;
	finding->sockets = list->count;
}
