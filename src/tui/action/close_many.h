/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F9 on many: tagged sockets, a group, all that pass the filter. */
#ifndef SOCKWATCH_TUI_ACTION_CLOSE_MANY_H
#define SOCKWATCH_TUI_ACTION_CLOSE_MANY_H

#include <stdbool.h>

struct tui;

enum close_many_scope { CLOSE_MANY_TAGGED, CLOSE_MANY_GROUP, CLOSE_MANY_FILTER };

/* Opens the menu of what can be done to them. */
void close_many_open(struct tui *tui, enum close_many_scope scope);

#endif
