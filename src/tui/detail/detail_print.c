/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of a socket as text. */
#include <config.h>

#include "detail.h"

#include <stdio.h>

#include <sockwatch/analysis/chart.h>
#include <sockwatch/analysis/explain.h>

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
		buffer_append_format(out, " %-*s %s\n", FACTS_LABEL_WIDTH, line->label, line->text);
		break;
	}
}

size_t
detail_print(struct tui *tui, struct buffer *out)
{
	const struct identity *const identity = &tui->detail.socket;
	const struct facts *const facts = tui->detail.sides[0];
	char local[ADDRESS_PORT_SIZE], remote[ADDRESS_PORT_SIZE], outcome[96];

	detail_build(tui, DETAIL_TWO_FROM - 1);
	explain_outcome(&tui->detail.row, tui->detail.wire, outcome, sizeof outcome);
	address_format_port(&identity->local, identity->local_port, local, sizeof local);
	address_format_port(&identity->remote, identity->remote_port, remote, sizeof remote);
	if (identity->remote_port != 0)
		buffer_append_format(out, "%s to %s, %s\n\n", local, remote, outcome);
	else
		buffer_append_format(out, "%s, %s\n\n", local, outcome);
	for (size_t i = 0; i < facts->count; i++)
		print_line(tui, &facts->lines[i], out);
	return facts->count + 2 + detail_ladder_print(tui, out);
}
