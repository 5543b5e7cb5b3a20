/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of sockets as text: for the clipboard, for a file. */
#include <config.h>

#include "table_print.h"

#include <string.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/text.h>

#include "tui/export_file.h"
#include "tui/state.h"

enum { LINES_AT_ONCE = 256, CELL_SIZE = 512 };

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

static void
append_row(struct tui *tui, const struct table *table, const struct socket_row *row,
	struct buffer *out, bool tabs)
{
	const struct field_context context = tui_context(tui);

	for (size_t i = 0; i < table->column_count; i++) {
		const struct field *const field = table->columns[i];
		const bool last = i + 1 == table->column_count;
		struct value value;
		char text[CELL_SIZE];

		field_get(field, &context, row, &value);
		field_format(field, &context, &value, 0, text, sizeof text);
		if (tabs)
			buffer_append_format(out, "%s%s", text, last ? "" : "\t");
		else
			append_cell(out, field, text, last);
	}
}

void
table_print_row(struct tui *tui, const struct socket_row *row, struct buffer *out)
{
	append_row(tui, tui_table(tui), row, out, true);
}

bool
table_print_selected(struct tui *tui, struct buffer *out)
{
	struct table *const table = tui_table(tui);
	const struct socket_row *const row = table_row(tui, table_socket(tui, table));

	if (row == NULL)
		return false;
	if (table->cursor.on_group)
		buffer_append_text(out, table->cursor.group);
	else
		table_print_row(tui, row, out);
	return true;
}

static void
append_heading(const struct table *table, struct buffer *out)
{
	for (size_t i = 0; i < table->column_count; i++)
		append_cell(out, table->columns[i], table->columns[i]->title,
			i + 1 == table->column_count);
}

size_t
table_print(struct tui *tui, struct buffer *out)
{
	struct table *const table = tui_table(tui);
	struct view_line lines[LINES_AT_ONCE];
	size_t first = 0;
	size_t count;

	append_heading(table, out);
	while ((count = view_window(table->view, first, LINES_AT_ONCE, lines)) > 0) {
		for (size_t i = 0; i < count; i++) {
			const struct socket_row *const row = table_row(tui, lines[i].socket);

			if (lines[i].kind == VIEW_GROUP)
				buffer_append_format(out, "%s (%u)\n", lines[i].group->key,
					lines[i].group->count);
			else if (row != NULL)
				append_row(tui, table, row, out, false);
		}
		first += count;
		if (!export_file_spill(tui, out))
			break;
	}
	return first + paths_print_shown(tui, out);
}
