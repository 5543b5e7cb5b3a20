/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups as lines: which group or row stands on which line. */
#include <config.h>

#include "view_state.h"

#include <string.h>

size_t
view_group_lines(const struct view *view)
{
	return view->starts != NULL ? view->starts[view->group_rows.count] : view->group_rows.count;
}

/* The position in the order of the group that the line belongs to. */
static size_t
group_of_line(const struct view *view, size_t line)
{
	size_t low = 0, high = view->group_rows.count;

	if (view->starts == NULL)
		return line;
	while (low + 1 < high) {
		const size_t middle = low + (high - low) / 2;

		if (view->starts[middle] <= line)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static size_t
rows_of_group(struct view *view, struct view_stretch *stretch, size_t first, size_t count,
	struct view_line *lines)
{
	if (first >= stretch->rows.count)
		return 0;
	if (count > stretch->rows.count - first)
		count = stretch->rows.count - first;
	partial_sort(&stretch->rows, &view->row_order, first, first + count);
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct view_line){
			.kind = VIEW_SOCKET,
			.socket = stretch->rows.items[first + i].id,
			.in_group = true,
		};
	return count;
}

size_t
view_group_window(struct view *view, size_t first, size_t count, struct view_line *lines)
{
	size_t total = view_group_lines(view), done = 0, place;

	if (first >= total)
		return 0;
	if (count > total - first)
		count = total - first;
	if (view->made > VIEW_MADE_MAX)
		view_group_forget_made(view);
	place = group_of_line(view, first);
	partial_sort(&view->group_rows, &view->group_order, place,
		view->starts != NULL ? view->group_rows.count : place + count);
	for (size_t made = 0; done < count && made <= VIEW_MADE_MAX; place++, made++) {
		struct view_stretch *const stretch =
			&view->stretches[view->group_rows.items[place].id];
		const size_t start = view->starts != NULL ? view->starts[place] : place;

		if (first + done == start) {
			lines[done] = (struct view_line){
				.kind = VIEW_GROUP,
				.socket = stretch->socket,
				.group = view_group_get(view, stretch),
			};
			if (lines[done++].group == NULL)
				return done - 1;
		}
		if (stretch->unfolded && view->starts != NULL)
			done += rows_of_group(view, stretch, first + done - start - 1, count - done,
				lines + done);
	}
	return done;
}

size_t
view_group_find_socket(struct view *view, uint32_t socket)
{
	struct value value;
	uint32_t number;
	size_t place, row;

	if (view->starts == NULL)
		return SIZE_MAX;
	field_get(view->group, &view->context, socket_table_row(&view->model->sockets, socket),
		&value);
	number = dictionary_find(&view->groups, &value);
	if (number >= view->stretch_count || !view->stretches[number].unfolded)
		return SIZE_MAX;
	place = partial_sort_find(&view->group_rows, &view->group_order, number);
	row = partial_sort_find(&view->stretches[number].rows, &view->row_order, socket);
	return place == SIZE_MAX || row == SIZE_MAX ? SIZE_MAX : view->starts[place] + 1 + row;
}

/* The rows of the group, or NULL: there is none of that name. */
static const struct partial_sort *
find_rows(const struct view *view, const char *key)
{
	char text[sizeof(((struct view_group *)NULL)->key)];

	for (size_t i = 0; i < view->group_rows.count; i++) {
		const struct view_stretch *const stretch =
			&view->stretches[view->group_rows.items[i].id];

		view_group_key(view, stretch->socket, text, sizeof text);
		if (strcmp(text, key) == 0)
			return &stretch->rows;
	}
	return NULL;
}

size_t
view_sockets(const struct view *view, const char *group, uint32_t *ids, size_t max)
{
	const struct partial_sort *const rows =
		group != NULL && view->group != NULL ? find_rows(view, group) : &view->rows;
	size_t count = 0;

	for (size_t i = 0; rows != NULL && i < rows->count; i++) {
		const uint32_t id = rows->items[i].id;

		if ((socket_table_row(&view->model->sockets, id)->flags &
			    (SOCKET_CLOSED | SOCKET_FREE)) != 0)
			continue;
		if (count < max)
			ids[count] = id;
		count++;
	}
	return count;
}

/* Groups in view are compared first: mostly one of these is asked for. */
size_t
view_find_group(struct view *view, const char *key)
{
	char text[sizeof(((struct view_group *)NULL)->key)];

	for (size_t pass = 0; view->group != NULL && pass < 2; pass++) {
		for (size_t i = 0; i < view->group_rows.count; i++) {
			const bool sorted = i >= view->group_rows.sorted_first &&
					    i < view->group_rows.sorted_end;
			const uint32_t number = view->group_rows.items[i].id;

			if (sorted != (pass == 0))
				continue;
			view_group_key(view, view->stretches[number].socket, text, sizeof text);
			if (strcmp(text, key) != 0)
				continue;
			if (!sorted)
				i = partial_sort_find(
					&view->group_rows, &view->group_order, number);
			return view->starts != NULL ? view->starts[i] : i;
		}
	}
	return SIZE_MAX;
}
