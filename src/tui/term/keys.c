/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys: from what ncurses and terminals send, to their names and back. */
#include <config.h>

#include "keys.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <stdio.h>

#include <sockwatch/base/text.h>

/* Our keys, ncurses' codes for them, and their names. The first name of a code is its name. */
static const struct {
	uint32_t key;
	uint32_t curses;
	const char *name;
} names[] = {
	{KEYS_UP, KEY_UP, "Up"},
	{KEYS_DOWN, KEY_DOWN, "Down"},
	{KEYS_LEFT, KEY_LEFT, "Left"},
	{KEYS_RIGHT, KEY_RIGHT, "Right"},
	{KEYS_PAGE_UP, KEY_PPAGE, "PgUp"},
	{KEYS_PAGE_DOWN, KEY_NPAGE, "PgDn"},
	{KEYS_HOME, KEY_HOME, "Home"},
	{KEYS_END, KEY_END, "End"},
	{KEYS_INSERT, KEY_IC, "Ins"},
	{KEYS_DELETE, KEY_DC, "Del"},
	{KEYS_BACK_TAB, KEY_BTAB, "S-Tab"},
	{KEYS_MOUSE, KEY_MOUSE, "Mouse"},
	{KEYS_ENTER, KEY_ENTER, "Enter"},
	{KEYS_BACKSPACE, KEY_BACKSPACE, "BSpace"},
	{KEYS_TAB, 0, "Tab"},
	{KEYS_ESCAPE, 0, "Esc"},
	{KEYS_SPACE, 0, "Space"},
};

enum { NAMES = sizeof names / sizeof names[0] };

bool
keys_is_text(uint32_t key)
{
	return key >= 0x20 && key != KEYS_BACKSPACE && (key < 0x80 || key >= 0xa0) &&
	       key < KEYS_SPECIAL;
}

uint32_t
keys_from_curses(bool is_function, uint32_t code)
{
	if (!is_function) {
		if (code == '\n')
			return KEYS_ENTER;
		if (code == '\b')
			return KEYS_BACKSPACE;
		return code < KEYS_SPECIAL ? code : KEYS_NONE;
	}
	if (code >= (uint32_t)KEY_F(1) && code <= (uint32_t)KEY_F(KEYS_F_MAX))
		return KEYS_F0 + (code - (uint32_t)KEY_F(0));
	for (size_t i = 0; i < NAMES; i++) {
		if (names[i].curses != 0 && names[i].curses == code)
			return names[i].key;
	}
	return KEYS_NONE;
}

/*
 * Terminals send these whatever their terminfo lists: a vt100 entry has no F5, and the emulator
 * that calls itself a vt100 sends one all the same.
 */
static const struct {
	const char *sequence;
	uint32_t curses;
} common[] = {
	{"\033[A", KEY_UP},
	{"\033[B", KEY_DOWN},
	{"\033[C", KEY_RIGHT},
	{"\033[D", KEY_LEFT},
	{"\033[H", KEY_HOME},
	{"\033[F", KEY_END},
	{"\033[1~", KEY_HOME},
	{"\033[2~", KEY_IC},
	{"\033[3~", KEY_DC},
	{"\033[4~", KEY_END},
	{"\033[5~", KEY_PPAGE},
	{"\033[6~", KEY_NPAGE},
	{"\033[Z", KEY_BTAB},
	{"\033OH", KEY_HOME},
	{"\033OF", KEY_END},
	{"\033OP", KEY_F(1)},
	{"\033OQ", KEY_F(2)},
	{"\033OR", KEY_F(3)},
	{"\033OS", KEY_F(4)},
	{"\033[11~", KEY_F(1)},
	{"\033[12~", KEY_F(2)},
	{"\033[13~", KEY_F(3)},
	{"\033[14~", KEY_F(4)},
	{"\033[15~", KEY_F(5)},
	{"\033[17~", KEY_F(6)},
	{"\033[18~", KEY_F(7)},
	{"\033[19~", KEY_F(8)},
	{"\033[20~", KEY_F(9)},
	{"\033[21~", KEY_F(10)},
	{"\033[23~", KEY_F(11)},
	{"\033[24~", KEY_F(12)},
};

void
keys_define_common(void)
{
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
		if (key_defined(common[i].sequence) == 0)
			define_key(common[i].sequence, (int)common[i].curses);
	}
}

/* The one character that text is, or KEYS_NONE. */
static uint32_t
parse_character(struct text text)
{
	const unsigned char *const bytes = (const unsigned char *)text.data;
	const size_t count = bytes[0] < 0x80   ? 1
			     : bytes[0] < 0xc2 ? 0
			     : bytes[0] < 0xe0 ? 2
			     : bytes[0] < 0xf0 ? 3
			     : bytes[0] < 0xf5 ? 4
					       : 0;
	uint32_t code;

	if (count == 0 || text.len != count)
		return KEYS_NONE;
	code = count == 1 ? bytes[0] : bytes[0] & (0x7fU >> count);
	for (size_t i = 1; i < count; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return KEYS_NONE;
		code = code << 6 | (bytes[i] & 0x3fU);
	}
	return keys_is_text(code) ? code : KEYS_NONE;
}

uint32_t
keys_parse(const char *name, size_t len)
{
	const struct text text = {name, len};

	if (len == 0)
		return KEYS_NONE;
	for (size_t i = 0; i < NAMES; i++) {
		if (text_equal_nocase(text, names[i].name))
			return names[i].key;
	}
	if (len == 3 && (name[0] == 'C' || name[0] == 'c') && name[1] == '-') {
		const char letter = (char)(name[2] | 0x20);

		return letter >= 'a' && letter <= 'z' ? KEYS_CTRL(letter) : KEYS_NONE;
	}
	if ((len == 2 || len == 3) && (name[0] == 'F' || name[0] == 'f')) {
		uint32_t number = 0;

		for (size_t i = 1; i < len; i++) {
			if (name[i] < '0' || name[i] > '9')
				return KEYS_NONE;
			number = number * 10 + (uint32_t)(name[i] - '0');
		}
		return number >= 1 && number <= KEYS_F_MAX ? KEYS_F0 + number : KEYS_NONE;
	}
	return parse_character(text);
}

char *
keys_name(uint32_t key, char *out, size_t size)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (names[i].key == key) {
			snprintf(out, size, "%s", names[i].name);
			return out;
		}
	}
	if (key > KEYS_F0 && key <= KEYS_F0 + KEYS_F_MAX)
		snprintf(out, size, "F%u", key - KEYS_F0);
	else if (key >= 1 && key <= 26)
		snprintf(out, size, "C-%c", (char)('a' + key - 1));
	else if (keys_is_text(key))
		keys_utf8(key, out, size);
	else
		snprintf(out, size, "?");
	return out;
}

size_t
keys_utf8(uint32_t code, char *out, size_t size)
{
	size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (size < count + 1)
		return 0;
	out[count] = '\0';
	if (count == 1) {
		out[0] = (char)code;
		return 1;
	}
	for (size_t i = count - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)((0xf00U >> count) | code);
	return count;
}
