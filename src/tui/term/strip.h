/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of text in parts that each have a role: what pure code makes and panes draw. */
#ifndef SOCKWATCH_TUI_TERM_STRIP_H
#define SOCKWATCH_TUI_TERM_STRIP_H

#include <stddef.h>
#include <stdint.h>

#include "theme.h"

enum { STRIP_TEXT_SIZE = 512, STRIP_PARTS = 16 };

struct strip {
	char text[STRIP_TEXT_SIZE];
	size_t len, columns;
	struct {
		enum role role;
		size_t end; /* byte after it */
	} parts[STRIP_PARTS];
	size_t count;
};

struct buffer;
struct pen;

void strip_clear(struct strip *strip);
/* What does not fit is left out. */
void strip_add(struct strip *strip, enum role role, const char *text);
void strip_format(struct strip *strip, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same text so many times. */
void strip_repeat(struct strip *strip, enum role role, const char *text, size_t times);
/* Blanks up to that column. */
void strip_pad(struct strip *strip, size_t column);
/* "85 us", "12.3 ms", "3.2 s", "2m05s", "3h12m". size >= 16. */
const char *strip_span(uint64_t ns, char *out, size_t size);
void strip_draw(const struct strip *strip, struct pen *pen);
/* The text as a line, without the blanks at its end. */
void strip_print(const struct strip *strip, struct buffer *out);

#endif
