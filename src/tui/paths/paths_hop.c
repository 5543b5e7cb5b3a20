/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the line of one hop: its cells, their colours, and its history. */
#include <config.h>

#include "paths_hop.h"

#include "paths_host.h"
#include "tui/state.h"

static enum role
role_of(const struct hop *hop)
{
	switch ((enum hop_verdict)hop->verdict) {
	case HOP_VERDICT_NONE: return hop->loss > 0 ? ROLE_WARNING : ROLE_NORMAL;
	/* It is the router that is slow to answer, not the path. */
	case HOP_VERDICT_SILENT:
	case HOP_VERDICT_RATE_LIMITED: return ROLE_DIM;
	case HOP_VERDICT_LOSS: return ROLE_CRITICAL;
	case HOP_VERDICT_LOOP:
	case HOP_VERDICT_PROHIBITED:
	case HOP_VERDICT_UNREACHABLE: return ROLE_WARNING;
	}
	return ROLE_NORMAL;
}

/* The newest is on the right; losses stand out where the path lost them. */
static void
draw_history(struct pen *pen, const struct paths_drawing *drawing, const struct hop *hop, int width)
{
	const int end = pen->x + width;
	const enum role lost = role_of(hop) == ROLE_DIM ? ROLE_DIM : ROLE_CRITICAL;
	unsigned count = width < PATH_HISTORY ? (unsigned)width : (unsigned)PATH_HISTORY;

	while (count > 0 &&
		hop->history_us[(hop->history_next + PATH_HISTORY - count) % PATH_HISTORY] ==
			PATH_HISTORY_EMPTY)
		count--;
	for (; count > 0; count--) {
		const int32_t us =
			hop->history_us[(hop->history_next + PATH_HISTORY - count) % PATH_HISTORY];
		const double value = (double)us;

		if (us == PATH_HISTORY_LOST)
			draw_text(pen, lost, "?");
		else
			draw_sparks(pen, value > drawing->top_us ? ROLE_WARNING : ROLE_CHART,
				&value, 1, 0, drawing->top_us, 1, 0);
	}
	draw_spaces(pen, ROLE_NORMAL, end - pen->x);
}

/* A figure that is not as it should be stands out. */
static enum role
cell_role(const struct paths_drawing *drawing, const struct hop *hop, enum paths_column column)
{
	const enum role role = role_of(hop);

	if (column == PATHS_COLUMN_LOSS)
		return role;
	if (column == PATHS_COLUMN_LINK)
		return hop->verdict == HOP_VERDICT_LOSS ? ROLE_CRITICAL : ROLE_NORMAL;
	if (column == PATHS_COLUMN_AVERAGE && paths_is_slow(&drawing->delay, hop))
		return ROLE_WARNING;
	if (column == PATHS_COLUMN_WORDS)
		return role == ROLE_NORMAL && paths_is_slow(&drawing->delay, hop) ? ROLE_WARNING
										  : role;
	return ROLE_NORMAL;
}

void
paths_draw_hop(const struct paths_drawing *drawing, struct pen *pen, const struct hop_row *row)
{
	const int start = pen->x;
	char text[128];

	for (int i = 0; i < PATHS_COLUMN_COUNT; i++) {
		const enum paths_column column = (enum paths_column)i;
		const int width = drawing->items[i].width;

		if (width == 0)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + drawing->items[i].x - pen->x);
		if (column == PATHS_COLUMN_HOST) {
			paths_host_draw(pen, row, 0, width);
		} else if (column == PATHS_COLUMN_SPARKS) {
			draw_history(pen, drawing, row->hop, width);
		} else {
			paths_column_format(column, &drawing->delay, row, text, sizeof text);
			draw_cell(pen, cell_role(drawing, row->hop, column), text, width,
				paths_columns[column].field != NULL);
		}
	}
}
