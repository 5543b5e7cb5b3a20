/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last lines: a message while there is one, and the footer with the keys. */
#ifndef SOCKWATCH_TUI_STATUSLINE_H
#define SOCKWATCH_TUI_STATUSLINE_H

#include <stdbool.h>

#include "tui/term/draw.h"

struct action;
struct tui;

/* Takes new notices of the model, drops what was shown long enough. */
void statusline_update(struct tui *tui);
bool statusline_has_message(const struct tui *tui);
void statusline_draw_message(struct tui *tui, const struct rect *rect);
void statusline_draw_footer(struct tui *tui, const struct rect *rect);
/* The action whose label stands there, or NULL. */
const struct action *statusline_click(const struct tui *tui, int y, int x);

#endif
