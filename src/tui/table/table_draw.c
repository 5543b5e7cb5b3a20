/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the lines of a table that are in sight, and only those: the cost of a key does not grow
 * with the table.
 */
#include <config.h>

#include "table_pane.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/map.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

#include "columns.h"
#include "tui/pages.h"
#include "tui/state.h"

enum { FRESH_REFRESHES = 2, LINES_AT_ONCE = 256, CELL_SIZE = 256 };

struct drawing {
	struct tui *tui;
	struct table *table;
	struct field_context context;
	uint32_t now_ms;
	uint32_t fresh_ms;           /* how long a change is news */
	const struct map *half_open; /* NULL: not counted */
};

/* News of a row, which colour and mark it. */
enum news { NEWS_NONE, NEWS_BORN, NEWS_CHANGED, NEWS_CLOSED };

static const struct {
	enum role role;
	const char *mark;
} news_looks[] = {
	[NEWS_NONE] = {ROLE_NORMAL, " "},
	[NEWS_BORN] = {ROLE_NEW, "+"},
	[NEWS_CHANGED] = {ROLE_CHANGED, "~"},
	[NEWS_CLOSED] = {ROLE_CLOSED, "x"},
};

/* How a state is shown when nothing is new about it. */
static const enum role state_roles[TCP_STATE_COUNT] = {
	[TCP_STATE_SYN_SENT] = ROLE_WARNING,
	[TCP_STATE_SYN_RECEIVED] = ROLE_WARNING,
	[TCP_STATE_FIN_WAIT_1] = ROLE_WAITING,
	[TCP_STATE_FIN_WAIT_2] = ROLE_WAITING,
	[TCP_STATE_TIME_WAIT] = ROLE_WAITING,
	[TCP_STATE_CLOSED] = ROLE_WAITING,
	[TCP_STATE_CLOSE_WAIT] = ROLE_WARNING,
	[TCP_STATE_LAST_ACK] = ROLE_WAITING,
	[TCP_STATE_CLOSING] = ROLE_WAITING,
	[TCP_STATE_LISTEN] = ROLE_LISTEN,
};

static enum news
find_news(const struct drawing *drawing, const struct socket_row *row)
{
	if ((row->flags & SOCKET_CLOSED) != 0)
		return NEWS_CLOSED;
	if (socket_birth_is_seen(row) && drawing->now_ms - row->first_ms < drawing->fresh_ms)
		return NEWS_BORN;
	if (row->previous_state != TCP_STATE_UNKNOWN &&
		drawing->now_ms - row->changed_ms < drawing->fresh_ms)
		return NEWS_CHANGED;
	return NEWS_NONE;
}

static enum role
cell_role(
	const struct column *column, const struct socket_row *row, enum news news, const char *text)
{
	const bool is_state =
		column->kind == COLUMN_FIELD && column->field->meaning == FIELD_MEANING_STATE;

	if (news == NEWS_BORN || news == NEWS_CLOSED || (news == NEWS_CHANGED && is_state))
		return news_looks[news].role;
	if (is_state && row->state < TCP_STATE_COUNT)
		return state_roles[row->state];
	return strcmp(text, "0") == 0 ? ROLE_DIM : ROLE_NORMAL;
}

static uint64_t
half_open_key(const struct socket_row *row)
{
	return (uint64_t)row->netns << 16 | row->local_port;
}

/* An IPv4 address is never shortened by its formatter: its port must not be what is cut. */
static void
keep_port(char *text, int width)
{
	char *const colon = strrchr(text, ':');
	const int columns = (int)text_width(text);
	char port[16];

	if (colon == NULL || columns <= width || strlen(colon) >= sizeof port)
		return;
	snprintf(port, sizeof port, "%s", colon);
	*colon = '\0';
	text_truncate(text, width > (int)strlen(port) ? (size_t)width - strlen(port) : 0, true);
	memcpy(text + strlen(text), port, strlen(port) + 1);
}

