/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of one path, as mtr shows them, and what mtr does not say. */
#include <config.h>

#include "paths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/text.h>

#include "layout.h"
#include "state.h"

enum {
	HOST_MIN = 15,
	HOST_WANTED = 28,
	WORDS_MIN = 8,
	SPARKS_MIN = 8,
	SPARKS_MAX = 48,
	INDENT = 5, /* of what belongs to a hop */
};

enum part {
	PART_TTL,
	PART_HOST,
	PART_LOSS,
	PART_SENT,
	PART_LAST,
	PART_AVERAGE,
	PART_BEST,
	PART_WORST,
	PART_DEVIATION,
	PART_SPARKS,
	PART_WORDS,
	PART_COUNT
};

static const struct {
	const char *field; /* of hop_fields; NULL: drawn here */
	const char *title;
	int width;
	bool essential;
} parts[PART_COUNT] = {
	[PART_TTL] = {"ttl", "", 3, true},
	[PART_HOST] = {NULL, "HOST", HOST_WANTED, true},
	[PART_LOSS] = {"loss_pct", "LOSS", 6, true},
	[PART_SENT] = {"sent", "SENT", 5, false},
	[PART_LAST] = {"last_ms", "LAST", 6, false},
	[PART_AVERAGE] = {"avg_ms", "AVG", 6, true},
	[PART_BEST] = {"best_ms", "BEST", 6, false},
	[PART_WORST] = {"worst_ms", "WORST", 6, false},
	[PART_DEVIATION] = {"stddev_ms", "STDEV", 6, false},
	[PART_SPARKS] = {NULL, "HISTORY", SPARKS_MIN, false},
	[PART_WORDS] = {NULL, "", WORDS_MIN, true},
};

struct drawing {
	struct tui *tui;
	const struct path *path;
	struct layout_item items[PART_COUNT];
	double worst_us; /* of all hops: the top of the sparklines */
};

const char *
paths_name(void *context, const struct address *address)
{
	struct tui *const tui = context;

	if (tui->settings->numeric)
		return NULL;
	if (tui->hooks.name != NULL)
		tui->hooks.name(tui->hooks.context, address);
	return model_host_name(tui->model, address);
}

static enum role
role_of(const struct hop *hop)
{
	switch ((enum hop_verdict)hop->verdict) {
	case HOP_VERDICT_NONE: return hop->loss > 0 ? ROLE_WARNING : ROLE_NORMAL;
	/* The router's reluctance, not the path's. */
	case HOP_VERDICT_SILENT:
	case HOP_VERDICT_RATE_LIMITED: return ROLE_DIM;
	case HOP_VERDICT_LOSS: return ROLE_CRITICAL;
	case HOP_VERDICT_LOOP:
	case HOP_VERDICT_PROHIBITED:
	case HOP_VERDICT_UNREACHABLE: return ROLE_WARNING;
	}
	return ROLE_NORMAL;
}

static int
host_width(const struct hop_row *row)
{
	int widest = 0;

	for (unsigned i = 0; i < row->hop->address_count; i++) {
		const int width = (int)(strlen(row->addresses[i]) + 1 + text_width(row->names[i]));

		if (width > widest)
			widest = width;
	}
	return widest;
}

static void
lay(struct drawing *drawing, int width)
{
	const struct path *const path = drawing->path;
	int host = HOST_MIN, words = WORDS_MIN;

	for (unsigned i = 0; i < path->hop_count; i++) {
		struct hop_row row;
		char text[128];

		hop_row_fill(&row, path, &path->hops[i], paths_name, drawing->tui);
		hop_row_words(&row, text, sizeof text);
		if (host_width(&row) > host)
			host = host_width(&row);
		if ((int)text_width(text) > words)
			words = (int)text_width(text);
		if ((double)path->hops[i].worst_us > drawing->worst_us)
			drawing->worst_us = (double)path->hops[i].worst_us;
	}
	for (int i = 0; i < PART_COUNT; i++)
		drawing->items[i] = (struct layout_item){.minimum = parts[i].width,
			.wanted = parts[i].width,
			.grown = parts[i].width,
			.essential = parts[i].essential};
	drawing->items[PART_HOST].minimum = HOST_MIN;
	drawing->items[PART_HOST].wanted = host < HOST_WANTED ? host : (int)HOST_WANTED;
	drawing->items[PART_HOST].grown = host;
	drawing->items[PART_WORDS].wanted = drawing->items[PART_WORDS].grown = words;
	drawing->items[PART_SPARKS].grown = SPARKS_MAX;
	layout_columns(drawing->items, PART_COUNT, width, 1);
}

static bool
is_right(enum part part)
{
	return parts[part].field != NULL;
}

static void
draw_heading(const struct drawing *drawing, const struct rect *rect)
{
	struct pen pen = draw_pen(&drawing->tui->theme, rect->y, rect->x, rect->width);

	for (int i = 0; i < PART_COUNT; i++) {
		if (drawing->items[i].width == 0)
			continue;
		draw_spaces(&pen, ROLE_HEADING, rect->x + drawing->items[i].x - pen.x);
		draw_cell(&pen, ROLE_HEADING, parts[i].title, drawing->items[i].width,
			is_right((enum part)i));
	}
	draw_rest(&pen, ROLE_HEADING);
}

