/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "paths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/clock.h>

#include "handlers.h"
#include "state.h"

enum {
	FRAME = 2, /* title and headings of a pane */
	LINES_LEAST = 4,
	TABLE_LEAST = 7, /* lines that the table above keeps */
	HIGH = 30,       /* from here on the pane takes its share */
	TARGET_WIDTH = 28,
	ADDRESS_MIN = 15,
	SOON_MS = 150,
	/* A table as large as that is not sorted that often. */
	SOCKETS_MANY = 50000,
	SOON_MANY_MS = 1000,
};

static bool
is_page(const struct tui *tui)
{
	return tui_page(tui) == MODE_PATHS;
}

static size_t
path_count(const struct tui *tui)
{
	size_t count = 0;

	while (path_table_at(tui->model->paths, count) != NULL)
		count++;
	return count;
}

/* Place of the selected path in the list; 0 when it is gone. */
static size_t
selected_place(const struct tui *tui)
{
	const struct path *path;

	for (size_t i = 0; (path = path_table_at(tui->model->paths, i)) != NULL; i++)
		if (path->id == tui->paths.selected)
			return i;
	return 0;
}

static uint32_t
selected_id(const struct tui *tui)
{
	const struct path *const path = path_table_at(tui->model->paths, selected_place(tui));

	return path != NULL ? path->id : 0;
}

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

void
paths_note_records(struct tui *tui)
{
	struct paths *const paths = &tui->paths;
	const bool many = tui->model->sockets.count > SOCKETS_MANY;

	if (paths->changes == tui->model->path_changes || (paths->shown == 0 && !is_page(tui)))
		return;
	paths->changes = tui->model->path_changes;
	tui_redraw_within(tui, many ? SOON_MANY_MS : SOON_MS);
}

static void
draw_title(struct tui *tui, const struct rect *rect, const struct path *path)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	struct paths_rtts rtts;
	char title[256];

	paths_get_rtts(tui, path->id, &rtts);
	paths_title(path, &rtts, theme_glyph(&tui->theme, GLYPH_HORIZONTAL),
		rect->width > 4 ? (size_t)rect->width - 4 : 0, title, sizeof title);
	draw_rule(&pen, ROLE_SECTION, title);
}

static struct rect
below(const struct rect *rect, int lines)
{
	return (struct rect){rect->y + lines, rect->x, rect->height - lines, rect->width};
}

/* What was asked for and has not come back yet. */
static void
draw_expected(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const struct paths_asked *const asked = paths_find_asked(tui, tui->paths.shown);
	char address[ADDRESS_TEXT_SIZE] = "", method[24] = "", title[128];

	if (asked != NULL) {
		address_format(&asked->start.target, address, sizeof address);
		paths_method(&asked->start, method, sizeof method);
	}
	snprintf(title, sizeof title, "path to %s (%s)", address, method);
	draw_rule(&pen, ROLE_SECTION, title);
}

int
paths_pane_height(struct tui *tui, int height)
{
	static struct paths_line lines[PATHS_LINES_MAX];
	struct paths *const paths = &tui->paths;
	const struct path *const path = path_table_find(tui->model->paths, paths->shown);
	const int most = height >= HIGH ? height * 2 / 5 : height - TABLE_LEAST;
	int wanted = LINES_LEAST;

	if (paths->shown == 0 || most < FRAME + 1)
		return 0;
	if (path != NULL && (int)paths_lines(path, lines) > wanted)
		wanted = (int)paths_lines(path, lines);
	if (wanted > paths->shown_lines)
		paths->shown_lines = wanted;
	wanted = paths->shown_lines + FRAME;
	return wanted < most ? wanted : most;
}

void
paths_draw_pane(struct tui *tui, const struct rect *rect)
{
	static struct paths_line lines[PATHS_LINES_MAX];
	const struct path *const path = path_table_find(tui->model->paths, tui->paths.shown);
	const struct rect body = below(rect, 1);
	size_t count, room;

	if (path == NULL) {
		draw_expected(tui, rect);
		return;
	}
	draw_title(tui, rect, path);
	count = paths_lines(path, lines);
	room = body.height > 1 ? (size_t)body.height - 1 : 0;
	/* The target and what is said of the whole stand at the end. */
	paths_draw_lines(tui, path, &body, count > room ? count - room : 0);
}

