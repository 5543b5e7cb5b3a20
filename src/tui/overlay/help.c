/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help page, made from the action table, the editing keys and the fields. */
#include <config.h>

#include "help.h"

#include <stdio.h>
#include <string.h>

#include "tui/key/handlers.h"
#include "tui/pages.h"
#include "tui/state.h"
#include "tui/term/keys.h"

enum { KEYS_COLUMN = 14, NAME_COLUMN = 18 };

/* Lines are numbered while they are gone through; those in the window are drawn. */
struct printing {
	struct tui *tui;
	const struct rect *rect;
	size_t line;
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

static bool
begin(struct printing *printing, struct pen *pen)
{
	const struct tui *const tui = printing->tui;
	const size_t line = printing->line++;
	const size_t top = tui->help.scroll.top;

	if (line < top || line >= top + (size_t)printing->rect->height)
		return false;
	*pen = draw_pen(&tui->theme, printing->rect->y + (int)(line - top), printing->rect->x + 1,
		printing->rect->width - 1);
	return true;
}

static void
print_heading(struct printing *printing, const char *title)
{
	struct pen pen;

	if (printing->line > 0)
		begin(printing, &pen);
	if (begin(printing, &pen))
		draw_rule(&pen, ROLE_SECTION, title);
}

static void
print_pair(struct printing *printing, const char *left, const char *right, int column)
{
	struct pen pen;

	if (!begin(printing, &pen))
		return;
	draw_spaces(&pen, ROLE_NORMAL, 2);
	if ((int)strlen(left) < column)
		draw_cell(&pen, ROLE_STRONG, left, column, false);
	else
		draw_format(&pen, ROLE_STRONG, "%s  ", left);
	draw_text(&pen, ROLE_NORMAL, right);
}

/* With one path only, the keys of tables do nothing. */
static bool
is_here(const struct tui *tui, const struct action *action)
{
	if (!tui->only_path)
		return true;
	return (action->pages & (1U << PAGE_PATHS)) != 0 &&
	       (action->needs & ACTION_NEEDS_SOCKETS) == 0;
}

static void
print_keys(struct printing *printing)
{
	const struct tui *const tui = printing->tui;
	const struct action_table *const table = tui->keymap.table;

	for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
		if (tui->only_path &&
			(group == ACTION_FILTER || group == ACTION_ORDER || group == ACTION_SETUP))
			continue;
		print_heading(printing, action_group_title((enum action_group)group));
		for (size_t i = 0; i < table->count; i++) {
			const struct action *const action = &table->rows[i];
			char keys[64];

			if ((int)action->group != group || !is_here(tui, action))
				continue;
			keymap_keys(&tui->keymap, action, keys, sizeof keys);
			if (keys[0] != '\0')
				print_pair(printing, keys, action->help, KEYS_COLUMN);
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

static void
print_words(struct printing *printing)
{
	print_heading(printing, "Filters");
	for (size_t i = 0; i < sizeof filter_examples / sizeof filter_examples[0]; i++)
		print_pair(printing, filter_examples[i][0], filter_examples[i][1], 46);
	print_heading(printing, "Fields: words of the filter, and columns");
	for (size_t i = 0; i < socket_fields.count; i++)
		print_pair(printing, socket_fields.fields[i].name, socket_fields.fields[i].help,
			NAME_COLUMN);
}

static void
print_rows(struct printing *printing)
{
	print_heading(printing, "Rows");
	print_pair(printing, "+ ~ x",
		"new (green), changed state (yellow), closed (red; its last state)", KEYS_COLUMN);
	print_pair(printing, "RECV-Q SEND-Q",
		"bytes not yet read, not yet acknowledged; of a listener: waiting, backlog",
		KEYS_COLUMN);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct scroll *const scroll = &tui->help.scroll;
	struct printing printing = {.tui = tui, .rect = rect};

	/* The last draw counted its lines; it does not grow. */
	scroll_fit(scroll, scroll->lines, rect->height > 0 ? (size_t)rect->height : 0);
	if (!tui->only_path)
		print_rows(&printing);
	print_keys(&printing);
	print_editing(&printing);
	if (!tui->only_path)
		print_words(&printing);
	scroll->lines = printing.line;
}

static struct scroll *
get_scroll(struct tui *tui)
{
	return &tui->help.scroll;
}

void
do_help(struct tui *tui)
{
	tui->help.scroll.top = 0;
	tui_open_page(tui, PAGE_HELP);
}

const struct pane help_pane = {
	.draw = draw,
	.scroll = get_scroll,
};
