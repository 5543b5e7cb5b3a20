/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the rows of a probed path. */
#include <config.h>

#include "path_rows.h"

#include <stdlib.h>

struct hop_row *
path_rows_make(const struct path_report *report, const struct path *path, size_t *count)
{
	const unsigned first = path->start.first_ttl == 0 ? 0 : path->start.first_ttl - 1U;
	unsigned end = path->hop_count > first ? path->hop_count : first;
	struct hop_row *rows;

	if (end < PATH_TTL_MAX && hop_row_is_beyond(path, &path->hops[end]))
		end++;
	*count = end - first;
	rows = calloc(*count + 1, sizeof *rows);
	for (size_t i = 0; rows != NULL && i < *count; i++)
		hop_row_fill(&rows[i], path, &path->hops[first + i], report->name, report->context);
	return rows;
}
