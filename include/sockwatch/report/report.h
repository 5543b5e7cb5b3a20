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
	bool keep_all;  /* never drop a column for want of room: the user named them */
	bool color;
};

struct report;

/*
 * Output goes into out; the caller writes it away and clears it whenever it likes. Text output is
 * aligned: with columns > 0 to the terminal, else each column to what its widest value of the first
 * rows needs. The fields and the context must outlive the report. NULL: no memory.
 */
struct report *report_new(const struct report_options *options, const struct field_context *context,
	struct buffer *out);
/* The row must stay as it is until report_end: text output looks at the first rows twice. */
void report_row(struct report *report, const void *row);
/* Writes what is still held back, and the headings if there was no row. */
void report_end(struct report *report);
void report_free(struct report *report);

/*
 * JSON pieces, for everything that speaks JSON here. Text is cut of nothing and escaped by RFC
 * 8259; bytes that are no UTF-8 become U+FFFD, characters that steer a terminal \u escapes.
 */
void json_text(struct buffer *out, struct text text);
void json_value(struct buffer *out, const struct field_context *context, const struct value *value);

#endif
