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

enum { TALLIES_MAX = 300, TERM_SIZE = 300 };

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

static void
choose(struct tui *tui, const struct menu_item *item, const char *typed)
{
	char term[TERM_SIZE];

	if (item != NULL) {
		filter_bar_add(tui, item->value);
		return;
	}
	/* tui->filter_menu is still the row that the menu was filled from. */
	filter_stack_term(tui->filter_menu->typed, typed, term, sizeof term);
	filter_bar_add(tui, term);
}

static const struct menu_ops ops = {.choose = choose, .takes_typed = true};

static const char *
word_of(const struct filter_menu *menu, size_t i)
{
	return menu->words[i] != NULL ? menu->words[i] : menu->fields[i];
}

static void
add(struct tui *tui, const struct filter_menu *menu, size_t i, const char *key, const char *note,
	uint32_t count)
{
	char term[TERM_SIZE];
	char label[TERM_SIZE];

	if (key[0] == '\0')
		return;
	filter_stack_term(word_of(menu, i), key, term, sizeof term);
	if (menu->fields[1] != NULL)
		snprintf(label, sizeof label, "%-6s %s%s", i == 0 ? "local" : "remote", key, note);
	else
		snprintf(label, sizeof label, "%s%s", key, note);
	menu_add(tui, label, term, NULL, count);
}

/* The value of the row under the cursor, as the tally would call it. */
static void
add_row_value(struct tui *tui, const struct filter_menu *menu, size_t i)
{
	const struct field *const field =
		field_find(&socket_fields, menu->fields[i], strlen(menu->fields[i]));
	const struct field_context context = tui_context(tui);
	const struct socket_row *const row = table_row(tui, table_socket(tui, tui_table(tui)));
	struct value value;
	char key[128];

	if (field == NULL || row == NULL)
		return;
	field_get(field, &context, row, &value);
	if (value.kind == VALUE_UNKNOWN)
		return;
	field_format(field, &context, &value, 0, key, sizeof key);
	if (strcmp(key, "0") != 0)
		add(tui, menu, i, key, "  (this row)", MENU_NO_COUNT);
}

static void
add_tallies(struct tui *tui, const struct filter_menu *menu, size_t i)
{
	const struct field *const field =
		field_find(&socket_fields, menu->fields[i], strlen(menu->fields[i]));
	struct view_tally *const tallies = calloc(TALLIES_MAX, sizeof *tallies);
	size_t count;

	if (field != NULL && tallies != NULL) {
		count = view_tally(tui_table(tui)->view, field, tallies, TALLIES_MAX);
		if (count > TALLIES_MAX)
			count = TALLIES_MAX;
		for (size_t k = 0; k < count; k++) {
			if (strcmp(tallies[k].key, "0") != 0)
				add(tui, menu, i, tallies[k].key, "", tallies[k].count);
		}
	}
	free(tallies);
}

static void
open_menu(struct tui *tui, const struct filter_menu *menu)
{
	menu_begin(tui, &ops, menu->title);
	tui->filter_menu = menu;
	for (size_t i = 0; i < 2 && menu->fields[i] != NULL; i++)
		add_row_value(tui, menu, i);
	for (size_t i = 0; i < 2 && menu->fields[i] != NULL; i++)
		add_tallies(tui, menu, i);
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