/* Text of one cell of a socket's line. */
static void
format_cell(const struct drawing *drawing, const struct column *column,
	const struct socket_row *row, char *text, size_t size)
{
	struct value value;
	uint32_t count = 0;

	text[0] = '\0';
	switch (column->kind) {
	case COLUMN_FIELD:
		field_get(column->field, &drawing->context, row, &value);
		field_format(column->field, &drawing->context, &value, (size_t)column->width, text,
			size);
		if (column->field->kind == VALUE_ENDPOINT)
			keep_port(text, column->width);
		break;
	case COLUMN_GROUP: break;
	case COLUMN_COUNT: break;
	case COLUMN_HALF_OPEN:
		if (drawing->half_open != NULL)
			map_find(drawing->half_open, half_open_key(row), &count);
		snprintf(text, size, "%u", count);
		break;
	}
}

static bool
wants_names(const struct tui *tui, const struct table *table)
{
	if (tui_shows_names(tui))
		return true;
	for (size_t i = 0; i < table->drawn_count && !tui->settings->numeric; i++)
		if (table->drawn[i].kind == COLUMN_FIELD && table->drawn[i].width > 0 &&
			table->drawn[i].field->meaning == FIELD_MEANING_HOST_NAME)
			return true;
	return false;
}

/* The peers of the lines, where names are shown; an answer is drawn when it has come. */
static void
note_addresses(
	struct tui *tui, const struct table *table, const struct view_line *lines, size_t count)
{
	if (!wants_names(tui, table))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct socket_row *const row =
			lines[i].kind == VIEW_SOCKET ? table_row(tui, lines[i].socket) : NULL;

		if (row != NULL && !address_is_any(&row->remote))
			in_sight_add(tui, &row->remote);
	}
}

static void
draw_socket(const struct drawing *drawing, struct pen *pen, const struct view_line *line)
{
	const struct table *const table = drawing->table;
	const struct socket_row *const row = table_row(drawing->tui, line->socket);
	const int start = pen->x;
	enum news news;

	if (row == NULL) {
		draw_rest(pen, ROLE_NORMAL);
		return;
	}
	news = find_news(drawing, row);
	draw_text(pen, news_looks[news].role, news_looks[news].mark);
	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];
		char text[CELL_SIZE];

		if (column->width == 0)
			continue;
		draw_spaces(pen, ROLE_NORMAL, start + column->x - pen->x);
		if (column->kind == COLUMN_GROUP) {
			draw_text(pen, ROLE_DIM, "  ");
			draw_glyph(pen, ROLE_DIM, GLYPH_BRANCH);
			continue;
		}
		format_cell(drawing, column, row, text, sizeof text);
		draw_cell(pen, cell_role(column, row, news, text), text, column->width,
			column_is_right(column));
	}
	draw_rest(pen, ROLE_NORMAL);
}

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

static void
draw_group(const struct drawing *drawing, struct pen *pen, const struct view_group *group)
{
	const struct table *const table = drawing->table;
	const int start = pen->x;
	int room_end = 0;
	const size_t room = find_room(table, &room_end);

	draw_text(pen, ROLE_GROUP, " ");
	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];
		char text[CELL_SIZE] = "";
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
				group->key[0] != '\0' ? group->key : "(unknown)");
		else if (column->kind == COLUMN_COUNT)
			snprintf(text, sizeof text, "%u", group->count);
		else
			is_sum = format_sum(column, group, text, sizeof text);
		draw_cell(pen,
			column->kind == COLUMN_GROUP       ? ROLE_GROUP
			: is_sum && strcmp(text, "0") == 0 ? ROLE_DIM
							   : ROLE_STRONG,
			text, column->width, column_is_right(column));
	}
	draw_rest(pen, ROLE_NORMAL);
}

