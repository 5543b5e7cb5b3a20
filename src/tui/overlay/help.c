/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The help page of a screen: what is under the cursor (help_topic.c), its keys from the action
 * table, what stands on it from help_words.c, the editing keys, and its fields. It can be searched.
 */
#include <config.h>

#include "help.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/wrap.h>

#include "help_topic.h"
#include "help_words.h"
#include "prompt.h"
#include "tui/key/handlers.h"
#include "tui/pages.h"
#include "tui/state.h"
#include "tui/term/keys.h"

enum { KEYS_COLUMN = 14, NAME_COLUMN = 20, EXAMPLE_COLUMN = 46, HELP_LINE_SIZE = 512 };

/*
 * Lines are numbered while they are gone through; those in the window are drawn. A search goes
 * through them without a window.
 */
struct printing {
	struct tui *tui;
	const struct rect *rect;
	size_t line;
	const char *find; /* lines that contain it are marked; "": none */
	size_t from;      /* the first that counts for a search */
	size_t found;     /* SIZE_MAX: no line */
};

static const char *const filter_examples[][2] = {
	{"state close-wait and process nginx", "both; adjacent words mean \"and\" too"},
	{"port 443 · lport 22 · rport 8000-8999", "either side, local, remote; a range"},
	{"addr 10.0.0.0/8 · raddr 2001:db8::/32", "a network, on either side or one"},
	{"rtt > 100ms and retrans > 0", "= != < <= > >=; units us ms s m h d, k M G"},
	{"process ~ ^post", "~ is a regular expression"},
	{"not state listen and (pid 812 or user root)", "not, or, brackets"},
	{"nginx", "a bare word: anything visible contains it"},
};

/* Of tables whose rows are no sockets. */
static const char *const row_examples[][2] = {
	{"a bare word", "anything visible contains it"},
	{"FIELD > 100", "= != < <= > >=; units us ms s m h d, k M G"},
	{"FIELD word · FIELD ~ ^w.rd", "is or contains the word; ~ is a regular expression"},
	{"FIELD > 0 and not (word or other)",
		"and, or, not, brackets; adjacent words mean \"and\" too"},
};

static bool
begin(struct printing *printing, struct pen *pen)
{
	const struct tui *const tui = printing->tui;
	const size_t line = printing->line++;
	const size_t top = tui->help.scroll.top;

	if (printing->rect == NULL || line < top || line >= top + (size_t)printing->rect->height)
		return false;
	*pen = draw_pen(&tui->theme, printing->rect->y + (int)(line - top), printing->rect->x + 1,
		printing->rect->width - 1);
	return true;
}

/* What is looked for stands in the text, which belongs to the next line. */
static bool
is_match(struct printing *printing, const char *text)
{
	if (printing->find[0] == '\0' ||
		!text_contains_nocase(text_of(text), text_of(printing->find)))
		return false;
	if (printing->found == SIZE_MAX && printing->line >= printing->from)
		printing->found = printing->line;
	return true;
}

static void
print_heading(struct printing *printing, const char *title)
{
	struct pen pen;

	if (printing->line > 0)
		begin(printing, &pen);
	is_match(printing, title);
	if (begin(printing, &pen))
		draw_rule(&pen, ROLE_SECTION, title);
}

/* Where it does not fit beside the left part, the right one goes on below itself. */
static void
print_pair(struct printing *printing, const char *left, const char *right, int column)
{
	const bool is_wide = (int)text_width(left) >= column;
	const int indent = 2 + (is_wide ? (int)text_width(left) + 2 : column);
	const int width = printing->tui->help.width - 1 - indent;
	const bool found = is_match(printing, left) || is_match(printing, right);
	const enum role role = found ? ROLE_MATCH : ROLE_NORMAL;
	struct text part;
	struct pen pen;

	for (int i = 0; wrap_next(&right, width > 20 ? (size_t)width : 20, &part); i++) {
		char line[HELP_LINE_SIZE];

		if (!begin(printing, &pen))
			continue;
		draw_spaces(&pen, ROLE_NORMAL, 2);
		draw_cell(&pen, found ? ROLE_MATCH : ROLE_STRONG, i == 0 ? left : "", indent - 2,
			false);
		snprintf(line, sizeof line, "%.*s", (int)part.len, part.data);
		draw_text(&pen, role, line);
	}
}

