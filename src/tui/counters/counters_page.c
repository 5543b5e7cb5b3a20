/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of counters. The rest of the room:
 *
 *	counters_page_words.c  the lines below the table: what the chosen counter counts
 *	counters_keys.c   the keys of the screen
 */
#include <config.h>

#include "counters_page.h"

#include <string.h>

#include <sockwatch/base/map.h>

#include "counters_page_words.h"
#include "tui/key/handlers.h"
#include "tui/pages.h"
#include "tui/state.h"

static void
load(struct tui *tui, struct row_order *list)
{
	const struct counters_page *const counters = &tui->counters;
	const struct counter_figures *rows[COUNTER_ROWS_MAX];
	const size_t count = counter_history_list(
		&counters->history, counters->all, counters->zeros, rows, COUNTER_ROWS_MAX);

	for (size_t i = 0; i < count; i++)
		row_order_add(list, map_hash_bytes(rows[i]->name, strlen(rows[i]->name), 0),
			rows[i], rows[i]->group);
}

static bool
draw_history(
	struct tui *tui, struct pen *pen, const void *row, const struct field *field, int width)
{
	static const struct field *history;
	const struct counter_figures *const figures = row;
	const size_t room = width > 0 ? (size_t)width : 0;
	const size_t count = figures->sample_count < room ? figures->sample_count : room;
	const int end = pen->x + width;
	double values[COUNTER_SAMPLES];

	(void)tui;
	if (field != field_keep(&counter_fields, "history", &history))
		return false;
	for (size_t i = 0; i < count; i++)
		values[i] = (double)figures->samples[figures->sample_count - count + i];
	draw_spaces(pen, ROLE_NORMAL, width - (int)count);
	draw_sparks(pen, ROLE_CHART, values, count, 0, counter_figures_highest(figures), 1, 0);
	draw_spaces(pen, ROLE_NORMAL, end - pen->x);
	return true;
}

static bool
topic(const void *row, struct topic *found)
{
	const struct counter_figures *const figures = row;

	return topic_find(TOPIC_COUNTER, figures->name, found);
}

static void
enter(struct tui *tui, const void *row)
{
	(void)row;
	do_help(tui);
}

static const struct rows_kind kind = {
	.title = "counters",
	.fields = &counter_fields,
	.columns = "counter,total,rate,mean,most,history,share_pct,scope,words",
	.empty = "every counter is 0; z shows them",
	.load = load,
	.enter = enter,
	.topic = topic,
	.draw_cell = draw_history,
};

void
counters_page_init(struct tui *tui)
{
	counter_history_init(&tui->counters.history);
}

void
counters_page_fini(struct tui *tui)
{
	rows_fini(&tui->counters.rows);
	counter_history_fini(&tui->counters.history);
}

void
counters_page_update(struct tui *tui)
{
	counter_history_update(&tui->counters.history, tui->model);
}

void
counters_page_open(struct tui *tui)
{
	rows_open(tui, PAGE_COUNTERS, &tui->counters.rows, &kind);
}

static void
draw(struct tui *tui, const struct rect *rect)
{
	struct rect table = *rect, words = *rect;

	words.height = counters_page_words_height(rect->height);
	table.height -= words.height;
	words.y += table.height;
	rows_draw(tui, &tui->counters.rows, &table);
	if (words.height > 0)
		counters_page_words_draw(tui, &words);
}

const struct pane counters_pane = {
	.draw = draw,
	.move = rows_pane_move,
	.enter = rows_pane_enter,
	.click = rows_pane_click,
	.wheel = rows_pane_wheel,
	.back = rows_pane_back,
};
