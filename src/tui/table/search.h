/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F3: jumps to rows that show a text, without hiding the others. Long tables are searched in
 * slices. */
#ifndef SOCKWATCH_TUI_TABLE_SEARCH_H
#define SOCKWATCH_TUI_TABLE_SEARCH_H

struct tui;

/* The next slice of a running search; from the loop. */
void search_continue(struct tui *tui);

#endif
