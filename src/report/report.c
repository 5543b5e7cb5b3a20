/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report from its making to its end: takes rows and hands them to the writer of the format.
 *
 * The room: text_table.c, json.c and csv.c write rows, with rows.c for numbers; rows.h is what they
 * share. path_report.c writes a probed path.
 */
#include <config.h>

#include <sockwatch/report/report.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

struct report *
report_new(const struct report_options *options, const struct field_context *context,
	struct buffer *out)
{
	const size_t count = options->field_count;
	struct report *const report = calloc(1, sizeof *report);

	if (report == NULL)
		return NULL;
	report->options = *options;
	report->context = context;
	report->out = out;
	report->fields = calloc(count + 1, sizeof(struct field *));
	report->columns = calloc(count + 1, sizeof *report->columns);
	report->keys = calloc(count + 1, sizeof *report->keys);
	report->held = calloc(ROWS_LOOKAHEAD, sizeof *report->held);
	report->cell = malloc(ROWS_CELL_SIZE);
	report->raw = malloc(ROWS_CELL_SIZE);
	if (report->fields == NULL || report->columns == NULL || report->keys == NULL ||
		report->held == NULL || report->cell == NULL || report->raw == NULL) {
		report_free(report);
		return NULL;
	}
	if (count > 0)
		memcpy(report->fields, options->fields, count * sizeof(struct field *));
	report->options.fields = report->fields;
	if (options->format == REPORT_JSON)
		json_keys(report);
	return report;
}

void
report_free(struct report *report)
{
	if (report == NULL)
		return;
	free(report->fields);
	free(report->columns);
	free(report->keys);
	free(report->held);
	free(report->cell);
	free(report->raw);
	free(report);
}

static void
release_held(struct report *report)
{
	text_lay_out(report);
	text_headings(report);
	for (size_t i = 0; i < report->held_count; i++)
		text_row(report, report->held[i]);
	report->held_count = 0;
	report->started = true;
}

void
report_row(struct report *report, const void *row)
{
	switch (report->options.format) {
	case REPORT_TEXT:
		if (report->started) {
			text_row(report, row);
			return;
		}
		report->held[report->held_count++] = row;
		if (report->held_count == ROWS_LOOKAHEAD)
			release_held(report);
		return;
	case REPORT_JSON: json_row(report, row); return;
	case REPORT_CSV:
		if (!report->started)
			csv_headings(report);
		report->started = true;
		csv_row(report, row);
		return;
	}
}

void
report_end(struct report *report)
{
	if (report->started)
		return;
	report->started = true;
	if (report->options.format == REPORT_TEXT)
		release_held(report);
	else if (report->options.format == REPORT_CSV)
		csv_headings(report);
}
