/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as its three writers share it, and the functions of each writer. */
#ifndef SOCKWATCH_REPORT_ROWS_H
#define SOCKWATCH_REPORT_ROWS_H

#include <sockwatch/report/report.h>

enum { ROWS_LOOKAHEAD = 1024, ROWS_CELL_SIZE = 64 * 1024 };

/* A column of text output. */
struct column {
	size_t width;   /* that values are padded to */
	size_t natural; /* width that the widest of the first rows needs */
	bool cut;       /* values are made to fit the width */
	bool dropped;
};

/* `,"name":` with its length, so that a row is mostly copying. */
struct json_key {
	char text[32];
	size_t len;
};

struct report {
	struct report_options options;
	const struct field_context *context;
	struct buffer *out;
	const struct field **fields;
	struct column *columns; /* text */
	size_t last;            /* the last column that is shown */
	struct json_key *keys;  /* JSON */
	char *cell;             /* ROWS_CELL_SIZE: clean text */
	char *raw;              /* ROWS_CELL_SIZE: text that is to be cleaned */
	const void **held;      /* ROWS_LOOKAHEAD first rows, until the columns are laid out */
	size_t held_count;
	bool started; /* headings are written */
};

/* Lays the columns out from the rows held; then text_row may be called. */
void text_lay_out(struct report *report);
void text_headings(struct report *report);
void text_row(struct report *report, const void *row);

void json_keys(struct report *report);
/* One value; unknown is null. */
void json_value(struct buffer *out, const struct field_context *context, const struct value *value);
void json_row(struct report *report, const void *row);

void csv_headings(struct report *report);
void csv_row(struct report *report, const void *row);

/* Decimal text of a real number, without an exponent where that is readable, in no locale. */
void rows_append_real(struct buffer *out, double number);

#endif
