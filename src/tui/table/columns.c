/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the columns that find room, their places and widths. */
#include <config.h>

#include "columns.h"

#include <string.h>

#include <sockwatch/base/text.h>

#include "tui/pages.h"
#include "tui/state.h"
#include "tui/term/layout.h"

enum {
	GROUP_WIDTH = 18,
	COUNT_WIDTH = 7,
	HALF_OPEN_WIDTH = 9,
	NARROWEST_TEXT = 12,
	NARROWEST_ENDPOINT = 21, /* "255.255.255.255:65535", and both ends of an IPv6 address */
	WIDEST = 64,
};

/* It stays when there is not room for all columns. */
static bool
is_essential(const struct table *table, const struct column *column)
{
	return column->kind != COLUMN_FIELD || column->field == table->sort ||
	       (column->field->flags & FIELD_ESSENTIAL) != 0;
}

const char *
column_title(const struct column *column)
{
	switch (column->kind) {
	case COLUMN_FIELD: return column->field->title;
	case COLUMN_GROUP: return "GROUP";
	case COLUMN_COUNT: return "SOCKETS";
	case COLUMN_HALF_OPEN: return "HALF-OPEN";
	}
	return "";
}

bool
column_is_right(const struct column *column)
{
	switch (column->kind) {
	case COLUMN_FIELD: return (column->field->flags & FIELD_RIGHT) != 0;
	case COLUMN_GROUP: return false;
	case COLUMN_COUNT: return true;
	case COLUMN_HALF_OPEN: return true;
	}
	return false;
}

/* Its contents may be cut without becoming wrong. */
static bool
is_narrowable(const struct column *column)
{
	return column->kind == COLUMN_FIELD && !column_is_right(column) &&
	       column->field->width > NARROWEST_TEXT && column->field->kind != VALUE_UNSIGNED &&
	       column->field->kind != VALUE_REAL && column->field->meaning != FIELD_MEANING_STATE;
}

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
	for (size_t i = table->skipped; i < table->column_count; i++) {
		add(columns, &count, COLUMN_FIELD, table->columns[i]);
		if (table->page->half_open && table->columns[i]->meaning == FIELD_MEANING_BACKLOG)
			add(columns, &count, COLUMN_HALF_OPEN, NULL);
	}
	return count;
}

/*
 * The widest that was seen in a column stays for as long as the same columns stand there, so that
 * they do not dance as rows come and go.
 */
static void
inherit(const struct table *table, struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < table->drawn_count; k++) {
			if (table->drawn[k].kind == columns[i].kind &&
				table->drawn[k].field == columns[i].field)
				columns[i].widest = table->drawn[k].widest;
		}
	}
}

/* Cells that a line takes in this column; 0: it takes none. */
static int
contents(struct tui *tui, const struct column *column, const struct view_line *line)
{
	const struct field_context context = tui_context(tui);
	const struct socket_row *const row = table_row(tui, line->socket);
	struct value value;
	char text[256];

	if (column->kind == COLUMN_GROUP)
		return line->kind == VIEW_GROUP ? (int)text_width(line->group->key) + 2 : 0;
	if (line->kind != VIEW_SOCKET || row == NULL)
		return 0;
	field_get(column->field, &context, row, &value);
	field_format(column->field, &context, &value, 0, text, sizeof text);
	return (int)text_width(text);
}

static void
measure(struct tui *tui, struct column *column, const struct view_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const int width = contents(tui, column, &lines[i]);

		if (width > column->widest)
			column->widest = width < WIDEST ? width : WIDEST;
	}
}

static struct layout_item
wanted_width(const struct table *table, const struct column *column)
{
	struct layout_item item = {.essential = is_essential(table, column)};
	const int title = (int)strlen(column_title(column));

	switch (column->kind) {
	case COLUMN_FIELD: item.wanted = column->field->width; break;
	case COLUMN_GROUP: item.wanted = GROUP_WIDTH; break;
	case COLUMN_COUNT: item.wanted = COUNT_WIDTH; break;
	case COLUMN_HALF_OPEN: item.wanted = HALF_OPEN_WIDTH; break;
	}
	if (item.wanted < title)
		item.wanted = title;
	item.minimum = item.wanted;
	item.grown = item.wanted;
	if (column->kind == COLUMN_GROUP && column->widest > item.grown)
		item.grown = column->widest;
	if (column->kind != COLUMN_FIELD)
		return item;
	item.stretch = (column->field->flags & FIELD_STRETCH) != 0;
	if (!is_narrowable(column))
		return item;
	/* Room that its contents do not need goes to columns whose contents do. */
	if (column->widest > 0 && column->widest < item.wanted)
		item.wanted = column->widest > title + 1 ? column->widest : title + 1;
	/* An IPv6 address can lose its middle; IPv4, and a name with its pid, cannot. */
	if (column->field->kind == VALUE_ENDPOINT || column->field->kind == VALUE_ADDRESS)
		item.minimum = NARROWEST_ENDPOINT;
	else
		item.minimum = item.essential ? item.wanted : NARROWEST_TEXT;
	if (item.minimum > item.wanted)
		item.minimum = item.wanted;
	item.grown = column->widest > item.wanted ? column->widest : item.wanted;
	return item;
}

void
columns_lay(struct tui *tui, struct table *table, int width, const struct view_line *lines,
	size_t count)
{
	struct column columns[TABLE_COLUMNS_MAX];
	struct layout_item items[TABLE_COLUMNS_MAX];
	const size_t total = collect(table, columns);

	inherit(table, columns, total);
	for (size_t i = 0; i < total; i++) {
		if (columns[i].kind == COLUMN_GROUP || is_narrowable(&columns[i]))
			measure(tui, &columns[i], lines, count);
		items[i] = wanted_width(table, &columns[i]);
	}
	layout_columns(items, total, width - COLUMNS_GUTTER, COLUMNS_GAP);
	table->more_right = false;
	for (size_t i = 0; i < total; i++) {
		columns[i].width = items[i].width;
		columns[i].x = items[i].x + COLUMNS_GUTTER;
		if (items[i].width == 0)
			table->more_right = true;
	}
	memcpy(table->drawn, columns, total * sizeof columns[0]);
	table->drawn_count = total;
}

const struct column *
columns_at(const struct table *table, int x)
{
	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];

		if (column->width > 0 && x >= column->x && x <= column->x + column->width)
			return column;
	}
	return NULL;
}
