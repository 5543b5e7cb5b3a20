/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of sockets, as F3 searches it. */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_SEARCH_H
#define SOCKWATCH_TUI_TABLE_TABLE_SEARCH_H

#include "tui/overlay/search.h"

extern const struct search_list table_search;

#endif