/* "10.0.0.1 gw.example"; the address is what one copies, so it is never cut for the name. */
static void
draw_host(struct pen *pen, const struct hop_row *row, unsigned index, int width)
{
	struct pen cell = *pen;

	if (cell.end > cell.x + width)
		cell.end = cell.x + width;
	if (row->hop->address_count == 0)
		draw_text(&cell, ROLE_DIM, "???");
	else
		draw_text(&cell, ROLE_NORMAL, row->addresses[index]);
	if (row->hop->address_count > index && row->names[index][0] != '\0') {
		draw_spaces(&cell, ROLE_NORMAL, 1);
		draw_cell(&cell, ROLE_DIM, row->names[index], cell.end - cell.x, false);
	}
	draw_rest(&cell, ROLE_NORMAL);
	pen->x = cell.x;
}

/* The newest on the right; what was lost stands out where the path lost it. */
static void
draw_history(struct pen *pen, const struct drawing *drawing, const struct hop *hop, int width)
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
			draw_sparks(pen, ROLE_CHART, &value, 1, 0, drawing->worst_us, 1, 0);
	}
	draw_spaces(pen, ROLE_NORMAL, end - pen->x);
}

static void
draw_field(struct pen *pen, const struct hop_row *row, enum part part, enum role role, int width)
{
	const struct field *const field =
		field_find(&hop_fields, parts[part].field, strlen(parts[part].field));
	const struct field_context context = {.model = NULL};
	struct value value;
	char text[64];

	field_get(field, &context, row, &value);
	field_format(field, &context, &value, 0, text, sizeof text);
	/* "0.0%" and "12.5%" stand below one another. */
	if (value.kind == VALUE_REAL)
		snprintf(text, sizeof text, "%.1f%%", value.real);
	draw_cell(pen, role, text[0] != '\0' ? text : "-", width, true);
}

static void
draw_hop(const struct drawing *drawing, struct pen *pen, const struct hop_row *row)
{
	const enum role role = role_of(row->hop);
	const int start = pen->x;
	char words[128];

	hop_row_words(row, words, sizeof words);
	for (int i = 0; i < PART_COUNT; i++) {
		const int width = drawing->items[i].width;

		if (width == 0)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + drawing->items[i].x - pen->x);
		if (i == PART_HOST)
			draw_host(pen, row, 0, width);
		else if (i == PART_SPARKS)
			draw_history(pen, drawing, row->hop, width);
		else if (i == PART_WORDS)
			draw_cell(pen, role, words, width, false);
		else
			draw_field(
				pen, row, (enum part)i, i == PART_LOSS ? role : ROLE_NORMAL, width);
	}
}

static void
draw_note(const struct drawing *drawing, struct pen *pen, unsigned index)
{
	char note[256];

	draw_spaces(pen, ROLE_NORMAL, 1);
	if (index == PATHS_NOTE_TEXT) {
		draw_text(pen, drawing->path->way == PROBE_WAY_NONE ? ROLE_CRITICAL : ROLE_DIM,
			drawing->path->text);
		return;
	}
	path_note(drawing->path, (enum path_note)index, note, sizeof note);
	draw_text(pen, ROLE_WARNING, note);
}

static void
draw_line(const struct drawing *drawing, struct pen *pen, const struct paths_line *line)
{
	struct hop_row row;

	if (line->kind != PATHS_LINE_NOTE)
		hop_row_fill(&row, drawing->path, &drawing->path->hops[line->hop], paths_name,
			drawing->tui);
	switch ((enum paths_line_kind)line->kind) {
	case PATHS_LINE_HOP: draw_hop(drawing, pen, &row); break;
	case PATHS_LINE_ADDRESS:
		draw_spaces(pen, ROLE_NORMAL, INDENT);
		draw_host(pen, &row, line->index, pen->end - pen->x);
		break;
	case PATHS_LINE_LABEL:
		draw_spaces(pen, ROLE_NORMAL, INDENT);
		draw_format(pen, ROLE_DIM, "MPLS %s", row.labels[line->index]);
		break;
	case PATHS_LINE_NOTE: draw_note(drawing, pen, line->index); break;
	}
	draw_rest(pen, ROLE_NORMAL);
}

size_t
paths_draw_lines(struct tui *tui, const struct path *path, const struct rect *rect, size_t top)
{
	static struct paths_line lines[PATHS_LINES_MAX];
	struct drawing drawing = {.tui = tui, .path = path};
	const size_t count = paths_lines(path, lines);
	const bool heading = rect->height > 1;
	const int room = rect->height - (heading ? 1 : 0);

	lay(&drawing, rect->width);
	if (heading)
		draw_heading(&drawing, rect);
	for (int i = 0; i < room && top + (size_t)i < count; i++) {
		struct pen pen = draw_pen(
			&tui->theme, rect->y + (heading ? 1 : 0) + i, rect->x, rect->width);

		draw_line(&drawing, &pen, &lines[top + (size_t)i]);
	}
	return count;
}
