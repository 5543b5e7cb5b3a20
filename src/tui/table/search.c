/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F3: looks for the text line by line, in slices of the loop. */
#include <config.h>

#include "search.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>

#include "tui/key/handlers.h"
#include "tui/overlay/prompt.h"
#include "tui/state.h"
#include "tui/term/keys.h"

enum { LINES_AT_ONCE = 128, SLICE_MS = 15, CELL_SIZE = 256 };

static bool
shows(struct tui *tui, const struct view_line *line, struct text wanted)
{
	const struct table *const table = tui_table(tui);
	const struct field_context context = tui_context(tui);
	const struct socket_row *const row = table_row(tui, line->socket);

	if (line->kind == VIEW_GROUP)
		return text_contains_nocase(text_of(line->group->key), wanted);
	for (size_t i = 0; row != NULL && i < table->column_count; i++) {
		struct value value;
		char text[CELL_SIZE];
		size_t len;

		field_get(table->columns[i], &context, row, &value);
		len = field_format(table->columns[i], &context, &value, 0, text, sizeof text);
		if (text_contains_nocase((struct text){text, len}, wanted))
			return true;
	}
	return false;
}

static void
finish(struct tui *tui, bool found)
{
	tui->search.running = false;
	if (found) {
		table_go(tui, tui_table(tui), tui->search.next);
		prompt_hint(tui, "F3 goes to the next, Enter stays here");
	} else {
		prompt_hint(tui, "no row shows that");
	}
}

void
search_continue(struct tui *tui)
{
	struct search *const search = &tui->search;
	struct table *const table = tui_table(tui);
	const struct text wanted = text_of(search->text);
	const uint64_t end = clock_monotonic_ns() + SLICE_MS * CLOCK_NS_PER_MS;
	struct view_line lines[LINES_AT_ONCE];

	while (search->running && clock_monotonic_ns() < end) {
		const size_t all = view_lines(table->view);
		size_t count;

		if (search->next >= all)
			search->next = 0;
		count = search->left < LINES_AT_ONCE ? search->left : LINES_AT_ONCE;
		count = view_window(table->view, search->next, count, lines);
		if (count == 0) {
			finish(tui, false);
			return;
		}
		for (size_t i = 0; i < count; i++, search->next++, search->left--) {
			if (shows(tui, &lines[i], wanted)) {
				finish(tui, true);
				return;
			}
		}
	}
	if (search->running)
		loop_arm(tui->slicer, 1, 0);
}

/* From this line on, once around. */
static void
start(struct tui *tui, size_t from)
{
	struct search *const search = &tui->search;

	search->next = from;
	search->left = view_lines(tui_table(tui)->view);
	search->running = search->text[0] != '\0';
	if (search->running)
		search_continue(tui);
}

static void
change(struct tui *tui, const char *text, struct error *error)
{
	(void)error;
	snprintf(tui->search.text, sizeof tui->search.text, "%s", text);
	start(tui, tui->search.from);
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	(void)text;
	(void)error;
	tui->search.running = false;
	return true;
}

static void
cancel(struct tui *tui)
{
	tui->search.running = false;
	table_go(tui, tui_table(tui), tui->search.from);
}

static bool
key(struct tui *tui, uint32_t key)
{
	if (key != KEYS_F0 + 3 && key != KEYS_DOWN)
		return false;
	start(tui, tui_table(tui)->cursor.line + 1);
	return true;
}

static const struct prompt_ops search_prompt = {
	.label = "Search",
	.change = change,
	.accept = on_accept,
	.cancel = cancel,
	.key = key,
	.replaced = true,
};

void
do_search(struct tui *tui)
{
	tui->search.from = tui_table(tui)->cursor.line;
	prompt_open(tui, &search_prompt, tui->search.text);
	if (tui->search.text[0] != '\0')
		prompt_hint(tui, "F3 goes to the next");
}
