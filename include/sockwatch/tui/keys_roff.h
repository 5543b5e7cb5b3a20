/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys for the manual. */
#ifndef SOCKWATCH_TUI_KEYS_ROFF_H
#define SOCKWATCH_TUI_KEYS_ROFF_H

#include <stdio.h>

/* The key table of the manual, from the action table, as roff. */
void tui_print_keys_roff(FILE *out);

#endif
