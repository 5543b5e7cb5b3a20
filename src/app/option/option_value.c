/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of options: read from text, and printed as text that can be read again. */
#include <config.h>

#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/word.h>

/* The member of the options that the row describes. */
static void *
member(struct options *options, size_t offset)
{
	return (char *)options + offset;
}

static const void *
member_const(const struct options *options, size_t offset)
{
	return (const char *)options + offset;
}

/* Settings of the monitor are about sockets, whichever command reads them. */
static const struct field_table *
table_of(const struct option_row *row, const struct options *options)
{
	return row->name != NULL ? option_fields(options) : &socket_fields;
}

static int
set_switch(bool *truth, const char *text, struct error *error)
{
	if (word_parse_yes_no(text_of(text), truth) == 0)
		return 0;
	error_set(error, "\"%s\" is neither yes nor no", text);
	return -EINVAL;
}

static int
set_seconds(const struct option_row *row, uint32_t *ms, const char *text, struct error *error)
{
	const double least = (double)row->min / 1000;
	const double most = (double)row->max / 1000;
	double seconds;

	if (number_parse_unit(text, strlen(text), UNIT_S, &seconds) == 0 && seconds >= least &&
		seconds <= most) {
		*ms = (uint32_t)(seconds * 1000 + 0.5);
		return 0;
	}
	error_set(error, "\"%s\" is not a number of seconds; use %g to %g", text, least, most);
	return -EINVAL;
}

static int
set_word(const struct option_row *row, char *word, const char *text, struct error *error)
{
	const size_t len = strlen(text);

	if (len == 0 || len >= row->max || strpbrk(text, " \t") != NULL) {
		error_set(error, "\"%s\" is not a word of up to %zu characters", text,
			(size_t)row->max - 1);
		return -EINVAL;
	}
	memcpy(word, text, len + 1);
	return 0;
}

static int
set_field(const struct field_table *table, const struct field **field, const char *text, size_t len,
	struct error *error)
{
	const char *near;

	if (len == 4 && memcmp(text, "none", 4) == 0) {
		*field = NULL;
		return 0;
	}
	*field = field_find(table, text, len);
	if (*field != NULL)
		return 0;
	near = field_suggest(table, text, len);
	if (near != NULL)
		error_set(error, "there is no field \"%.*s\"; did you mean %s?", (int)len, text,
			near);
	else
		error_set(error, "there is no field \"%.*s\"; `sockwatch help fields` lists them",
			(int)len, text);
	return -EINVAL;
}

static int
set_order(const struct field_table *table, const struct field **field, bool *descending,
	const char *text, struct error *error)
{
	const size_t len = strcspn(text, ":");
	const char *const direction = text + len;
	const int result = set_field(table, field, text, len, error);

	if (result != 0)
		return result;
	if (direction[0] == '\0') {
		*descending = *field != NULL && (*field)->descending;
	} else if (strcmp(direction, ":asc") == 0 || strcmp(direction, ":desc") == 0) {
		*descending = direction[1] == 'd';
	} else {
		error_set(error, "\"%s\" is not a direction; use asc or desc", direction + 1);
		return -EINVAL;
	}
	return 0;
}

static int
set_fields(const struct option_row *row, struct options *options, const char *text,
	struct error *error)
{
	const struct field *fields[OPTIONS_FIELDS_MAX];
	const struct field_table *const table = table_of(row, options);
	const char *const set = table == &socket_fields ? field_set_find(text) : NULL;
	const int count =
		field_parse_list(table, set != NULL ? set : text, fields, row->max, error);

	if (count < 0)
		return count;
	if (count == 0) {
		error_set(error, "no field is named");
		return -EINVAL;
	}
	memcpy(member(options, row->offset), fields, (size_t)count * sizeof(struct field *));
	*(size_t *)member(options, row->second) = (size_t)count;
	return 0;
}

/* "KEY ACTION"; config_file.c has checked that both exist. */
static int
add_bind(const struct option_row *row, struct options *options, const char *text,
	struct error *error)
{
	struct settings_bind *const binds = member(options, row->offset);
	size_t *const count = member(options, row->second);
	const size_t key_len = strcspn(text, " \t");
	const char *const action = text + key_len + strspn(text + key_len, " \t");
	struct settings_bind bind = {.key = ""};

	if (key_len == 0 || key_len >= sizeof bind.key || action[0] == '\0' ||
		strlen(action) >= sizeof bind.action || strpbrk(action, " \t") != NULL) {
		error_set(error, "\"%s\" is not a binding; write a key and an action", text);
		return -EINVAL;
	}
	memcpy(bind.key, text, key_len);
	memcpy(bind.action, action, strlen(action) + 1);
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(binds[i].key, bind.key) == 0) {
			binds[i] = bind;
			return 0;
		}
	}
	if (*count == row->max) {
		error_set(error, "there are more than %zu bindings", (size_t)row->max);
		return -EINVAL;
	}
	binds[(*count)++] = bind;
	return 0;
}

