/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output in large pieces. A reader that goes away (head, less) is no error. */
#ifndef SOCKWATCH_APP_OUTPUT_H
#define SOCKWATCH_APP_OUTPUT_H

#include <stdbool.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>

struct output {
	struct buffer buffer; /* append here */
	bool closed;          /* nobody reads any more, so stop */
	/* The loop takes the signals. A signal ends the waiting for a reader, also when it came
	 * before. */
	bool is_interruptible, is_interrupted;
};

/* 0, or -ENOMEM with a sentence. */
int output_init(struct output *output, struct error *error);
void output_fini(struct output *output);
/*
 * Writes once a large piece has gathered; with all, whatever there is. 0 (also when nobody reads
 * any more), or negative errno with a sentence.
 */
int output_write(struct output *output, bool all, struct error *error);
/*
 * At the end of every command: writes what the C library still holds for standard output. 0 when
 * all that was printed in this run was taken, or when its reader went away; negative errno when
 * something was not, with a sentence unless output_write gave one before.
 */
int output_finish(struct error *error);
/* The width of the terminal that standard output is, or 0. */
size_t output_columns(void);
/* Its height, or 0. */
size_t output_lines(void);

#endif
