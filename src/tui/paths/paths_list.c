/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the targets, a line each, with the verdict on the path. */
#include <config.h>

#include "paths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/text.h>

#include "paths_host.h"
#include "tui/state.h"
#include "tui/term/layout.h"

enum { TARGET_WANTED = 28, VERDICT_MIN = 20 };

enum cell {
	CELL_MARK,
	CELL_TARGET,
	CELL_PROTOCOL,
	CELL_HOPS,
	CELL_LOSS,
	CELL_AVERAGE,
	CELL_JITTER,
	CELL_VERDICT,
	CELL_COUNT
};

static const struct {
	const char *title;
	int width;
	bool right, essential;
} looks[CELL_COUNT] = {
	[CELL_MARK] = {"", 2, false, true},
	[CELL_TARGET] = {"TARGET", TARGET_WANTED, false, true},
	[CELL_PROTOCOL] = {"METHOD", 9, false, true},
	[CELL_HOPS] = {"HOPS", 4, true, false},
	[CELL_LOSS] = {"LOSS", 6, true, true},
	[CELL_AVERAGE] = {"AVG", 8, true, true},
	[CELL_JITTER] = {"JITTER", 8, true, false},
	[CELL_VERDICT] = {"VERDICT", VERDICT_MIN, false, true},
};

size_t
paths_count(const struct tui *tui)
{
	size_t count = 0;

	while (path_table_at(tui->model->paths, count) != NULL)
		count++;
	return count;
}

size_t
paths_selected_place(const struct tui *tui)
{
	const struct path *path;

	for (size_t i = 0; (path = path_table_at(tui->model->paths, i)) != NULL; i++)
		if (path->id == tui->paths.selected)
			return i;
	return 0;
}

const struct path *
paths_selected(const struct tui *tui)
{
	return path_table_at(tui->model->paths, paths_selected_place(tui));
}

void
paths_select(struct tui *tui, size_t place)
{
	const size_t count = paths_count(tui);
	const struct path *const path =
		path_table_at(tui->model->paths, place < count ? place : count - 1);

	if (count == 0 || path == NULL)
		return;
	if (path->id != tui->paths.selected)
		tui->paths.scroll = (struct scroll){.top = 0};
	tui->paths.selected = path->id;
	tui_redraw(tui);
}

static void
format_target(struct tui *tui, const struct path *path, char *out, size_t size)
{
	const char *const name = paths_host_name(tui, &path->start.target);
	char address[ADDRESS_TEXT_SIZE], clean[256] = "";

	explain_path_address(tui->model, &path->start, address, sizeof address);
	if (name != NULL)
		text_clean(text_of(name), clean, sizeof clean);
	snprintf(out, size, "%s%s%s", address, name != NULL ? " " : "", clean);
}

void
paths_fill_cells(struct tui *tui, const struct path *path, struct paths_cells *cells)
{
	const struct hop *const target = explain_path_target(path);
	const bool has = target != NULL && target->received > 0;
	struct path_rtts rtts;

	paths_get_rtts(tui, path->id, &rtts);
	format_target(tui, path, cells->target, sizeof cells->target);
	explain_path_protocol(&path->start, cells->protocol, sizeof cells->protocol);
	snprintf(cells->hops, sizeof cells->hops, "%u", (unsigned)path->hop_count);
	snprintf(cells->loss, sizeof cells->loss, "-");
	snprintf(cells->average, sizeof cells->average, "-");
	snprintf(cells->jitter, sizeof cells->jitter, "-");
	if (target != NULL && !isnan(target->loss))
		snprintf(cells->loss, sizeof cells->loss, "%.1f%%", target->loss * 100);
	if (has) {
		explain_path_ms(target->mean_us, cells->average, sizeof cells->average);
		explain_path_ms(target->jitter_us, cells->jitter, sizeof cells->jitter);
	}
	cells->mood = explain_path_verdict(path, &rtts, cells->verdict, sizeof cells->verdict);
	/* The list has words only for what is wrong. */
	if (cells->mood != PATH_ILL)
		snprintf(cells->verdict, sizeof cells->verdict, "%s",
			cells->mood == PATH_WELL ? "well" : "");
}

