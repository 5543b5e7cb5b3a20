/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CSV by RFC 4180, except that lines end in a plain newline, as every Unix tool expects. Values are
 * as in JSON: numbers in the unit of the field, nothing for unknown; a list has commas between.
 */
#include <config.h>

#include <sockwatch/report/report.h>

#include "rows.h"

static bool
is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const uint8_t byte = (uint8_t)text[i];

		if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == ',')
			return false;
	}
	return true;
}

static void
append_quoted(struct buffer *out, const char *text, size_t len)
{
	buffer_append_char(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			buffer_append_char(out, '"');
		buffer_append_char(out, text[i]);
	}
	buffer_append_char(out, '"');
}

void
csv_text(struct buffer *out, struct text text)
{
	char cell[ROWS_CELL_SIZE];
	size_t len;

	if (is_plain(text.data, text.len)) {
		buffer_append(out, text.data, text.len);
		return;
	}
	len = text_clean(text, cell, sizeof cell);
	if (strpbrk(cell, "\",") != NULL)
		append_quoted(out, cell, len);
	else
		buffer_append(out, cell, len);
}

static void
append_value(struct report *report, const struct value *value)
{
	struct buffer *const out = report->out;
	size_t len;

	switch (value->kind) {
	case VALUE_UNKNOWN: return;
	case VALUE_UNSIGNED: buffer_append_unsigned(out, value->number); return;
	case VALUE_REAL: rows_append_real(out, value->real); return;
	case VALUE_TEXT: csv_text(out, value->text); return;
	case VALUE_BOOL:
	case VALUE_ADDRESS:
	case VALUE_TEXTS:
	case VALUE_OWNERS:
	case VALUE_ENDPOINT:
	case VALUE_FIGURES:
		len = value_format(report->context, value, report->raw, ROWS_CELL_SIZE);
		csv_text(out, (struct text){report->raw, len});
		return;
	}
}

void
csv_headings(struct report *report)
{
	if (report->options.no_heading)
		return;
	for (size_t i = 0; i < report->options.field_count; i++) {
		if (i != 0)
			buffer_append_char(report->out, ',');
		buffer_append_text(report->out, report->fields[i]->name);
	}
	buffer_append_char(report->out, '\n');
}

void
csv_row(struct report *report, const void *row)
{
	struct value value;

	for (size_t i = 0; i < report->options.field_count; i++) {
		if (i != 0)
			buffer_append_char(report->out, ',');
		field_get(report->fields[i], report->context, row, &value);
		append_value(report, &value);
	}
	buffer_append_char(report->out, '\n');
}