static void
format_target(struct tui *tui, const struct path *path, char *out, size_t size)
{
	const char *const name = paths_name(tui, &path->start.target);
	char address[ADDRESS_TEXT_SIZE];

	address_format(&path->start.target, address, sizeof address);
	snprintf(out, size, "%s%s%s", address, name != NULL ? " " : "", name != NULL ? name : "");
}

static void
draw_target(struct tui *tui, const struct rect *rect, int y, const struct path *path)
{
	struct pen pen = draw_pen(&tui->theme, y, rect->x, rect->width);
	const struct hop *const target = paths_target_hop(path);
	const bool has = target != NULL && target->received > 0;
	const int host = rect->width > 100 ? TARGET_WIDTH + 16 : (int)TARGET_WIDTH;
	char text[256];

	pen.selected = path->id == selected_id(tui);
	draw_text(&pen, path->running ? ROLE_GOOD : ROLE_DIM, path->running ? " + " : " - ");
	format_target(tui, path, text, sizeof text);
	draw_cell(&pen, path->running ? ROLE_NORMAL : ROLE_DIM, text, host, false);
	paths_method(&path->start, text, sizeof text);
	draw_format(&pen, ROLE_NORMAL, " %-9s %4u ", text, (unsigned)path->hop_count);
	text[0] = '\0';
	if (target != NULL && !isnan(target->loss))
		snprintf(text, sizeof text, "%.1f%%", target->loss * 100);
	draw_cell(&pen, target != NULL && target->loss > 0 ? ROLE_CRITICAL : ROLE_NORMAL,
		text[0] != '\0' ? text : "-", 6, true);
	paths_format_ms(has ? target->mean_us : (double)NAN, text, sizeof text);
	draw_cell(&pen, ROLE_NORMAL, has ? text : "-", 10, true);
	paths_format_ms(has ? target->jitter_us : (double)NAN, text, sizeof text);
	draw_cell(&pen, ROLE_NORMAL, has ? text : "-", 10, true);
	path_verdict(path, text, sizeof text);
	draw_format(&pen, ROLE_WARNING, "  %s", text);
	draw_rest(&pen, ROLE_NORMAL);
}

static void
draw_list(struct tui *tui, const struct rect *rect)
{
	struct paths *const paths = &tui->paths;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const int host = rect->width > 100 ? TARGET_WIDTH + 16 : (int)TARGET_WIDTH;
	const size_t place = selected_place(tui);
	const size_t room = rect->height > 1 ? (size_t)rect->height - 1 : 0;
	const struct path *path;

	draw_format(&pen, ROLE_HEADING, "   %-*s %-9s %4s %6s%10s%10s  %s", host, "TARGET",
		"METHOD", "HOPS", "LOSS", "AVG", "JITTER", "VERDICT");
	draw_rest(&pen, ROLE_HEADING);
	if (place < paths->list_top)
		paths->list_top = place;
	if (room > 0 && place >= paths->list_top + room)
		paths->list_top = place - room + 1;
	paths->list = below(rect, 1);
	for (size_t i = 0; i < room; i++) {
		path = path_table_at(tui->model->paths, paths->list_top + i);
		if (path == NULL)
			return;
		draw_target(tui, rect, rect->y + 1 + (int)i, path);
	}
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	const struct path *const path = path_table_find(tui->model->paths, selected_id(tui));
	const int count = (int)path_count(tui);
	const int most = rect->height > 9 ? rect->height / 3 : 3;
	struct rect list = *rect, hops;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x + 1, rect->width - 1);
	size_t lines;

	tui->paths.list = (struct rect){0};
	if (path == NULL) {
		draw_text(&pen, ROLE_DIM,
			"no path is probed; F7 on the row of a socket probes the path to its peer");
		return;
	}
	list.height = (count < most ? count : most) + 1;
	if (list.height > rect->height)
		list.height = rect->height;
	draw_list(tui, &list);
	hops = below(rect, list.height);
	if (hops.height < 1)
		return;
	draw_title(tui, &hops, path);
	hops = below(&hops, 1);
	lines = paths_draw_lines(tui, path, &hops, tui->paths.top);
	if (tui->paths.top >= lines)
		tui->paths.top = lines > 0 ? lines - 1 : 0;
}

