/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A held order: the key of a row is the position that it had; rows that came later follow. */
#include <config.h>

#include "view_state.h"

#include <stdlib.h>
#include <string.h>

#define KEY_LATER (UINT64_C(1) << 32)

static size_t
hold_rows(struct view *view, struct partial_sort *rows, size_t place)
{
	partial_sort(rows, &view->row_order, 0, rows->count);
	for (size_t i = 0; i < rows->count; i++)
		view->held[rows->items[i].id] = (uint32_t)(place + i);
	return place + rows->count;
}

static void
hold_groups(struct view *view)
{
	size_t place = 0;

	partial_sort(&view->group_rows, &view->group_order, 0, view->group_rows.count);
	for (size_t i = 0; i < view->group_rows.count; i++) {
		struct view_stretch *const stretch = &view->stretches[view->group_rows.items[i].id];
		char key[sizeof(((struct view_group *)NULL)->key)];

		view_group_key(view, stretch->socket, key, sizeof key);
		/* Without memory the group counts as a later one. */
		(void)map_set(&view->held_groups, map_hash_bytes(key, strlen(key), 0), (uint32_t)i);
		place = hold_rows(view, &stretch->rows, place);
	}
}

void
view_hold_capture(struct view *view)
{
	const struct socket_table *const table = &view->model->sockets;

	view_hold_release(view);
	view->held = malloc((table->used + 1) * sizeof *view->held);
	if (view->held == NULL)
		return;
	for (uint32_t id = 0; id < table->used; id++)
		view->held[id] = SOCKET_NONE;
	view->held_used = table->used;
	view->held_ms = model_now_ms(view->model);
	if (view->group != NULL)
		hold_groups(view);
	else
		hold_rows(view, &view->rows, 0);
}

void
view_hold_release(struct view *view)
{
	free(view->held);
	view->held = NULL;
	map_fini(&view->held_groups);
	map_init(&view->held_groups);
}

/* An id that another socket has by now counts as one that came later. */
uint64_t
view_hold_key(const struct view *view, uint32_t id, const struct socket_row *row)
{
	if (id < view->held_used && view->held[id] != SOCKET_NONE &&
		(int32_t)(row->first_ms - view->held_ms) <= 0)
		return view->held[id];
	return KEY_LATER;
}
