/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A screen: one table of sockets with its own view, columns, filter, order and cursor. Sockets and
 * listeners are two rows of one table (screen.c).
 */
#ifndef SOCKWATCH_TUI_TABLE_SCREEN_H
#define SOCKWATCH_TUI_TABLE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/analysis/view.h>
#include <sockwatch/base/error.h>
#include <sockwatch/tui/settings.h>

#include "filter_stack.h"
#include "tui/term/draw.h"

struct tui;

enum screen_id { SCREEN_SOCKETS, SCREEN_LISTENERS, SCREEN_COUNT };

enum column_kind {
	COLUMN_FIELD,
	COLUMN_GROUP,     /* what the rows of a group have in common */
	COLUMN_COUNT,     /* sockets of the group */
	COLUMN_HALF_OPEN, /* connection requests of a listener */
};

struct column {
	enum column_kind kind;
	const struct field *field; /* of COLUMN_FIELD */
	int x, width;              /* as drawn last; width 0: not */
	int widest;                /* contents seen since the columns were laid out anew */
};

enum { SCREEN_COLUMNS_MAX = SETTINGS_COLUMNS_MAX + 3 };

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

struct screen {
	const struct screen_kind *kind;
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
	struct column drawn[SCREEN_COLUMNS_MAX];
	size_t drawn_count;
	struct rect rows; /* where the lines are */
	int heading_y;
	bool more_right; /* columns that found no room */
};

int screen_init(struct tui *tui, enum screen_id id);
void screen_fini(struct screen *screen);
const char *screen_title(const struct screen *screen);
/* Its table has a column of connection requests. */
bool screen_counts_half_open(const struct screen *screen);

/* Columns, order, group and numbers from the screen's members to its view. */
void screen_apply(struct tui *tui, struct screen *screen);
/* The filter of the screen: its own condition and the terms. 0 or -EINVAL with a sentence. */
int screen_apply_filter(struct tui *tui, struct screen *screen, struct error *error);
/* The same with another text instead of the terms, for a filter that is still being typed. */
int screen_try_filter(
	struct tui *tui, struct screen *screen, const char *text, struct error *error);
void screen_sort(struct tui *tui, const struct field *field, bool descending);
void screen_group(struct tui *tui, const struct field *field);
/* Takes the columns of the settings. */
void screen_take_columns(struct tui *tui, struct screen *screen);
/* What the columns, order, group and filter need fetched. */
uint32_t screen_needs(const struct screen *screen);

/* Brings the view up to the model and the cursor to its socket; `height` lines are shown. */
void screen_update(struct tui *tui, struct screen *screen, bool force, size_t height);
/* Moves the cursor to a line and gives it the socket there. */
void screen_go(struct tui *tui, struct screen *screen, size_t line);
/* The socket under the cursor (of a group: its first), or SOCKET_NONE when the line is empty. */
uint32_t screen_socket(struct tui *tui, struct screen *screen);
/* The group under the cursor, or to which the row under it belongs; NULL: none. */
const struct view_group *screen_group_here(struct tui *tui, struct screen *screen);
/* The row of an id that a view told, or NULL when it is gone meanwhile. */
const struct socket_row *screen_row(const struct tui *tui, uint32_t socket);

#endif
