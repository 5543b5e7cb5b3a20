/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the line of a socket: its mark, its cells, and their colours. */
#include <config.h>

#include "table_draw.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/map.h>
#include <sockwatch/base/text.h>

#include "columns.h"
#include "tui/state.h"

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
find_news(const struct table_drawing *drawing, const struct socket_row *row)
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
format_cell(const struct table_drawing *drawing, const struct column *column,
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

/* One pass over the rows, and only when there are any. */
void
table_count_half_open(const struct model *model, struct map *counts)
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

void
table_draw_socket(
	const struct table_drawing *drawing, struct pen *pen, const struct view_line *line)
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
		char text[TABLE_CELL_SIZE];

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
