/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of counters: those that the kernel keeps, in groups, with their rates and the recent
 * past; below them in words what the chosen one counts.
 */
#ifndef SOCKWATCH_TUI_COUNTERS_COUNTERS_PAGE_H
#define SOCKWATCH_TUI_COUNTERS_COUNTERS_PAGE_H

#include <stdbool.h>

#include <sockwatch/analysis/counter/counter_history.h>

#include "tui/rows/rows_table.h"

struct pane;
struct tui;

extern const struct pane counters_pane;

struct counters_page {
	struct counter_history history; /* from the start on, also while the screen is not open */
	struct rows rows;
	bool zeros; /* those that are 0 are shown too */
	bool all;   /* those that are not in the table of counters too */
};

void counters_page_init(struct tui *tui);
void counters_page_fini(struct tui *tui);
/* A snapshot ended. */
void counters_page_update(struct tui *tui);
void counters_page_open(struct tui *tui);

#endif