/* It works on the screen that the help was asked on, and there is something for it to do. */
static bool
is_here(const struct tui *tui, const struct action *action)
{
	if ((action->pages & 1U << tui->help.page) == 0)
		return false;
	return !tui->only_path || (action->needs & ACTION_NEEDS_SOCKETS) == 0;
}

/* "on the screen of paths: stop it" need not name the screen on its own help. */
static const char *
short_help(const char *help)
{
	static const char *const prefixes[] = {
		"on the screen of ", "on the page of ", "in setup: "};
	const char *const colon = strstr(help, ": ");

	for (size_t i = 0; colon != NULL && i < sizeof prefixes / sizeof prefixes[0]; i++) {
		if (strncmp(help, prefixes[i], strlen(prefixes[i])) == 0)
			return colon + 2;
	}
	return help;
}

static void
print_keys(struct printing *printing)
{
	const struct tui *const tui = printing->tui;
	const struct action_table *const table = tui->keymap.table;

	for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
		bool is_first = true;

		for (size_t i = 0; i < table->count; i++) {
			const struct action *const action = &table->rows[i];
			char keys[64];

			if ((int)action->group != group || !is_here(tui, action))
				continue;
			keymap_keys(&tui->keymap, action, keys, sizeof keys);
			if (keys[0] == '\0')
				continue;
			if (is_first)
				print_heading(
					printing, action_group_title((enum action_group)group));
			is_first = false;
			print_pair(printing, keys, short_help(action->help), KEYS_COLUMN);
		}
	}
}

static void
print_editing(struct printing *printing)
{
	print_heading(printing, "While typing");
	for (size_t i = 0; i < lineedit_key_count; i++) {
		char name[KEYS_NAME_SIZE];

		keys_name(lineedit_keys[i].key, name, sizeof name);
		print_pair(printing, name, lineedit_keys[i].help, KEYS_COLUMN);
	}
}

/* The words of the filter of a screen; NULL: it has none. */
static const struct field_table *
filter_words(const struct tui *tui, enum page_id page)
{
	if (page == PAGE_EVENTS)
		return &event_fields;
	if (tui->rows != NULL && tui->rows_page == page)
		return tui->rows->kind->fields;
	return page == PAGE_SOCKETS || page == PAGE_DETAIL ? &socket_fields : NULL;
}

