/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounds the share of ended rows: those stay that somebody may have seen alive, then the newest.
 * The others are counted.
 */
#include <config.h>

#include "view_rank.h"

#include <stdlib.h>

#define KEY_BRIEF (UINT64_C(1) << 32)

static bool
is_ended(const struct view *view, const struct sort_item *item)
{
	return (socket_table_row(&view->model->sockets, item->id)->flags & SOCKET_CLOSED) != 0;
}

/* The smaller, the longer an ended row is shown. */
static uint64_t
ended_key(const struct view *view, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&view->model->sockets, id);
	const uint32_t since = model_now_ms(view->model) - row->closed_ms;

	return since | (view_rank_is_brief(row) ? KEY_BRIEF : 0);
}

static struct partial_sort
collect(const struct view *view)
{
	struct partial_sort ended = {.items = calloc(view->ended, sizeof *ended.items)};

	for (size_t i = 0; ended.items != NULL && i < view->rows.count; i++) {
		const uint32_t id = view->rows.items[i].id;

		if (is_ended(view, &view->rows.items[i]))
			ended.items[ended.count++] =
				(struct sort_item){.key = ended_key(view, id), .id = id};
	}
	return ended;
}

/* last: the last one that stays, or NULL: none does. */
static void
drop_after(struct view *view, const struct sort_item *last)
{
	size_t kept = 0;

	for (size_t i = 0; i < view->rows.count; i++) {
		const struct sort_item *const item = &view->rows.items[i];

		if (is_ended(view, item)) {
			const uint64_t key = ended_key(view, item->id);

			if (last == NULL || key > last->key ||
				(key == last->key && item->id > last->id))
				continue;
		}
		view->rows.items[kept++] = *item;
	}
	view->rows.count = kept;
}

void
view_ended_bound(struct view *view)
{
	const struct partial_sort_order order = {.exact_first = 1};
	struct partial_sort ended;

	if (view->ended_limit == VIEW_ENDED_ALL || view->ended <= view->ended_limit)
		return;
	ended = collect(view);
	if (ended.count <= view->ended_limit) {
		free(ended.items); /* no memory: all are shown */
		return;
	}
	partial_sort(&ended, &order, 0, view->ended_limit);
	drop_after(view, view->ended_limit > 0 ? &ended.items[view->ended_limit - 1] : NULL);
	view->ended_hidden = view->ended - view->ended_limit;
	free(ended.items);
}
