/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a table of sockets is drawn and answers. */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_PANE_H
#define SOCKWATCH_TUI_TABLE_TABLE_PANE_H

#include "tui/term/draw.h"

struct pane;
struct tui;

extern const struct pane table_pane;

void table_draw(struct tui *tui, const struct rect *rect);

#endif
