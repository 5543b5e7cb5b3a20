/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of sockets, as F3 searches it. */
#include <config.h>

#include "table_search.h"

#include "tui/state.h"

enum { LINES_AT_ONCE = 128 };

static size_t
count(struct tui *tui)
{
	return view_lines(tui_table(tui)->view);
}

static size_t
cursor(struct tui *tui)
{
	return tui_table(tui)->cursor.line;
}

static void
go(struct tui *tui, size_t line)
{
	table_go(tui, tui_table(tui), line);
}

static bool
shows(struct tui *tui, const struct view_line *line, struct text wanted)
{
	const struct table *const table = tui_table(tui);
	const struct socket_row *row;

	if (line->kind == VIEW_GROUP)
		return text_contains_nocase(text_of(line->group->key), wanted);
	row = table_row(tui, line->socket);
	return row != NULL &&
	       search_row_shows(tui, table->columns, table->column_count, row, wanted);
}

static size_t
look(struct tui *tui, size_t first, size_t most, struct text wanted, size_t *found)
{
	struct view_line lines[LINES_AT_ONCE];
	const size_t window = view_window(tui_table(tui)->view, first,
		most < LINES_AT_ONCE ? most : (size_t)LINES_AT_ONCE, lines);

	for (size_t i = 0; i < window; i++) {
		if (!shows(tui, &lines[i], wanted))
			continue;
		*found = first + i;
		return i + 1;
	}
	return window;
}

const struct search_list table_search = {.count = count, .cursor = cursor, .go = go, .look = look};
