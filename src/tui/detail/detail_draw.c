/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of one socket on the screen: its title, its facts in one column or two, its segments. */
#include <config.h>

#include "detail.h"

#include <math.h>
#include <stdio.h>

#include <sockwatch/analysis/chart.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/trouble.h>
#include <sockwatch/base/wrap.h>

#include "detail_end.h"
#include "detail_ladder.h"
#include "detail_place.h"
#include "tui/pages.h"
#include "tui/state.h"

enum { CHART_TEXT = 26, VERDICT_FROM = 4, FINDING_FROM = 12, FINDING_LINES = 2 };

/* "label  ▁▂▃▅  12ms, at most 30ms". */
static void
draw_chart(struct tui *tui, const struct facts_line *line, struct pen *pen)
{
	const int room = pen->end - pen->x - CHART_TEXT;
	struct chart chart;
	char text[CHART_SAMPLE_SIZE];

	if (room < 8)
		return;
	chart_load(&tui->detail.history, line->series, (size_t)room, &chart);
	if (isnan(chart.now)) {
		draw_text(pen, ROLE_DIM,
			(tui->detail.row.flags & SOCKET_CLOSED) != 0 ? "not seen before the end"
								     : "not known yet");
		return;
	}
	draw_sparks(pen, ROLE_CHART, chart.values, chart.count, 0, chart.high > 0 ? chart.high : 1,
		1, 0);
	draw_spaces(pen, ROLE_NORMAL, room - (int)chart.count + 1);
	draw_format(pen, ROLE_STRONG, "%8s",
		chart_format_sample(chart.now, line->series, text, sizeof text));
	draw_format(pen, ROLE_DIM, "  most %s",
		chart_format_sample(chart.high, line->series, text, sizeof text));
}

static void
draw_line(struct tui *tui, const struct facts_line *line, struct pen *pen)
{
	switch (line->kind) {
	case FACTS_BLANK: break;
	case FACTS_STRIP: draw_strip(pen, &tui->detail.diagram[line->strip]); break;
	case FACTS_HEADING: draw_rule(pen, ROLE_SECTION, line->label); break;
	case FACTS_FACT:
	case FACTS_MORE:
	case FACTS_CHART:
		draw_text(pen, draw_severity_role(line->severity),
			line->severity != SEVERITY_INFO && line->kind == FACTS_FACT
				? DRAW_SEVERITY_MARK
				: " ");
		draw_cell(pen, ROLE_DIM, line->label, FACTS_LABEL_WIDTH, false);
		draw_spaces(pen, ROLE_NORMAL, 1);
		if (line->kind == FACTS_CHART)
			draw_chart(tui, line, pen);
		else
			draw_text(pen, draw_severity_role(line->severity), line->text);
		break;
	}
}

static void
draw_side(struct tui *tui, const struct facts *facts, const struct rect *rect)
{
	for (int i = 0; i < rect->height && tui->detail.scroll.top + (size_t)i < facts->count;
		i++) {
		struct pen pen = draw_pen(&tui->theme, rect->y + i, rect->x, rect->width);

		draw_line(tui, &facts->lines[tui->detail.scroll.top + (size_t)i], &pen);
	}
}

/* The two ends, the state, and how it ended: always in sight. */
static void
draw_title(struct tui *tui, const struct rect *rect)
{
	const struct detail *const detail = &tui->detail;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char end[DETAIL_END_SIZE], outcome[96];

	draw_text(&pen, ROLE_HEADING, " ");
	detail_format_end(tui, false, end, sizeof end);
	draw_text(&pen, ROLE_SORTED, end);
	if (detail->socket.remote_port != 0) {
		detail_format_end(tui, true, end, sizeof end);
		draw_format(&pen, ROLE_HEADING, "  to  %s", end);
	}
	explain_outcome(&detail->row, detail->wire, outcome, sizeof outcome);
	draw_format(&pen, ROLE_HEADING, "   %s", outcome);
	draw_rest(&pen, ROLE_HEADING);
}

