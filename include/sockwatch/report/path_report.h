/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probed path as text, like the report of mtr, as JSON Lines and as CSV. */
#ifndef SOCKWATCH_REPORT_PATH_REPORT_H
#define SOCKWATCH_REPORT_PATH_REPORT_H

#include <sockwatch/base/buffer.h>
#include <sockwatch/model/path.h>
#include <sockwatch/report/report.h>

struct path_report {
	const char *target; /* as the user named it, not clean */
	const char *host;   /* this box; for the heading */
	size_t columns;     /* width of the terminal, or 0: nothing is cut */
	size_t lines;       /* height of the terminal, or 0 */
	/* The name of an address, not clean, or NULL. May itself be NULL. */
	const char *(*name)(void *context, const struct address *address);
	void *context;
};

/* Returns the lines written. */
size_t path_report_text(
	const struct path_report *report, const struct path *path, struct buffer *out);
/*
 * A line a hop, with the fields of hop_fields, then a line on the path as a whole: "reached", its
 * figures, its verdict and notes, why it cannot be probed. 0 or -ENOMEM.
 */
int path_report_json(const struct path_report *report, const struct path *path, struct buffer *out);
/* The lines of the hops only. 0 or -ENOMEM. */
int path_report_csv(const struct path_report *report, const struct path *path, bool has_heading,
	struct buffer *out);

#endif
