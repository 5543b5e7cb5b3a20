/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probed path as text, like the report of mtr, and as JSON Lines, one object a hop. */
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
/* 0 or -ENOMEM. */
int path_report_json(const struct path_report *report, const struct path *path, struct buffer *out);

#endif
