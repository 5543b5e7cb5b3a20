/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines above the listeners: what the kernel counts for all of a namespace together. */
#ifndef SOCKWATCH_TUI_LISTENERS_LISTENERS_FACTS_H
#define SOCKWATCH_TUI_LISTENERS_LISTENERS_FACTS_H

#include "tui/term/draw.h"

struct tui;

/* Lines of a page of that height; 0: there is no room. */
int listeners_facts_height(int height);
/* Of the namespace of the listener under the cursor. */
void listeners_facts_draw(struct tui *tui, const struct rect *rect);

#endif
