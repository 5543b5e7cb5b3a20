/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values written as the filter language reads them: a condition that is made of a row's value lets
 * that row pass, whatever bytes the value has.
 */
#include <config.h>

#include "filter_tree.h"

#include <stdio.h>
#include <string.h>

#include "analysis/field/value.h"

enum { VALUE_SIZE = 4096 };

static bool
is_plain(struct text text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "._:/@%+-*[]";
	static const char *const words[] = {
		"and", "or", "not", "eq", "ne", "neq", "lt", "le", "leq", "gt", "ge", "geq"};

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\0' || strchr(plain, text.data[i]) == NULL)
			return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (text_equal_nocase(text, words[i]))
			return false;
	}
	return text.len != 0;
}

/* Bytes at the start of text that a screen shows as they are; 0: an escape must stand for it. */
static size_t
shown_as_it_is(struct text text)
{
	const size_t max = text.len < 4 ? text.len : 4;
	char shown[8];

	if (text.data[0] == '"' || text.data[0] == '\\')
		return 0;
	for (size_t len = 1; len <= max; len++) {
		if (text_clean((struct text){text.data, len}, shown, sizeof shown) == len &&
			memcmp(shown, text.data, len) == 0)
			return len;
	}
	return 0;
}

/* At most 4 bytes. */
static size_t
write_escape(char c, char *out)
{
	static const char named[] = "nntt"
				    "rr\"\"\\\\";
	static const char bytes[] = "\n\n\t\t\r\r\"\"\\\\";
	const char *const found = c != '\0' ? strchr(bytes, c) : NULL;

	if (found == NULL)
		return (size_t)sprintf(out, "\\x%02x", (unsigned char)c);
	out[0] = '\\';
	out[1] = named[found - bytes];
	return 2;
}

size_t
filter_write_text(struct text text, char *out, size_t size)
{
	size_t len = 0;

	if (is_plain(text) && text.len < size) {
		memcpy(out, text.data, text.len);
		out[text.len] = '\0';
		return text.len;
	}
	/* Each byte takes four at most, besides two quotes and the NUL. */
	if (size < 4 * text.len + 3) {
		if (size != 0)
			out[0] = '\0';
		return 0;
	}
	out[len++] = '"';
	while (text.len != 0) {
		const size_t whole = shown_as_it_is(text);

		if (whole != 0)
			memcpy(out + len, text.data, whole);
		len += whole != 0 ? whole : write_escape(text.data[0], out + len);
		text.data += whole != 0 ? whole : 1;
		text.len -= whole != 0 ? whole : 1;
	}
	out[len++] = '"';
	out[len] = '\0';
	return len;
}

/* The operator that asks for this value and no other. */
static const char *
operator_for(const struct field *field, const struct value *value)
{
	if (value->kind == VALUE_UNSIGNED && value->at_least)
		return " >= ";
	return value->kind == VALUE_TEXT && field->match != FIELD_MATCH_EQUAL ? " = " : " ";
}

/* A list is written without quotes, so that one of its words is enough. */
static size_t
write_operand(
	const struct field_context *context, const struct value *value, char *out, size_t size)
{
	char text[VALUE_SIZE];
	size_t len;

	if (value->kind == VALUE_OWNERS)
		return (size_t)snprintf(out, size, "%u", value->owners->pid);
	if (value->kind == VALUE_REAL)
		return (size_t)snprintf(out, size, "%.17g", value->real);
	if (value->kind == VALUE_ENDPOINT) {
		struct value address = {.kind = VALUE_ENDPOINT, .endpoint = value->endpoint};

		/* A name is shown for it, and is not what it is. */
		address.endpoint.name.len = 0;
		len = value_format_endpoint(&address, 0, text, sizeof text);
		return filter_write_text((struct text){text, len}, out, size);
	}
	if (value->kind == VALUE_TEXT)
		return filter_write_text(value->text, out, size);
	len = value_format(context, value, text, sizeof text);
	if (value->kind == VALUE_TEXTS)
		return len < size ? (size_t)snprintf(out, size, "%s", text) : 0;
	return filter_write_text((struct text){text, len}, out, size);
}

size_t
filter_write(const char *word, const struct field *field, const struct field_context *context,
	const struct value *value, char *out, size_t size)
{
	const int begin = snprintf(out, size, "%s%s", word, operator_for(field, value));
	size_t len = 0;

	if (value->kind != VALUE_UNKNOWN && begin > 0 && (size_t)begin < size)
		len = write_operand(context, value, out + begin, size - (size_t)begin);
	if (len == 0 || len >= size - (size_t)begin) {
		if (size != 0)
			out[0] = '\0';
		return 0;
	}
	return (size_t)begin + len;
}
