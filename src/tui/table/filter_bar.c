/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter bar: a prompt that filters while it is typed, with completion and history. */
#include <config.h>

#include "filter_bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/overlay/prompt.h"
#include "tui/state.h"

enum { WORDS_MAX = 24, WORD_SIZE = 48 };

bool
filter_bar_is_whole(struct tui *tui, const char *text, const struct field_table *table)
{
	if (!filter_is_partial(text, table))
		return true;
	prompt_hint(tui, "not a whole word yet: Tab completes it, Enter takes it as it is");
	return false;
}

/*
 * While the text does not parse, ends in the middle of a word, or lets nothing pass, the last one
 * that showed something stays in force.
 */
static void
change(struct tui *tui, const char *text, struct error *error)
{
	struct table *const table = tui_table(tui);
	struct filter *const filter = filter_parse(text, &socket_fields, error);

	if (filter == NULL || !filter_bar_is_whole(tui, text, &socket_fields)) {
		filter_free(filter);
		return;
	}
	if (view_would_show(table->view, filter))
		table_try_filter(tui, table, text, error);
	else
		prompt_hint(tui, "no socket passes that; Enter takes it all the same");
	filter_free(filter);
}

/* To the front of the history, once. */
static void
remember(struct settings *settings, const char *text)
{
	size_t at = 0;
	char *entry;

	if (text[strspn(text, " \t")] == '\0')
		return;
	while (at < settings->filter_count && strcmp(settings->filters[at], text) != 0)
		at++;
	if (at < settings->filter_count) {
		entry = settings->filters[at];
	} else {
		entry = strdup(text);
		if (entry == NULL)
			return;
		if (settings->filter_count == SETTINGS_FILTERS_MAX)
			free(settings->filters[--settings->filter_count]);
		at = settings->filter_count++;
	}
	memmove(settings->filters + 1, settings->filters, at * sizeof settings->filters[0]);
	settings->filters[0] = entry;
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	struct table *const table = tui_table(tui);

	if (table_try_filter(tui, table, text, error) != 0)
		return false;
	if (filter_stack_set(&table->filters, text) != 0) {
		error_set(error, "there is not enough memory for the filter");
		return false;
	}
	remember(tui->settings, text);
	return true;
}

static void
cancel(struct tui *tui)
{
	table_apply_filter(tui, tui_table(tui), NULL);
}

struct words {
	char words[WORDS_MAX][WORD_SIZE];
	size_t count;
	size_t typed;
};

static void
on_word(void *context, const char *word, size_t typed)
{
	struct words *const words = context;

	if (words->count == WORDS_MAX || strlen(word) < typed)
		return;
	snprintf(words->words[words->count++], WORD_SIZE, "%s", word);
	words->typed = typed;
}

static size_t
common_prefix(const struct words *words)
{
	size_t len = strlen(words->words[0]);

	for (size_t i = 1; i < words->count; i++) {
		size_t same = 0;

		while (same < len && words->words[0][same] == words->words[i][same])
			same++;
		len = same;
	}
	return len;
}

static void
list_words(struct tui *tui, const struct words *words)
{
	char hint[PROMPT_HINT_SIZE] = "";
	size_t len = 0;

	for (size_t i = 0; i < words->count; i++) {
		const int written = snprintf(
			hint + len, sizeof hint - len, "%s%s", i > 0 ? "  " : "", words->words[i]);

		if (written < 0 || (size_t)written >= sizeof hint - len)
			break;
		len += (size_t)written;
	}
	prompt_hint(tui, hint);
}

void
filter_bar_complete_prompt(struct tui *tui, const struct field_table *table)
{
	struct lineedit *const edit = &tui->prompt.edit;
	struct words words = {.count = 0};
	char before[LINEEDIT_SIZE];
	size_t len;

	snprintf(before, sizeof before, "%.*s", (int)edit->cursor, edit->text);
	filter_complete(before, table, on_word, &words);
	if (words.count == 0) {
		prompt_hint(tui, "no word fits here");
		return;
	}
	len = common_prefix(&words);
	if (len >= words.typed)
		lineedit_complete(edit, words.typed, words.words[0], len);
	if (words.count == 1)
		lineedit_insert(edit, " ", 1);
	prompt_changed(tui);
	if (words.count > 1) {
		tui->prompt.error = (struct error){
			.position = -1}; /* a word that is not finished is not a mistake */
		list_words(tui, &words);
	}
}

static void
complete(struct tui *tui)
{
	filter_bar_complete_prompt(tui, &socket_fields);
}

static const struct prompt_ops filter_prompt = {
	.label = "Filter",
	.change = change,
	.accept = on_accept,
	.cancel = cancel,
	.complete = complete,
	.history = true,
};

void
filter_bar_open(struct tui *tui)
{
	char text[FILTERS_TEXT_SIZE];

	filter_stack_join(&tui_table(tui)->filters, text, sizeof text);
	prompt_open(tui, &filter_prompt, text);
	if (text[0] == '\0')
		prompt_hint(tui,
			"state close-wait and process nginx · port 443 · rtt > 100ms · Tab completes");
}

void
filter_bar_add(struct tui *tui, const char *term)
{
	struct table *const table = tui_table(tui);
	struct error error = {.position = -1};

	if (filter_stack_push(&table->filters, term) != 0) {
		tui_show_message(
			tui, SEVERITY_WARNING, "there are too many filters; Esc removes the last");
		return;
	}
	if (table_apply_filter(tui, table, &error) != 0) {
		filter_stack_pop(&table->filters);
		table_apply_filter(tui, table, NULL);
		tui_show_message(tui, SEVERITY_WARNING, error.text);
	}
}

void
filter_bar_clear_last(struct tui *tui)
{
	struct table *const table = tui_table(tui);

	if (filter_stack_pop(&table->filters))
		table_apply_filter(tui, table, NULL);
	else
		tui_show_message(tui, SEVERITY_INFO, "there is no filter to clear; q quits");
}
