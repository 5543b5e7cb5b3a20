/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the chosen finding in full: its title, evidence, why, what to do, and what it explains. */
#include <config.h>

#include "findings_page_words.h"

#include <stdio.h>

#include <sockwatch/base/text.h>
#include <sockwatch/base/wrap.h>

#include "findings_page.h"
#include "tui/state.h"

enum { LEAST_PAGE = 12, HIDDEN_MAX = 8, LABEL_WIDTH = 12, WORDS_SIZE = 1280 };

int
findings_page_words_height(int height)
{
	return height >= LEAST_PAGE ? height * 3 / 5 : 0;
}

/* Where the next line goes. */
struct place {
	struct tui *tui;
	const struct rect *rect;
	int line;
};

/* A label, and a paragraph beside it. What has no room is cut, with a mark in the last line. */
static void
draw_paragraph(struct place *place, enum role role, const char *label, const char *words)
{
	const int room = place->rect->width - LABEL_WIDTH - 2;
	struct text line;
	bool is_first = true;

	if (words[0] == '\0' || room < 8)
		return;
	while (place->line < place->rect->height && wrap_next(&words, (size_t)room, &line)) {
		struct pen pen = draw_pen(&place->tui->theme, place->rect->y + place->line++,
			place->rect->x, place->rect->width);

		draw_format(&pen, ROLE_DIM, " %-*s", LABEL_WIDTH, is_first ? label : "");
		draw_format(&pen, role, "%.*s", (int)line.len, line.data);
		if (place->line == place->rect->height && words[0] != '\0')
			draw_text(&pen, ROLE_DIM, " ...");
		draw_rest(&pen, ROLE_NORMAL);
		is_first = false;
	}
}

static void
draw_evidence(struct place *place, const struct finding *finding)
{
	static const struct field *evidence;
	const struct field_context context = tui_context(place->tui);
	char words[WORDS_SIZE];
	struct value value;

	field_get(field_keep(&finding_fields, "evidence", &evidence), &context, finding, &value);
	field_format(evidence, &context, &value, 0, words, sizeof words);
	draw_paragraph(place, ROLE_NORMAL, "evidence", words);
}

static void
draw_hidden(struct place *place, const struct finding *finding)
{
	const struct finding *hidden[HIDDEN_MAX];
	const size_t count = doctor_hidden(place->tui->doctor, finding, hidden, HIDDEN_MAX);

	for (size_t i = 0; i < count; i++) {
		char words[WORDS_SIZE];

		snprintf(words, sizeof words, "%s: %s", hidden[i]->rule, hidden[i]->title);
		draw_paragraph(place, ROLE_NORMAL, i == 0 ? "explains" : "", words);
	}
}

void
findings_page_words_draw(struct tui *tui, const struct rect *rect)
{
	const struct finding *const finding = rows_selected(&tui->findings.rows);
	struct place place = {.tui = tui, .rect = rect, .line = 1};
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char filter[FINDING_FILTER_SIZE + 16] = "";

	draw_rule(&pen, ROLE_SECTION, finding != NULL ? finding->rule : NULL);
	if (finding != NULL) {
		draw_paragraph(
			&place, draw_severity_role(finding->severity), "what", finding->title);
		draw_evidence(&place, finding);
		draw_paragraph(&place, ROLE_NORMAL, "why", finding->why);
		draw_paragraph(&place, ROLE_STRONG, "what to do", finding->action);
		draw_paragraph(&place, ROLE_NORMAL, "needs", finding->needs);
		draw_hidden(&place, finding);
		if (finding->filter[0] != '\0')
			snprintf(filter, sizeof filter, "Enter: %s", finding->filter);
		draw_paragraph(&place, ROLE_DIM, "its sockets", filter);
	}
	for (; place.line < rect->height; place.line++) {
		pen = draw_pen(&tui->theme, rect->y + place.line, rect->x, rect->width);
		draw_rest(&pen, ROLE_NORMAL);
	}
}
