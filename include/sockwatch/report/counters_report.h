/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of the namespaces as text, JSON Lines or CSV. What they changed by is measured between
 * two calls, on the monotonic clock.
 */
#ifndef SOCKWATCH_REPORT_COUNTERS_REPORT_H
#define SOCKWATCH_REPORT_COUNTERS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/model/model.h>
#include <sockwatch/report/report.h>

struct counters_report_options {
	enum report_format format;
	bool all;           /* every counter that the kernel printed, but those at 0 */
	const char *choice; /* names of counters, for counter_choice_read; NULL: the usual ones */
	bool is_rated;      /* text: lines of changes a second follow the totals */
	bool no_first;      /* not the totals of the first snapshot */
	size_t lines;       /* of the terminal: headings come again after so many; 0: once */
};

struct counters_report;

/* Output goes into out, which the caller writes away. NULL: no memory. */
struct counters_report *counters_report_new(const struct counters_report_options *options,
	const struct model *model, struct buffer *out);
void counters_report_free(struct counters_report *report);
/* Changes are those since this snapshot: of the interval, see counters_hold for the counters. */
void counters_report_hold(struct counters_report *report);
/*
 * Takes in a snapshot: the first time totals, later what changed since the call before, a line or
 * object for each namespace. Of a namespace that had no readings before, and of a counter that
 * fell, no rate is told. 0; -EINVAL with a sentence: the choice names what the kernel does not
 * print.
 */
int counters_report_snapshot(struct counters_report *report, struct error *error);

#endif
