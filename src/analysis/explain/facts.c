/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the lines of a page: breaks long facts, and puts a blank before a heading. */
#include <config.h>

#include <sockwatch/analysis/facts.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>

enum { WHOLE_SIZE = 4200 };

void
facts_begin(struct facts *facts, size_t width)
{
	facts->count = 0;
	facts->width = width;
}

static struct facts_line *
add_line(struct facts *facts, enum facts_kind kind, const char *label)
{
	struct facts_line *line;

	if (facts->count == FACTS_MAX)
		return NULL;
	line = &facts->lines[facts->count++];
	*line = (struct facts_line){.kind = kind};
	snprintf(line->label, sizeof line->label, "%s", label);
	return line;
}

void
facts_heading(struct facts *facts, const char *title)
{
	if (facts->count > 0)
		add_line(facts, FACTS_BLANK, "");
	add_line(facts, FACTS_HEADING, title);
}

/* Bytes of clean text that fit into so many columns, broken at a blank where there is one. */
static size_t
fit(const char *text, size_t columns)
{
	char part[FACTS_TEXT_SIZE];
	size_t len;

	text_clean(text_of(text), part, sizeof part); /* cuts at a whole character */
	text_truncate(part, columns, false);
	len = strlen(part);
	if (text[len] != '\0' && text[len] != ' ') {
		const char *const blank = strrchr(part, ' ');

		if (blank != NULL && blank > part + len / 2)
			len = (size_t)(blank - part);
	}
	return len;
}

void
facts_add(struct facts *facts, enum severity severity, const char *label, const char *text)
{
	const size_t room =
		facts->width > FACTS_LABEL_WIDTH + 12 ? facts->width - FACTS_LABEL_WIDTH - 4 : 8;
	char whole[WHOLE_SIZE];
	const char *rest = whole;
	enum facts_kind kind = FACTS_FACT;

	text_clean(text_of(text), whole, sizeof whole);
	while (*rest != '\0') {
		const size_t len = fit(rest, room);
		struct facts_line *const line =
			add_line(facts, kind, kind == FACTS_FACT ? label : "");

		if (line == NULL || len == 0)
			return;
		snprintf(line->text, sizeof line->text, "%.*s", (int)len, rest);
		line->severity = severity;
		rest += len;
		rest += strspn(rest, " ");
		kind = FACTS_MORE;
	}
}

void
facts_chart(struct facts *facts, const char *label, enum history_series series)
{
	struct facts_line *const line = add_line(facts, FACTS_CHART, label);

	if (line != NULL)
		line->series = series;
}

void
facts_strip(struct facts *facts, size_t strip)
{
	struct facts_line *const line = add_line(facts, FACTS_STRIP, "");

	if (line != NULL)
		line->strip = strip;
}