static void
draw_heading(const struct tui *tui, const struct table *table, const struct rect *rect)
{
	struct pen pen = draw_pen(&tui->theme, rect->y, rect->x, rect->width);

	if (table->skipped > 0)
		draw_glyph(&pen, ROLE_HEADING, GLYPH_MORE_LEFT);
	for (size_t i = 0; i < table->drawn_count; i++) {
		const struct column *const column = &table->drawn[i];
		const bool sorted = column->kind == COLUMN_FIELD && column->field == table->sort;
		const enum role role = sorted ? ROLE_SORTED : ROLE_HEADING;

		if (column->width == 0)
			continue;
		draw_spaces(&pen, ROLE_HEADING, rect->x + column->x - pen.x);
		if (sorted && !column_is_right(column)) {
			/* Beside the word, not where the column ends. */
			draw_cell(&pen, role, column_title(column),
				(int)strlen(column_title(column)) < column->width
					? (int)strlen(column_title(column))
					: column->width,
				false);
		} else {
			draw_cell(&pen, role, column_title(column), column->width,
				column_is_right(column));
		}
		if (sorted) /* in the gap, so that the heading stays in line */
			draw_glyph(
				&pen, role, table->descending ? GLYPH_DESCENDING : GLYPH_ASCENDING);
	}
	draw_rest(&pen, ROLE_HEADING);
	if (table->more_right && rect->width > 0) {
		pen = draw_pen(&tui->theme, rect->y, rect->x + rect->width - 1, 1);
		draw_glyph(&pen, ROLE_HEADING, GLYPH_MORE_RIGHT);
	}
}

static void
draw_empty(struct tui *tui, const struct rect *rect)
{
	struct pen pen = draw_pen(
		&tui->theme, rect->y + (rect->height > 2 ? 1 : 0), rect->x + 1, rect->width - 1);

	if (rect->height <= 0)
		return;
	if (tui->model->complete_sequence == 0)
		draw_text(&pen, ROLE_DIM, "looking …");
	else if (tui->model->sockets.count > 0)
		draw_text(&pen, ROLE_DIM, "no socket passes the filter; Esc clears its last part");
	else
		draw_text(&pen, ROLE_DIM, "there is no socket");
}

/* Connection requests of each local port: one pass over the rows, and only when there are any. */
static void
count_half_open(const struct model *model, struct map *counts)
{
	if (model->sockets.by_state[0][TCP_STATE_SYN_RECEIVED] == 0)
		return;
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);
		uint32_t count = 0;

		if (row->state != TCP_STATE_SYN_RECEIVED ||
			(row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0)
			continue;
		map_find(counts, half_open_key(row), &count);
		if (map_set(counts, half_open_key(row), count + 1) != 0)
			return;
	}
}

static void
draw_lines(struct drawing *drawing, const struct rect *rows, const struct view_line *lines,
	size_t count)
{
	const struct table *const table = drawing->table;

	for (size_t i = 0; i < count; i++) {
		struct pen pen =
			draw_pen(&drawing->tui->theme, rows->y + (int)i, rows->x, rows->width);

		pen.selected = table->top + i == table->cursor.line;
		if (lines[i].kind == VIEW_GROUP)
			draw_group(drawing, &pen, lines[i].group);
		else
			draw_socket(drawing, &pen, &lines[i]);
	}
}

void
table_draw(struct tui *tui, const struct rect *rect)
{
	struct table *const table = tui_table(tui);
	struct drawing drawing = {.tui = tui,
		.table = table,
		.context = tui_context(tui),
		.now_ms = model_now_ms(tui->model),
		.fresh_ms = FRESH_REFRESHES * tui->settings->interval_ms};
	struct view_line lines[LINES_AT_ONCE];
	const int heading = rect->height > 1 ? 1 : 0;
	struct map half_open;
	size_t height;
	size_t count;

	table->rows =
		(struct rect){rect->y + heading, rect->x, rect->height - heading, rect->width};
	table->heading_y = heading ? rect->y : -1;
	height = table->rows.height > 0 ? (size_t)table->rows.height : 0;
	if (height > LINES_AT_ONCE)
		height = LINES_AT_ONCE;
	table_update(tui, table, tui->forced, height);
	tui->forced = false;
	count = view_window(table->view, table->top, height, lines);
	columns_lay(tui, table, rect->width, lines, count);
	note_addresses(tui, table, lines, count);
	map_init(&half_open);
	if (table->page->half_open) {
		count_half_open(tui->model, &half_open);
		drawing.half_open = &half_open;
	}
	if (heading)
		draw_heading(tui, table, rect);
	draw_lines(&drawing, &table->rows, lines, count);
	if (count == 0)
		draw_empty(tui, &table->rows);
	map_fini(&half_open);
}
