/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Aligned text. The first rows decide how wide the columns are. In a pipe nothing is cut: a wider
 * value later merely leaves its column. On a terminal the columns that stretch give way first, down
 * to a width at which they can still be read; then columns are dropped from the right, those that
 * stretch (addresses, the process) last.
 */
#include <config.h>

#include <sockwatch/report/report.h>

#include <string.h>

#include "rows.h"

enum {
	STRETCH_MIN = 14, /* a stretching column gives way no further than this */
	PIPE_MAX = 64,    /* so that one long value does not push all rows apart */
};

static const char unknown[] = "-";

static bool
has_flag(const struct report *report, size_t i, enum field_flag flag)
{
	return (report->fields[i]->flags & (unsigned)flag) != 0;
}

/* Formats into report->cell; returns its bytes. */
static size_t
format_cell(struct report *report, size_t i, const void *row, size_t columns)
{
	const struct field *const field = report->fields[i];
	struct value value;
	size_t len = 0;

	field_get(field, report->context, row, &value);
	if (value.kind != VALUE_UNKNOWN)
		len = field_format(
			field, report->context, &value, columns, report->cell, ROWS_CELL_SIZE);
	if (len != 0)
		return len;
	memcpy(report->cell, unknown, sizeof unknown);
	return sizeof unknown - 1;
}

static size_t
width_of(const char *cell, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((uint8_t)cell[i] >= 0x80)
			return text_width(cell);
	}
	return len;
}

/* Blanks before column i, which stands after column `last`. */
static size_t
gap(const struct report *report, size_t last, size_t i)
{
	return has_flag(report, last, FIELD_RIGHT) && !has_flag(report, i, FIELD_RIGHT) ? 2 : 1;
}

static size_t
total_width(const struct report *report)
{
	size_t total = 0;
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < report->options.field_count; i++) {
		if (report->columns[i].dropped)
			continue;
		if (last != SIZE_MAX)
			total += gap(report, last, i);
		total += report->columns[i].width;
		last = i;
	}
	return total;
}

/* Takes one character from the widest of the columns that stretch. */
static bool
press_one(struct report *report, size_t least)
{
	struct column *widest = NULL;

	for (size_t i = 0; i < report->options.field_count; i++) {
		struct column *const column = &report->columns[i];
		size_t floor = least;

		if (column->dropped || !has_flag(report, i, FIELD_STRETCH))
			continue;
		if (floor < strlen(report->fields[i]->title))
			floor = strlen(report->fields[i]->title);
		if (column->width > floor && (widest == NULL || column->width > widest->width))
			widest = column;
	}
	if (widest == NULL)
		return false;
	widest->width--;
	return true;
}

/* Drops the rightmost column that does (or does not) stretch; the first column stays. */
static bool
drop_one(struct report *report, bool stretching)
{
	for (size_t i = report->options.field_count; i-- > 1;) {
		if (report->columns[i].dropped || has_flag(report, i, FIELD_STRETCH) != stretching)
			continue;
		report->columns[i].dropped = true;
		return true;
	}
	return false;
}

static void
restore_widths(struct report *report)
{
	for (size_t i = 0; i < report->options.field_count; i++)
		report->columns[i].width = report->columns[i].natural;
}

static void
fit_terminal(struct report *report)
{
	const bool keep_all = report->options.keep_all;

	for (;;) {
		restore_widths(report);
		while (total_width(report) > report->options.columns &&
			press_one(report, STRETCH_MIN))
			;
		if (total_width(report) <= report->options.columns)
			return;
		if (keep_all || (!drop_one(report, false) && !drop_one(report, true)))
			break;
	}
	while (total_width(report) > report->options.columns && press_one(report, 1))
		;
}

static void
measure(struct report *report)
{
	for (size_t i = 0; i < report->options.field_count; i++) {
		struct column *const column = &report->columns[i];

		column->natural = text_width(report->fields[i]->title);
		for (size_t row = 0; row < report->held_count; row++) {
			const size_t len = format_cell(report, i, report->held[row], 0);
			const size_t width = width_of(report->cell, len);

			if (width > column->natural)
				column->natural = width;
		}
		column->width = column->natural < PIPE_MAX ? column->natural : PIPE_MAX;
	}
}

static size_t
last_column(const struct report *report)
{
	size_t last = report->options.field_count;

	while (last > 0 && report->columns[last - 1].dropped)
		last--;
	return last - 1;
}

void
text_lay_out(struct report *report)
{
	size_t last;
	size_t total;

	if (report->options.field_count == 0)
		return;
	measure(report);
	report->last = report->options.field_count - 1;
	if (report->options.columns == 0)
		return;
	fit_terminal(report);
	for (size_t i = 0; i < report->options.field_count; i++)
		report->columns[i].cut = has_flag(report, i, FIELD_STRETCH);
	/* Rows that come later may need more than the first ones: the last column has the rest. */
	last = report->last = last_column(report);
	total = total_width(report);
	if (total < report->options.columns && report->columns[last].cut)
		report->columns[last].width += report->options.columns - total;
}

static void
append_cell(struct report *report, size_t i, size_t previous, const char *cell, size_t len)
{
	const struct column *const column = &report->columns[i];
	const size_t width = width_of(cell, len);
	const size_t blanks = column->width > width ? column->width - width : 0;
	const bool right = has_flag(report, i, FIELD_RIGHT);
	const size_t before =
		(previous != SIZE_MAX ? gap(report, previous, i) : 0) + (right ? blanks : 0);
	/* A line has no blanks at its end. */
	const size_t after = right || i == report->last ? 0 : blanks;
	char *const room = buffer_reserve(report->out, before + len + after);

	if (room == NULL)
		return;
	memset(room, ' ', before);
	memcpy(room + before, cell, len);
	memset(room + before + len, ' ', after);
	report->out->len += before + len + after;
}

void
text_headings(struct report *report)
{
	size_t previous = SIZE_MAX;

	if (report->options.color)
		buffer_append_text(report->out, "\033[1m");
	for (size_t i = 0; i < report->options.field_count; i++) {
		const char *const title = report->fields[i]->title;

		if (report->columns[i].dropped)
			continue;
		append_cell(report, i, previous, title, strlen(title));
		previous = i;
	}
	if (report->options.color)
		buffer_append_text(report->out, "\033[0m");
	buffer_append_char(report->out, '\n');
}

void
text_row(struct report *report, const void *row)
{
	size_t previous = SIZE_MAX;

	for (size_t i = 0; i < report->options.field_count; i++) {
		const struct column *const column = &report->columns[i];
		size_t len;

		if (column->dropped)
			continue;
		len = format_cell(report, i, row, column->cut ? column->width : 0);
		if (column->cut && width_of(report->cell, len) > column->width) {
			text_truncate(report->cell, column->width, true);
			len = strlen(report->cell);
		}
		append_cell(report, i, previous, report->cell, len);
		previous = i;
	}
	buffer_append_char(report->out, '\n');
}
