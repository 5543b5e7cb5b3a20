/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of sockets with its own view, columns, filter, order and cursor.
 */
#ifndef SOCKWATCH_TUI_TABLE_TABLE_H
#define SOCKWATCH_TUI_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/base/error.h>
#include <sockwatch/tui/settings.h>

#include "filter_stack.h"
#include "tui/column/column.h"
#include "tui/term/draw.h"

struct page;
struct tui;

enum { TABLE_COLUMNS_MAX = SETTINGS_COLUMNS_MAX + 3 };

/*
 * The cursor. While it rests it is the first line, whatever stands there; once moved it belongs to
 * a socket or group and follows it.
 */
struct cursor {
	bool resting;
	bool on_group;
	struct identity socket; /* of a group: its first */
	char group[128];
	size_t line;
};

struct table {
	const struct page *page;
	struct view *view;
	struct filter_stack filters;
	uint32_t filter_needs;
	const struct field *columns[SETTINGS_COLUMNS_MAX]; /* what the user wants */
	size_t column_count;
	const struct field *sort;
	bool descending;
	const struct field *group;
	struct cursor cursor;
	size_t top;     /* first line shown */
	size_t skipped; /* columns scrolled away to the left */
	/* as drawn last */
	struct column drawn[TABLE_COLUMNS_MAX];
	size_t drawn_count;
	struct rect rows; /* where the lines are */
	int heading_y;
	bool more_right; /* columns that found no room */
};

/* 0, or -ENOMEM. */
int table_init(struct tui *tui, struct table *table, const struct page *page);
void table_fini(struct table *table);

/* Columns, order, group and numbers from the table's members to its view. */
void table_apply(struct tui *tui, struct table *table);
/* The filter of its terms. 0 or -EINVAL with a sentence. */
int table_apply_filter(struct tui *tui, struct table *table, struct error *error);
/* The same with another text instead of the terms, for a filter that is still being typed. */
int table_try_filter(struct tui *tui, struct table *table, const char *text, struct error *error);
void table_sort(struct tui *tui, const struct field *field, bool descending);
void table_group(struct tui *tui, const struct field *field);
/* The field of the order that shows the worst first. */
const struct field *table_by_trouble(void);
/* Takes the columns of the settings. */
void table_take_columns(struct tui *tui, struct table *table);
/* NEED_… of the columns, order, group and filter. */
uint32_t table_needs(const struct table *table);

/* Brings the view up to the model and the cursor to its socket; `height` lines are shown. */
void table_update(struct tui *tui, struct table *table, bool force, size_t height);
/* Moves the cursor to a line and gives it the socket there. */
void table_go(struct tui *tui, struct table *table, size_t line);
/* The socket under the cursor (of a group: its first), or SOCKET_NONE when the line is empty. */
uint32_t table_socket(struct tui *tui, struct table *table);
/* The socket that an action is about: the detail page's, else the one under the cursor. */
uint32_t tui_row_in_question(struct tui *tui);
/* The group under the cursor, or to which the row under it belongs; NULL: none. */
const struct view_group *table_group_here(struct tui *tui, struct table *table);
/* The row of a socket, or NULL when it is gone meanwhile. */
const struct socket_row *table_row(const struct tui *tui, uint32_t socket);

/* order.c: for the keys that other tables have too. */
/* A menu of the fields that may order the rows. */
void order_sort_menu(struct tui *tui);
/* By the column to the right of the one that orders the rows now, or to its left. */
void order_sort_step(struct tui *tui, bool right);
void order_sort_invert(struct tui *tui);
/* As the sockets came; again: trouble first. */
void order_arrival(struct tui *tui);

#endif
