/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pane below the table and the page of probed paths: draws them and answers to moves. The other
 * files of the room:
 *
 *	paths_ask.c      starts, changes and stops the probing
 *	paths_probe.c    F7 on a row
 *	paths_keys.c     the keys of the page
 *	paths_shown.c    which path the pane shows
 *	paths_list.c     the list of targets
 *	paths_text.c     the title of a path, and the order of its lines
 *	paths_draw.c     the lines of one path, paths_hop.c the line of one hop
 *	paths_columns.c  the columns of a hop
 *	paths_host.c     the routers of a hop, with their names
 *	paths_print.c    paths as text
 */
#include <config.h>

#include "paths.h"

#include <stdio.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/path.h>

#include "tui/pages.h"
#include "tui/state.h"

enum {
	FRAME = 3, /* title, verdict and headings */
	SOON_MS = 150,
	/* So large a table is not sorted that often. */
	SOCKETS_MANY = 50000,
	SOON_MANY_MS = 1000,
};

static bool
is_page(const struct tui *tui)
{
	return tui_page(tui) == PAGE_PATHS;
}

void
paths_note_records(struct tui *tui)
{
	struct paths *const paths = &tui->paths;
	const bool many = tui->model->sockets.count > SOCKETS_MANY;

	paths_drain(tui);
	if (paths->changes == tui->model->path_changes || (paths->shown == 0 && !is_page(tui)))
		return;
	paths->changes = tui->model->path_changes;
	tui_redraw_within(tui, many ? SOON_MANY_MS : SOON_MS);
}

static struct rect
below(const struct rect *rect, int lines)
{
	return (struct rect){rect->y + lines, rect->x, rect->height - lines, rect->width};
}

/* The verdict stays in sight while a long path scrolls. */
static void
draw_verdict(struct tui *tui, const struct rect *rect, const struct path *path,
	const struct path_rtts *rtts)
{
	static const enum role roles[] = {
		[PATH_UNDECIDED] = ROLE_DIM,
		[PATH_WELL] = ROLE_GOOD,
		[PATH_ILL] = ROLE_WARNING,
	};
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	char text[256];
	const enum path_mood mood = explain_path_verdict(path, rtts, text, sizeof text);

	draw_spaces(&pen, ROLE_NORMAL, 1);
	draw_text(&pen, path->method == PROBE_METHOD_NONE ? ROLE_CRITICAL : roles[mood], text);
}

/* Draws title and verdict; returns the room that is left for the hops. */
static struct rect
draw_head(struct tui *tui, const struct rect *rect, const struct path *path)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	struct path_rtts rtts;
	struct rect rest;
	char title[256];

	paths_get_rtts(tui, path->id, &rtts);
	paths_title(path, &rtts, theme_glyph(&tui->theme, GLYPH_HORIZONTAL),
		rect->width > 4 ? (size_t)rect->width - 4 : 0, title, sizeof title);
	draw_rule(&pen, ROLE_SECTION, title);
	rest = below(rect, 1);
	if (rest.height < FRAME)
		return rest;
	draw_verdict(tui, &rest, path, &rtts);
	return below(rect, 2);
}

/* Draws the title of a path that nothing is known of yet. */
static void
draw_expected(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const struct paths_asked *const asked = paths_find_asked(tui, tui->paths.shown);
	char address[ADDRESS_TEXT_SIZE] = "", protocol[24] = "", title[128];

	if (asked != NULL) {
		explain_path_address(tui->model, &asked->start, address, sizeof address);
		explain_path_protocol(&asked->start, protocol, sizeof protocol);
	}
	snprintf(title, sizeof title, "path to %s (%s)", address, protocol);
	draw_rule(&pen, ROLE_SECTION, title);
}

void
paths_draw_pane(struct tui *tui, const struct rect *rect)
{
	const struct path *const path = path_table_find(tui->model->paths, tui->paths.shown);
	struct rect body;
	size_t count, room;

	if (path == NULL) {
		draw_expected(tui, rect);
		return;
	}
	body = draw_head(tui, rect, path);
	count = paths_line_count(path);
	room = body.height > 1 ? (size_t)body.height - 1 : 0;
	/* The end is shown, where the target is. */
	paths_draw_lines(tui, path, &body, count > room ? count - room : 0);
}

static void
draw_path(struct tui *tui, const struct rect *rect, const struct path *path)
{
	struct rect body;

	if (rect->height < 1)
		return;
	body = draw_head(tui, rect, path);
	scroll_fit(&tui->paths.scroll, paths_line_count(path),
		body.height > 1 ? (size_t)body.height - 1 : 0);
	paths_draw_lines(tui, path, &body, tui->paths.scroll.top);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	const struct path *const path = paths_selected(tui);
	const int count = (int)paths_count(tui);
	const int most = rect->height > 9 ? rect->height / 3 : 3;
	struct rect list = *rect, hops;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x + 1, rect->width - 1);

	tui->paths.list = (struct rect){0};
	if (path == NULL && tui->only_path) {
		draw_expected(tui, rect);
		return;
	}
	if (path == NULL) {
		draw_text(&pen, ROLE_DIM,
			"no path is probed; F7 on the row of a socket probes the path to its peer");
		return;
	}
	if (tui->only_path) {
		draw_path(tui, rect, path);
		return;
	}
	list.height = (count < most ? count : most) + 1;
	if (list.height > rect->height)
		list.height = rect->height;
	paths_draw_list(tui, &list);
	hops = below(rect, list.height);
	draw_path(tui, &hops, path);
}

static void
on_wheel(struct tui *tui, int lines)
{
	scroll_lines(&tui->paths.scroll, lines);
	tui_redraw(tui);
}

static void
on_move(struct tui *tui, enum move move)
{
	const size_t place = paths_selected_place(tui);

	/* Page keys scroll the hops, steps move in the list; a single target has no list. */
	if (move == MOVE_PAGE_UP || move == MOVE_PAGE_DOWN || paths_count(tui) < 2) {
		scroll_move(&tui->paths.scroll, move);
		tui_redraw(tui);
		return;
	}
	switch (move) {
	case MOVE_UP: paths_select(tui, place > 0 ? place - 1 : 0); break;
	case MOVE_DOWN: paths_select(tui, place + 1); break;
	case MOVE_TOP: paths_select(tui, 0); break;
	case MOVE_BOTTOM: paths_select(tui, paths_count(tui)); break;
	case MOVE_PAGE_UP: break;
	case MOVE_PAGE_DOWN: break;
	case MOVE_LEFT: break;
	case MOVE_RIGHT: break;
	}
}

/* Back to the table, with this path below it. */
static void
on_enter(struct tui *tui)
{
	const struct path *const path = paths_selected(tui);

	if (path == NULL || tui->only_path)
		return;
	paths_show(tui, path->id);
	tui_close_page(tui);
}

static void
on_click(struct tui *tui, int y, int x, bool twice)
{
	if (!rect_contains(&tui->paths.list, y, x))
		return;
	paths_select(tui, tui->paths.list_top + (size_t)(y - tui->paths.list.y));
	if (twice)
		on_enter(tui);
}

const struct pane paths_pane = {
	.draw = draw, .move = on_move, .enter = on_enter, .click = on_click, .wheel = on_wheel};
