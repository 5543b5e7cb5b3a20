/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of UTF-8 text being typed. Pure: no terminal; the prompt and the menus draw it. */
#ifndef SOCKWATCH_TUI_TERM_LINEEDIT_H
#define SOCKWATCH_TUI_TERM_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINEEDIT_SIZE = 1024 };

enum lineedit_result {
	LINEEDIT_IGNORED, /* not a key of the editor */
	LINEEDIT_MOVED,
	LINEEDIT_CHANGED,
};

struct lineedit {
	char text[LINEEDIT_SIZE];
	size_t len;    /* bytes */
	size_t cursor; /* byte offset, always at the start of a character */
};

/* One row of the editor's key table, for the help screen. */
struct lineedit_key {
	uint32_t key;
	enum lineedit_result (*run)(struct lineedit *edit);
	const char *help;
};
extern const struct lineedit_key lineedit_keys[];
extern const size_t lineedit_key_count;

/* Cursor at the end. Too long a text is cut at a character. */
void lineedit_set(struct lineedit *edit, const char *text);
enum lineedit_result lineedit_key(struct lineedit *edit, uint32_t key);
/* At the cursor; all or nothing. */
bool lineedit_insert(struct lineedit *edit, const char *text, size_t len);
/* Replaces the `typed` bytes before the cursor. */
bool lineedit_complete(struct lineedit *edit, size_t typed, const char *word, size_t len);

#endif
