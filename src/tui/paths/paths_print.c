/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes paths as text, for the clipboard or a file. */
#include <config.h>

#include "paths.h"

#include <stdint.h>
#include <stdio.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_delay.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/text.h>

#include "paths_columns.h"
#include "paths_host.h"
#include "tui/state.h"

#define LIST_FORMAT "%-28s %-9s %4s %6s %8s %8s %s\n"

bool
paths_print_row(struct tui *tui, struct buffer *out)
{
	const struct path *const path = paths_selected(tui);
	struct paths_cells cells;

	if (path == NULL)
		return false;
	paths_fill_cells(tui, path, &cells);
	buffer_append_format(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s", cells.target, cells.protocol,
		cells.hops, cells.loss, cells.average, cells.jitter, cells.verdict);
	return true;
}

static int
host_width(struct tui *tui, const struct path *path)
{
	int widest = 4;

	for (unsigned i = 0; i < path->hop_count; i++) {
		char text[ADDRESS_TEXT_SIZE + HOP_ROW_NAME_SIZE];
		struct hop_row row;

		hop_row_fill(&row, path, &path->hops[i], paths_host_name, tui);
		paths_host_format(&row, 0, text, sizeof text);
		if ((int)text_width(text) > widest)
			widest = (int)text_width(text);
	}
	return widest;
}

/* One hop as a line, with the columns of the set that is shown; row NULL: the titles. */
static void
print_hop(const struct tui *tui, const struct path_delay *delay, const struct hop_row *row,
	int host, struct buffer *out)
{
	for (int i = 0; i < PATHS_COLUMN_SPARKS; i++) {
		const enum paths_column column = (enum paths_column)i;
		char text[ADDRESS_TEXT_SIZE + HOP_ROW_NAME_SIZE];

		if ((paths_columns[i].sets & 1U << tui->paths.set) == 0)
			continue;
		if (row != NULL)
			paths_column_format(column, delay, row, text, sizeof text);
		else
			snprintf(text, sizeof text, "%s", paths_column_title(column));
		if (column == PATHS_COLUMN_HOST)
			buffer_append_format(out, " %s%*s", text,
				host > (int)text_width(text) ? host - (int)text_width(text) : 0,
				"");
		else if (column == PATHS_COLUMN_WORDS)
			buffer_append_format(out, "%s%s", text[0] != '\0' ? "  " : "", text);
		else
			buffer_append_format(out, " %*s", paths_columns[i].width, text);
	}
	buffer_append_char(out, '\n');
}

static void
print_line(struct tui *tui, const struct path *path, const struct path_delay *delay,
	const struct paths_line *line, int host, struct buffer *out)
{
	char text[ADDRESS_TEXT_SIZE + HOP_ROW_NAME_SIZE];
	struct hop_row row;

	hop_row_fill(&row, path, &path->hops[line->hop], paths_host_name, tui);
	switch ((enum paths_line_kind)line->kind) {
	case PATHS_LINE_HOP: print_hop(tui, delay, &row, host, out); return;
	case PATHS_LINE_ADDRESS:
		paths_host_format(&row, line->index, text, sizeof text);
		buffer_append_format(out, "     %s", text);
		paths_host_format_other(path, &row, line->index, text, sizeof text);
		buffer_append_format(out, "  %s\n", text);
		return;
	case PATHS_LINE_LABEL:
		buffer_append_format(out, "     MPLS %s\n", row.labels[line->index]);
		return;
	case PATHS_LINE_CHANGE:
		path_change_format(path, line->index, text, sizeof text);
		buffer_append_format(out, "     before, at %s\n", text);
		return;
	case PATHS_LINE_NOTE:
		if (line->index == PATHS_NOTE_TEXT)
			snprintf(text, sizeof text, "%s", path->text);
		else
			path_note(path, (enum path_note)line->index, text, sizeof text);
		break;
	}
	buffer_append_format(out, " %s\n", text);
}

static size_t
print_path(struct tui *tui, const struct path *path, struct buffer *out)
{
	static struct paths_line lines[PATHS_LINES_MAX];
	const size_t count = paths_lines(path, lines);
	const int host = host_width(tui, path);
	struct path_delay delay;
	struct path_rtts rtts;
	char title[256];

	path_delay(path, &delay);
	paths_host_want_names(tui, path);
	paths_get_rtts(tui, path->id, &rtts);
	paths_title(path, &rtts, "-", SIZE_MAX, title, sizeof title);
	buffer_append_format(out, "\n-- %s\n", title);
	explain_path_verdict(path, &rtts, title, sizeof title);
	buffer_append_format(out, " %s\n", title);
	print_hop(tui, &delay, NULL, host, out);
	for (size_t i = 0; i < count; i++)
		print_line(tui, path, &delay, &lines[i], host, out);
	return count + 4;
}

size_t
paths_print_shown(struct tui *tui, struct buffer *out)
{
	const struct path *const path = path_table_find(tui->model->paths, tui->paths.shown);

	return path != NULL && tui->paths.is_in_sight ? print_path(tui, path, out) : 0;
}

size_t
paths_print(struct tui *tui, struct buffer *out)
{
	const struct path *path;
	size_t lines = 1;

	buffer_append_format(
		out, LIST_FORMAT, "TARGET", "METHOD", "HOPS", "LOSS", "AVG", "JITTER", "VERDICT");
	for (size_t i = 0; (path = path_table_at(tui->model->paths, i)) != NULL; i++, lines++) {
		struct paths_cells cells;

		paths_fill_cells(tui, path, &cells);
		buffer_append_format(out, LIST_FORMAT, cells.target, cells.protocol, cells.hops,
			cells.loss, cells.average, cells.jitter, cells.verdict);
	}
	for (size_t i = 0; (path = path_table_at(tui->model->paths, i)) != NULL; i++)
		lines += print_path(tui, path, out);
	return lines;
}
