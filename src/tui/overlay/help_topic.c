/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what help explains first: the rule, counter or state of the row under the cursor, and the
 * column whose heading is marked because it orders the rows; in setup the column under the cursor,
 * and in a menu the field or state there.
 */
#include <config.h>

#include "help_topic.h"

#include <string.h>

#include "menu.h"
#include "setup.h"
#include "tui/state.h"

static const char under_cursor[] = "under the cursor";

static struct topic *
next_topic(struct tui *tui, const char *where)
{
	struct help *const help = &tui->help;

	help->topics[help->topic_count].where = where;
	return &help->topics[help->topic_count].topic;
}

/* The state of a socket, of UDP too. */
static bool
find_state(struct tui *tui, struct topic *topic)
{
	static const struct field *state;
	const struct socket_row *const row = table_row(tui, tui_row_in_question(tui));
	const struct field_context context = tui_context(tui);
	struct value value;
	char name[32];

	if (row == NULL)
		return false;
	field_get(field_keep(&socket_fields, "state", &state), &context, row, &value);
	field_format(state, &context, &value, 0, name, sizeof name);
	return topic_find(TOPIC_STATE, name, topic);
}

static bool
find_of_row(struct tui *tui, struct topic *topic)
{
	const struct rows *const rows = rows_with_keys(tui);
	const void *const selected = rows != NULL ? rows_selected(rows) : NULL;

	if (rows != NULL)
		return selected != NULL && rows->kind->topic != NULL &&
		       rows->kind->topic(selected, topic);
	return (tui_is_on_table(tui) || tui_page(tui) == PAGE_DETAIL) && find_state(tui, topic);
}

static bool
is_among(const struct field *field, const struct field *const *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (columns[i] == field)
			return true;
	}
	return false;
}

/* The field that orders the rows, where it is a column; NULL: no heading is marked. */
static const struct field *
marked_column(struct tui *tui)
{
	const struct rows *const rows = rows_with_keys(tui);
	const struct table *table;

	if (rows != NULL)
		return is_among(rows->sort, rows->columns, rows->column_count) ? rows->sort : NULL;
	if (!tui_is_on_table(tui))
		return NULL;
	table = tui_table(tui);
	return is_among(table->sort, table->columns, table->column_count) ? table->sort : NULL;
}

static void
find_in_menu(struct tui *tui)
{
	const struct menu_item *const item = menu_under_cursor(tui);

	if (item != NULL && tui->menu.ops->topic != NULL &&
		tui->menu.ops->topic(item, next_topic(tui, under_cursor)))
		tui->help.topic_count++;
}

void
help_find_topics(struct tui *tui)
{
	struct help *const help = &tui->help;
	const bool is_setup = tui_page(tui) == PAGE_SETUP;
	const struct field *const field =
		is_setup ? setup_field_under_cursor(tui) : marked_column(tui);

	help->topic_count = 0;
	if (tui->overlay == PAGE_MENU) {
		find_in_menu(tui);
		return;
	}
	if (find_of_row(tui, next_topic(tui, under_cursor)))
		help->topic_count++;
	if (field == NULL)
		return;
	topic_of_field(
		field, next_topic(tui, is_setup ? under_cursor : "by which the rows are ordered"));
	help->topic_count++;
}
