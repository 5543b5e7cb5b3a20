/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pane of a screen's sockets. */
#ifndef SW_TUI_TABLE_H
#define SW_TUI_TABLE_H

#include "draw.h"

struct tui;

void table_draw(struct tui *tui, const struct rect *rect);

#endif
