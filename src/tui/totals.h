/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of totals by state. */
#ifndef SW_TUI_TOTALS_H
#define SW_TUI_TOTALS_H

#include "draw.h"

struct tui;

void totals_draw(struct tui *tui, struct pen *pen);

#endif
