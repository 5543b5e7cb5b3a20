/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the lines of one path as mtr shows them, and what mtr does not show. There are three sets
 * of columns: the times as mtr has them, their spread, and the packets.
 */
#include <config.h>

#include "paths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_delay.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>

#include "tui/state.h"
#include "tui/term/layout.h"

enum {
	HOST_WANTED = 28,
	WORDS_MIN = 16,
	SPARKS_MIN = 8,
	SPARKS_MAX = 48,
	INDENT = 5, /* for the lines that belong to a hop */
};

enum {
	TIMES = 1 << PATHS_COLUMNS_TIMES,
	SPREAD = 1 << PATHS_COLUMNS_SPREAD,
	PACKETS = 1 << PATHS_COLUMNS_PACKETS,
	EVERY = TIMES | SPREAD | PACKETS,
};

enum part {
	PART_TTL,
	PART_HOST,
	PART_LOSS,
	PART_LINK,
	PART_SENT,
	PART_RECEIVED,
	PART_LATE,
	PART_LAST,
	PART_AVERAGE,
	PART_MEDIAN,
	PART_P95,
	PART_BEST,
	PART_WORST,
	PART_DEVIATION,
	PART_JITTER,
	PART_MTU,
	PART_BACK,
	PART_WORDS,
	PART_SPARKS,
	PART_COUNT
};

static const struct {
	const char *field; /* of hop_fields; NULL: drawn here */
	int width;
	unsigned sets; /* in which it stands */
	bool essential;
} parts[PART_COUNT] = {
	[PART_TTL] = {"ttl", 3, EVERY, true},
	[PART_HOST] = {NULL, HOST_WANTED, EVERY, true},
	[PART_LOSS] = {"loss_pct", 6, EVERY, true},
	[PART_LINK] = {"link_loss_pct", 6, PACKETS, true},
	[PART_SENT] = {"sent", 5, EVERY, false},
	[PART_RECEIVED] = {"received", 5, PACKETS, false},
	[PART_LATE] = {"late", 5, PACKETS, false},
	[PART_LAST] = {"last_ms", 6, TIMES, false},
	[PART_AVERAGE] = {"avg_ms", 6, TIMES | SPREAD, true},
	[PART_MEDIAN] = {"p50_ms", 6, SPREAD, false},
	[PART_P95] = {"p95_ms", 6, SPREAD, false},
	[PART_BEST] = {"best_ms", 6, TIMES, false},
	[PART_WORST] = {"worst_ms", 6, TIMES | SPREAD, false},
	[PART_DEVIATION] = {"stddev_ms", 6, TIMES, false},
	[PART_JITTER] = {"jitter_ms", 6, SPREAD, false},
	[PART_MTU] = {"mtu", 5, PACKETS, false},
	[PART_BACK] = {"hops_back", 4, PACKETS, false},
	[PART_WORDS] = {NULL, WORDS_MIN, EVERY, true},
	[PART_SPARKS] = {NULL, SPARKS_MIN, EVERY, false},
};

struct drawing {
	struct tui *tui;
	const struct path *path;
	struct layout_item items[PART_COUNT];
	struct path_delay delay;
	double top_us; /* of the sparklines */
};

static const struct field *
field_of(enum part part)
{
	static const struct field *found[PART_COUNT];

	return field_keep(&hop_fields, parts[part].field, &found[part]);
}

const char *
paths_name(void *context, const struct address *address)
{
	const struct tui *const tui = context;

	return tui->settings->numeric ? NULL : model_host_name(tui->model, address);
}

void
paths_want_names(struct tui *tui, const struct path *path)
{
	if (tui->settings->numeric)
		return;
	in_sight_add(tui, &path->start.target);
	for (unsigned i = 0; i < path->hop_count; i++) {
		const struct hop *const hop = &path->hops[i];

		for (unsigned k = 0; k < hop->address_count; k++)
			in_sight_add(tui, &hop->addresses[k].address);
	}
}

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

/* The delay arises before this hop. */
static bool
is_slow(const struct path_delay *delay, const struct hop *hop)
{
	return delay->hop == hop && delay->is_step;
}

static void
format_words(const struct path_delay *delay, const struct hop_row *row, char *out, size_t size)
{
	size_t len = hop_row_words(row, out, size);

	if (is_slow(delay, row->hop))
		text_add(out, size, len, "%s+%.1f ms", len > 0 ? ", " : "",
			(double)delay->step_us / 1000);
}

