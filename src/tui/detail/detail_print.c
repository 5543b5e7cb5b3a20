/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of a socket as text. */
#include <config.h>

#include "detail.h"

#include <sockwatch/analysis/chart.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/analysis/trouble.h>

#include "detail_end.h"
#include "detail_ladder.h"
#include "tui/state.h"

static void
print_line(struct tui *tui, const struct facts_line *line, struct buffer *out)
{
	char text[64];

	switch (line->kind) {
	case FACTS_BLANK: buffer_append_text(out, "\n"); break;
	case FACTS_HEADING: buffer_append_format(out, "-- %s\n", line->label); break;
	case FACTS_STRIP: strip_print(&tui->detail.diagram[line->strip], out); break;
	case FACTS_CHART:
		chart_format(&tui->detail.history, line->series, text, sizeof text);
		buffer_append_format(out, " %-*s %s\n", FACTS_LABEL_WIDTH, line->label,
			text[0] != '\0' ? text : "not known");
		break;
	case FACTS_FACT:
	case FACTS_MORE:
		buffer_append_format(out, "%s%-*s %s\n",
			line->severity != SEVERITY_INFO && line->kind == FACTS_FACT
				? DRAW_SEVERITY_MARK
				: " ",
			FACTS_LABEL_WIDTH, line->label, line->text);
		break;
	}
}

size_t
detail_print(struct tui *tui, struct buffer *out)
{
	const struct identity *const identity = &tui->detail.socket;
	const struct facts *const facts = tui->detail.sides[0];
	char local[DETAIL_END_SIZE], remote[DETAIL_END_SIZE], outcome[96];
	const struct finding *const finding = detail_finding(tui);
	char verdict[TROUBLE_TEXT_SIZE];
	enum severity severity;

	detail_build(tui, DETAIL_TWO_FROM - 1);
	explain_outcome(&tui->detail.row, tui->detail.wire, outcome, sizeof outcome);
	detail_format_end(tui, false, local, sizeof local);
	detail_format_end(tui, true, remote, sizeof remote);
	severity = detail_verdict(tui, verdict, sizeof verdict);
	if (identity->remote_port != 0)
		buffer_append_format(out, "%s to %s, %s\n", local, remote, outcome);
	else
		buffer_append_format(out, "%s, %s\n", local, outcome);
	if (finding != NULL)
		buffer_append_format(
			out, DRAW_SEVERITY_MARK " %s (%s)\n", finding->title, finding->rule);
	buffer_append_format(
		out, "%s%s\n\n", severity != SEVERITY_INFO ? DRAW_SEVERITY_MARK " " : "", verdict);
	for (size_t i = 0; i < facts->count; i++)
		print_line(tui, &facts->lines[i], out);
	return facts->count + 3 + (finding != NULL) + detail_ladder_print(tui, out);
}
