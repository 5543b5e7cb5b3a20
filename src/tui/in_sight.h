/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses that a layout shows: their names are asked for once after drawing, not while it
 * draws. An answer is drawn when it has come.
 */
#ifndef SOCKWATCH_TUI_IN_SIGHT_H
#define SOCKWATCH_TUI_IN_SIGHT_H

#include <stddef.h>

#include <sockwatch/base/address.h>

struct tui;

enum { IN_SIGHT_MAX = 1024 }; /* no screen shows more */

struct in_sight {
	struct address addresses[IN_SIGHT_MAX];
	size_t count;
};

/* Notes an address whose name is wanted. */
void in_sight_add(struct tui *tui, const struct address *address);
/* Asks for the names of all that were noted since the last call. */
void in_sight_ask(struct tui *tui);

#endif
