/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter bar, and the terms that menus add. */
#ifndef SW_TUI_FILTER_H
#define SW_TUI_FILTER_H

struct tui;

/* Adds a term to the filter of the screen. */
void filter_add(struct tui *tui, const char *term);
/* Esc in the table: the last term goes. */
void filter_clear_last(struct tui *tui);

#endif
