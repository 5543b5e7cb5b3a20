/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines below the table of findings: the chosen one in full. */
#ifndef SOCKWATCH_TUI_FINDINGS_FINDINGS_PAGE_WORDS_H
#define SOCKWATCH_TUI_FINDINGS_FINDINGS_PAGE_WORDS_H

#include "tui/term/draw.h"

struct tui;

/* How many lines they take of a page of so many; 0: none. */
int findings_page_words_height(int height);
void findings_page_words_draw(struct tui *tui, const struct rect *rect);

#endif
