/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows as text: padded columns for a file, tabs for the clipboard. Nothing is cut. */
#include <config.h>

#include "column.h"

#include <string.h>

#include <sockwatch/base/text.h>

enum { CELL_SIZE = 512 };

/* One cell with its padding, in full. */
static void
append_cell(struct buffer *out, const struct field *field, const char *text, bool last)
{
	const int width =
		field->width > (int)strlen(field->title) ? field->width : (int)strlen(field->title);
	const int columns = (int)text_width(text);
	const int pad = columns < width ? width - columns : 0;

	if ((field->flags & FIELD_RIGHT) != 0)
		buffer_append_format(out, "%*s%s", pad, "", text);
	else if (last)
		buffer_append_text(out, text);
	else
		buffer_append_format(out, "%s%*s", text, pad, "");
	buffer_append_text(out, last ? "\n" : " ");
}

void
column_print_heading(const struct field *const *fields, size_t count, struct buffer *out)
{
	for (size_t i = 0; i < count; i++)
		append_cell(out, fields[i], fields[i]->title, i + 1 == count);
}

void
column_print_row(const struct field *const *fields, size_t count,
	const struct field_context *context, const void *row, bool tabs, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		const bool last = i + 1 == count;
		struct value value;
		char text[CELL_SIZE];

		field_get(fields[i], context, row, &value);
		field_format(fields[i], context, &value, 0, text, sizeof text);
		if (tabs)
			buffer_append_format(out, "%s%s", text, last ? "" : "\t");
		else
			append_cell(out, fields[i], text, last);
	}
}
