/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys as numbers: a character is its Unicode code point (control characters included), any other
 * key one of the enum below. Their names are those of the help screen and of the config's `bind`:
 * "F3", "s", "C-l", "PgUp".
 */
#ifndef SOCKWATCH_TUI_TERM_KEYS_H
#define SOCKWATCH_TUI_TERM_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum keys_code {
	KEYS_NONE = 0,
	KEYS_TAB = 9,
	KEYS_ENTER = 13,
	KEYS_ESCAPE = 27,
	KEYS_SPACE = 32,
	KEYS_BACKSPACE = 127,
	KEYS_SPECIAL = 0x200000, /* beyond Unicode */
	KEYS_UP,
	KEYS_DOWN,
	KEYS_LEFT,
	KEYS_RIGHT,
	KEYS_PAGE_UP,
	KEYS_PAGE_DOWN,
	KEYS_HOME,
	KEYS_END,
	KEYS_INSERT,
	KEYS_DELETE,
	KEYS_BACK_TAB,
	KEYS_MOUSE,
	KEYS_F0 = 0x200100, /* F1 is KEYS_F0 + 1 */
};

enum { KEYS_NAME_SIZE = 16, KEYS_F_MAX = 24 };

/* Control key of a letter: KEYS_CTRL('l'). */
#define KEYS_CTRL(letter) ((uint32_t)(letter)&0x1f)

/* A character that can be typed into a text. */
bool keys_is_text(uint32_t key);

/* The key that get_wch returned; KEYS_NONE for an unknown one. */
uint32_t keys_from_curses(bool is_function, uint32_t code);

/* Teaches ncurses the sequences that its terminfo entry lacks. After newterm. */
void keys_define_common(void);

/* The key of a name; KEYS_NONE when there is none. */
uint32_t keys_parse(const char *name, size_t len);

/* Its name; returns out. size >= KEYS_NAME_SIZE. */
char *keys_name(uint32_t key, char *out, size_t size);

/* A code point as UTF-8, NUL-terminated; returns its bytes. size >= 5. */
size_t keys_utf8(uint32_t code, char *out, size_t size);

#endif
