/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the heading and the lines of one path: its hops and the notes on them. */
#include <config.h>

#include "paths.h"

#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/text.h>

#include "paths_hop.h"
#include "paths_host.h"
#include "tui/state.h"

enum {
	SPARKS_MAX = 48,
	INDENT = 5, /* for the lines that belong to a hop */
};

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* The widths that the hops need. Addresses are copied by users, so they are not cut. */
static void
measure(struct paths_drawing *drawing, int *address, int *host, int *words)
{
	uint64_t median_us, slowest_us = 0, worst_us = 0;

	for (unsigned i = 0; i < drawing->path->hop_count; i++) {
		const struct hop *const hop = &drawing->path->hops[i];
		struct hop_row row;
		char text[128];

		hop_row_fill(&row, drawing->path, hop, paths_host_name, drawing->tui);
		paths_column_format(PATHS_COLUMN_WORDS, &drawing->delay, &row, text, sizeof text);
		*address = larger(*address, paths_host_width(&row, false));
		*host = larger(*host, paths_host_width(&row, true));
		*words = larger(*words, (int)text_width(text));
		if (hop->worst_us > worst_us)
			worst_us = hop->worst_us;
		if (hop_percentile(hop, 50, &median_us) && median_us > slowest_us)
			slowest_us = median_us;
	}
	/* One answer that was late must not flatten all others. */
	drawing->top_us = (double)slowest_us * 5 / 2;
	if (drawing->top_us > (double)worst_us)
		drawing->top_us = (double)worst_us;
}

static void
lay_out(struct paths_drawing *drawing, int width)
{
	const unsigned set = 1U << drawing->tui->paths.set;
	struct layout_item *const items = drawing->items;
	int address = 7, host = 0, words = 0;

	path_delay(drawing->path, &drawing->delay);
	paths_host_want_names(drawing->tui, drawing->path);
	measure(drawing, &address, &host, &words);
	for (int i = 0; i < PATHS_COLUMN_COUNT; i++) {
		const int least = (paths_columns[i].sets & set) != 0 ? paths_columns[i].width : 0;

		items[i] = (struct layout_item){.minimum = least,
			.wanted = least,
			.grown = least,
			.essential = paths_columns[i].essential};
	}
	host = larger(host, address);
	items[PATHS_COLUMN_HOST].minimum = address;
	items[PATHS_COLUMN_HOST].wanted =
		larger(address, smaller(host, paths_columns[PATHS_COLUMN_HOST].width));
	items[PATHS_COLUMN_HOST].grown = host;
	items[PATHS_COLUMN_WORDS].minimum = smaller(words, paths_columns[PATHS_COLUMN_WORDS].width);
	items[PATHS_COLUMN_WORDS].wanted = items[PATHS_COLUMN_WORDS].grown = words;
	items[PATHS_COLUMN_SPARKS].grown = SPARKS_MAX;
	layout_columns(items, PATHS_COLUMN_COUNT, width, 1);
}

static void
draw_heading(const struct paths_drawing *drawing, const struct rect *rect)
{
	struct pen pen = draw_pen(&drawing->tui->theme, rect->y, rect->x, rect->width);

	for (int i = 0; i < PATHS_COLUMN_COUNT; i++) {
		if (drawing->items[i].width == 0)
			continue;
		draw_spaces(&pen, ROLE_HEADING, rect->x + drawing->items[i].x - pen.x);
		draw_cell(&pen, ROLE_HEADING, paths_column_title((enum paths_column)i),
			drawing->items[i].width, paths_columns[i].field != NULL);
	}
	draw_rest(&pen, ROLE_HEADING);
}

static void
draw_note(const struct paths_drawing *drawing, struct pen *pen, unsigned index)
{
	char note[256];

	draw_spaces(pen, ROLE_NORMAL, 1);
	if (index == PATHS_NOTE_TEXT) {
		draw_text(pen, ROLE_DIM, drawing->path->text);
		return;
	}
	path_note(drawing->path, (enum path_note)index, note, sizeof note);
	draw_text(pen, ROLE_WARNING, note);
}

static void
draw_change(const struct paths_drawing *drawing, struct pen *pen, unsigned index)
{
	char change[192];

	path_change_format(drawing->path, index, change, sizeof change);
	draw_spaces(pen, ROLE_NORMAL, INDENT);
	draw_format(pen, ROLE_DIM, "before, at %s", change);
}

static void
draw_line(const struct paths_drawing *drawing, struct pen *pen, const struct paths_line *line)
{
	struct hop_row row;
	char other[64];

	if (line->kind < PATHS_LINE_NOTE)
		hop_row_fill(&row, drawing->path, &drawing->path->hops[line->hop], paths_host_name,
			drawing->tui);
	switch ((enum paths_line_kind)line->kind) {
	case PATHS_LINE_HOP: paths_draw_hop(drawing, pen, &row); break;
	case PATHS_LINE_ADDRESS:
		draw_spaces(pen, ROLE_NORMAL, INDENT - 1);
		paths_host_draw(pen, &row, line->index,
			larger(drawing->items[PATHS_COLUMN_HOST].width,
				paths_host_width(&row, true)));
		paths_host_format_other(drawing->path, &row, line->index, other, sizeof other);
		draw_format(pen, ROLE_DIM, "  %s", other);
		break;
	case PATHS_LINE_LABEL:
		draw_spaces(pen, ROLE_NORMAL, INDENT);
		draw_format(pen, ROLE_DIM, "MPLS %s", row.labels[line->index]);
		break;
	case PATHS_LINE_NOTE: draw_note(drawing, pen, line->index); break;
	case PATHS_LINE_CHANGE: draw_change(drawing, pen, line->index); break;
	}
	draw_rest(pen, ROLE_NORMAL);
}

void
paths_draw_lines(struct tui *tui, const struct path *path, const struct rect *rect, size_t top)
{
	static struct paths_line lines[PATHS_LINES_MAX];
	struct paths_drawing drawing = {.tui = tui, .path = path};
	const size_t count = paths_lines(path, lines);
	const bool heading = rect->height > 1;
	const int room = rect->height - (heading ? 1 : 0);

	lay_out(&drawing, rect->width);
	if (heading)
		draw_heading(&drawing, rect);
	for (int i = 0; i < room && top + (size_t)i < count; i++) {
		struct pen pen = draw_pen(
			&tui->theme, rect->y + (heading ? 1 : 0) + i, rect->x, rect->width);

		draw_line(&drawing, &pen, &lines[top + (size_t)i]);
	}
}
