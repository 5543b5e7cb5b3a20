/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From page to page. */
#ifndef SOCKWATCH_TUI_KEY_NAVIGATE_H
#define SOCKWATCH_TUI_KEY_NAVIGATE_H

#include "tui/page.h"

struct tui;

/* Closes what is open over the first page and shows this one, as its number key does. */
void navigate_open(struct tui *tui, enum page_id page);

#endif
