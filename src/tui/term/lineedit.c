/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits one line of text. */
#include <config.h>

#include "lineedit.h"

#include <string.h>

#include "keys.h"

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
before(const struct lineedit *edit, size_t at)
{
	while (at > 0 && is_continuation(edit->text[--at]))
		;
	return at;
}

static size_t
after(const struct lineedit *edit, size_t at)
{
	if (at < edit->len)
		at++;
	while (at < edit->len && is_continuation(edit->text[at]))
		at++;
	return at;
}

static enum lineedit_result
cut(struct lineedit *edit, size_t from, size_t to)
{
	if (from >= to)
		return LINEEDIT_MOVED;
	memmove(edit->text + from, edit->text + to, edit->len - to + 1);
	edit->len -= to - from;
	edit->cursor = from;
	return LINEEDIT_CHANGED;
}

static enum lineedit_result
move_to(struct lineedit *edit, size_t at)
{
	edit->cursor = at;
	return LINEEDIT_MOVED;
}

static enum lineedit_result
go_left(struct lineedit *edit)
{
	return move_to(edit, before(edit, edit->cursor));
}

static enum lineedit_result
go_right(struct lineedit *edit)
{
	return move_to(edit, after(edit, edit->cursor));
}

static enum lineedit_result
go_start(struct lineedit *edit)
{
	return move_to(edit, 0);
}

static enum lineedit_result
go_end(struct lineedit *edit)
{
	return move_to(edit, edit->len);
}

static enum lineedit_result
delete_before(struct lineedit *edit)
{
	return cut(edit, before(edit, edit->cursor), edit->cursor);
}

static enum lineedit_result
delete_here(struct lineedit *edit)
{
	return cut(edit, edit->cursor, after(edit, edit->cursor));
}

static enum lineedit_result
delete_word(struct lineedit *edit)
{
	size_t from = edit->cursor;

	while (from > 0 && edit->text[from - 1] == ' ')
		from--;
	while (from > 0 && edit->text[from - 1] != ' ')
		from--;
	return cut(edit, from, edit->cursor);
}

static enum lineedit_result
delete_to_start(struct lineedit *edit)
{
	return cut(edit, 0, edit->cursor);
}

static enum lineedit_result
delete_to_end(struct lineedit *edit)
{
	return cut(edit, edit->cursor, edit->len);
}

const struct lineedit_key lineedit_keys[] = {
	{KEYS_LEFT, go_left, "one character left"},
	{KEYS_RIGHT, go_right, "one character right"},
	{KEYS_HOME, go_start, "to the start"},
	{KEYS_CTRL('a'), go_start, "to the start"},
	{KEYS_END, go_end, "to the end"},
	{KEYS_CTRL('e'), go_end, "to the end"},
	{KEYS_BACKSPACE, delete_before, "delete the character before the cursor"},
	{KEYS_DELETE, delete_here, "delete the character under the cursor"},
	{KEYS_CTRL('w'), delete_word, "delete the word before the cursor"},
	{KEYS_CTRL('u'), delete_to_start, "delete to the start"},
	{KEYS_CTRL('k'), delete_to_end, "delete to the end"},
};
const size_t lineedit_key_count = sizeof lineedit_keys / sizeof lineedit_keys[0];

void
lineedit_set(struct lineedit *edit, const char *text)
{
	size_t len = strlen(text);

	if (len >= sizeof edit->text) {
		len = sizeof edit->text - 1;
		while (len > 0 && is_continuation(text[len]))
			len--;
	}
	memcpy(edit->text, text, len);
	edit->text[len] = '\0';
	edit->len = len;
	edit->cursor = len;
}

bool
lineedit_insert(struct lineedit *edit, const char *text, size_t len)
{
	if (len >= sizeof edit->text - edit->len)
		return false;
	memmove(edit->text + edit->cursor + len, edit->text + edit->cursor,
		edit->len - edit->cursor + 1);
	memcpy(edit->text + edit->cursor, text, len);
	edit->len += len;
	edit->cursor += len;
	return true;
}

bool
lineedit_complete(struct lineedit *edit, size_t typed, const char *word, size_t len)
{
	if (typed > edit->cursor || edit->len - typed + len >= sizeof edit->text)
		return false;
	cut(edit, edit->cursor - typed, edit->cursor);
	return lineedit_insert(edit, word, len);
}

enum lineedit_result
lineedit_key(struct lineedit *edit, uint32_t key)
{
	for (size_t i = 0; i < lineedit_key_count; i++) {
		if (lineedit_keys[i].key == key)
			return lineedit_keys[i].run(edit);
	}
	if (keys_is_text(key)) {
		char bytes[5];
		const size_t len = keys_utf8(key, bytes, sizeof bytes);

		lineedit_insert(edit, bytes, len);
		return LINEEDIT_CHANGED;
	}
	return LINEEDIT_IGNORED;
}