static void
select_place(struct tui *tui, size_t place)
{
	const size_t count = path_count(tui);
	const struct path *const path =
		path_table_at(tui->model->paths, place < count ? place : count - 1);

	if (count == 0 || path == NULL)
		return;
	if (path->id != tui->paths.selected)
		tui->paths.top = 0;
	tui->paths.selected = path->id;
	tui_redraw(tui);
}

static void
scroll_by(struct tui *tui, int lines)
{
	size_t *const top = &tui->paths.top;

	if (lines < 0 && *top < (size_t)-lines)
		*top = 0;
	else
		*top = lines < 0 ? *top - (size_t)-lines : *top + (size_t)lines;
	tui_redraw(tui);
}

static void
on_move(struct tui *tui, enum move move)
{
	const size_t place = selected_place(tui);

	switch (move) {
	case MOVE_UP: select_place(tui, place > 0 ? place - 1 : 0); break;
	case MOVE_DOWN: select_place(tui, place + 1); break;
	case MOVE_PAGE_UP: scroll_by(tui, -8); break;
	case MOVE_PAGE_DOWN: scroll_by(tui, 8); break;
	case MOVE_TOP: select_place(tui, 0); break;
	case MOVE_BOTTOM: select_place(tui, path_count(tui)); break;
	case MOVE_LEFT: break;
	case MOVE_RIGHT: break;
	}
}

/* To the table, with this path below it. */
static void
on_enter(struct tui *tui)
{
	if (selected_id(tui) == 0)
		return;
	paths_show(tui, selected_id(tui));
	tui_close_page(tui);
}

static void
on_click(struct tui *tui, int y, int x, bool twice)
{
	if (!rect_contains(&tui->paths.list, y, x))
		return;
	select_place(tui, tui->paths.list_top + (size_t)(y - tui->paths.list.y));
	if (twice)
		on_enter(tui);
}

const struct pane paths_pane = {
	.draw = draw, .move = on_move, .enter = on_enter, .click = on_click, .wheel = scroll_by};

void
do_paths(struct tui *tui)
{
	while (tui->page_count > 1)
		tui_close_page(tui);
	tui_open_page(tui, MODE_PATHS);
}

/* The selected path, if it was asked for here; a recording's are only looked at. */
static uint32_t
selected_of_ours(struct tui *tui)
{
	const uint32_t id = selected_id(tui);

	if (paths_find_asked(tui, id) != NULL)
		return id;
	tui_say(tui, SEVERITY_INFO,
		id == 0 ? "there is no path" : "that path was not started from here");
	return 0;
}

void
do_path_again(struct tui *tui)
{
	paths_run(tui, selected_of_ours(tui));
}

void
do_path_stop(struct tui *tui)
{
	const struct path *const path = path_table_find(tui->model->paths, selected_id(tui));

	if (path != NULL && path->running && !tui->replay)
		paths_stop(tui, selected_of_ours(tui));
	else if (path != NULL)
		paths_remove(tui, path->id);
}

void
do_path_icmp(struct tui *tui)
{
	paths_set_method(tui, selected_of_ours(tui), PROBE_ICMP);
}

void
do_path_udp(struct tui *tui)
{
	paths_set_method(tui, selected_of_ours(tui), PROBE_UDP);
}

void
do_path_tcp(struct tui *tui)
{
	paths_set_method(tui, selected_of_ours(tui), PROBE_TCP);
}

void
do_path_names(struct tui *tui)
{
	tui->settings->numeric = !tui->settings->numeric;
	tui_redraw(tui);
}
