/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a table of sockets is drawn and answers. */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_PANE_H
#define SOCKWATCH_TUI_TABLE_TABLE_PANE_H

#include <stdbool.h>

#include "tui/page.h"
#include "tui/term/draw.h"

struct pane;
struct tui;

extern const struct pane table_pane;

void table_draw(struct tui *tui, const struct rect *rect);
/*
 * Goes to the table of sockets with one more filter; Esc takes that away and goes back to the page.
 * False, with a message: there are too many filters.
 */
bool table_show_filtered(struct tui *tui, const char *filter, enum page_id from);

#endif
