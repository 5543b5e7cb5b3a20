/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The action table. A new key is a row here; nothing else lists keys. Two rows with the same key
 * share no page (a test looks). The rows stand in the order of the help screen; the footer shows
 * the labels in the same order, and the first and the last of them always. The other files of the
 * room:
 *
 *	keymap.c    which action a key runs
 *	input.c     a key or a click: to the page, or to its action
 *	navigate.c  moves, and opening and closing pages
 *	handlers.h  the functions that the table names, each defined in the file of its subject
 */
#include <config.h>

#include "actions.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/tui/keys_roff.h>
#include <sockwatch/tui/tui.h>

#include "handlers.h"
#include "tui/term/keys.h"

#define IN(page) (1U << PAGE_##page)

enum {
	IN_TABLE = IN(SOCKETS),
	IN_ROW = IN_TABLE | IN(DETAIL),
	IN_ROWS = IN(COUNTERS) | IN(FINDINGS) | IN(LISTENERS), /* tables of rows (tui/rows/) */
	IN_ORDERED = IN_TABLE | IN_ROWS,
	IN_SHOWN = IN_ROW | IN_ROWS | IN(EVENTS) | IN(PATHS),
	IN_PAGES = IN_SHOWN | IN(HELP) | IN(SETUP),
	IN_LISTS = IN_PAGES | IN(MENU),
	IN_ALL = IN_LISTS | IN(CONFIRM) | IN(PROMPT),
};