/* In decimal, or in hexadecimal after 0x. */
static int
parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	const char *const digits = text + 2;

	if (text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
		return number_parse(text, min, max, value);
	if (digits[0] == '\0' || digits[strspn(digits, "0123456789abcdefABCDEF")] != '\0' ||
		strlen(digits) > 16)
		return -EINVAL;
	*value = strtoull(digits, NULL, 16);
	return *value >= min && *value <= max ? 0 : -ERANGE;
}

static int
set_number(const struct option_row *row, uint32_t *number, const char *text, struct error *error)
{
	uint64_t value;

	if (parse_number(text, row->min, row->max, &value) == 0) {
		*number = (uint32_t)value;
		return 0;
	}
	error_set(error, "\"%s\" is not a number; use %llu to %llu", text,
		(unsigned long long)row->min, (unsigned long long)row->max);
	return -EINVAL;
}

static int
set_bytes(const struct option_row *row, uint64_t *bytes, const char *text, struct error *error)
{
	char least[24], most[24];
	double value;

	if (number_parse_unit(text, strlen(text), UNIT_BYTES, &value) == 0 &&
		value >= (double)row->min && value <= (double)row->max) {
		*bytes = (uint64_t)value;
		return 0;
	}
	error_set(error, "\"%s\" is not a number of bytes; use %s to %s", text,
		number_format_short(row->min, UNIT_BYTES, least, sizeof least),
		number_format_short(row->max, UNIT_BYTES, most, sizeof most));
	return -EINVAL;
}

/* text: a port, or NULL. */
static int
pick(const struct option_row *row, struct options *options, const char *text, struct error *error)
{
	uint64_t port = 0;

	if (text != NULL && row->second == 0) {
		error_set(error, "it is a switch and takes no value");
		return -EINVAL;
	}
	if (text != NULL && number_parse(text, 1, UINT16_MAX, &port) != 0) {
		error_set(error, "\"%s\" is not a port; use 1 to 65535", text);
		return -EINVAL;
	}
	*(int *)member(options, row->offset) = row->value;
	if (row->second != 0)
		*(uint16_t *)member(options, row->second) = (uint16_t)port;
	return 0;
}

int
option_set(const struct option_row *row, struct options *options, const char *text,
	struct error *error)
{
	void *const value = member(options, row->offset);

	switch (row->kind) {
	case OPTION_ON:
	case OPTION_OFF: return set_switch(value, text, error);
	case OPTION_SECONDS: return set_seconds(row, value, text, error);
	case OPTION_TEXT: *(const char **)value = text; return 0;
	case OPTION_WORD: return set_word(row, value, text, error);
	case OPTION_FIELD:
		return set_field(table_of(row, options), value, text, strlen(text), error);
	case OPTION_ORDER:
		return set_order(
			table_of(row, options), value, member(options, row->second), text, error);
	case OPTION_FIELDS: return set_fields(row, options, text, error);
	case OPTION_FORMAT: *(enum report_format *)value = (enum report_format)row->value; return 0;
	case OPTION_ASK: *(enum options_ask *)value = (enum options_ask)row->value; return 0;
	case OPTION_BIND: return add_bind(row, options, text, error);
	case OPTION_NUMBER: return set_number(row, value, text, error);
	case OPTION_BYTES: return set_bytes(row, value, text, error);
	case OPTION_PICK: return pick(row, options, text, error);
	}
	return -EINVAL;
}

static void
print_seconds(uint32_t ms, struct buffer *out)
{
	buffer_append_unsigned(out, ms / 1000);
	ms %= 1000;
	if (ms == 0)
		return;
	buffer_append_format(out, ".%03u", ms);
	while (out->len > 0 && out->data[out->len - 1] == '0')
		out->len--;
}

void
option_print(const struct option_row *row, const struct options *options, struct buffer *out)
{
	const void *const value = member_const(options, row->offset);
	const struct field *const *const fields = value;

	switch (row->kind) {
	case OPTION_ON:
	case OPTION_OFF: buffer_append_text(out, word_yes_no(*(const bool *)value)); return;
	case OPTION_SECONDS: print_seconds(*(const uint32_t *)value, out); return;
	case OPTION_TEXT:
		if (*(const char *const *)value != NULL)
			buffer_append_text(out, *(const char *const *)value);
		return;
	case OPTION_WORD: buffer_append_text(out, value); return;
	case OPTION_FIELD:
	case OPTION_ORDER:
		buffer_append_text(out, *fields != NULL ? (*fields)->name : "none");
		if (row->kind == OPTION_ORDER && *fields != NULL)
			buffer_append_text(out, *(const bool *)member_const(options, row->second)
							? ":desc"
							: ":asc");
		return;
	case OPTION_FIELDS:
		for (size_t i = 0; i < *(const size_t *)member_const(options, row->second); i++) {
			if (i != 0)
				buffer_append_char(out, ',');
			buffer_append_text(out, fields[i]->name);
		}
		return;
	case OPTION_NUMBER: buffer_append_unsigned(out, *(const uint32_t *)value); return;
	case OPTION_BYTES: buffer_append_unsigned(out, *(const uint64_t *)value); return;
	case OPTION_FORMAT:
	case OPTION_ASK:
	case OPTION_PICK:
	case OPTION_BIND: return;
	}
}
