/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which path the pane below the table shows, and how high the pane is. */
#include <config.h>

#include "paths.h"

#include "tui/state.h"

enum {
	FRAME = 3, /* title, verdict and headings of a pane */
	LINES_LEAST = 4,
	TABLE_LEAST = 6, /* lines that the table above keeps */
	HIGH = 30,       /* from here on the pane takes its share */
};

void
paths_show(struct tui *tui, uint32_t id)
{
	struct paths *const paths = &tui->paths;

	if (id != paths->shown)
		paths->shown_lines = 0;
	paths->shown = id;
	paths->is_newer = id != 0;
	if (id != 0)
		paths->selected = id;
	tui_refresh(tui);
}

size_t
paths_line_count(const struct path *path)
{
	static struct paths_line lines[PATHS_LINES_MAX];

	return paths_lines(path, lines);
}

int
paths_pane_height(struct tui *tui, int height)
{
	struct paths *const paths = &tui->paths;
	const struct path *const path = path_table_find(tui->model->paths, paths->shown);
	const int most = height >= HIGH ? height * 2 / 5 : height - TABLE_LEAST;
	int wanted = LINES_LEAST;

	if (paths->shown == 0 || most < FRAME + 1)
		return 0;
	if (path != NULL && (int)paths_line_count(path) > wanted)
		wanted = (int)paths_line_count(path);
	if (wanted > paths->shown_lines)
		paths->shown_lines = wanted;
	wanted = paths->shown_lines + FRAME;
	return wanted < most ? wanted : most;
}
