/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a connection's page: the ladder of its segments, over the whole width. */
#ifndef SOCKWATCH_TUI_DETAIL_DETAIL_LADDER_H
#define SOCKWATCH_TUI_DETAIL_DETAIL_LADDER_H

#include <stddef.h>

#include <sockwatch/base/buffer.h>

#include "tui/term/draw.h"

struct tui;

/* Lines that it takes; 0: there is none for this socket. */
size_t detail_ladder_lines(const struct tui *tui);
/* The i-th of them. */
void detail_ladder_draw(struct tui *tui, size_t i, struct pen *pen);
/* As text; returns its lines. */
size_t detail_ladder_print(struct tui *tui, struct buffer *out);

#endif
