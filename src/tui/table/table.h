/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pane of a screen's sockets. */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_H
#define SOCKWATCH_TUI_TABLE_TABLE_H

#include "tui/term/draw.h"

struct tui;

void table_draw(struct tui *tui, const struct rect *rect);

#endif
