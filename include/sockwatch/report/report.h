/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows out: aligned text, JSON Lines, CSV. Knows fields, not sockets.
 */
#ifndef SOCKWATCH_REPORT_REPORT_H
#define SOCKWATCH_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/buffer.h>

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV };

struct report_options {
	enum report_format format;
	const struct field *const *fields;
	size_t field_count;
	size_t columns; /* terminal's width; 0: a pipe or file, nothing is cut */
	bool keep_all;  /* the user named the columns: none is dropped for lack of room */
	bool color;
	bool no_heading; /* CSV: rows follow those of another report */
};

struct report;

/*
 * Output goes into out; the caller writes it away and clears it at any time. Text is aligned: to
 * the terminal with columns > 0, or else each column to its widest value in the first rows. The
 * fields and the context must outlive the report. NULL: no memory.
 */
struct report *report_new(const struct report_options *options, const struct field_context *context,
	struct buffer *out);
/* The row must stay as it is until report_end: text output looks at the first rows twice. */
void report_row(struct report *report, const void *row);
/* Writes what is still held back, and the headings if there was no row. */
void report_end(struct report *report);
void report_free(struct report *report);

/*
 * A JSON string, for everything here that writes JSON. Text keeps all its characters, escaped by
 * RFC 8259; bytes that are not UTF-8 become U+FFFD, characters that steer a terminal \u escapes.
 */
void json_text(struct buffer *out, struct text text);
/* A CSV value (RFC 4180), clean. */
void csv_text(struct buffer *out, struct text text);

#endif
