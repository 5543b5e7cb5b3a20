/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The action table. A new key is a row here; nothing else lists keys. Of two rows with the same key
 * no mode may be common to both (a test looks). Rows stand in the order of the help screen; the
 * footer shows the labels in the same order, and the first and the last of them always.
 */
#include <config.h>

#include "actions.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/tui/tui.h>

#include "handlers.h"
#include "tui/term/keys.h"

#define IN(mode) (1U << MODE_##mode)

enum {
	IN_TABLE = IN(TABLE),
	IN_ROW = IN(TABLE) | IN(DETAIL),
	IN_SHOWN = IN(TABLE) | IN(DETAIL) | IN(EVENTS) | IN(PATHS),
	IN_PAGES = IN_SHOWN | IN(HELP) | IN(SETUP),
	IN_LISTS = IN_PAGES | IN(MENU),
	IN_ALL = IN_LISTS | IN(CONFIRM) | IN(PROMPT),
};

const struct action actions[] = {
	{"help", "F1 ? h", "Help", "help: every key, from the table that makes them work",
		ACTION_SHOW, IN_SHOWN | IN(SETUP), IN_SHOWN | IN(SETUP), 0, do_help},
	{"setup", "F2", "Setup", "setup: columns, theme, options; saved when you leave it",
		ACTION_SETUP, IN_TABLE, IN_TABLE, 0, do_setup},
	{"search", "F3", "Search",
		"search: jump to a row without hiding the others; again: the next", ACTION_FILTER,
		IN_TABLE, IN_TABLE, ACTION_NEEDS_ROWS, do_search},
	{"filter", "F4 / \\", "Filter", "filter bar, live; Tab completes, Up recalls",
		ACTION_FILTER, IN_TABLE, IN_TABLE, 0, do_filter},
	{"group", "F5 t", "Group", "group by process, remote host, port, state, user …",
		ACTION_ORDER, IN_TABLE, IN_TABLE, 0, do_group},
	{"sort", "F6 .", "Sort", "choose the field that orders the rows", ACTION_ORDER, IN_TABLE,
		IN_TABLE, 0, do_sort},
	{"probe", "F7 T", "Probe",
		"probe the path to the row's peer with its protocol and port; again: stop",
		ACTION_ACT, IN_ROW, IN_ROW, ACTION_NEEDS_LIVE | ACTION_NEEDS_ROWS, do_probe},
	{"events", "F8 e", "Events", "event pane: off, all, of this row", ACTION_SHOW, IN_TABLE,
		IN_TABLE, 0, do_events},
	{"filter-events", "F4 / \\", "Filter", "on the screen of events: filter them",
		ACTION_FILTER, IN(EVENTS), IN(EVENTS), 0, do_events_filter},
	{"action", "F9 K", "Action", "close this socket, or signal its process; asks first",
		ACTION_ACT, IN_ROW, IN_ROW,
		ACTION_NEEDS_LIVE | ACTION_NEEDS_CHANGES | ACTION_NEEDS_ROWS, do_action},

	{"filter-state", "s", NULL, "filter by state: a menu with counts", ACTION_FILTER, IN_TABLE,
		0, ACTION_NEEDS_ROWS, do_filter_state},
	{"filter-port", "p", NULL, "filter by port (offers the row's)", ACTION_FILTER, IN_TABLE, 0,
		ACTION_NEEDS_ROWS, do_filter_port},
	{"filter-process", "P", NULL, "filter by process (offers the row's)", ACTION_FILTER,
		IN_TABLE, 0, ACTION_NEEDS_ROWS, do_filter_process},
	{"filter-user", "u", NULL, "filter by user", ACTION_FILTER, IN_TABLE, 0, ACTION_NEEDS_ROWS,
		do_filter_user},
	{"filter-address", "a", NULL, "filter by remote address (offers the row's)", ACTION_FILTER,
		IN_TABLE, 0, ACTION_NEEDS_ROWS, do_filter_address},

	{"sort-previous", "<", NULL, "order by the column to the left", ACTION_ORDER, IN_TABLE, 0,
		0, do_sort_previous},
	{"sort-next", ">", NULL, "order by the column to the right", ACTION_ORDER, IN_TABLE, 0, 0,
		do_sort_next},
	{"sort-invert", "I", NULL, "invert the order", ACTION_ORDER, IN_TABLE, 0, 0,
		do_sort_invert},
	{"unfold", "+", NULL, "unfold the group", ACTION_ORDER, IN_TABLE, 0, ACTION_NEEDS_ROWS,
		do_unfold},
	{"fold", "-", NULL, "fold the group", ACTION_ORDER, IN_TABLE, 0, ACTION_NEEDS_ROWS,
		do_fold},
	{"unfold-all", "*", NULL, "unfold all groups, or fold them again", ACTION_ORDER, IN_TABLE,
		0, ACTION_NEEDS_ROWS, do_unfold_all},
	{"hold", "H", NULL, "hold the order of the rows; new ones come at the end", ACTION_ORDER,
		IN_TABLE, 0, 0, do_hold},
	{"follow", "F", NULL, "follow the row: the window goes where it goes", ACTION_ORDER,
		IN_TABLE, 0, 0, do_follow},

	{"open", "Enter", NULL, "all that is known of the row or event; on a group: unfold it",
		ACTION_SHOW, IN_LISTS | IN(CONFIRM), 0, ACTION_NEEDS_ROWS, do_enter},
	{"back", "Esc", "Back", "back; in the table: clear the last filter", ACTION_SHOW,
		IN_LISTS | IN(CONFIRM), IN_PAGES & ~IN_TABLE, 0, do_back},
	{"sockets", "1", NULL, "screen of all sockets", ACTION_SHOW, IN_SHOWN, 0,
		ACTION_NEEDS_SOCKETS, do_sockets},
	{"listeners", "2", NULL, "screen of listeners: accept queue against backlog, half-open",
		ACTION_SHOW, IN_SHOWN, 0, ACTION_NEEDS_SOCKETS, do_listeners},
	{"events-screen", "3", NULL, "screen of events: SYN, FIN and RST as they pass", ACTION_SHOW,
		IN_SHOWN, 0, ACTION_NEEDS_SOCKETS, do_events_screen},
	{"paths", "4", NULL, "screen of paths: all that are probed, and the hops of one",
		ACTION_SHOW, IN_SHOWN, 0, ACTION_NEEDS_SOCKETS, do_paths},
	{"events-still", "Space Z", "Still", "on the screen of events: stand still, or go on",
		ACTION_SHOW, IN(EVENTS), IN(EVENTS), 0, do_events_still},
	{"next-pane", "Tab", NULL, "next screen", ACTION_SHOW, IN_TABLE, 0, 0, do_next_pane},
	{"next-section", "Tab", NULL, "on the page of a socket: its next section", ACTION_SHOW,
		IN(DETAIL), 0, 0, do_next_section},
	{"pause", "Space Z", NULL, "pause: the screen stands still and nothing is asked",
		ACTION_SHOW, IN_ROW, 0, 0, do_pause},
	{"delay", "d", NULL, "seconds between refreshes", ACTION_SHOW, IN_ROW, 0, 0, do_delay},
	{"numeric", "n", NULL, "names or numbers", ACTION_SHOW, IN_ROW, 0, 0, do_numeric},
	{"dismiss", "x", NULL, "put away the line about missing rights", ACTION_SHOW, IN_TABLE, 0,
		0, do_dismiss},

	{"path-again", "F7 T r", "Again",
		"on the screen of paths: probe it anew, with fresh statistics", ACTION_ACT,
		IN(PATHS), IN(PATHS), ACTION_NEEDS_LIVE, do_path_again},
	{"path-pause", "p Space Z", "Pause",
		"on the screen of paths: pause it, or go on with the same statistics", ACTION_ACT,
		IN(PATHS), IN(PATHS), ACTION_NEEDS_LIVE, do_path_pause},
	{"path-stop", "x Del", "Stop", "on the screen of paths: stop it; again: take it away",
		ACTION_ACT, IN(PATHS), IN(PATHS), 0, do_path_stop},
	{"path-udp", "u", "UDP", "on the screen of paths: probe it by UDP; again: by ICMP echo",
		ACTION_ACT, IN(PATHS), IN(PATHS), ACTION_NEEDS_LIVE, do_path_udp},
	{"path-tcp", "t", "TCP", "on the screen of paths: probe it by TCP SYN; again: by ICMP echo",
		ACTION_ACT, IN(PATHS), IN(PATHS), ACTION_NEEDS_LIVE, do_path_tcp},
	{"path-names", "n", "Names", "on the screen of paths: names beside addresses, or not",
		ACTION_SHOW, IN(PATHS), IN(PATHS), 0, do_path_names},
	{"path-columns", "o", "Columns",
		"on the screen of paths: times, how they are spread, or packets", ACTION_SHOW,
		IN(PATHS), IN(PATHS), 0, do_path_columns},
	{"path-interval", "i d", NULL, "on the screen of paths: seconds between two rounds",
		ACTION_ACT, IN(PATHS), 0, ACTION_NEEDS_LIVE, do_path_interval},
	{"path-flows", "E", NULL,
		"on the screen of paths: 1, 4 or 16 flows, for parallel ways (ECMP)", ACTION_ACT,
		IN(PATHS), 0, ACTION_NEEDS_LIVE, do_path_flows},
	{"path-mtu", "M", NULL, "on the screen of paths: find the MTU of the path, or not",
		ACTION_ACT, IN(PATHS), 0, ACTION_NEEDS_LIVE, do_path_mtu},
	{"path-max-ttl", "m", NULL, "on the screen of paths: the farthest hop", ACTION_ACT,
		IN(PATHS), 0, ACTION_NEEDS_LIVE, do_path_max_ttl},

	{"copy", "y", NULL, "copy the row, or the event, to the clipboard (OSC 52)", ACTION_ACT,
		IN_SHOWN, 0, ACTION_NEEDS_ROWS, do_copy},
	{"write", "w", NULL, "write what is shown to a file", ACTION_ACT,
		IN_ROW | IN(EVENTS) | IN(PATHS), 0, ACTION_NEEDS_ROWS, do_write},
	{"redraw", "C-l", NULL, "draw the screen anew", ACTION_ACT, IN_ALL, 0, 0, do_redraw},
	{"suspend", "C-z", NULL, "suspend; fg comes back", ACTION_ACT, IN_ALL, 0, 0, do_suspend},

	{"up", "Up k", NULL, "up", ACTION_MOVE, IN_LISTS, 0, ACTION_NEEDS_ROWS, do_up},
	{"down", "Down j", NULL, "down", ACTION_MOVE, IN_LISTS, 0, ACTION_NEEDS_ROWS, do_down},
	{"page-up", "PgUp C-b", NULL, "a page up", ACTION_MOVE, IN_LISTS, 0, ACTION_NEEDS_ROWS,
		do_page_up},
	{"page-down", "PgDn C-f", NULL, "a page down", ACTION_MOVE, IN_LISTS, 0, ACTION_NEEDS_ROWS,
		do_page_down},
	{"top", "Home g", NULL, "to the first row, and stay there", ACTION_MOVE, IN_LISTS, 0,
		ACTION_NEEDS_ROWS, do_top},
	{"bottom", "End G", NULL, "to the last row", ACTION_MOVE, IN_LISTS, 0, ACTION_NEEDS_ROWS,
		do_bottom},
	{"left", "Left", NULL, "columns to the left", ACTION_MOVE,
		IN(TABLE) | IN(SETUP) | IN(CONFIRM), 0, 0, do_left},
	{"right", "Right", NULL, "columns to the right", ACTION_MOVE,
		IN(TABLE) | IN(SETUP) | IN(CONFIRM), 0, 0, do_right},

	{"setup-next", "Tab", NULL, "in setup: the next list", ACTION_SETUP,
		IN(SETUP) | IN(CONFIRM), 0, 0, do_setup_next},
	{"column-up", "[", "Earlier", "in setup: the column further to the left", ACTION_SETUP,
		IN(SETUP), IN(SETUP), 0, do_column_up},
	{"column-down", "]", "Later", "in setup: the column further to the right", ACTION_SETUP,
		IN(SETUP), IN(SETUP), 0, do_column_down},
	{"column-remove", "Del -", "Remove", "in setup: take the column away", ACTION_SETUP,
		IN(SETUP), IN(SETUP), 0, do_column_remove},
	{"yes", "y", NULL, "to a question: yes", ACTION_ACT, IN(CONFIRM), 0, 0, do_yes},
	{"no", "n", NULL, "to a question: no", ACTION_ACT, IN(CONFIRM), 0, 0, do_no},

	{"toggle", "Space", "Choose", "in setup: add the column, change the option", ACTION_SETUP,
		IN(SETUP), IN(SETUP), 0, do_enter},
	{"leave", "q", NULL, "on a page over the table: back; where there is none: quit",
		ACTION_SHOW, IN_PAGES & ~IN_TABLE, 0, 0, do_leave},
	{"quit", "F10 q", "Quit", "quit", ACTION_ACT, IN_TABLE, IN_TABLE, 0, do_quit},
	{"exit", "F10 C-c", "Quit", "quit, wherever you are", ACTION_ACT, IN_ALL & ~IN_TABLE,
		IN_PAGES & ~IN_TABLE, 0, do_quit},
	{"interrupt", "C-c", NULL, "quit", ACTION_ACT, IN_TABLE, 0, 0, do_quit},
};
const size_t action_count = sizeof actions / sizeof actions[0];