static void
lay(struct tui *tui, int width, struct layout_item *items)
{
	int address = 10, target = 0;
	const struct path *path;

	for (size_t i = 0; (path = path_table_at(tui->model->paths, i)) != NULL; i++) {
		char text[ADDRESS_TEXT_SIZE + 256];

		explain_path_address(tui->model, &path->start, text, sizeof text);
		if ((int)strlen(text) > address)
			address = (int)strlen(text);
		format_target(tui, path, text, sizeof text);
		if (!tui->settings->numeric)
			in_sight_add(tui, &path->start.target);
		if ((int)text_width(text) > target)
			target = (int)text_width(text);
	}
	for (int i = 0; i < CELL_COUNT; i++)
		items[i] = (struct layout_item){.minimum = looks[i].width,
			.wanted = looks[i].width,
			.grown = looks[i].width,
			.essential = looks[i].essential,
			.stretch = i == CELL_VERDICT};
	items[CELL_TARGET].minimum = address;
	items[CELL_TARGET].wanted =
		target < TARGET_WANTED || target < address ? target : (int)TARGET_WANTED;
	items[CELL_TARGET].grown = target;
	layout_columns(items, CELL_COUNT, width, 1);
}

static const char *
text_of_cell(const struct paths_cells *cells, enum cell cell)
{
	switch (cell) {
	case CELL_MARK: return "";
	case CELL_TARGET: return cells->target;
	case CELL_PROTOCOL: return cells->protocol;
	case CELL_HOPS: return cells->hops;
	case CELL_LOSS: return cells->loss;
	case CELL_AVERAGE: return cells->average;
	case CELL_JITTER: return cells->jitter;
	case CELL_VERDICT: return cells->verdict;
	case CELL_COUNT: break;
	}
	return "";
}

static enum role
role_of(const struct path *path, const struct paths_cells *cells, enum cell cell)
{
	const struct hop *const target = explain_path_target(path);

	if (cell == CELL_LOSS && target != NULL && target->loss > 0)
		return ROLE_CRITICAL;
	if (cell == CELL_VERDICT)
		return cells->mood == PATH_WELL ? ROLE_GOOD : ROLE_WARNING;
	return path->running ? ROLE_NORMAL : ROLE_DIM;
}

static void
draw_target(
	struct tui *tui, const struct layout_item *items, struct pen *pen, const struct path *path)
{
	const int start = pen->x;
	struct paths_cells cells;

	paths_fill_cells(tui, path, &cells);
	for (int i = 0; i < CELL_COUNT; i++) {
		if (items[i].width == 0)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + items[i].x - pen->x);
		if (i == CELL_MARK)
			draw_text(pen, path->running ? ROLE_GOOD : ROLE_DIM,
				path->running ? " +" : " -");
		else
			draw_cell(pen, role_of(path, &cells, (enum cell)i),
				text_of_cell(&cells, (enum cell)i), items[i].width, looks[i].right);
	}
	draw_rest(pen, ROLE_NORMAL);
}

void
paths_draw_list(struct tui *tui, const struct rect *rect)
{
	struct paths *const paths = &tui->paths;
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);
	const size_t place = paths_selected_place(tui);
	const size_t room = rect->height > 1 ? (size_t)rect->height - 1 : 0;
	const size_t count = paths_count(tui);
	struct layout_item items[CELL_COUNT];
	const struct path *path;
	char many[32];

	lay(tui, rect->width, items);
	snprintf(many, sizeof many, "%zu TARGETS", count);
	for (int i = 0; i < CELL_COUNT; i++) {
		if (items[i].width == 0)
			continue;
		draw_spaces(&pen, ROLE_HEADING, rect->x + items[i].x - pen.x);
		draw_cell(&pen, ROLE_HEADING,
			i == CELL_TARGET && count > room ? many : looks[i].title, items[i].width,
			looks[i].right);
	}
	draw_rest(&pen, ROLE_HEADING);
	if (place < paths->list_top)
		paths->list_top = place;
	if (room > 0 && place >= paths->list_top + room)
		paths->list_top = place - room + 1;
	paths->list = (struct rect){rect->y + 1, rect->x, (int)room, rect->width};
	for (size_t i = 0; i < room; i++) {
		path = path_table_at(tui->model->paths, paths->list_top + i);
		if (path == NULL)
			return;
		pen = draw_pen(&tui->theme, rect->y + 1 + (int)i, rect->x, rect->width);
		pen.selected = paths->list_top + i == place;
		draw_target(tui, items, &pen, path);
	}
}
