/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of a table of sockets, and what its rows need of them. */
#include <config.h>

#include "columns.h"

#include <string.h>

#include <sockwatch/base/text.h>

#include "tui/pages.h"
#include "tui/state.h"

static void
add(struct column *columns, size_t *count, enum column_kind kind, const struct field *field)
{
	columns[(*count)++] = (struct column){.kind = kind, .field = field};
}

static size_t
collect(const struct table *table, struct column *columns)
{
	size_t count = 0;

	if (table->group != NULL) {
		add(columns, &count, COLUMN_GROUP, NULL);
		add(columns, &count, COLUMN_COUNT, NULL);
	}
	for (size_t i = table->skipped; i < table->column_count; i++)
		add(columns, &count, COLUMN_FIELD, table->columns[i]);
	return count;
}

static const char *
group_name(const struct table *table, const struct view_group *group)
{
	return group->key[0] != '\0' ? group->key : field_none(table->group);
}

/* Cells that a line takes in this column; 0: it takes none. */
static int
contents(struct tui *tui, const struct table *table, const struct column *column,
	const struct view_line *line)
{
	const struct field_context context = tui_context(tui);
	const struct socket_row *const row = table_row(tui, line->socket);
	struct value value;
	char text[256];

	if (column->kind == COLUMN_GROUP)
		return line->kind == VIEW_GROUP
			       ? (int)text_width(group_name(table, line->group)) + 2
			       : 0;
	if (line->kind != VIEW_SOCKET || row == NULL)
		return 0;
	field_get(column->field, &context, row, &value);
	field_format(column->field, &context, &value, 0, text, sizeof text);
	return (int)text_width(text);
}

void
columns_lay(struct tui *tui, struct table *table, int width, const struct view_line *lines,
	size_t count)
{
	struct column columns[TABLE_COLUMNS_MAX];
	const size_t total = collect(table, columns);

	column_inherit(columns, total, table->drawn, table->drawn_count);
	for (size_t i = 0; i < total; i++) {
		for (size_t k = 0; k < count && column_wants_contents(&columns[i]); k++)
			column_see(&columns[i], contents(tui, table, &columns[i], &lines[k]));
	}
	table->more_right = column_fit(columns, total, table->sort, width);
	memcpy(table->drawn, columns, total * sizeof columns[0]);
	table->drawn_count = total;
}
