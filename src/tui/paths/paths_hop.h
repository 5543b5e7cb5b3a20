/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of one hop, drawn. Private to paths_hop.c and paths_draw.c. */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_HOP_H
#define SOCKWATCH_TUI_PATHS_PATHS_HOP_H

#include <sockwatch/analysis/path_delay.h>

#include "paths_columns.h"
#include "tui/term/draw.h"
#include "tui/term/layout.h"

struct tui;

/* The state of drawing a path, for each line. */
struct paths_drawing {
	struct tui *tui;
	const struct path *path;
	struct layout_item items[PATHS_COLUMN_COUNT];
	struct path_delay delay;
	double top_us; /* of the sparklines */
};

void paths_draw_hop(
	const struct paths_drawing *drawing, struct pen *pen, const struct hop_row *row);

#endif