/* What is wrong, in one line: the first that an admin asks for. */
static void
draw_verdict(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char text[TROUBLE_TEXT_SIZE];
	const enum severity severity = detail_verdict(tui, text, sizeof text);
	const enum role role = severity == SEVERITY_INFO ? ROLE_DIM : draw_severity_role(severity);

	draw_text(&pen, role, severity != SEVERITY_INFO ? DRAW_SEVERITY_MARK : " ");
	draw_cell(&pen, role, text, pen.end - pen.x, false);
}

/* The finding that the socket belongs to, above the verdict on the socket alone. */
static void
draw_finding(struct tui *tui, const struct finding *finding, const struct rect *rect)
{
	const enum role role = draw_severity_role(finding->severity);
	char words[FINDING_TITLE_SIZE + 32];
	const char *rest = words;
	struct text line;

	snprintf(words, sizeof words, "%s (%s)", finding->title, finding->rule);
	for (int y = 0; y < rect->height; y++) {
		struct pen pen = draw_pen(&tui->theme, rect->y + y, rect->x, rect->width);

		draw_text(&pen, role, y == 0 ? DRAW_SEVERITY_MARK : " ");
		if (rect->width > 1 && wrap_next(&rest, (size_t)rect->width - 1, &line))
			draw_format(&pen, role, "%.*s", (int)line.len, line.data);
		draw_rest(&pen, ROLE_NORMAL);
	}
}

static void
draw_ladder(struct tui *tui, const struct rect *rect)
{
	const struct detail *const detail = &tui->detail;
	const size_t end = detail->scroll.top + (size_t)rect->height;

	for (size_t i = detail->scroll.top > detail->facts ? detail->scroll.top : detail->facts;
		i < end && i < detail->scroll.lines; i++) {
		struct pen pen = draw_pen(
			&tui->theme, rect->y + (int)(i - detail->scroll.top), rect->x, rect->width);

		detail_ladder_draw(tui, i - detail->facts, &pen);
	}
}

static void
build_in_place(struct tui *tui, int width)
{
	struct detail *const detail = &tui->detail;
	struct detail_place place;

	if (detail_is_in_two(width)) { /* two columns move apart: neither leads */
		detail_build(tui, width);
		return;
	}
	detail_place_note(&place, detail->sides[0], detail->scroll.top);
	detail_build(tui, width);
	detail->scroll.top = detail_place_find(&place, detail->sides[0]);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct detail *const detail = &tui->detail;
	const bool two = detail_is_in_two(rect->width);
	const int verdict = rect->height >= VERDICT_FROM ? 1 : 0;
	const struct finding *const finding =
		rect->height >= FINDING_FROM ? detail_finding(tui) : NULL;
	const int above = verdict + (finding != NULL ? FINDING_LINES : 0);
	struct rect side = *rect;

	side.y += 1 + above;
	side.height = rect->height > 1 ? rect->height - 1 - above : 0;
	identity_find(&detail->socket, tui->model);
	build_in_place(tui, rect->width);
	scroll_fit(&detail->scroll, detail->facts + detail_ladder_lines(tui), (size_t)side.height);
	draw_title(tui, rect);
	if (finding != NULL)
		draw_finding(tui, finding,
			&(struct rect){rect->y + 1, rect->x, FINDING_LINES, rect->width});
	if (verdict > 0)
		draw_verdict(tui, &(struct rect){rect->y + above, rect->x, 1, rect->width});
	draw_ladder(tui, &side);
	if (two)
		side.width = rect->width / 2 - DETAIL_GAP;
	draw_side(tui, detail->sides[0], &side);
	if (two) {
		side.x += rect->width / 2;
		side.width = rect->width - rect->width / 2;
		draw_side(tui, detail->sides[1], &side);
	}
}

static struct scroll *
get_scroll(struct tui *tui)
{
	return &tui->detail.scroll;
}

const struct pane detail_pane = {
	.draw = draw,
	.scroll = get_scroll,
};
