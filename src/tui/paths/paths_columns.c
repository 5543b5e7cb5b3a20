/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The columns of a hop, and the text of each cell. There are three sets of columns: the times as
 * mtr has them, their spread, and the packets.
 */
#include <config.h>

#include "paths_columns.h"

#include <sockwatch/base/text.h>

#include "paths.h"
#include "paths_host.h"

enum {
	TIMES = 1 << PATHS_SET_TIMES,
	SPREAD = 1 << PATHS_SET_SPREAD,
	PACKETS = 1 << PATHS_SET_PACKETS,
	EVERY = TIMES | SPREAD | PACKETS,
};

const struct paths_column_look paths_columns[PATHS_COLUMN_COUNT] = {
	[PATHS_COLUMN_TTL] = {"ttl", "", 3, EVERY, true},
	[PATHS_COLUMN_HOST] = {NULL, "Host", 28, EVERY, true},
	[PATHS_COLUMN_LOSS] = {"loss_pct", NULL, 6, EVERY, true},
	[PATHS_COLUMN_LINK] = {"link_loss_pct", NULL, 6, PACKETS, true},
	[PATHS_COLUMN_SENT] = {"sent", NULL, 5, EVERY, false},
	[PATHS_COLUMN_RECEIVED] = {"received", NULL, 5, PACKETS, false},
	[PATHS_COLUMN_LATE] = {"late", NULL, 5, PACKETS, false},
	[PATHS_COLUMN_LAST] = {"last_ms", NULL, 6, TIMES, false},
	[PATHS_COLUMN_AVERAGE] = {"avg_ms", NULL, 6, TIMES | SPREAD, true},
	[PATHS_COLUMN_MEDIAN] = {"p50_ms", NULL, 6, SPREAD, false},
	[PATHS_COLUMN_P95] = {"p95_ms", NULL, 6, SPREAD, false},
	[PATHS_COLUMN_BEST] = {"best_ms", NULL, 6, TIMES, false},
	[PATHS_COLUMN_WORST] = {"worst_ms", NULL, 6, TIMES | SPREAD, false},
	[PATHS_COLUMN_DEVIATION] = {"stddev_ms", NULL, 6, TIMES, false},
	[PATHS_COLUMN_JITTER] = {"jitter_ms", NULL, 6, SPREAD, false},
	[PATHS_COLUMN_MTU] = {"mtu", NULL, 5, PACKETS, false},
	[PATHS_COLUMN_BACK] = {"hops_back", NULL, 4, PACKETS, false},
	[PATHS_COLUMN_WORDS] = {NULL, "", 16, EVERY, true},
	[PATHS_COLUMN_SPARKS] = {NULL, "History", 8, EVERY, false},
};

static const struct field *
field_of(enum paths_column column)
{
	static const struct field *found[PATHS_COLUMN_COUNT];

	return field_keep(&hop_fields, paths_columns[column].field, &found[column]);
}

const char *
paths_column_title(enum paths_column column)
{
	const char *const title = paths_columns[column].title;

	return title != NULL ? title : field_of(column)->title;
}

bool
paths_is_slow(const struct path_delay *delay, const struct hop *hop)
{
	return delay->hop == hop && delay->is_step;
}

static void
format_words(const struct path_delay *delay, const struct hop_row *row, char *out, size_t size)
{
	const size_t len = hop_row_words(row, out, size);

	if (paths_is_slow(delay, row->hop))
		text_add(out, size, len, "%s+%.1f ms", len > 0 ? ", " : "",
			(double)delay->step_us / 1000);
}

void
paths_column_format(enum paths_column column, const struct path_delay *delay,
	const struct hop_row *row, char *out, size_t size)
{
	out[0] = '\0';
	if (column == PATHS_COLUMN_HOST)
		paths_host_format(row, 0, out, size);
	else if (column == PATHS_COLUMN_WORDS)
		format_words(delay, row, out, size);
	else if (column != PATHS_COLUMN_SPARKS)
		hop_row_format(row, field_of(column), HOP_ROW_SHORT, out, size);
}
