/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines below the table of counters, on the counter under the cursor. */
#ifndef SOCKWATCH_TUI_COUNTERS_COUNTERS_PAGE_WORDS_H
#define SOCKWATCH_TUI_COUNTERS_COUNTERS_PAGE_WORDS_H

#include "tui/term/draw.h"

struct tui;

/* How many lines they take of a page of so many; 0: none. */
int counters_page_words_height(int height);
void counters_page_words_draw(struct tui *tui, const struct rect *rect);

#endif
