/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages by name. A page is a row of the table in pages.c: something that fills the body of the
 * screen, or an overlay over it that has the keys while it is open.
 */
#ifndef SOCKWATCH_TUI_PAGE_H
#define SOCKWATCH_TUI_PAGE_H

enum page_id {
	/* Tables of sockets come first: each has a struct table of its own. */
	PAGE_SOCKETS,
	PAGE_LISTENERS,
	PAGE_EVENTS,
	PAGE_PATHS,
	PAGE_COUNTERS,
	PAGE_FINDINGS,
	PAGE_DETAIL,
	PAGE_HELP,
	PAGE_SETUP,
	/* Overlays. */
	PAGE_MENU,
	PAGE_CONFIRM,
	PAGE_PROMPT,
	PAGE_COUNT,
	PAGE_NONE = PAGE_COUNT,
	PAGE_TABLES = PAGE_SOCKETS + 1, /* how many tables there are */
};

#endif
