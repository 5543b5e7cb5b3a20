/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two tables of the screen of listeners. */
#ifndef SOCKWATCH_TUI_LISTENERS_LISTENERS_ROWS_H
#define SOCKWATCH_TUI_LISTENERS_LISTENERS_ROWS_H

#include "tui/rows/rows_table.h"

extern const struct rows_kind listeners_rows_listeners;
extern const struct rows_kind listeners_rows_destinations;

#endif
