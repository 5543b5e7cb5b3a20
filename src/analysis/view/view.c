/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view as others use it: settings, updates, lines.
 *
 * The room: view_fill.c makes an item of each row that passes, view_rank.c its key where texts are
 * ordered; view_own.c leaves out our own, view_ended.c bounds the ended ones; view_group.c cuts the
 * items into groups, view_group_sums.c adds their fields up, view_group_lines.c finds their lines,
 * view_key.c names them; view_hold.c keeps an order; view_tally.c counts values for menus.
 * dictionary.c numbers different values, partial_sort.c puts the part in order that somebody looks
 * at. view_state.h is what a view holds.
 */
#include <config.h>

#include <sockwatch/analysis/view.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/filter/filter_tree.h"
#include "view_state.h"

/* Values that only grow older are looked at again after so long. */
enum { TICK_MS = 250 };

struct view *
view_new(const struct model *model, const struct field_table *table)
{
	struct view *const view = calloc(1, sizeof *view);

	if (view == NULL)
		return NULL;
	view->model = model;
	view->table = table;
	view->context.model = model;
	view->dirty = true;
	view->ended_limit = VIEW_ENDED_ALL;
	map_init(&view->folds);
	map_init(&view->held_groups);
	dictionary_init(&view->groups);
	return view;
}

void
view_free(struct view *view)
{
	if (view == NULL)
		return;
	view_group_clear(view);
	view_hold_release(view);
	map_fini(&view->held_groups);
	map_fini(&view->folds);
	dictionary_fini(&view->groups);
	filter_free(view->filter);
	free(view->rows.items);
	free(view);
}

/* A held order is given up: the new setting gives another one. */
static void
change(struct view *view)
{
	view_hold_release(view);
	view->dirty = true;
}

void
view_set_model(struct view *view, const struct model *model)
{
	view_group_clear(view);
	view->rows.count = 0;
	view->model = model;
	view->context.model = model;
	change(view);
}

void
view_set_filter(struct view *view, struct filter *filter)
{
	filter_free(view->filter);
	view->filter = filter;
	change(view);
}

void
view_set_order(struct view *view, const struct field *field, bool descending)
{
	const struct field *instead = NULL;

	if (field != NULL && field->order != NULL)
		instead = field_find(view->table, field->order, strlen(field->order));
	view->order = instead != NULL ? instead : field;
	view->descending = descending;
	change(view);
}

void
view_set_group(struct view *view, const struct field *field)
{
	if (view->group == field)
		return;
	view->group = field;
	view->all_unfolded = false;
	map_clear(&view->folds);
	change(view);
}

void
view_set_visible(struct view *view, const struct field *const *fields, size_t count)
{
	if (count > VIEW_VISIBLE_MAX)
		count = VIEW_VISIBLE_MAX;
	if (count)
		memcpy(view->visible, fields, count * sizeof *fields);
	view->visible_count = count;
	view->dirty = true;
}

void
view_set_hide_closed(struct view *view, bool hide)
{
	view->dirty = view->dirty || view->hide_closed != hide;
	view->hide_closed = hide;
}

void
view_set_ended_limit(struct view *view, size_t limit)
{
	view->dirty = view->dirty || view->ended_limit != limit;
	view->ended_limit = limit;
}

void
view_set_own(struct view *view, const uint32_t *pids, size_t count)
{
	if (count > VIEW_OWN_PIDS_MAX)
		count = VIEW_OWN_PIDS_MAX;
	if (count == view->own_pid_count &&
		(count == 0 || memcmp(view->own_pids, pids, count * sizeof *pids) == 0))
		return;
	if (count > 0)
		memcpy(view->own_pids, pids, count * sizeof *pids);
	view->own_pid_count = count;
	view->dirty = true;
}

void
view_set_hold(struct view *view, bool hold)
{
	if (view->hold == hold)
		return;
	view->hold = hold;
	change(view);
}

void
view_set_doctor(struct view *view, const struct doctor *doctor)
{
	view->context.doctor = doctor;
}

void
view_set_numeric(struct view *view, bool numeric)
{
	view->dirty = view->dirty || view->context.numeric != numeric;
	view->context.numeric = numeric;
}

void
view_unfold(struct view *view, const char *key, bool unfolded)
{
	uint64_t hash;

	view->dirty = true;
	if (key == NULL) {
		view->all_unfolded = unfolded;
		map_clear(&view->folds);
		return;
	}
	hash = map_hash_bytes(key, strlen(key), 0);
	/* Without memory the group stays as it is. */
	if (unfolded == view->all_unfolded)
		map_remove(&view->folds, hash);
	else
		(void)map_set(&view->folds, hash, 1);
}

static uint16_t
visible_flags(const struct view *view)
{
	uint16_t flags = 0;

	for (size_t i = 0; i < view->visible_count; i++)
		flags |= view->visible[i]->flags;
	return flags;
}

/* Rows may begin or cease to pass the filter as time goes by. */
static bool
filter_moves(const struct view *view)
{
	return view->filter != NULL &&
	       (filter_ticks(view->filter) ||
		       (filter_has_word(view->filter) && visible_flags(view) & FIELD_TICKS));
}

static void
rebuild(struct view *view)
{
	view_group_clear(view);
	view_fill(view);
	if (view->group != NULL)
		view_group_build(view);
	if (view->hold && view->held == NULL)
		view_hold_capture(view);
	view->dirty = false;
}

bool
view_update(struct view *view, bool force)
{
	const struct model *const model = view->model;
	const uint64_t tick = model->now_ns / (TICK_MS * UINT64_C(1000000));
	const bool rows = force || view->dirty || view->seen_sockets != model->socket_changes;
	const bool ticked = view->seen_tick != tick;
	const bool changed = view->seen_changes != model->changes;

	if (rows || (ticked && filter_moves(view)))
		rebuild(view);
	else if (!changed && !(ticked && visible_flags(view) & FIELD_TICKS))
		return false;
	view->seen_sockets = model->socket_changes;
	view->seen_changes = model->changes;
	view->seen_tick = tick;
	return true;
}

size_t
view_lines(const struct view *view)
{
	return view->group != NULL ? view_group_lines(view) : view->rows.count;
}

size_t
view_matched(const struct view *view)
{
	return view->live;
}

size_t
view_ended_hidden(const struct view *view)
{
	return view->ended_hidden;
}

size_t
view_own_hidden(const struct view *view)
{
	return view->own_hidden;
}

const uint32_t (*view_own_by_state(const struct view *view))[TCP_STATE_COUNT]
{
	return view->own;
}

size_t
view_window(struct view *view, size_t first, size_t count, struct view_line *lines)
{
	if (view->group != NULL)
		return view_group_window(view, first, count, lines);
	if (first >= view->rows.count)
		return 0;
	if (count > view->rows.count - first)
		count = view->rows.count - first;
	partial_sort(&view->rows, &view->row_order, first, first + count);
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct view_line){
			.kind = VIEW_SOCKET,
			.socket = view->rows.items[first + i].id,
		};
	return count;
}

size_t
view_find(struct view *view, uint32_t socket)
{
	if (socket >= view->model->sockets.used)
		return SIZE_MAX;
	if (view->group != NULL)
		return view_group_find_socket(view, socket);
	return partial_sort_find(&view->rows, &view->row_order, socket);
}
