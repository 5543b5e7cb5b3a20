/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that F9 offers. */
#ifndef SOCKWATCH_TUI_ACTION_SIGNALS_H
#define SOCKWATCH_TUI_ACTION_SIGNALS_H

struct menu_ops;
struct tui;

struct signal_name {
	int number;
	const char *name, *help; /* "TERM" */
};

/* Opens a menu of them; the object of an item is its struct signal_name. */
void signals_open(struct tui *tui, const struct menu_ops *ops, const char *title);

#endif