/* A row takes two or three lines; its help comes last. */
/* clang-format off */
static const struct action rows[] = {
	{.name = "help", .keys = "F1 ? h", .label = "Help", .group = ACTION_SHOW,
		.pages = IN_SHOWN | IN(SETUP) | IN(MENU),
		.footer = IN_SHOWN | IN(SETUP), .run = do_help,
		.help = "help of this screen: what is under the cursor (in a menu too), the column that < > chose, keys, marks, words"},
	{.name = "help-search", .keys = "F3 / \\", .label = "Search", .group = ACTION_SHOW,
		.pages = IN(HELP), .footer = IN(HELP), .run = do_help_search,
		.help = "in the help: search"},
	{.name = "help-next", .keys = "n", .label = "Next", .group = ACTION_SHOW,
		.pages = IN(HELP), .footer = IN(HELP), .run = do_help_next,
		.help = "in the help: the next line with what was searched"},
	{.name = "setup", .keys = "F2", .label = "Setup", .group = ACTION_SETUP,
		.pages = IN_TABLE, .footer = IN_TABLE, .run = do_setup,
		.help = "setup: columns, theme, options; saved when you leave it"},
	{.name = "search", .keys = "F3", .label = "Search", .group = ACTION_FILTER,
		.pages = IN_ORDERED, .footer = IN_ORDERED, .needs = ACTION_NEEDS_ROWS,
		.run = do_search,
		.help = "search: jump to a row without hiding the others; again: the next"},
	{.name = "filter", .keys = "F4 / \\", .label = "Filter", .group = ACTION_FILTER,
		.pages = IN_ORDERED, .footer = IN_ORDERED, .run = do_filter,
		.help = "filter bar, live; Tab completes, Up recalls"},
	{.name = "group", .keys = "F5 t", .label = "Group", .group = ACTION_ORDER,
		.pages = IN_TABLE, .footer = IN_TABLE, .run = do_group,
		.help = "group by process, remote host, port, state, user …"},
	{.name = "sort", .keys = "F6 .", .label = "Sort", .group = ACTION_ORDER,
		.pages = IN_ORDERED, .footer = IN_ORDERED, .run = do_sort,
		.help = "choose the field that orders the rows"},
	{.name = "probe", .keys = "F7 T", .label = "Probe", .group = ACTION_ACT, .pages = IN_ROW,
		.footer = IN_ROW, .needs = ACTION_NEEDS_LIVE | ACTION_NEEDS_ROWS, .run = do_probe,
		.help = "probe the path to the row's peer with its protocol and port; again: stop"},
	{.name = "events", .keys = "F8 e", .label = "Events", .brief = "Flags", .group = ACTION_SHOW,
		.pages = IN_TABLE, .footer = IN_TABLE, .run = do_events,
		.help = "event pane: off, all, of this row"},
	{.name = "filter-events", .keys = "F4 / \\", .label = "Filter", .group = ACTION_FILTER,
		.pages = IN(EVENTS), .footer = IN(EVENTS), .run = do_events_filter,
		.help = "on the screen of events: filter them"},
	{.name = "action", .keys = "F9 K", .label = "Action", .group = ACTION_ACT,
		.pages = IN_ROW, .footer = IN_ROW,
		.needs = ACTION_NEEDS_LIVE | ACTION_NEEDS_CHANGES | ACTION_NEEDS_ROWS,
		.run = do_close_or_signal,
		.help = "close or signal: the row's socket, all tagged ones, a group, all that pass the filter; asks first"},
	{.name = "tag", .keys = "Ins *", .group = ACTION_ACT, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_tag,
		.help = "tag the row and go down; F9 acts on all tagged rows; again: no tag"},
	{.name = "untag", .keys = "U", .group = ACTION_ACT, .pages = IN_TABLE, .run = do_untag,
		.help = "take all tags away"},

	{.name = "filter-state", .keys = "s", .group = ACTION_FILTER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_filter_state,
		.help = "filter by state: a menu with counts"},
	{.name = "filter-port", .keys = "p", .group = ACTION_FILTER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_filter_port,
		.help = "filter by port (offers the row's)"},
	{.name = "filter-process", .keys = "P", .group = ACTION_FILTER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_filter_process,
		.help = "filter by process (offers the row's)"},
	{.name = "filter-user", .keys = "u", .group = ACTION_FILTER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_filter_user, .help = "filter by user"},
	{.name = "filter-address", .keys = "a", .group = ACTION_FILTER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_filter_address,
		.help = "filter by remote address (offers the row's)"},

	{.name = "sort-previous", .keys = "<", .group = ACTION_ORDER, .pages = IN_ORDERED,
		.run = do_sort_previous, .help = "order by the column to the left"},
	{.name = "sort-next", .keys = ">", .group = ACTION_ORDER, .pages = IN_ORDERED,
		.run = do_sort_next, .help = "order by the column to the right"},
	{.name = "sort-invert", .keys = "I", .group = ACTION_ORDER, .pages = IN_ORDERED,
		.run = do_sort_invert, .help = "invert the order"},
	{.name = "arrival", .keys = "A", .group = ACTION_ORDER, .pages = IN_ORDERED,
		.run = do_arrival,
		.help = "order of arrival, or of the table; again: what matters most first"},
	{.name = "unfold", .keys = "+", .group = ACTION_ORDER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_unfold, .help = "unfold the group"},
	{.name = "fold", .keys = "-", .group = ACTION_ORDER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_fold, .help = "fold the group"},
	{.name = "unfold-all", .keys = "=", .group = ACTION_ORDER, .pages = IN_TABLE,
		.needs = ACTION_NEEDS_ROWS, .run = do_unfold_all,
		.help = "unfold all groups, or fold them again"},
	{.name = "hold", .keys = "H", .group = ACTION_ORDER, .pages = IN_ORDERED, .run = do_hold,
		.help = "hold the order of the rows; new ones come at the end"},
	{.name = "follow", .keys = "F", .group = ACTION_ORDER, .pages = IN_TABLE,
		.run = do_follow, .help = "follow the row: the screen scrolls with it"},

	{.name = "open", .keys = "Enter", .group = ACTION_SHOW, .pages = IN_LISTS | IN(CONFIRM),
		.needs = ACTION_NEEDS_ROWS, .run = do_enter,
		.help = "all that is known of the row or event; on a group: unfold it"},
	{.name = "back", .keys = "Esc", .label = "Back", .group = ACTION_SHOW,
		.pages = IN_LISTS | IN(CONFIRM), .footer = IN_PAGES & ~IN_TABLE,
		.needs = ACTION_NEEDS_PAGE_BELOW, .run = do_back,
		.help = "back; in the table: clear the last filter"},
	{.name = "sockets", .keys = "1", .group = ACTION_SHOW, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .opens = PAGE_SOCKETS,
		.help = "screen of all sockets"},
	{.name = "listeners", .keys = "2", .group = ACTION_SHOW, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .opens = PAGE_LISTENERS,
		.help = "screen of listeners and destinations: queues, drops, accepts a second; local ports used"},
	{.name = "events-screen", .keys = "3", .group = ACTION_SHOW, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .opens = PAGE_EVENTS,
		.help = "screen of events: SYN, FIN and RST as they pass"},
	{.name = "paths", .keys = "4", .group = ACTION_SHOW, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .opens = PAGE_PATHS,
		.help = "screen of paths: all that are probed, and the hops of one"},
	{.name = "events-still", .keys = "Space Z", .label = "Still", .group = ACTION_SHOW,
		.pages = IN(EVENTS), .footer = IN(EVENTS), .run = do_events_still,
		.help = "on the screen of events: stand still, or go on"},
	{.name = "counters", .keys = "5", .group = ACTION_SHOW, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .opens = PAGE_COUNTERS,
		.help = "screen of counters: what the kernel counted, with rates"},
	{.name = "counters-zeros", .keys = "z", .label = "Zeros", .group = ACTION_SHOW,
		.pages = IN(COUNTERS), .footer = IN(COUNTERS), .run = do_counters_zeros,
		.help = "on the screen of counters: show those that are 0 since boot, or hide them"},
	{.name = "counters-all", .keys = "a", .label = "All", .group = ACTION_SHOW,
		.pages = IN(COUNTERS), .footer = IN(COUNTERS), .run = do_counters_all,
		.help = "on the screen of counters: every counter of the kernel, or those worth knowing"},
	{.name = "counters-netns", .keys = "n", .label = "Netns", .group = ACTION_SHOW,
		.pages = IN(COUNTERS), .footer = IN(COUNTERS), .run = do_counters_netns,
		.help = "on the screen of counters: the next network namespace, or all together"},
	{.name = "findings", .keys = "6 D", .group = ACTION_SHOW, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .opens = PAGE_FINDINGS,
		.help = "screen of findings: what doctor says is wrong; Enter shows the sockets of one"},
	{.name = "finding-accept", .keys = "a", .label = "Accept", .group = ACTION_ACT,
		.pages = IN(FINDINGS), .footer = IN(FINDINGS), .run = do_finding_accept,
		.help = "on the screen of findings: accept it, so that it is silent until it gets worse; again: take that back"},
	{.name = "finding-baseline", .keys = "b", .label = "Baseline", .group = ACTION_ACT,
		.pages = IN(FINDINGS), .footer = IN(FINDINGS), .run = do_finding_baseline,
		.help = "on the screen of findings: what is open now is known: add it to the file of the baseline (baseline = FILE)"},
	{.name = "finding-act", .keys = "F9 K", .label = "Action", .group = ACTION_ACT,
		.pages = IN(FINDINGS), .footer = IN(FINDINGS),
		.needs = ACTION_NEEDS_LIVE | ACTION_NEEDS_CHANGES, .run = do_finding_act,
		.help = "on the screen of findings: close or signal its sockets; asks first"},
	{.name = "next-table", .keys = "Tab", .label = "Other", .group = ACTION_SHOW,
		.pages = IN(LISTENERS), .footer = IN(LISTENERS), .run = do_listeners_other,
		.help = "on the screen of listeners: to the destinations, and back"},
	{.name = "next-pane", .keys = "Tab", .group = ACTION_SHOW, .pages = IN_TABLE,
		.run = do_next_pane, .help = "next screen"},
	{.name = "next-section", .keys = "Tab", .group = ACTION_SHOW, .pages = IN(DETAIL),
		.run = do_next_section, .help = "on the page of a socket: its next section"},
	{.name = "pause", .keys = "Space Z", .group = ACTION_SHOW, .pages = IN_ROW | IN_ROWS,
		.run = do_pause, .help = "pause: the screen stands still and the kernel is not polled; a recording runs, or stands"},
	{.name = "delay", .keys = "d", .group = ACTION_SHOW, .pages = IN_ROW | IN_ROWS, .run = do_delay,
		.help = "seconds between refreshes; of a recording how fast it runs"},
	{.name = "numeric", .keys = "n", .group = ACTION_SHOW, .pages = IN_ROW, .run = do_numeric,
		.help = "names or numbers"},
	{.name = "own", .keys = "O", .group = ACTION_SHOW, .pages = IN_TABLE, .run = do_own,
		.help = "sockwatch's own sockets (probes, DNS): show or hide them"},
	{.name = "dismiss", .keys = "x", .group = ACTION_SHOW, .pages = IN_ORDERED,
		.run = do_dismiss, .help = "hide the line about missing rights"},

	{.name = "time-back", .keys = "[", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .run = do_time_back,
		.help = "the snapshot before, and stand; live: back to what this monitor saw, until End"},
	{.name = "time-on", .keys = "]", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_RECORDING, .run = do_time_on,
		.help = "the next snapshot, and stand; behind the last one of the past: now"},
	{.name = "time-back-minute", .keys = "{", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_RECORDING, .run = do_time_back_minute,
		.help = "a minute back"},
	{.name = "time-on-minute", .keys = "}", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_RECORDING, .run = do_time_on_minute, .help = "a minute on"},
	{.name = "time-mark-before", .keys = "(", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_RECORDING, .run = do_time_mark_before,
		.help = "to the mark before (^ on the line of time)"},
	{.name = "time-mark-after", .keys = ")", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_RECORDING, .run = do_time_mark_after,
		.help = "to the next mark"},
	{.name = "time-jump", .keys = "b", .group = ACTION_TIME, .pages = IN_SHOWN & ~IN(FINDINGS),
		.needs = ACTION_NEEDS_RECORDING, .run = do_time_jump,
		.help = "to a moment: 14:02:31, +90 or +1h30m after the start, -5m before the end; +0 and -0 are the ends"},

	{.name = "time-save", .keys = "R", .group = ACTION_TIME, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_SOCKETS, .run = do_save_past,
		.help = "write what this monitor saw to a file, a recording: the minutes before"},
	{.name = "path-again", .keys = "F7 T r", .label = "Again", .group = ACTION_ACT,
		.pages = IN(PATHS), .footer = IN(PATHS), .needs = ACTION_NEEDS_LIVE,
		.run = do_path_again,
		.help = "on the screen of paths: probe it again, with fresh statistics"},
	{.name = "path-pause", .keys = "p Space Z", .label = "Pause", .group = ACTION_ACT,
		.pages = IN(PATHS), .footer = IN(PATHS), .needs = ACTION_NEEDS_LIVE,
		.run = do_path_pause,
		.help = "on the screen of paths: pause it, or go on with the same statistics"},
	{.name = "path-stop", .keys = "x Del", .label = "Stop", .group = ACTION_ACT,
		.pages = IN(PATHS), .footer = IN(PATHS), .run = do_path_stop,
		.help = "on the screen of paths: stop it; again: remove it"},
	{.name = "path-udp", .keys = "u", .label = "UDP", .group = ACTION_ACT, .pages = IN(PATHS),
		.footer = IN(PATHS), .needs = ACTION_NEEDS_LIVE, .run = do_path_udp,
		.help = "on the screen of paths: probe it by UDP; again: by ICMP echo"},
	{.name = "path-tcp", .keys = "t", .label = "TCP", .group = ACTION_ACT, .pages = IN(PATHS),
		.footer = IN(PATHS), .needs = ACTION_NEEDS_LIVE, .run = do_path_tcp,
		.help = "on the screen of paths: probe it by TCP SYN; again: by ICMP echo"},
	{.name = "path-names", .keys = "n", .label = "Names", .group = ACTION_SHOW,
		.pages = IN(PATHS), .footer = IN(PATHS), .run = do_path_names,
		.help = "on the screen of paths: names beside addresses, or not"},
	{.name = "path-columns", .keys = "o", .label = "Columns", .group = ACTION_SHOW,
		.pages = IN(PATHS), .footer = IN(PATHS), .run = do_path_columns,
		.help = "on the screen of paths: show times, how they are spread, or packets"},
	{.name = "path-interval", .keys = "i d", .group = ACTION_ACT, .pages = IN(PATHS),
		.needs = ACTION_NEEDS_LIVE, .run = do_path_interval,
		.help = "on the screen of paths: seconds between two rounds"},
	{.name = "path-flows", .keys = "E", .group = ACTION_ACT, .pages = IN(PATHS),
		.needs = ACTION_NEEDS_LIVE, .run = do_path_flows,
		.help = "on the screen of paths: 1, 4 or 16 flows, for parallel paths (ECMP)"},
	{.name = "path-mtu", .keys = "M", .group = ACTION_ACT, .pages = IN(PATHS),
		.needs = ACTION_NEEDS_LIVE, .run = do_path_mtu,
		.help = "on the screen of paths: search the path MTU; again: small probes only"},
	{.name = "path-max-ttl", .keys = "m", .group = ACTION_ACT, .pages = IN(PATHS),
		.needs = ACTION_NEEDS_LIVE, .run = do_path_max_ttl,
		.help = "on the screen of paths: the farthest hop"},

	{.name = "copy", .keys = "y", .group = ACTION_ACT, .pages = IN_SHOWN,
		.needs = ACTION_NEEDS_ROWS, .run = do_copy,
		.help = "copy the row, or the event, to the clipboard (OSC 52)"},
	{.name = "write", .keys = "w", .group = ACTION_ACT,
		.pages = IN_SHOWN, .needs = ACTION_NEEDS_ROWS,
		.run = do_write, .help = "write what is shown to a file"},
	{.name = "redraw", .keys = "C-l", .group = ACTION_ACT, .pages = IN_ALL, .run = do_redraw,
		.help = "draw the screen again"},
	{.name = "suspend", .keys = "C-z", .group = ACTION_ACT, .pages = IN_ALL,
		.run = do_suspend, .help = "suspend; fg comes back"},

	{.name = "up", .keys = "Up k", .group = ACTION_MOVE, .pages = IN_LISTS,
		.needs = ACTION_NEEDS_ROWS, .run = do_up, .help = "up"},
	{.name = "down", .keys = "Down j", .group = ACTION_MOVE, .pages = IN_LISTS,
		.needs = ACTION_NEEDS_ROWS, .run = do_down, .help = "down"},
	{.name = "page-up", .keys = "PgUp C-b", .group = ACTION_MOVE, .pages = IN_LISTS,
		.needs = ACTION_NEEDS_ROWS, .run = do_page_up, .help = "a page up"},
	{.name = "page-down", .keys = "PgDn C-f", .group = ACTION_MOVE, .pages = IN_LISTS,
		.needs = ACTION_NEEDS_ROWS, .run = do_page_down, .help = "a page down"},
	{.name = "top", .keys = "Home g", .group = ACTION_MOVE, .pages = IN_LISTS,
		.needs = ACTION_NEEDS_ROWS, .run = do_top,
		.help = "to the first row, and stay there"},
	{.name = "bottom", .keys = "End G", .group = ACTION_MOVE, .pages = IN_LISTS,
		.needs = ACTION_NEEDS_ROWS, .run = do_bottom, .help = "to the last row; in the past: now"},
	{.name = "left", .keys = "Left", .group = ACTION_MOVE,
		.pages = IN_ORDERED | IN(SETUP) | IN(CONFIRM), .run = do_left,
		.help = "columns to the left"},
	{.name = "right", .keys = "Right", .group = ACTION_MOVE,
		.pages = IN_ORDERED | IN(SETUP) | IN(CONFIRM), .run = do_right,
		.help = "columns to the right"},

	{.name = "setup-next", .keys = "Tab", .group = ACTION_SETUP,
		.pages = IN(SETUP) | IN(CONFIRM), .run = do_setup_next,
		.help = "in setup: the next list"},
	{.name = "column-up", .keys = "[", .label = "Earlier", .group = ACTION_SETUP,
		.pages = IN(SETUP), .footer = IN(SETUP), .run = do_column_up,
		.help = "in setup: move the column to the left"},
	{.name = "column-down", .keys = "]", .label = "Later", .group = ACTION_SETUP,
		.pages = IN(SETUP), .footer = IN(SETUP), .run = do_column_down,
		.help = "in setup: move the column to the right"},
	{.name = "column-remove", .keys = "Del -", .label = "Remove", .group = ACTION_SETUP,
		.pages = IN(SETUP), .footer = IN(SETUP), .run = do_column_remove,
		.help = "in setup: remove the column"},
	{.name = "yes", .keys = "y", .group = ACTION_ACT, .pages = IN(CONFIRM), .run = do_yes,
		.help = "to a question: yes"},
	{.name = "no", .keys = "n", .group = ACTION_ACT, .pages = IN(CONFIRM), .run = do_no,
		.help = "to a question: no"},

	{.name = "toggle", .keys = "Space", .label = "Choose", .group = ACTION_SETUP,
		.pages = IN(SETUP), .footer = IN(SETUP), .run = do_enter,
		.help = "in setup: add the column, change the option"},
	{.name = "leave", .keys = "q", .group = ACTION_SHOW, .pages = IN_PAGES & ~IN_TABLE,
		.run = do_leave,
		.help = "on a page over the table: back; on the table: quit"},
	{.name = "quit", .keys = "F10 q", .label = "Quit", .group = ACTION_ACT, .pages = IN_TABLE,
		.footer = IN_TABLE, .run = do_quit, .quits = true, .help = "quit"},
	{.name = "exit", .keys = "F10 C-c", .label = "Quit", .group = ACTION_ACT,
		.pages = IN_ALL & ~IN_TABLE, .footer = IN_PAGES & ~IN_TABLE, .run = do_quit,
		.quits = true, .help = "quit, wherever you are"},
	{.name = "interrupt", .keys = "C-c", .group = ACTION_ACT, .pages = IN_TABLE,
		.run = do_quit, .quits = true, .help = "quit"},
};
/* clang-format on */

const struct action_table action_table = {rows, sizeof rows / sizeof rows[0]};

int
tui_check_bind(const char *key, const char *action, struct error *error)
{
	if (keys_parse(key, strlen(key)) == KEYS_NONE) {
		error_set(error,
			"\"%.15s\" is not a key; write keys as the help does: F3, s, C-l, PgUp, Space",
			key);
		return -EINVAL;
	}
	if (action_find(&action_table, action) == NULL) {
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
		fprintf(out, ".SS %s\n", action_group_title((enum action_group)group));
		for (size_t i = 0; i < action_table.count; i++) {
			const char *keys = rows[i].keys;

			if ((int)rows[i].group != group)
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
			fprintf(out, "\\fR (\\fI%s\\fR)\n%s\n", rows[i].name, rows[i].help);
		}
	}
}
