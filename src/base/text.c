/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside: compared, cleaned, measured and cut. */
#include <config.h>

#include <sockwatch/base/text.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

struct text
text_of(const char *string)
{
	return (struct text){string, strlen(string)};
}

bool
text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int
text_compare(struct text a, struct text b)
{
	const size_t len = a.len < b.len ? a.len : b.len;
	const int order = len == 0 ? 0 : memcmp(a.data, b.data, len);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

/* Not tolower: what matches must not depend on the locale. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
same_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (lower(a[i]) != lower(b[i]))
			return false;
	}
	return true;
}

bool
text_equal_nocase(struct text a, const char *b)
{
	return strlen(b) == a.len && same_nocase(a.data, b, a.len);
}

bool
text_contains_nocase(struct text haystack, struct text needle)
{
	char first;

	if (needle.len == 0)
		return true;
	if (needle.len > haystack.len)
		return false;
	first = lower(needle.data[0]);
	for (size_t i = 0; i <= haystack.len - needle.len; i++) {
		if (lower(haystack.data[i]) == first &&
			same_nocase(haystack.data + i + 1, needle.data + 1, needle.len - 1))
			return true;
	}
	return false;
}

struct text
text_cut(struct text *rest, char c)
{
	struct text head = *rest;
	const char *at;

	if (rest->len == 0)
		return head;
	at = memchr(rest->data, c, rest->len);
	if (at != NULL)
		head.len = (size_t)(at - rest->data);
	rest->data += head.len + (at != NULL);
	rest->len -= head.len + (at != NULL);
	return head;
}

bool
text_next_line(struct text *rest, struct text *line)
{
	if (rest->len == 0)
		return false;
	*line = text_cut(rest, '\n');
	return true;
}

/*
 * Unicode 15 table 3-7, well-formed byte sequences: the second byte's range is what keeps out
 * overlong forms, surrogates and what is beyond U+10FFFF. Returns the bytes of the character, 0 if
 * malformed.
 */
static size_t
decode(const uint8_t *bytes, size_t len, uint32_t *character)
{
	const uint8_t lead = bytes[0];
	uint8_t low = 0x80;
	uint8_t high = 0xbf;
	size_t count;

	if (lead < 0x80) {
		*character = lead;
		return 1;
	}
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	count = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	if (len < count || bytes[1] < low || bytes[1] > high)
		return 0;
	*character = lead & (0x7fU >> count);
	for (size_t i = 1; i < count; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | (bytes[i] & 0x3fU);
	}
	return count;
}

/* Characters that steer the terminal, or the order of the text beside them. */
static bool
is_harmful(uint32_t character)
{
	if (character < 0xa0)
		return character < 0x20 || character >= 0x7f;
	return character == 0x061c || character == 0x200e || character == 0x200f ||
	       (character >= 0x2028 && character <= 0x202e) || /* separators too: new lines */
	       (character >= 0x2066 && character <= 0x2069);
}

size_t
text_clean(struct text text, char *out, size_t size)
{
	const uint8_t *const bytes = (const uint8_t *)text.data;
	size_t written = 0;

	if (size == 0)
		return 0;
	for (size_t i = 0; i < text.len;) {
		uint32_t character;
		size_t count;
		bool blank;

		/* Nearly all there is, and each cell of each row comes through here. */
		while (i < text.len && bytes[i] >= 0x20 && bytes[i] < 0x7f && written + 1 < size)
			out[written++] = (char)bytes[i++];
		if (i == text.len)
			break;
		count = decode(bytes + i, text.len - i, &character);
		blank = bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\0';
		if (count == 0 || is_harmful(character)) {
			if (written + 1 >= size)
				break;
			out[written++] = blank ? ' ' : '?';
			i += count != 0 ? count : 1;
			continue;
		}
		if (count >= size - written)
			break;
		memcpy(out + written, bytes + i, count);
		written += count;
		i += count;
	}
	out[written] = '\0';
	return written;
}

size_t
text_add(char *out, size_t size, size_t len, const char *format, ...)
{
	va_list arguments;
	int written;

	if (len >= size)
		return len;
	va_start(arguments, format);
	written = vsnprintf(out + len, size - len, format, arguments);
	va_end(arguments);
	if (written < 0)
		return len;
	return (size_t)written < size - len ? len + (size_t)written : size - 1;
}

/* The columns of the character at the start of text and its bytes; text is not empty. */
static size_t
measure(const char *text, size_t len, size_t *columns)
{
	uint32_t character;
	size_t count;
	int width;

	*columns = 1;
	if (text[0] >= 0x20 && text[0] < 0x7f)
		return 1;
	count = decode((const uint8_t *)text, len, &character);
	if (count == 0)
		return 1;
	width = wcwidth((wchar_t)character);
	if (width >= 0)
		*columns = (size_t)width;
	return count;
}

size_t
text_width(const char *text)
{
	const size_t len = strlen(text);
	size_t width = 0;

	for (size_t i = 0; i < len;) {
		size_t columns;

		i += measure(text + i, len - i, &columns);
		width += columns;
	}
	return width;
}

size_t
text_fit(const char *text, size_t columns)
{
	const size_t len = strlen(text);
	size_t width = 0;
	size_t fits = 0;

	while (fits < len) {
		size_t here;
		const size_t count = measure(text + fits, len - fits, &here);

		if (width + here > columns)
			break;
		width += here;
		fits += count;
	}
	return fits;
}

size_t
text_truncate(char *text, size_t columns, bool mark)
{
	const size_t len = strlen(text);
	const size_t kept = mark && columns > 0 ? columns - 1 : columns; /* if it has to be cut */
	size_t width = 0;
	size_t cut = len;
	size_t cut_width = 0;

	for (size_t i = 0; i < len;) {
		size_t here;
		const size_t count = measure(text + i, len - i, &here);

		if (cut == len && width + here > kept) {
			cut = i;
			cut_width = width;
		}
		width += here;
		i += count;
		if (width > columns)
			break;
	}
	if (width <= columns)
		return width;
	if (mark && columns > 0) {
		text[cut++] = '~';
		cut_width++;
	}
	text[cut] = '\0';
	return cut_width;
}
