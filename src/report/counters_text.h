/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One namespace's counters as lines, for counters_report.c. */
#ifndef SOCKWATCH_REPORT_COUNTERS_TEXT_H
#define SOCKWATCH_REPORT_COUNTERS_TEXT_H

#include <sockwatch/report/counters_report.h>

#include <sockwatch/analysis/counter/counter_choice.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>

enum { COUNTER_JOINED_SIZE = 80 };

/* "Tcp.ActiveOpens"; a counter without a group has its name alone. Returns out. */
const char *counters_join(const struct counter_name *name, char out[COUNTER_JOINED_SIZE]);

/* The two lines of headings of counters_columns. */
void counters_headings(struct buffer *out);
/* The important counters in columns: totals, or changes a second. */
void counters_columns(const struct counters *counters, bool rates, struct buffer *out);
/* The important counters in groups, a line each, with words. */
void counters_list(const struct model *model, const struct counters *counters, struct buffer *out);
/* The chosen ones: as columns with their names above, and as lines with words; "-": not known. */
void counters_headings_chosen(
	const struct model *model, const struct counter_choice *choice, struct buffer *out);
void counters_columns_chosen(const struct model *model, const struct counter_choice *choice,
	const struct counters *counters, bool rates, struct buffer *out);
void counters_list_chosen(const struct model *model, const struct counter_choice *choice,
	const struct counters *counters, struct buffer *out);
/* All that are not 0, a line each. */
void counters_list_all(
	const struct model *model, const struct counters *counters, struct buffer *out);

#endif
