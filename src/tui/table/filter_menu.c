/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filter by state, port, process, user, address: a menu of what there is, the row's own first, then
 * the most frequent. Each is a row of the table; a port stands on either side, so it has two
 * fields.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_bar.h"
#include "tui/key/handlers.h"
#include "tui/overlay/menu.h"
#include "tui/state.h"

enum { TALLIES_MAX = 300, TERM_SIZE = FILTERS_TEXT_SIZE };

struct filter_menu {
	const char *title;
	const char *fields[2]; /* which are counted */
	const char *words[2];  /* in the filter, for each; NULL: the field's name */
	const char *typed;     /* the word for what was typed and is in no item */
};

static const struct filter_menu by_state = {
	"Filter by state", {"state", NULL}, {NULL, NULL}, "state"};
static const struct filter_menu by_port = {
	"Filter by port", {"local_port", "remote_port"}, {"lport", "rport"}, "port"};
static const struct filter_menu by_process = {
	"Filter by process", {"process", NULL}, {NULL, NULL}, "process"};
static const struct filter_menu by_user = {"Filter by user", {"user", NULL}, {NULL, NULL}, "user"};
static const struct filter_menu by_address = {
	"Filter by remote address", {"remote_addr", NULL}, {"raddr", NULL}, "raddr"};

static size_t
find_fields(const struct filter_menu *menu, const struct field *fields[2])
{
	size_t count = 0;

	for (size_t i = 0; i < 2 && menu->fields[i] != NULL; i++) {
		const struct field *const field =
			field_find(&socket_fields, menu->fields[i], strlen(menu->fields[i]));

		if (field != NULL)
			fields[count++] = field;
	}
	return count;
}

/* The filter as it is without what it asks of the menu's fields; true: it asks something. */
static bool
strip(struct tui *tui, const struct filter_menu *menu, struct filter_stack *rest)
{
	const struct field *fields[2];
	const size_t count = find_fields(menu, fields);

	*rest = (struct filter_stack){.count = 0};
	return filter_stack_without(&tui_table(tui)->filters, &socket_fields, fields, count, rest);
}

/* What is chosen takes the place of what the filter asked of that field. */
static void
choose(struct tui *tui, const struct menu_item *item, const char *typed)
{
	struct table *const table = tui_table(tui);
	/* tui->filter_menu is still the row that the menu was filled from. */
	const struct filter_menu *const menu = tui->filter_menu;
	struct filter_stack rest;
	char term[TERM_SIZE];

	if (item == NULL)
		filter_stack_term(menu->typed, typed, term, sizeof term);
	else
		snprintf(term, sizeof term, "%s", item->value);
	if (strip(tui, menu, &rest)) {
		filter_stack_fini(&table->filters);
		table->filters = rest;
	} else {
		filter_stack_fini(&rest);
	}
	filter_bar_add(tui, term);
}

/* An item of the menu of states begins with its name. */
static bool
topic_of_state(const struct menu_item *item, struct topic *topic)
{
	char name[TERM_SIZE];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(item->label, " "), item->label);
	return topic_find(TOPIC_STATE, name, topic);
}

static const struct menu_ops ops = {.choose = choose, .takes_typed = true};
static const struct menu_ops state_ops = {
	.choose = choose, .takes_typed = true, .topic = topic_of_state};

static const char *
word_of(const struct filter_menu *menu, size_t i)
{
	return menu->words[i] != NULL ? menu->words[i] : menu->fields[i];
}

/* The term is made of the value itself: what the label shows of it may have been cleaned. */
static void
add(struct tui *tui, const struct filter_menu *menu, size_t i, const struct field *field,
	const struct socket_row *row, const char *note, uint32_t count)
{
	const struct field_context context = tui_context(tui);
	const char *word = word_of(menu, i);
	struct value value;
	char term[TERM_SIZE], label[TERM_SIZE], key[128];

	if (field == NULL || row == NULL)
		return;
	field_get(field, &context, row, &value);
	if (value.kind == VALUE_UNKNOWN && menu == &by_process) {
		/* prctl() lets a process have no name: its number finds it. */
		field = field_find(&socket_fields, "pid", 3);
		word = "pid";
		field_get(field, &context, row, &value);
	}
	if (filter_write(word, field, &context, &value, term, sizeof term) == 0)
		return;
	field_format(field, &context, &value, 0, key, sizeof key);
	if (strcmp(key, "0") == 0)
		return;
	if (menu->fields[1] != NULL)
		snprintf(label, sizeof label, "%-6s %s%s", i == 0 ? "local" : "remote", key, note);
	else
		snprintf(label, sizeof label, "%s%s%s",
			word == word_of(menu, i) ? "" : "(no name) pid ", key, note);
	menu_add(tui, label, term, NULL, count);
}

/* The value of the row under the cursor, as the tally would call it. */
static void
add_row_value(struct tui *tui, const struct filter_menu *menu, size_t i)
{
	const struct field *const field =
		field_find(&socket_fields, menu->fields[i], strlen(menu->fields[i]));
	const struct socket_row *const row = table_row(tui, table_socket(tui, tui_table(tui)));

	add(tui, menu, i, field, row, "  (this row)", MENU_NO_COUNT);
}

/* others: the filter that counts, or NULL: the one in force. */
static void
add_tallies(struct tui *tui, const struct filter_menu *menu, size_t i, struct filter *others)
{
	const struct field *const field =
		field_find(&socket_fields, menu->fields[i], strlen(menu->fields[i]));
	struct view_tally *const tallies = calloc(TALLIES_MAX, sizeof *tallies);
	size_t count;

	if (field != NULL && tallies != NULL) {
		count = view_tally(tui_table(tui)->view, field, others, tallies, TALLIES_MAX);
		if (count > TALLIES_MAX)
			count = TALLIES_MAX;
		for (size_t k = 0; k < count; k++)
			add(tui, menu, i, field, table_row(tui, tallies[k].socket), "",
				tallies[k].count);
	}
	free(tallies);
}

static struct filter *
parse_others(struct tui *tui, const struct filter_menu *menu)
{
	struct filter *filter = NULL;
	struct filter_stack rest;
	char text[FILTERS_TEXT_SIZE];

	if (strip(tui, menu, &rest))
		filter = filter_parse(
			filter_stack_join(&rest, text, sizeof text), &socket_fields, NULL);
	filter_stack_fini(&rest);
	return filter;
}

static void
open_menu(struct tui *tui, const struct filter_menu *menu)
{
	struct filter *const others = parse_others(tui, menu);

	menu_begin(tui, menu == &by_state ? &state_ops : &ops, menu->title);
	tui->filter_menu = menu;
	for (size_t i = 0; i < 2 && menu->fields[i] != NULL; i++)
		add_row_value(tui, menu, i);
	for (size_t i = 0; i < 2 && menu->fields[i] != NULL; i++)
		add_tallies(tui, menu, i, others);
	filter_free(others);
	menu_open(tui, NULL);
}

void
do_filter_state(struct tui *tui)
{
	open_menu(tui, &by_state);
}

void
do_filter_port(struct tui *tui)
{
	open_menu(tui, &by_port);
}

void
do_filter_process(struct tui *tui)
{
	open_menu(tui, &by_process);
}

void
do_filter_user(struct tui *tui)
{
	open_menu(tui, &by_user);
}

void
do_filter_address(struct tui *tui)
{
	open_menu(tui, &by_address);
}
