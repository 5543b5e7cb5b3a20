/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the line of a socket: its mark, its cells, and their colours. */
#include <config.h>

#include "table_draw.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/trouble.h>
#include <sockwatch/base/text.h>

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

/* How a state is shown when nothing is new about it, nor wrong (analysis/trouble.h). */
static const enum role state_roles[TCP_STATE_COUNT] = {
	[TCP_STATE_SYN_SENT] = ROLE_WAITING,
	[TCP_STATE_SYN_RECEIVED] = ROLE_WAITING,
	[TCP_STATE_FIN_WAIT_1] = ROLE_WAITING,
	[TCP_STATE_FIN_WAIT_2] = ROLE_WAITING,
	[TCP_STATE_TIME_WAIT] = ROLE_WAITING,
	[TCP_STATE_CLOSED] = ROLE_WAITING,
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

static enum severity
severity_of(const struct column *column, const struct trouble_set *troubles)
{
	return column->kind == COLUMN_FIELD ? trouble_of_field(troubles, column->field->name)
					    : SEVERITY_INFO;
}

static enum role
cell_role(const struct column *column, const struct socket_row *row, enum news news,
	enum severity severity, const char *text)
{
	const bool is_field = column->kind == COLUMN_FIELD;
	const bool is_state = is_field && column->field->meaning == FIELD_MEANING_STATE;

	if (severity != SEVERITY_INFO)
		return draw_severity_role(severity);
	if (news == NEWS_BORN || news == NEWS_CLOSED || (news == NEWS_CHANGED && is_state))
		return news_looks[news].role;
	if (is_state && row->state < TCP_STATE_COUNT)
		return state_roles[row->state];
	return strcmp(text, "0") == 0 ? ROLE_DIM : ROLE_NORMAL;
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
	}
}

/*
 * Trouble has its mark also where there are no colours; what is new can wait. A tag comes before
 * both, for the row's colours stay.
 */
static void
draw_mark(struct pen *pen, bool tagged, enum news news, enum severity worst)
{
	if (tagged)
		draw_text(pen, ROLE_STRONG, "*");
	else if (worst != SEVERITY_INFO)
		draw_text(pen, draw_severity_role(worst), DRAW_SEVERITY_MARK);
	else
		draw_text(pen, news_looks[news].role, news_looks[news].mark);
}

void
table_draw_socket(
	const struct table_drawing *drawing, struct pen *pen, const struct view_line *line)
{
	const struct table *const table = drawing->table;
	const struct socket_row *const row = table_row(drawing->tui, line->socket);
	const int start = pen->x;
	struct trouble_set troubles;
	enum news news;

	if (row == NULL) {
		draw_rest(pen, ROLE_NORMAL);
		return;
	}
	news = find_news(drawing, row);
	trouble_judge(drawing->tui->model, row, &troubles);
	draw_mark(pen, tags_has(&drawing->tui->tags, row), news, troubles.worst);
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
		draw_cell(pen, cell_role(column, row, news, severity_of(column, &troubles), text),
			text, column->width, column_is_right(column));
	}
	draw_rest(pen, ROLE_NORMAL);
}
