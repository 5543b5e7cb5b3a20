/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of a hop: a table of them, their titles and their cells as text. */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_COLUMNS_H
#define SOCKWATCH_TUI_PATHS_PATHS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_delay.h>

enum paths_column {
	PATHS_COLUMN_TTL,
	PATHS_COLUMN_HOST,
	PATHS_COLUMN_LOSS,
	PATHS_COLUMN_LINK,
	PATHS_COLUMN_SENT,
	PATHS_COLUMN_RECEIVED,
	PATHS_COLUMN_LATE,
	PATHS_COLUMN_LAST,
	PATHS_COLUMN_AVERAGE,
	PATHS_COLUMN_MEDIAN,
	PATHS_COLUMN_P95,
	PATHS_COLUMN_BEST,
	PATHS_COLUMN_WORST,
	PATHS_COLUMN_DEVIATION,
	PATHS_COLUMN_JITTER,
	PATHS_COLUMN_MTU,
	PATHS_COLUMN_BACK,
	PATHS_COLUMN_WORDS,
	PATHS_COLUMN_SPARKS,
	PATHS_COLUMN_COUNT
};

struct paths_column_look {
	const char *field; /* of hop_fields; NULL: the host, the words and the sparklines */
	const char *title; /* NULL: the field's */
	int width;
	unsigned sets; /* 1 << enum paths_set: where it stands */
	bool essential;
};

extern const struct paths_column_look paths_columns[PATHS_COLUMN_COUNT];

const char *paths_column_title(enum paths_column column);
/* The cell as text; the sparklines have none. */
void paths_column_format(enum paths_column column, const struct path_delay *delay,
	const struct hop_row *row, char *out, size_t size);
/* The delay of the path arises before this hop. */
bool paths_is_slow(const struct path_delay *delay, const struct hop *hop);

#endif
