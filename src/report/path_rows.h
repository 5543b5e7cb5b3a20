/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a probed path, the same in text, JSON and CSV. */
#ifndef SOCKWATCH_REPORT_PATH_ROWS_H
#define SOCKWATCH_REPORT_PATH_ROWS_H

#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/report/path_report.h>

/*
 * One for each hop from the first ttl on; and one for the first hop that was probed in vain, when
 * nobody said where the path ends: there the target is silent. NULL: no memory. The caller frees
 * it; it lives no longer than the path.
 */
struct hop_row *path_rows_make(
	const struct path_report *report, const struct path *path, size_t *count);

#endif
