/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter bar, and the terms that menus add. */
#ifndef SOCKWATCH_TUI_TABLE_FILTER_BAR_H
#define SOCKWATCH_TUI_TABLE_FILTER_BAR_H

#include <stdbool.h>

#include <sockwatch/analysis/field.h>

struct tui;

/* The filter of the table of sockets, to be typed. */
void filter_bar_open(struct tui *tui);
/* Adds a term to the filter of the table. */
void filter_bar_add(struct tui *tui, const char *term);
/* The text does not end in the middle of a word; else a hint says so. */
bool filter_bar_is_whole(struct tui *tui, const char *text, const struct field_table *table);
/* Tab in a prompt that takes a filter of this table. */
void filter_bar_complete_prompt(struct tui *tui, const struct field_table *table);
/* Esc in the table: the last term goes. */
void filter_bar_clear_last(struct tui *tui);

#endif
