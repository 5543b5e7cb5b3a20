/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of figures of the header: rates, and what could not be had. */
#ifndef SOCKWATCH_TUI_HEADER_FIGURES_H
#define SOCKWATCH_TUI_HEADER_FIGURES_H

struct pen;
struct tui;

void header_figures_draw(struct tui *tui, struct pen *pen);

#endif
