/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a finding: the finding keys of INTERFACE, and columns of the findings' screen. */
#include <config.h>

#include <sockwatch/analysis/finding.h>

#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/netns.h>

#include "analysis/field/field_rows.h"
#include "analysis/field/value.h"

enum text_of_finding {
	TEXT_RULE,
	TEXT_SEVERITY,
	TEXT_TITLE,
	TEXT_WHY,
	TEXT_ACTION,
	TEXT_FILTER,
	TEXT_PROCESS,
	TEXT_NEEDS,
	TEXT_HIDDEN_BY,
	TEXT_STATE,
};

const char *
finding_severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_INFO: return "info";
	case SEVERITY_WARNING: return "warning";
	case SEVERITY_CRITICAL: return "critical";
	}
	return "";
}

static const char *
text(const struct finding *finding, enum text_of_finding which)
{
	switch (which) {
	case TEXT_RULE: return finding->rule;
	case TEXT_SEVERITY: return finding_severity_name(finding->severity);
	case TEXT_TITLE: return finding->title;
	case TEXT_WHY: return finding->why;
	case TEXT_ACTION: return finding->action;
	case TEXT_FILTER: return finding->filter;
	case TEXT_PROCESS: return finding->process;
	case TEXT_NEEDS: return finding->needs;
	case TEXT_STATE:
		return finding->over_ns != 0  ? "over"
		       : finding->is_accepted ? "accepted"
					      : "stands";
	case TEXT_HIDDEN_BY: return finding->hidden_by != NULL ? finding->hidden_by : "";
	}
	return "";
}

static void
get_text(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)context;
	value_set_text(value, text_of(text(row, (enum text_of_finding)field->argument)));
}

static void
get_evidence(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct finding *const finding = row;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (finding->figure_count == 0)
		return;
	value->kind = VALUE_FIGURES;
	value->figures.items = finding->figures;
	value->figures.count = finding->figure_count;
}

static void
get_sockets(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	value_set_unsigned(value, ((const struct finding *)row)->sockets);
}

static void
get_pid(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct finding *const finding = row;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (finding->pid != 0)
		value_set_unsigned(value, finding->pid);
}

static void
get_netns(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct finding *const finding = row;
	const struct netns_row *const netns = model_netns(context->model, finding->netns);
	char composed[NETNS_LABEL_SIZE];
	struct text label;

	(void)field;
	value_set_unknown(value);
	if (netns == NULL)
		return;
	label = netns_label(context->model, netns, composed);
	value_set_composed(value, "%.*s", (int)label.len, label.data);
}

static void
set_time(const struct field_context *context, uint64_t time_ns, struct value *value)
{
	char out[CLOCK_TEXT_SIZE];

	value_set_unknown(value);
	if (time_ns == 0)
		return;
	clock_format_rfc3339(model_wall_ns(context->model, time_ns), out, sizeof out);
	value_set_composed(value, "%s", out);
}

static void
get_since(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	set_time(context, ((const struct finding *)row)->since_ns, value);
}

static void
get_over(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	set_time(context, ((const struct finding *)row)->over_ns, value);
}

static void
get_times(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct finding *const finding = row;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (finding->times > 1)
		value_set_unsigned(value, finding->times);
}

static void
get_age(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct finding *const finding = row;
	const uint64_t end_ns = finding->over_ns != 0 ? finding->over_ns : context->model->now_ns;

	(void)field;
	value_set_unsigned(value,
		end_ns > finding->since_ns ? (end_ns - finding->since_ns) / CLOCK_NS_PER_S : 0);
}

/* name, heading, width, flags, which, help, designators */
#define WORDS(name_, title_, width_, flags_, which_, ...)                                          \
	TEXT(name_, title_, width_, flags_, get_text, __VA_ARGS__, .argument = TEXT_##which_)

static const struct field fields[] = {
	WORDS("rule", "RULE", 20, WORD | ESSENTIAL, RULE, "name of the rule"),
	WORDS("severity", "SEVERITY", 8, WORD | ESSENTIAL, SEVERITY,
		"info: worth knowing; warning: somebody waits or is refused, or it will run out; critical: connections or data are being lost now",
		.words = "info warning critical"),
	WORDS("state", "STATE", 8, WORD, STATE,
		"stands; accepted: silent until it gets worse; over: it no longer holds",
		.words = "stands accepted over"),
	WORDS("title", "FINDING", 60, WORD | ESSENTIAL | STRETCH, TITLE,
		"what is wrong, by how much"),
	FIELD("evidence", "EVIDENCE", 40, WORD | STRETCH, VALUE_FIGURES, get_evidence,
		"the figures that show it"),
	WORDS("why", "WHY", 40, REPORT, WHY, "why it happens"),
	WORDS("action", "ACTION", 40, REPORT, ACTION, "what to do, and what will not help"),
	WORDS("filter", "FILTER", 30, WORD | STRETCH, FILTER, "shows its sockets"),
	AMOUNT("sockets", "SOCKETS", 7, UNIT_COUNT, NUMBER, get_sockets, "how many it is about"),
	AMOUNT("pid", "PID", 7, UNIT_NONE, NUMBER, get_pid, "the process that it names"),
	WORDS("process", "PROCESS", 15, WORD, PROCESS, "name of that process"),
	TEXT("netns", "NETNS", 12, WORD, get_netns, "network namespace"),
	TEXT("since", "SINCE", 35, WORD, get_since, "when its condition first held"),
	TEXT("over", "OVER", 35, WORD, get_over, "when it was found to be over"),
	AMOUNT("times", "TIMES", 5, UNIT_COUNT, NUMBER, get_times,
		"how often it was raised, where it was over in between; unknown when once"),
	AMOUNT("age_s", "AGE", 5, UNIT_S, NUMBER | TICKS, get_age, "how long it has stood"),
	WORDS("needs", "NEEDS", 30, WORD, NEEDS, "the right without which it is less exact"),
	WORDS("hidden_by", "HIDDEN BY", 18, WORD, HIDDEN_BY, "the rule that explains it"),
};

const struct field_table finding_fields = {
	.row_name = "finding",
	.fields = fields,
	.count = sizeof fields / sizeof fields[0],
};
