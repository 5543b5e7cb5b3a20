/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of findings: what doctor says is wrong, the worst first; below the table the chosen
 * one in full.
 */
#ifndef SOCKWATCH_TUI_FINDINGS_FINDINGS_PAGE_H
#define SOCKWATCH_TUI_FINDINGS_FINDINGS_PAGE_H

#include "tui/rows/rows_table.h"

struct pane;
struct tui;

extern const struct pane findings_pane;

struct findings_page {
	struct rows rows;
};

void findings_page_fini(struct tui *tui);
void findings_page_open(struct tui *tui);
/* The finding under the cursor, or NULL. */
const struct finding *findings_page_selected(struct tui *tui);
/* Filters the table of sockets to those of the finding and goes there. False: it has none. */
bool findings_page_show(struct tui *tui, const struct finding *finding);

#endif
