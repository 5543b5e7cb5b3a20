/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of rows with the keys, as F3 searches it: cells, and titles of sections. */
#include <config.h>

#include "rows_table.h"
#include "tui/overlay/search.h"
#include "tui/state.h"

static size_t
count(struct tui *tui)
{
	const struct rows *const rows = rows_with_keys(tui);

	return rows != NULL ? rows->list.line_count : 0;
}

static size_t
cursor(struct tui *tui)
{
	const struct rows *const rows = rows_with_keys(tui);

	return rows != NULL ? rows->line : 0;
}

/* From the title of a section to its first row. */
static void
go(struct tui *tui, size_t line)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows != NULL)
		rows_go(tui, rows, line, true);
}

static bool
shows(struct tui *tui, const struct rows *rows, const struct row_item *line, struct text wanted)
{
	if (line->row == NULL)
		return text_contains_nocase(text_of(line->section), wanted);
	return search_row_shows(tui, rows->columns, rows->column_count, line->row, wanted);
}

static size_t
look(struct tui *tui, size_t first, size_t most, struct text wanted, size_t *found)
{
	struct rows *const rows = rows_with_keys(tui);
	size_t i = 0;

	/* A snapshot may have come since the rows were drawn. */
	rows_settle(tui);
	for (; i < most && first + i < count(tui); i++) {
		if (!shows(tui, rows, &rows->list.lines[first + i], wanted))
			continue;
		*found = first + i;
		return i + 1;
	}
	return i;
}

const struct search_list rows_search = {.count = count, .cursor = cursor, .go = go, .look = look};
