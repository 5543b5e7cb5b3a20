/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probed path as text; path_lines.c has it as JSON and CSV, path_rows.c the rows of all. The line
 * of a hop begins as that of mtr does, so that a program that reads mtr can read it: number, "|--",
 * address, loss, sent, last, average, best, worst, deviation. A remark on the hop follows.
 */
#include <config.h>

#include <sockwatch/report/path_report.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/clock.h>

#include "path_rows.h"

enum {
	HOST_MIN = 20,
	HOST_MAX = 60,
	FIXED_COLUMNS = 8 + 7 + 6 + 5 * 7, /* before and after the host */
	WORDS_COLUMNS = 20,
	LINE_SIZE = 640,
};

struct text_report {
	const struct path_report *report;
	const struct path *path;
	struct buffer *out;
	size_t host_columns;
	size_t lines;
};

static bool
has_room(const struct text_report *text)
{
	return text->report->lines == 0 || text->lines + 1 < text->report->lines;
}

/* One line, cut to the terminal. */
static void
put_line(struct text_report *text, char *line)
{
	if (!has_room(text))
		return;
	if (text->report->columns != 0)
		text_truncate(line, text->report->columns, false);
	buffer_append_text(text->out, line);
	buffer_append_char(text->out, '\n');
	text->lines++;
}

__attribute__((format(printf, 2, 3))) static void
put(struct text_report *text, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	put_line(text, line);
}

/* The columns after the host, as mtr has them. */
static const struct {
	const char *field;
	int width;
} columns[] = {
	{"loss_pct", 7},
	{"sent", 6},
	{"last_ms", 7},
	{"avg_ms", 7},
	{"best_ms", 7},
	{"worst_ms", 7},
	{"stddev_ms", 7},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const struct field *
field_of(size_t column)
{
	static const struct field *found[COLUMNS];

	return field_keep(&hop_fields, columns[column].field, &found[column]);
}

/* Right-aligned. */
static void
append_field(char *line, size_t size, const struct hop_row *row, size_t column)
{
	const size_t len = strlen(line);
	char text[32];

	hop_row_format(row, field_of(column), HOP_ROW_PLAIN, text, sizeof text);
	snprintf(line + len, size - len, "%*s", columns[column].width, text);
}

static void
append_host(struct text_report *text, const struct hop_row *row, char *line, size_t size)
{
	char host[HOP_ROW_NAME_SIZE];
	const char *const name = row->names[0][0] != '\0'       ? row->names[0]
				 : row->hop->address_count != 0 ? row->addresses[0]
								: "???";
	const size_t len = strlen(line);
	size_t width;

	snprintf(host, sizeof host, "%s", name);
	if (text->report->columns != 0)
		text_truncate(host, text->host_columns, true);
	width = text_width(host);
	snprintf(line + len, size - len, "%s%*s", host,
		(int)(width < text->host_columns ? text->host_columns - width : 0), "");
}

static void
put_others(struct text_report *text, const struct hop_row *row)
{
	for (unsigned i = 1; i < row->hop->address_count; i++)
		put(text, "    |  `|-- %s",
			row->names[i][0] != '\0' ? row->names[i] : row->addresses[i]);
	for (unsigned i = 0; i < row->hop->label_count; i++) {
		const struct hop_label *const label = &row->hop->labels[i];
		put(text, "    |  +-- [MPLS: Lbl %u TC %u S %u TTL %u]", (unsigned)label->label,
			(unsigned)label->traffic_class, (unsigned)label->bottom,
			(unsigned)label->ttl);
	}
}

static void
put_hop(struct text_report *text, const struct hop_row *row)
{
	char line[LINE_SIZE];
	char words[128] = "";

	snprintf(line, sizeof line, "%3u.|-- ", (unsigned)row->hop->ttl);
	append_host(text, row, line, sizeof line);
	for (size_t i = 0; i < COLUMNS; i++)
		append_field(line, sizeof line, row, i);
	if (hop_row_words(row, words, sizeof words) != 0) {
		const size_t len = strlen(line);
		snprintf(line + len, sizeof line - len, "  %s", words);
	}
	put_line(text, line);
	put_others(text, row);
}

static size_t
widest_host(const struct hop_row *rows, size_t count)
{
	size_t widest = HOST_MIN;

	for (size_t i = 0; i < count; i++) {
		const size_t width = rows[i].names[0][0] != '\0' ? text_width(rows[i].names[0])
								 : strlen(rows[i].addresses[0]);
		if (width > widest)
			widest = width;
	}
	return widest < HOST_MAX ? widest : (size_t)HOST_MAX;
}

static void
put_heading(struct text_report *text)
{
	const struct path *const path = text->path;
	char target[256], address[ADDRESS_TEXT_SIZE], host[64], start[CLOCK_TEXT_SIZE];
	const int room = (int)text->host_columns;
	char line[LINE_SIZE];
	size_t len;

	text_clean(text_of(text->report->target), target, sizeof target);
	text_clean(text_of(text->report->host), host, sizeof host);
	text_truncate(host, text->host_columns + 2, true);
	address_format(&path->start.target, address, sizeof address);
	clock_format_rfc3339(path->started_ns, start, sizeof start);
	put(text, "Start: %.19s%s  to %s%s%s%s  %s", start, start + 29, target,
		strcmp(target, address) == 0 ? "" : " (",
		strcmp(target, address) == 0 ? "" : address,
		strcmp(target, address) == 0 ? "" : ")", path->text);
	len = (size_t)snprintf(line, sizeof line, "HOST: %-*s", room + 2, host);
	for (size_t i = 0; i < COLUMNS; i++)
		len = text_add(line, sizeof line, len, "%*s", columns[i].width, field_of(i)->title);
	put_line(text, line);
}

static void
put_notes(struct text_report *text)
{
	char note[256];

	for (int i = 0; i < PATH_NOTE_COUNT; i++)
		if (path_note(text->path, (enum path_note)i, note, sizeof note) != 0)
			put(text, "%s", note);
	for (uint32_t i = 1; i < path_changes_kept(text->path); i++) {
		path_change_format(text->path, i, note, sizeof note);
		put(text, "  before, at %s", note);
	}
}

size_t
path_report_text(const struct path_report *report, const struct path *path, struct buffer *out)
{
	struct text_report text = {.report = report, .path = path, .out = out};
	size_t count;
	struct hop_row *const rows = path_rows_make(report, path, &count);
	const size_t least = FIXED_COLUMNS + WORDS_COLUMNS + HOST_MIN;

	if (rows == NULL)
		return 0;
	text.host_columns = widest_host(rows, count);
	if (report->columns > least && text.host_columns > report->columns - least + HOST_MIN)
		text.host_columns = report->columns - least + HOST_MIN;
	else if (report->columns != 0 && report->columns <= least)
		text.host_columns = HOST_MIN;
	put_heading(&text);
	for (size_t i = 0; i < count; i++)
		put_hop(&text, &rows[i]);
	put_notes(&text);
	free(rows);
	return text.lines;
}