static void
print_examples(struct printing *printing, const char *const (*examples)[2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_pair(printing, examples[i][0], examples[i][1], EXAMPLE_COLUMN);
}

static void
print_words(struct printing *printing)
{
	const struct field_table *const fields =
		filter_words(printing->tui, printing->tui->help.page);

	if (fields == NULL)
		return;
	print_heading(printing, "Filters");
	if (fields == &socket_fields || fields == &event_fields)
		print_examples(printing, filter_examples,
			sizeof filter_examples / sizeof filter_examples[0]);
	else
		print_examples(
			printing, row_examples, sizeof row_examples / sizeof row_examples[0]);
	print_heading(printing, "Fields: words of the filter, and columns");
	for (size_t i = 0; i < fields->count; i++)
		print_pair(printing, fields->fields[i].name, fields->fields[i].help, NAME_COLUMN);
}

/* What the cursor is on comes before all else. */
static void
print_topics(struct printing *printing)
{
	const struct help *const help = &printing->tui->help;

	for (size_t i = 0; i < help->topic_count; i++) {
		const struct topic *const topic = &help->topics[i].topic;
		char title[128];

		snprintf(title, sizeof title, "%s%s%s (%s), %s",
			topic->heading != NULL ? topic->heading : "",
			topic->heading != NULL ? ": " : "", topic->name,
			topic_kind_name(topic->kind), help->topics[i].where);
		print_heading(printing, title);
		for (size_t k = 0; k < topic->count; k++)
			print_pair(
				printing, topic->parts[k].label, topic->parts[k].text, KEYS_COLUMN);
	}
}

/* All of a kind: what each is, and what many of it mean. */
static void
print_kind(struct printing *printing, enum topic_kind kind)
{
	struct topic topic;

	for (size_t i = 0; topic_at(kind, i, &topic); i++) {
		const size_t last = topic.count - 1;
		char words[TOPIC_TEXT_SIZE + 16];

		print_pair(printing, topic.name, topic.parts[0].text, NAME_COLUMN);
		if (topic.count < 2)
			continue;
		snprintf(words, sizeof words, "%s: %s", topic.parts[last].label,
			topic.parts[last].text);
		print_pair(printing, "", words, NAME_COLUMN);
	}
}

static void
print_section(struct printing *printing, const struct help_section *section)
{
	print_heading(printing, section->title);
	if (section->entries == NULL)
		print_kind(printing, section->topics);
	for (size_t i = 0; i < section->count; i++)
		print_pair(printing, section->entries[i].shown, section->entries[i].means,
			NAME_COLUMN);
}

/* Keys come first, on the screen that they belong to; then what stands there. */
static void
print_all(struct printing *printing)
{
	print_topics(printing);
	print_keys(printing);
	for (size_t i = 0; i < help_section_count; i++) {
		if ((help_sections[i].pages & 1U << printing->tui->help.page) != 0)
			print_section(printing, &help_sections[i]);
	}
	print_editing(printing);
	print_words(printing);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct scroll *const scroll = &tui->help.scroll;
	struct printing printing = {
		.tui = tui, .rect = rect, .find = tui->help.find, .found = SIZE_MAX};

	tui->help.width = rect->width;
	/* The last draw counted its lines; it does not grow. */
	scroll_fit(scroll, scroll->lines, rect->height > 0 ? (size_t)rect->height : 0);
	print_all(&printing);
	scroll->lines = printing.line;
}

/* The first line from this one on that contains it, else the first of all; SIZE_MAX: none. */
static size_t
find_line(struct tui *tui, const char *text, size_t from)
{
	struct printing printing = {.tui = tui, .find = text, .from = from, .found = SIZE_MAX};

	print_all(&printing);
	if (printing.found != SIZE_MAX || from == 0)
		return printing.found;
	return find_line(tui, text, 0);
}

static void
jump(struct tui *tui, const char *text, size_t from)
{
	const size_t line = find_line(tui, text, from);

	if (text != tui->help.find)
		snprintf(tui->help.find, sizeof tui->help.find, "%s", text);
	if (line != SIZE_MAX) {
		tui->help.at = line;
		scroll_to(&tui->help.scroll, line);
	}
	tui_redraw(tui);
}

static void
on_change(struct tui *tui, const char *text, struct error *error)
{
	(void)error;
	jump(tui, text, tui->help.at);
	if (text[0] != '\0' && find_line(tui, text, 0) == SIZE_MAX)
		prompt_hint(tui, "the help of this screen does not contain that");
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	if (text[0] != '\0' && find_line(tui, text, 0) == SIZE_MAX) {
		error_set(error, "the help of this screen does not contain that");
		return false;
	}
	return true;
}

static void
on_cancel(struct tui *tui)
{
	tui->help.find[0] = '\0';
}

static const struct prompt_ops search_prompt = {.label = "Search the help",
	.change = on_change,
	.accept = on_accept,
	.cancel = on_cancel,
	.replaced = true};

void
do_help_search(struct tui *tui)
{
	prompt_open(tui, &search_prompt, tui->help.find);
	prompt_hint(tui, "a key, a state, a mark, a field; n goes to the next line that has it");
}

void
do_help_next(struct tui *tui)
{
	if (tui->help.find[0] == '\0') {
		do_help_search(tui);
		return;
	}
	jump(tui, tui->help.find, tui->help.at + 1);
}

static struct scroll *
get_scroll(struct tui *tui)
{
	return &tui->help.scroll;
}

void
do_help(struct tui *tui)
{
	tui->help = (struct help){.page = tui_page(tui),
		.width = tui->body.width,
		.is_of_menu = tui->overlay == PAGE_MENU};
	help_find_topics(tui);
	if (tui->help.is_of_menu)
		tui_close_overlay(tui);
	tui_open_page(tui, PAGE_HELP);
}

const struct pane help_pane = {
	.draw = draw,
	.scroll = get_scroll,
};
