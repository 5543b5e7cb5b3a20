/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of totals by state. */
#ifndef SOCKWATCH_TUI_TABLE_TOTALS_H
#define SOCKWATCH_TUI_TABLE_TOTALS_H

#include "tui/term/draw.h"

struct tui;

void totals_draw(struct tui *tui, struct pen *pen);

#endif
