/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one draw of a pass. */
#ifndef SOCKWATCH_TUI_PAINT_H
#define SOCKWATCH_TUI_PAINT_H

struct tui;

void paint(struct tui *tui);

#endif
