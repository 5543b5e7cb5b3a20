/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the line of a group: its name, its sums, and the states of its sockets. The mark and the
 * name show the worst trouble of its sockets.
 */
#include <config.h>

#include "table_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>

#include "tui/state.h"

/* The states of a group, the most frequent first: "ESTABLISHED 12 CLOSE-WAIT 3". */
static void
format_states(const struct view_group *group, char *out, size_t size)
{
	bool is_named[TCP_STATE_COUNT] = {false};
	size_t len = 0;

	out[0] = '\0';
	for (;;) {
		int most = 0;
		int written;

		for (int state = 1; state < TCP_STATE_COUNT; state++) {
			if (!is_named[state] &&
				(most == 0 || group->by_state[state] > group->by_state[most]))
				most = state;
		}
		if (most == 0 || group->by_state[most] == 0)
			return;
		is_named[most] = true;
		written = snprintf(out + len, size - len, "%s%s %u", len > 0 ? "  " : "",
			tcp_state_name((enum tcp_state)most), group->by_state[most]);
		if (written < 0 || (size_t)written >= size - len) {
			out[len] = '\0';
			return;
		}
		len += (size_t)written;
	}
}

/* The sum of a group in a column; false: the column has none. */
static bool
format_sum(const struct column *column, const struct view_group *group, char *out, size_t size)
{
	size_t index;

	if (column->kind != COLUMN_FIELD || (column->field->flags & FIELD_SUM) == 0)
		return false;
	index = (size_t)(column->field - socket_fields.fields);
	if (index >= sizeof group->sums / sizeof group->sums[0])
		return false;
	out[0] = '\0';
	if (!isnan(group->sums[index]) && size >= 16)
		number_format_real(group->sums[index], column->field->unit, out, size);
	return true;
}

/*
 * The states take the room of columns that have no sum, where the most of them stand side by side:
 * the first column of that room, and in *end where it ends.
 */
static size_t
find_room(const struct table *table, int *end)
{
	size_t best = SIZE_MAX;
	int best_width = 0;
	size_t start = SIZE_MAX;

	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];
		int width;

		if (column->width == 0)
			continue;
		if (column->kind != COLUMN_FIELD || (column->field->flags & FIELD_SUM) != 0) {
			start = SIZE_MAX;
			continue;
		}
		if (start == SIZE_MAX)
			start = i;
		width = column->x + column->width - table->drawn[start].x;
		if (width > best_width) {
			best = start;
			best_width = width;
			*end = column->x + column->width;
		}
	}
	return best;
}

void
table_draw_group(
	const struct table_drawing *drawing, struct pen *pen, const struct view_group *group)
{
	const struct table *const table = drawing->table;
	const int start = pen->x;
	int room_end = 0;
	const size_t room = find_room(table, &room_end);

	const bool is_ill = group->worst != SEVERITY_INFO;
	const enum role role = is_ill ? draw_severity_role(group->worst) : ROLE_GROUP;

	draw_text(pen, role, is_ill ? DRAW_SEVERITY_MARK : " ");
	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];
		char text[TABLE_CELL_SIZE] = "";
		bool is_sum = false;

		if (column->width == 0 || start + column->x < pen->x)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + column->x - pen->x);
		if (i == room) {
			format_states(group, text, sizeof text);
			draw_cell(pen, ROLE_NORMAL, text, room_end - column->x, false);
			continue;
		}
		if (column->kind == COLUMN_GROUP)
			snprintf(text, sizeof text, "%s %s",
				theme_glyph(&drawing->tui->theme,
					group->unfolded ? GLYPH_UNFOLDED : GLYPH_FOLDED),
				group->key[0] != '\0' ? group->key : field_none(table->group));
		else if (column->kind == COLUMN_COUNT)
			snprintf(text, sizeof text, "%u", group->count);
		else
			is_sum = format_sum(column, group, text, sizeof text);
		draw_cell(pen,
			column->kind == COLUMN_GROUP       ? role
			: is_sum && strcmp(text, "0") == 0 ? ROLE_DIM
							   : ROLE_STRONG,
			text, column->width, column_is_right(column));
	}
	draw_rest(pen, ROLE_NORMAL);
}
