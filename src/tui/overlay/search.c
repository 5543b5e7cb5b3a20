/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F3: looks for the text line by line, in slices of the loop. */
#include <config.h>

#include "search.h"

#include <stdio.h>

#include <sockwatch/base/clock.h>

#include "prompt.h"
#include "tui/state.h"
#include "tui/term/keys.h"

enum { LINES_AT_ONCE = 128, SLICE_MS = 15, CELL_SIZE = 256 };

bool
search_row_shows(struct tui *tui, const struct field *const *columns, size_t count, const void *row,
	struct text wanted)
{
	const struct field_context context = tui_context(tui);

	for (size_t i = 0; i < count; i++) {
		struct value value;
		char text[CELL_SIZE];
		size_t len;

		field_get(columns[i], &context, row, &value);
		len = field_format(columns[i], &context, &value, 0, text, sizeof text);
		if (text_contains_nocase((struct text){text, len}, wanted))
			return true;
	}
	return false;
}

/* line: SIZE_MAX when no line shows the text. */
static void
finish(struct tui *tui, size_t line)
{
	tui->search.running = false;
	if (line != SIZE_MAX) {
		tui->search.list->go(tui, line);
		prompt_hint(tui, "F3 goes to the next, Enter stays here");
	} else {
		prompt_hint(tui, "no row shows that");
	}
}

void
search_continue(struct tui *tui)
{
	struct search *const search = &tui->search;
	const struct text wanted = text_of(search->text);
	const uint64_t end = clock_monotonic_ns() + SLICE_MS * CLOCK_NS_PER_MS;

	while (search->running && clock_monotonic_ns() < end) {
		size_t most = search->left < LINES_AT_ONCE ? search->left : LINES_AT_ONCE;
		size_t found = SIZE_MAX;

		if (search->next >= search->list->count(tui))
			search->next = 0;
		if (most > 0)
			most = search->list->look(tui, search->next, most, wanted, &found);
		search->next += most;
		search->left -= most;
		if (most == 0 || found != SIZE_MAX)
			finish(tui, found);
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
	search->left = search->list->count(tui);
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
	tui->search.list->go(tui, tui->search.from);
}

static bool
key(struct tui *tui, uint32_t key)
{
	if (key != KEYS_F0 + 3 && key != KEYS_DOWN)
		return false;
	start(tui, tui->search.list->cursor(tui) + 1);
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
search_open(struct tui *tui, const struct search_list *list)
{
	tui->search.list = list;
	tui->search.from = list->cursor(tui);
	prompt_open(tui, &search_prompt, tui->search.text);
	if (tui->search.text[0] != '\0')
		prompt_hint(tui, "F3 goes to the next");
}
