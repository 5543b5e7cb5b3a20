/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sentence for a person: what went wrong, why, and what to do. Functions that can fail
 * return 0 or a negative errno and, where a person will read it, fill a struct error. Only app and
 * tui show it.
 */
#ifndef SOCKWATCH_BASE_ERROR_H
#define SOCKWATCH_BASE_ERROR_H

#include <stddef.h>

/* position: byte offset in the input (a filter) that the sentence is about, or -1. */
struct error {
	int position;
	char text[508];
};

/* Sets the sentence, without a position. error may be NULL: the caller does not want it. */
void error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets this sentence, about what the user typed. -EINVAL, so that the caller can return it. */
int error_refuse(struct error *error, const char *sentence);

/* As error_set, pointing at a byte of the input. */
void error_set_at(struct error *error, size_t position, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
