/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The field that orders a table of rows: by menu, by column, the other way round. */
#include <config.h>

#include "rows_table.h"

#include <stdio.h>
#include <string.h>

#include "tui/overlay/menu.h"
#include "tui/state.h"

void
rows_sort_by(struct tui *tui, struct rows *rows, const struct field *field, bool descending)
{
	rows->sort = field;
	rows->descending = descending;
	tui_refresh(tui);
}

static void
choose(struct tui *tui, const struct menu_item *item, const char *typed)
{
	struct rows *const rows = rows_with_keys(tui);
	const struct field *const field = item->object;

	(void)typed;
	if (rows == NULL)
		return;
	if (field != NULL && field == rows->sort)
		rows_sort_by(tui, rows, field, !rows->descending);
	else
		rows_sort_by(tui, rows, field, field != NULL && field->descending);
}

static const struct menu_ops sort_menu = {.choose = choose, .topic = menu_topic_of_field};

static bool
is_column(const struct rows *rows, const struct field *field)
{
	for (size_t i = 0; i < rows->column_count; i++) {
		if (rows->columns[i] == field)
			return true;
	}
	return false;
}

/* "SEND-Q      send_q", so that both the heading and the word can be typed. */
static void
add_field(struct tui *tui, const struct field *field)
{
	char label[96];

	snprintf(label, sizeof label, "%-12s %s", field->title, field->name);
	menu_add(tui, label, NULL, field, MENU_NO_COUNT);
}

void
rows_sort_menu(struct tui *tui)
{
	const struct rows *const rows = rows_with_keys(tui);
	const struct field_table *const table = rows->kind->fields;

	menu_begin(tui, &sort_menu, "Sort by");
	menu_add(tui, "the order of the table", NULL, NULL, MENU_NO_COUNT);
	for (size_t i = 0; i < rows->column_count; i++)
		add_field(tui, rows->columns[i]);
	for (size_t i = 0; i < table->count; i++) {
		const struct field *const field = &table->fields[i];

		if ((field->flags & FIELD_COLUMN) != 0 && !is_column(rows, field))
			add_field(tui, field);
	}
	menu_open(tui, rows->sort);
}

void
rows_sort_step(struct tui *tui, bool right)
{
	struct rows *const rows = rows_with_keys(tui);
	size_t at = right ? SIZE_MAX : rows->column_count;

	for (size_t i = 0; i < rows->column_count; i++) {
		if (rows->columns[i] == rows->sort)
			at = i;
	}
	at += right ? 1 : SIZE_MAX;
	if (at >= rows->column_count)
		tui_show_format(tui, SEVERITY_INFO, "there is no column further %s",
			right ? "right" : "left");
	else
		rows_sort_by(tui, rows, rows->columns[at], rows->columns[at]->descending);
}

void
rows_sort_invert(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);

	if (rows->sort == NULL)
		tui_show_message(tui, SEVERITY_INFO,
			"the order of the table has no other way round; F6 chooses a field");
	else
		rows_sort_by(tui, rows, rows->sort, !rows->descending);
}

void
rows_sort_default(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);
	const struct rows_kind *const kind = rows->kind;
	const struct field *sort = NULL;

	if (rows->sort == NULL && kind->sort != NULL)
		sort = field_find(kind->fields, kind->sort, strlen(kind->sort));
	rows_sort_by(tui, rows, sort, sort != NULL && sort->descending);
	if (sort == NULL)
		tui_show_message(tui, SEVERITY_INFO, "rows stand in the order of the table");
	else
		tui_show_format(tui, SEVERITY_INFO, "rows are ordered by %s", sort->title);
}
