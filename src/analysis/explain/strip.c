/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a line of text in parts that each have a meaning. */
#include <config.h>

#include <sockwatch/analysis/strip.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>

void
strip_clear(struct strip *strip)
{
	strip->text[0] = '\0';
	strip->len = strip->columns = strip->count = 0;
}

void
strip_add(struct strip *strip, enum meaning meaning, const char *text)
{
	const size_t len = strlen(text);
	const bool is_same = strip->count > 0 && strip->parts[strip->count - 1].meaning == meaning;

	if (len == 0 || len >= sizeof strip->text - strip->len ||
		(!is_same && strip->count == STRIP_PARTS))
		return;
	memcpy(strip->text + strip->len, text, len + 1);
	strip->len += len;
	strip->columns += text_width(text);
	if (!is_same)
		strip->parts[strip->count++].meaning = meaning;
	strip->parts[strip->count - 1].end = strip->len;
}

void
strip_format(struct strip *strip, enum meaning meaning, const char *format, ...)
{
	char text[STRIP_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	strip_add(strip, meaning, text);
}

void
strip_repeat(struct strip *strip, enum meaning meaning, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		strip_add(strip, meaning, text);
}

void
strip_pad(struct strip *strip, size_t column)
{
	if (column > strip->columns)
		strip_format(strip, MEANING_PLAIN, "%*s", (int)(column - strip->columns), "");
}

void
strip_print(const struct strip *strip, struct buffer *out)
{
	size_t len = strip->len;

	while (len > 0 && strip->text[len - 1] == ' ')
		len--;
	buffer_append_format(out, "%.*s\n", (int)len, strip->text);
}
