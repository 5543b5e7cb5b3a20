/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter bar of a table of rows: filters while it is typed, with completion and history. */
#include <config.h>

#include "rows_table.h"

#include <stdio.h>

#include "tui/overlay/prompt.h"
#include "tui/state.h"
#include "tui/table/filter_bar.h"

static bool
take(struct tui *tui, struct rows *rows, const char *text, struct error *error)
{
	struct filter *const filter = filter_parse(text, rows->kind->fields, error);

	if (filter == NULL)
		return false;
	filter_free(rows->filter);
	rows->filter = filter;
	snprintf(rows->filter_text, sizeof rows->filter_text, "%s", text);
	tui_refresh(tui);
	return true;
}

static void
on_change(struct tui *tui, const char *text, struct error *error)
{
	struct rows *const rows = rows_with_keys(tui);
	struct filter *const filter = filter_parse(text, rows->kind->fields, error);

	if (filter != NULL && filter_bar_is_whole(tui, text, rows->kind->fields))
		(void)take(tui, rows, text, error);
	filter_free(filter);
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	return take(tui, rows_with_keys(tui), text, error);
}

static void
on_cancel(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);

	(void)take(tui, rows, rows->filter_before, NULL);
}

static void
on_complete(struct tui *tui)
{
	filter_bar_complete_prompt(tui, rows_with_keys(tui)->kind->fields);
}

static const struct prompt_ops filter_prompt = {.label = "Filter",
	.change = on_change,
	.accept = on_accept,
	.cancel = on_cancel,
	.complete = on_complete,
	.history = true};

void
rows_filter_prompt(struct tui *tui)
{
	struct rows *const rows = rows_with_keys(tui);

	snprintf(rows->filter_before, sizeof rows->filter_before, "%s", rows->filter_text);
	prompt_open(tui, &filter_prompt, rows->filter_text);
}

bool
rows_filter_clear(struct tui *tui, struct rows *rows)
{
	return rows->filter_text[0] != '\0' && take(tui, rows, "", NULL);
}
