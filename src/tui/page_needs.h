/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subscription that the open pages need. */
#ifndef SOCKWATCH_TUI_PAGE_NEEDS_H
#define SOCKWATCH_TUI_PAGE_NEEDS_H

struct tui;

/* Sends the subscription where it differs from the one that was sent last. */
void page_needs_send(struct tui *tui);

#endif