static int
host_width(const struct hop_row *row, bool names)
{
	int widest = 0;

	for (unsigned i = 0; i < row->hop->address_count; i++) {
		int width = (int)strlen(row->addresses[i]);

		if (names && row->names[i][0] != '\0')
			width += 1 + (int)text_width(row->names[i]);
		if (width > widest)
			widest = width;
	}
	return widest;
}

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

/* The widths that the hops need. Addresses are copied by users, so they are not cut. */
static void
measure(struct drawing *drawing, int *address, int *host, int *words)
{
	uint64_t median_us, slowest_us = 0, worst_us = 0;

	for (unsigned i = 0; i < drawing->path->hop_count; i++) {
		const struct hop *const hop = &drawing->path->hops[i];
		struct hop_row row;
		char text[128];

		hop_row_fill(&row, drawing->path, hop, paths_name, drawing->tui);
		format_words(&drawing->delay, &row, text, sizeof text);
		*address = larger(*address, host_width(&row, false));
		*host = larger(*host, host_width(&row, true));
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
lay(struct drawing *drawing, int width)
{
	const unsigned set = 1U << drawing->tui->paths.columns;
	struct layout_item *const items = drawing->items;
	int address = 7, host = 0, words = 0;

	path_delay(drawing->path, &drawing->delay);
	paths_want_names(drawing->tui, drawing->path);
	measure(drawing, &address, &host, &words);
	for (int i = 0; i < PART_COUNT; i++) {
		const int least = (parts[i].sets & set) != 0 ? parts[i].width : 0;

		items[i] = (struct layout_item){.minimum = least,
			.wanted = least,
			.grown = least,
			.essential = parts[i].essential};
	}
	host = larger(host, address);
	items[PART_HOST].minimum = address;
	items[PART_HOST].wanted = larger(address, host < HOST_WANTED ? host : (int)HOST_WANTED);
	items[PART_HOST].grown = host;
	items[PART_WORDS].minimum = words < WORDS_MIN ? words : (int)WORDS_MIN;
	items[PART_WORDS].wanted = items[PART_WORDS].grown = words;
	items[PART_SPARKS].grown = SPARKS_MAX;
	layout_columns(items, PART_COUNT, width, 1);
}

static void
draw_heading(const struct drawing *drawing, const struct rect *rect)
{
	struct pen pen = draw_pen(&drawing->tui->theme, rect->y, rect->x, rect->width);

	for (int i = 0; i < PART_COUNT; i++) {
		const char *title = parts[i].field != NULL ? field_of((enum part)i)->title : "";

		if (drawing->items[i].width == 0)
			continue;
		if (i == PART_HOST || i == PART_SPARKS)
			title = i == PART_HOST ? "Host" : "History";
		else if (i == PART_TTL)
			title = "";
		draw_spaces(&pen, ROLE_HEADING, rect->x + drawing->items[i].x - pen.x);
		draw_cell(
			&pen, ROLE_HEADING, title, drawing->items[i].width, parts[i].field != NULL);
	}
	draw_rest(&pen, ROLE_HEADING);
}

/* "10.0.0.1 gw.example". */
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

/* The newest is on the right; losses stand out where the path lost them. */
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
			draw_sparks(pen, value > drawing->top_us ? ROLE_WARNING : ROLE_CHART,
				&value, 1, 0, drawing->top_us, 1, 0);
	}
	draw_spaces(pen, ROLE_NORMAL, end - pen->x);
}

static void
format_field(const struct hop_row *row, const struct field *field, char *out, size_t size)
{
	const struct field_context context = {.model = NULL};
	struct value value;

	field_get(field, &context, row, &value);
	field_format(field, &context, &value, 0, out, size);
	/* "0.0%" and "12.5%" stand below one another. */
	if (value.kind == VALUE_REAL)
		snprintf(out, size, "%.1f%%", value.real);
	if (out[0] == '\0')
		snprintf(out, size, "-");
}

/* A figure that is not as it should be stands out. */
static enum role
cell_role(const struct drawing *drawing, const struct hop *hop, enum part part)
{
	if (part == PART_LOSS)
		return role_of(hop);
	if (part == PART_LINK)
		return hop->verdict == HOP_VERDICT_LOSS ? ROLE_CRITICAL : ROLE_NORMAL;
	if (part == PART_AVERAGE && is_slow(&drawing->delay, hop))
		return ROLE_WARNING;
	return ROLE_NORMAL;
}

