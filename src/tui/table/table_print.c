/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of sockets as text: for the clipboard, for a file. */
#include <config.h>

#include "table_print.h"

#include <sockwatch/base/buffer.h>

#include "tui/export_file.h"
#include "tui/state.h"

enum { LINES_AT_ONCE = 256 };

static void
append_row(struct tui *tui, const struct table *table, const struct socket_row *row,
	struct buffer *out, bool tabs)
{
	const struct field_context context = tui_context(tui);

	column_print_row(table->columns, table->column_count, &context, row, tabs, out);
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

size_t
table_print(struct tui *tui, struct buffer *out)
{
	struct table *const table = tui_table(tui);
	struct view_line lines[LINES_AT_ONCE];
	size_t first = 0;
	size_t count;

	column_print_heading(table->columns, table->column_count, out);
	while ((count = view_window(table->view, first, LINES_AT_ONCE, lines)) > 0) {
		for (size_t i = 0; i < count; i++) {
			const struct socket_row *const row = table_row(tui, lines[i].socket);

			if (lines[i].kind == VIEW_GROUP)
				buffer_append_format(out, "%s (%u)\n",
					lines[i].group->key[0] != '\0' ? lines[i].group->key
								       : field_none(table->group),
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
