/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of rows of any field table, for the screens that do not show sockets: listeners,
 * counters, findings. A page has one or more of them. What differs is in struct rows_kind; the
 * cursor, scrolling, order, filter, copying and writing are the same everywhere.
 *
 * Sockets have tui/table/ instead, because a million of them is never sorted as a whole.
 */
#ifndef SOCKWATCH_TUI_ROWS_ROWS_TABLE_H
#define SOCKWATCH_TUI_ROWS_ROWS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/row_order.h>
#include <sockwatch/analysis/topic/topic.h>
#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/message.h>

#include "tui/column/column.h"
#include "tui/page.h"
#include "tui/term/draw.h"
#include "tui/term/lineedit.h"
#include "tui/term/scroll.h"

struct rows;
struct search_list;
struct tui;

enum { ROWS_COLUMNS_MAX = 32 };

/* What the rows are: a constant. Members that may be NULL say so. */
struct rows_kind {
	const char *title; /* in the header: "counters" */
	const struct field_table *fields;
	const char *columns; /* names of fields, as field_parse_list takes them */
	const char *sort;    /* the field that orders them at first; NULL: as load adds them */
	const char *empty;   /* a sentence where there is no row */
	/* Adds all rows (row_order_add). They must live until it is called again. */
	void (*load)(struct tui *tui, struct row_order *list);
	/* Enter or a double click on the row. NULL: does nothing. */
	void (*enter)(struct tui *tui, const void *row);
	/* The word that help explains for the row. NULL: there is none. */
	bool (*topic)(const void *row, struct topic *topic);
	/* How bad the field of the row is, for its colour; field NULL: the row, for its mark. NULL:
	 * nothing is. */
	enum severity (*judge)(struct tui *tui, const void *row, const struct field *field);
	/* Draws a cell that is no text, width cells wide; false: draw its text. NULL: all are. */
	bool (*draw_cell)(struct tui *tui, struct pen *pen, const void *row,
		const struct field *field, int width);
};

/* Its members are private to the room. */
struct rows {
	const struct rows_kind *kind; /* NULL: it was never opened */
	struct row_order list;
	uint32_t sequence; /* snapshot that the rows were taken in after */
	const struct field *columns[ROWS_COLUMNS_MAX];
	size_t column_count;
	const struct field *sort;
	bool descending;
	struct filter *filter;
	char filter_text[LINEEDIT_SIZE];
	char filter_before[LINEEDIT_SIZE]; /* while another one is typed: what Esc brings back */
	/* While it rests the cursor is on the first row; once moved it follows its row. */
	bool is_moved;
	uint64_t key; /* of the row under the cursor */
	size_t line;
	size_t top;     /* first line shown */
	size_t skipped; /* columns after the first that are scrolled away */
	/* as drawn last */
	struct column drawn[ROWS_COLUMNS_MAX];
	size_t drawn_count;
	struct rect rect; /* where the lines are */
	int heading_y;
	bool more_right;
};

/* rows_table.c */
/* Makes the rows ready, the first time, and gives them the keys of the page. */
void rows_open(struct tui *tui, enum page_id page, struct rows *rows, const struct rows_kind *kind);
void rows_fini(struct rows *rows);
/* The table that has the keys, or NULL: the page on the screen has none. */
struct rows *rows_with_keys(const struct tui *tui);
/* The row under the cursor, or NULL. */
const void *rows_selected(const struct rows *rows);
/* Takes the rows in again and brings the cursor to its row; `height` lines are shown. */
void rows_update(struct tui *tui, struct rows *rows, size_t height);
/* The same for the table with the keys, where a snapshot came since it was drawn: its rows are
 * gone. */
void rows_settle(struct tui *tui);
/* Moves the cursor to a row's line; on a section's title it goes on in that direction. */
void rows_go(struct tui *tui, struct rows *rows, size_t line, bool down);

/* rows_draw.c: heading and lines; only the table with the keys shows its cursor. */
void rows_draw(struct tui *tui, struct rows *rows, const struct rect *rect);

/* rows_pane.c: of the table with the keys, as struct pane has them */
void rows_pane_move(struct tui *tui, enum move move);
void rows_pane_enter(struct tui *tui);
void rows_pane_click(struct tui *tui, int y, int x, bool twice);
void rows_pane_wheel(struct tui *tui, int lines);
/* At first the filter goes, then the page. */
void rows_pane_back(struct tui *tui);

/* rows_order.c */
void rows_sort_by(struct tui *tui, struct rows *rows, const struct field *field, bool descending);
void rows_sort_menu(struct tui *tui);
void rows_sort_step(struct tui *tui, bool right);
void rows_sort_invert(struct tui *tui);
/* The order as the rows are added; again: that of the kind. */
void rows_sort_default(struct tui *tui);

/* rows_filter.c */
void rows_filter_prompt(struct tui *tui);
/* Takes the filter away; false: there was none. */
bool rows_filter_clear(struct tui *tui, struct rows *rows);

/* rows_search.c: of the table with the keys */
extern const struct search_list rows_search;

/* rows_print.c: of the table with the keys, as struct page has them */
bool rows_print_selected(struct tui *tui, struct buffer *out);
size_t rows_print(struct tui *tui, struct buffer *out);

#endif