static void
draw_hop(const struct drawing *drawing, struct pen *pen, const struct hop_row *row)
{
	const int start = pen->x;
	const bool slow = is_slow(&drawing->delay, row->hop);
	const enum role role = role_of(row->hop);
	char text[128];

	for (int i = 0; i < PART_COUNT; i++) {
		const int width = drawing->items[i].width;

		if (width == 0)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + drawing->items[i].x - pen->x);
		if (i == PART_HOST) {
			draw_host(pen, row, 0, width);
		} else if (i == PART_SPARKS) {
			draw_history(pen, drawing, row->hop, width);
		} else if (i == PART_WORDS) {
			format_words(&drawing->delay, row, text, sizeof text);
			draw_cell(pen, slow && role == ROLE_NORMAL ? ROLE_WARNING : role, text,
				width, false);
		} else {
			format_field(row, field_of((enum part)i), text, sizeof text);
			draw_cell(
				pen, cell_role(drawing, row->hop, (enum part)i), text, width, true);
		}
	}
}

static void
draw_note(const struct drawing *drawing, struct pen *pen, unsigned index)
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
draw_line(const struct drawing *drawing, struct pen *pen, const struct paths_line *line)
{
	struct hop_row row;
	char other[64];

	if (line->kind != PATHS_LINE_NOTE)
		hop_row_fill(&row, drawing->path, &drawing->path->hops[line->hop], paths_name,
			drawing->tui);
	switch ((enum paths_line_kind)line->kind) {
	case PATHS_LINE_HOP: draw_hop(drawing, pen, &row); break;
	case PATHS_LINE_ADDRESS:
		draw_spaces(pen, ROLE_NORMAL, INDENT - 1);
		draw_host(pen, &row, line->index,
			larger(drawing->items[PART_HOST].width, host_width(&row, true)));
		paths_format_other(drawing->path, &row, line->index, other, sizeof other);
		draw_format(pen, ROLE_DIM, "  %s", other);
		break;
	case PATHS_LINE_LABEL:
		draw_spaces(pen, ROLE_NORMAL, INDENT);
		draw_format(pen, ROLE_DIM, "MPLS %s", row.labels[line->index]);
		break;
	case PATHS_LINE_NOTE: draw_note(drawing, pen, line->index); break;
	}
	draw_rest(pen, ROLE_NORMAL);
}

void
paths_format_other(
	const struct path *path, const struct hop_row *row, unsigned index, char *out, size_t size)
{
	const struct hop_address *const address = &row->hop->addresses[index];
	char when[CLOCK_TEXT_SIZE];

	if (path->start.flows > 1) {
		const unsigned flows = (unsigned)__builtin_popcount(address->flows);

		snprintf(out, size, "%u of %u flows", flows, (unsigned)path->start.flows);
		return;
	}
	clock_format_time(address->last_ns, when, sizeof when);
	snprintf(out, size, "last at %.8s", when);
}

void
paths_format_host(const struct hop_row *row, unsigned index, char *out, size_t size)
{
	if (row->hop->address_count <= index)
		snprintf(out, size, "???");
	else
		snprintf(out, size, "%s%s%s", row->addresses[index],
			row->names[index][0] != '\0' ? " " : "", row->names[index]);
}

/* With the columns of the set that is shown. */
void
paths_print_hop(const struct tui *tui, const struct path_delay *delay, const struct hop_row *row,
	int host, struct buffer *out)
{
	char text[ADDRESS_TEXT_SIZE + HOP_ROW_NAME_SIZE];

	for (int i = 0; i < PART_SPARKS; i++) {
		text[0] = '\0';
		if ((parts[i].sets & 1U << tui->paths.columns) == 0)
			continue;
		if (i == PART_HOST && row == NULL)
			snprintf(text, sizeof text, "Host");
		else if (i == PART_HOST)
			paths_format_host(row, 0, text, sizeof text);
		else if (i == PART_WORDS && row != NULL)
			format_words(delay, row, text, sizeof text);
		else if (parts[i].field != NULL && row != NULL)
			format_field(row, field_of((enum part)i), text, sizeof text);
		else if (parts[i].field != NULL && i != PART_TTL)
			snprintf(text, sizeof text, "%s", field_of((enum part)i)->title);
		if (i == PART_HOST)
			buffer_append_format(
				out, " %s%*s", text, larger(host - (int)text_width(text), 0), "");
		else if (i == PART_WORDS)
			buffer_append_format(out, "%s%s", text[0] != '\0' ? "  " : "", text);
		else
			buffer_append_format(out, " %*s", parts[i].width, text);
	}
	buffer_append_char(out, '\n');
}

void
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
}
