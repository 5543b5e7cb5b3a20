/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of one socket on the screen: its title, its facts in one column or two, its segments. */
#include <config.h>

#include "detail.h"

#include <math.h>
#include <stdio.h>

#include <sockwatch/analysis/chart.h>
#include <sockwatch/analysis/explain.h>

#include "detail_ladder.h"
#include "tui/pages.h"
#include "tui/state.h"

enum { CHART_TEXT = 26 };

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
		draw_spaces(pen, ROLE_NORMAL, 1);
		draw_cell(pen, ROLE_DIM, line->label, FACTS_LABEL_WIDTH, false);
		draw_spaces(pen, ROLE_NORMAL, 1);
		if (line->kind == FACTS_CHART)
			draw_chart(tui, line, pen);
		else
			draw_text(pen, ROLE_NORMAL, line->text);
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
	const struct identity *const identity = &detail->socket;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char end[ADDRESS_PORT_SIZE], outcome[96];

	draw_text(&pen, ROLE_HEADING, " ");
	address_format_port(&identity->local, identity->local_port, end, sizeof end);
	draw_text(&pen, ROLE_SORTED, end);
	if (identity->remote_port != 0) {
		address_format_port(&identity->remote, identity->remote_port, end, sizeof end);
		draw_format(&pen, ROLE_HEADING, "  to  %s", end);
	}
	explain_outcome(&detail->row, detail->wire, outcome, sizeof outcome);
	draw_format(&pen, ROLE_HEADING, "   %s", outcome);
	draw_rest(&pen, ROLE_HEADING);
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
draw(struct tui *tui, const struct rect *rect)
{
	struct detail *const detail = &tui->detail;
	const bool two = detail_is_in_two(rect->width);
	struct rect side = {rect->y + 1, rect->x, rect->height - 1, rect->width};

	identity_find(&detail->socket, tui->model);
	detail_build(tui, rect->width);
	scroll_fit(&detail->scroll, detail->facts + detail_ladder_lines(tui),
		rect->height > 1 ? (size_t)rect->height - 1 : 0);
	draw_title(tui, rect);
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
