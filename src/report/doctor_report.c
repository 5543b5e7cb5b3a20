/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints findings and the table of rules as paragraphs. */
#include <config.h>

#include <sockwatch/report/doctor_report.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/wrap.h>

enum { COLUMNS = 80, INDENT = 13, COLUMNS_LEAST = 24, PARAGRAPH_SIZE = 2048, HIDDEN_MAX = 8 };

/* "label      text that goes on", below the label's column. */
static void
add_paragraph(struct buffer *out, const char *label, const char *text, size_t columns)
{
	struct text line;

	if (text[0] == '\0')
		return;
	buffer_append_format(out, "%-*s", INDENT, label);
	for (bool is_first = true; wrap_next(&text, columns - INDENT, &line); is_first = false)
		buffer_append_format(
			out, "%*s%.*s\n", is_first ? 0 : INDENT, "", (int)line.len, line.data);
}

static size_t
usable(size_t columns)
{
	if (columns == 0)
		return COLUMNS;
	return columns < COLUMNS_LEAST + INDENT ? COLUMNS_LEAST + INDENT : columns;
}

static void
add_figures(struct buffer *out, const struct finding *finding, size_t columns)
{
	char text[PARAGRAPH_SIZE];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < finding->figure_count; i++) {
		const struct figure *const figure = &finding->figures[i];

		len = text_add(text, sizeof text, len, "%s%s ", i > 0 ? ", " : "", figure->name);
		len = figure->text[0] != '\0'
			      ? text_add(text, sizeof text, len, "%s", figure->text)
			      : text_add(text, sizeof text, len, "%.6g", figure->number);
	}
	add_paragraph(out, "  evidence", text, columns);
}

static void
add_time(struct buffer *out, const struct finding *finding, const struct model *model,
	size_t columns)
{
	char text[CLOCK_TEXT_SIZE * 3 + 64], since[CLOCK_TEXT_SIZE], over[CLOCK_TEXT_SIZE];

	clock_format_time(model_wall_ns(model, finding->since_ns), since, sizeof since);
	since[8] = '\0'; /* whole seconds */
	snprintf(text, sizeof text, "%s", since);
	if (finding->over_ns != 0) {
		clock_format_time(model_wall_ns(model, finding->over_ns), over, sizeof over);
		over[8] = '\0';
		snprintf(text, sizeof text, "%s, over at %s", since, over);
	}
	if (finding->times > 1) {
		const size_t len = strlen(text);

		clock_format_time(model_wall_ns(model, finding->first_ns), since, sizeof since);
		since[8] = '\0';
		snprintf(text + len, sizeof text - len, "; %" PRIu32 " times since %s",
			finding->times, since);
	}
	add_paragraph(out, "  since", text, columns);
}

static void
add_hidden(struct buffer *out, const struct finding *finding, const struct doctor *doctor,
	size_t columns)
{
	const struct finding *hidden[HIDDEN_MAX];
	const size_t count = doctor_hidden(doctor, finding, hidden, HIDDEN_MAX);

	for (size_t i = 0; i < count; i++) {
		char text[PARAGRAPH_SIZE];

		snprintf(text, sizeof text, "%s (%s)", hidden[i]->title, hidden[i]->rule);
		add_paragraph(out, i == 0 ? "  explains" : "", text, columns);
	}
}

void
doctor_report_finding(const struct finding *finding, const struct doctor *doctor,
	const struct model *model, size_t columns, struct buffer *out)
{
	const size_t width = usable(columns);
	char title[FINDING_TITLE_SIZE + DOCTOR_NAME_SIZE];
	char show[FINDING_FILTER_SIZE + 32];

	snprintf(title, sizeof title, "%s (%s)", finding->title, finding->rule);
	add_paragraph(out, finding_severity_name(finding->severity), title, width);
	add_time(out, finding, model, width);
	add_figures(out, finding, width);
	add_paragraph(out, "  why", finding->why, width);
	add_paragraph(out, "  what to do", finding->action, width);
	snprintf(show, sizeof show, "sockwatch list '%s'", finding->filter);
	add_paragraph(out, "  sockets", finding->filter[0] != '\0' ? show : "", width);
	add_paragraph(out, "  needs", finding->needs, width);
	add_hidden(out, finding, doctor, width);
}

static void
add_thresholds(struct buffer *out, const struct doctor_settings *settings, size_t rule,
	const struct rule_words *words, size_t columns)
{
	for (size_t i = 0; i < words->threshold_count; i++) {
		const struct threshold *const threshold = &words->thresholds[i];
		char text[PARAGRAPH_SIZE], number[32];

		snprintf(text, sizeof text, "rule.%s.%s = %s: %s", words->name, threshold->name,
			number_format_real(settings->thresholds[rule][i], threshold->unit, number,
				sizeof number),
			threshold->help);
		add_paragraph(out, i == 0 ? "  set by" : "", text, columns);
	}
}

void
doctor_report_rules(const struct doctor_settings *settings, size_t columns, struct buffer *out)
{
	const size_t width = usable(columns);

	for (size_t i = 0; i < doctor_rule_count(); i++) {
		const struct rule_words words = doctor_rule(i);
		char text[PARAGRAPH_SIZE];

		if (settings->is_off[i])
			continue;
		buffer_append_format(out, "%s\n", words.name);
		add_paragraph(out, "  finds", words.help, width);
		snprintf(text, sizeof text, "%u s", words.window_s);
		add_paragraph(out, "  looks at", words.window_s == 0 ? "what is now" : text, width);
		add_paragraph(out, "  rights", words.rights != NULL ? words.rights : "none needed",
			width);
		add_paragraph(out, "  explains", words.hides != NULL ? words.hides : "", width);
		add_thresholds(out, settings, i, &words, width);
	}
}
