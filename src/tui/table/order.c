/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Order and groups of the rows; pause, hold, follow; what changes how rows are read. */
#include <config.h>

#include "table.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>

#include "tui/key/handlers.h"
#include "tui/overlay/menu.h"
#include "tui/overlay/prompt.h"
#include "tui/state.h"

enum { DELAY_MIN_MS = 100, DELAY_MAX_MS = 3600 * 1000 };

static void
choose_sort(struct tui *tui, const struct menu_item *item, const char *typed)
{
	const struct field *const field = item->object;
	const struct table *const table = tui_table(tui);

	(void)typed;
	if (field != NULL && field == table->sort)
		table_sort(tui, field, !table->descending);
	else
		table_sort(tui, field, field != NULL && field->descending);
}

static const struct menu_ops sort_menu = {.choose = choose_sort, .topic = menu_topic_of_field};

/* "SEND-Q      send_q", so that both the heading and the word can be typed. */
static void
add_field(struct tui *tui, const struct field *field)
{
	char label[96];

	snprintf(label, sizeof label, "%-12s %s", field->title, field->name);
	menu_add(tui, label, NULL, field, MENU_NO_COUNT);
}

static bool
is_column(const struct table *table, const struct field *field)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i] == field)
			return true;
	}
	return false;
}

void
order_sort_menu(struct tui *tui)
{
	const struct table *const table = tui_table(tui);

	menu_begin(tui, &sort_menu, "Sort by");
	menu_add(tui, "trouble first        then by process and port", NULL, table_by_trouble(),
		MENU_NO_COUNT);
	menu_add(tui, "order of arrival", NULL, NULL, MENU_NO_COUNT);
	for (size_t i = 0; i < table->column_count; i++)
		add_field(tui, table->columns[i]);
	for (size_t i = 0; i < socket_fields.count; i++) {
		const struct field *const field = &socket_fields.fields[i];

		if ((field->flags & FIELD_COLUMN) != 0 && !is_column(table, field) &&
			field != table_by_trouble())
			add_field(tui, field);
	}
	menu_open(tui, table->sort);
}

void
order_sort_step(struct tui *tui, bool right)
{
	const struct table *const table = tui_table(tui);
	size_t at = right ? SIZE_MAX : table->column_count;

	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i] == table->sort)
			at = i;
	}
	at += right ? 1 : SIZE_MAX;
	if (at >= table->column_count)
		tui_show_format(tui, SEVERITY_INFO, "there is no column further %s",
			right ? "right" : "left");
	else
		table_sort(tui, table->columns[at], table->columns[at]->descending);
}

void
order_sort_invert(struct tui *tui)
{
	const struct table *const table = tui_table(tui);

	if (table->sort == NULL)
		tui_show_message(tui, SEVERITY_INFO,
			"the order of arrival has no other way round; F6 chooses a field");
	else
		table_sort(tui, table->sort, !table->descending);
}

void
order_arrival(struct tui *tui)
{
	const struct table *const table = tui_table(tui);

	table_sort(tui, table->sort == NULL ? table_by_trouble() : NULL, false);
	tui_show_message(tui, SEVERITY_INFO,
		table->sort == NULL ? "rows stand as they came; A puts trouble first"
				    : "trouble first, then by process and port; A: as they came");
}

static void
choose_group(struct tui *tui, const struct menu_item *item, const char *typed)
{
	(void)typed;
	table_group(tui, item->object);
}

static const struct menu_ops group_menu = {.choose = choose_group, .topic = menu_topic_of_field};

void
do_group(struct tui *tui)
{
	menu_begin(tui, &group_menu, "Group by");
	menu_add(tui, "no groups", NULL, NULL, MENU_NO_COUNT);
	for (size_t i = 0; i < socket_fields.count; i++) {
		const struct field *const field = &socket_fields.fields[i];

		char label[128];

		if ((field->flags & FIELD_GROUP) == 0)
			continue;
		snprintf(label, sizeof label, "%-12s %s", field->name, field->help);
		menu_add(tui, label, NULL, field, MENU_NO_COUNT);
	}
	menu_open(tui, tui_table(tui)->group);
}