static const char *const group_titles[ACTION_GROUP_COUNT] = {
	[ACTION_MOVE] = "Moving",
	[ACTION_SHOW] = "What is shown",
	[ACTION_FILTER] = "Finding and filtering",
	[ACTION_ORDER] = "Order and groups",
	[ACTION_ACT] = "Doing",
	[ACTION_SETUP] = "Setup",
};

const char *
action_group_title(enum action_group group)
{
	return group_titles[group];
}

const struct action *
action_find(const char *name)
{
	for (size_t i = 0; i < action_count; i++) {
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	}
	return NULL;
}

int
tui_check_bind(const char *key, const char *action, struct error *error)
{
	if (keys_parse(key, strlen(key)) == KEYS_NONE) {
		error_set(error,
			"\"%.15s\" is no key; keys are written as in the help: F3, s, C-l, PgUp, "
			"Space",
			key);
		return -EINVAL;
	}
	if (action_find(action) == NULL) {
		error_set(error, "there is no action \"%.31s\"; the manual's key table names them",
			action);
		return -EINVAL;
	}
	return 0;
}

void
tui_print_keys_roff(FILE *out)
{
	for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
		fprintf(out, ".SS %s\n", group_titles[group]);
		for (size_t i = 0; i < action_count; i++) {
			const char *keys = actions[i].keys;

			if ((int)actions[i].group != group)
				continue;
			fputs(".TP\n\\fB", out);
			for (; *keys != '\0'; keys++) {
				if (*keys == '\\')
					fputs("\\e", out);
				else if (*keys == '-')
					fputs("\\-", out);
				else if (*keys == ' ')
					fputs("\\fR, \\fB", out);
				else
					fputc(*keys, out);
			}
			fprintf(out, "\\fR (\\fI%s\\fR)\n%s\n", actions[i].name, actions[i].help);
		}
	}
}
