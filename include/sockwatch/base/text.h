/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from outside (process names, command lines, DNS names, container names) on its way to a
 * terminal or a report. A struct text points into memory of somebody else and need not end in NUL.
 */
#ifndef SOCKWATCH_BASE_TEXT_H
#define SOCKWATCH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
	const char *data;
	size_t len;
};

struct text text_of(const char *string);
bool text_equal(struct text a, struct text b);
/* Order of the bytes, as memcmp; a prefix comes first. */
int text_compare(struct text a, struct text b);
/* ASCII case ignored. */
bool text_equal_nocase(struct text a, const char *b);
bool text_contains_nocase(struct text haystack, struct text needle);

/* Cuts off and returns what stands before the first c, which goes too; all when there is no c. */
struct text text_cut(struct text *rest, char c);
/* Cuts the next line off, without its newline; false at the end. */
bool text_next_line(struct text *rest, struct text *line);

/*
 * Copies text into out (size bytes, always NUL-terminated) so that it can harm no terminal: control
 * characters, escape sequences' ESC, C1, bidirectional overrides and invalid UTF-8 become '?' or,
 * for tab, newline and NUL, a space. Cuts at a whole character. Returns the bytes written without
 * the NUL.
 */
size_t text_clean(struct text text, char *out, size_t size);

/*
 * Appends to the len bytes that stand in out already; text that has no room in size bytes is cut,
 * the NUL is always there. Returns the length now.
 */
__attribute__((format(printf, 4, 5))) size_t text_add(
	char *out, size_t size, size_t len, const char *format, ...);

/* Columns that clean UTF-8 text takes on a terminal (wcwidth; unknown characters 1). */
size_t text_width(const char *text);
/* Bytes at the start of clean text that fit in this many columns. */
size_t text_fit(const char *text, size_t columns);

/*
 * Cuts clean text to at most `columns` columns, in place. With mark, a text that was cut ends in
 * '~'. Returns the columns taken.
 */
size_t text_truncate(char *text, size_t columns, bool mark);

#endif
