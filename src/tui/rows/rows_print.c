/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of rows as text: the row under the cursor for the clipboard, all of it for a file. */
#include <config.h>

#include "rows_table.h"

#include "tui/export_file.h"
#include "tui/state.h"

bool
rows_print_selected(struct tui *tui, struct buffer *out)
{
	const struct field_context context = tui_context(tui);
	const struct rows *const rows = rows_with_keys(tui);
	const void *const row = rows != NULL ? rows_selected(rows) : NULL;

	if (row == NULL)
		return false;
	column_print_row(rows->columns, rows->column_count, &context, row, true, out);
	return true;
}

size_t
rows_print(struct tui *tui, struct buffer *out)
{
	const struct field_context context = tui_context(tui);
	const struct rows *const rows = rows_with_keys(tui);
	size_t lines = 0;

	if (rows == NULL)
		return 0;
	column_print_heading(rows->columns, rows->column_count, out);
	while (lines < rows->list.line_count) {
		const struct row_item *const line = &rows->list.lines[lines++];

		if (line->row == NULL)
			buffer_append_format(out, "%s\n", line->section);
		else
			column_print_row(
				rows->columns, rows->column_count, &context, line->row, false, out);
		if (!export_file_spill(tui, out))
			break;
	}
	return lines;
}