static const char no_groups[] = "there are no groups here; F5 or t makes some";

static void
set_unfolded(struct tui *tui, bool unfolded)
{
	struct table *const table = tui_table(tui);
	const struct view_group *const group = table_group_here(tui, table);

	if (group == NULL) {
		tui_show_message(tui, SEVERITY_INFO, no_groups);
		return;
	}
	/* Its rows vanish: the cursor goes to the group that they were in. */
	table->cursor.resting = false;
	table->cursor.on_group = true;
	snprintf(table->cursor.group, sizeof table->cursor.group, "%s", group->key);
	view_unfold(table->view, table->cursor.group, unfolded);
	tui_refresh(tui);
}

void
do_unfold(struct tui *tui)
{
	set_unfolded(tui, true);
}

void
do_fold(struct tui *tui)
{
	set_unfolded(tui, false);
}

void
do_unfold_all(struct tui *tui)
{
	struct table *const table = tui_table(tui);
	const struct view_group *const group = table_group_here(tui, table);

	if (group == NULL) {
		tui_show_message(tui, SEVERITY_INFO, no_groups);
		return;
	}
	view_unfold(table->view, NULL, !group->unfolded);
	tui_refresh(tui);
}

void
do_hold(struct tui *tui)
{
	tui->hold = !tui->hold;
	tui_show_message(tui, SEVERITY_INFO,
		tui->hold ? "the order of the rows is held; H releases it"
			  : "the rows are ordered again");
	tui_refresh(tui);
}

void
do_follow(struct tui *tui)
{
	struct table *const table = tui_table(tui);

	tui->follow = !tui->follow;
	table->cursor.resting = false;
	tui_show_message(tui, SEVERITY_INFO,
		tui->follow ? "following the row; moving the cursor ends it"
			    : "not following any more");
	tui_redraw(tui);
}

void
do_pause(struct tui *tui)
{
	if (tui->replay) {
		do_time_run(tui);
		return;
	}
	tui->paused = !tui->paused;
	tui_refresh(tui);
}

void
do_numeric(struct tui *tui)
{
	struct settings *const settings = tui->settings;

	settings->names = !tui_shows_names(tui);
	if (settings->names)
		settings->numeric = false;
	for (int i = 0; i < PAGE_TABLES; i++)
		table_apply(tui, &tui->tables[i]);
	tui_show_message(tui, SEVERITY_INFO,
		settings->names ? "names of hosts, as they are found" : "numbers, not names");
	tui_refresh(tui);
}

void
do_own(struct tui *tui)
{
	tui->settings->own = !tui->settings->own;
	tui_show_message(tui, SEVERITY_INFO,
		tui->settings->own
			? "sockwatch's own sockets are shown and counted; O hides them"
			: "sockwatch's own sockets are neither shown nor counted; O shows them");
	tui_refresh(tui);
}

static bool
accept_delay(struct tui *tui, const char *text, struct error *error)
{
	double seconds;

	if (number_parse_unit(text, strlen(text), UNIT_S, &seconds) != 0 ||
		seconds * 1000 < DELAY_MIN_MS || seconds * 1000 > DELAY_MAX_MS) {
		error_set(error, "the delay is 0.1 to 3600 seconds: 0.5, 2, 1m");
		return false;
	}
	tui->settings->interval_ms = (uint32_t)(seconds * 1000 + 0.5);
	tui_redraw(tui);
	return true;
}

static const struct prompt_ops delay_prompt = {
	.label = "Seconds between refreshes", .accept = accept_delay, .replaced = true};

void
do_delay(struct tui *tui)
{
	char text[32];

	if (tui->replay) {
		do_time_speed(tui);
		return;
	}
	snprintf(text, sizeof text, "%g", tui->settings->interval_ms / 1000.0);
	prompt_open(tui, &delay_prompt, text);
}
