/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help page: keys from the action table, words of the filter from the field table. */
#ifndef SOCKWATCH_TUI_OVERLAY_HELP_H
#define SOCKWATCH_TUI_OVERLAY_HELP_H

struct pane;
struct tui;

extern const struct pane help_pane;

#endif
