/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of text in parts that each have a meaning: what the analysis writes, the screen draws in
 * its colours and a file gets as plain text.
 */
#ifndef SOCKWATCH_ANALYSIS_STRIP_H
#define SOCKWATCH_ANALYSIS_STRIP_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>

/* What a part of a line is, not how it looks. */
enum meaning {
	MEANING_PLAIN,
	MEANING_STRONG,
	MEANING_DIM, /* there, but not in the way */
	MEANING_GOOD,
	MEANING_WARNING,
	MEANING_CRITICAL,
	MEANING_WAITING, /* it passes by itself */
	MEANING_CHANGED,
	MEANING_DATA,
	MEANING_RULE, /* what separates */
	MEANING_HERE, /* where it stands now */
	MEANING_COUNT,
};

enum { STRIP_TEXT_SIZE = 512, STRIP_PARTS = 16 };

struct strip {
	char text[STRIP_TEXT_SIZE];
	size_t len, columns;
	struct {
		enum meaning meaning;
		size_t end; /* byte after it */
	} parts[STRIP_PARTS];
	size_t count;
};

void strip_clear(struct strip *strip);
/* Text that does not fit is left out. */
void strip_add(struct strip *strip, enum meaning meaning, const char *text);
void strip_format(struct strip *strip, enum meaning meaning, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same text so many times. */
void strip_repeat(struct strip *strip, enum meaning meaning, const char *text, size_t times);
/* Blanks up to that column. */
void strip_pad(struct strip *strip, size_t column);
/* The text as a line, without the blanks at its end. */
void strip_print(const struct strip *strip, struct buffer *out);

#endif
