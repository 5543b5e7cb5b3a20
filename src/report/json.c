/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON Lines (RFC 8259, one object a line). An unknown value is left out. This is the hot path of a
 * report on a large box: keys are prepared, numbers and addresses are written in place, text that
 * needs no escape is copied whole.
 */
#include <config.h>

#include <sockwatch/report/report.h>

#include <math.h>
#include <string.h>

#include <sockwatch/model/process.h>

#include "rows.h"

static const char hex[] = "0123456789abcdef";

static void
append_escape(struct buffer *out, uint32_t character)
{
	const char escape[] = {'\\', 'u', hex[character >> 12 & 0xf], hex[character >> 8 & 0xf],
		hex[character >> 4 & 0xf], hex[character & 0xf]};

	buffer_append(out, escape, sizeof escape);
}

static void
append_control(struct buffer *out, uint8_t character)
{
	static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *const found = memchr(letters, character, sizeof letters - 1);

	if (character != 0 && found != NULL && (found - letters) % 2 == 0) {
		buffer_append_char(out, '\\');
		buffer_append_char(out, found[1]);
	} else {
		append_escape(out, character);
	}
}

/*
 * Length of the well-formed UTF-8 sequence of two or more bytes that starts here, or 0 (Unicode 15
 * table 3-7).
 */
static size_t
sequence(const uint8_t *bytes, size_t len, uint32_t *character)
{
	const uint8_t lead = bytes[0];
	const size_t count = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	if (lead < 0xc2 || lead > 0xf4 || len < count)
		return 0;
	*character = lead & (0x7fU >> count);
	for (size_t i = 1; i < count; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | (bytes[i] & 0x3fU);
	}
	if (*character < least[count] || *character > 0x10ffff ||
		(*character >= 0xd800 && *character <= 0xdfff))
		return 0;
	return count;
}

/* C1 controls, and what turns the direction of writing: as in text_clean, but nothing is lost. */
static bool
steers_terminal(uint32_t character)
{
	return character < 0xa0 || character == 0x061c || character == 0x200e ||
	       character == 0x200f || (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

static bool
is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static void
append_escaped(struct buffer *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		const size_t start = i;
		uint32_t character = 0xfffd;
		size_t count;

		while (i < len && is_plain(bytes[i]))
			i++;
		if (i > start)
			buffer_append(out, bytes + start, i - start);
		if (i == len)
			break;
		if (bytes[i] < 0x80) {
			append_control(out, bytes[i++]);
			continue;
		}
		count = sequence(bytes + i, len - i, &character);
		if (count == 0)
			buffer_append_text(out, "\xef\xbf\xbd");
		else if (steers_terminal(character))
			append_escape(out, character);
		else
			buffer_append(out, bytes + i, count);
		i += count != 0 ? count : 1;
	}
}

void
json_text(struct buffer *out, struct text text)
{
	char *const room = buffer_reserve(out, text.len + 2);
	size_t plain = 0;

	if (room == NULL)
		return;
	room[0] = '"';
	while (plain < text.len && is_plain((uint8_t)text.data[plain])) {
		room[plain + 1] = text.data[plain];
		plain++;
	}
	if (plain == text.len) {
		room[plain + 1] = '"';
		out->len += plain + 2;
		return;
	}
	out->len += plain + 1;
	append_escaped(out, (const uint8_t *)text.data + plain, text.len - plain);
	buffer_append_char(out, '"');
}

static void
append_figures(struct buffer *out, const struct value *value)
{
	buffer_append_char(out, '{');
	for (size_t i = 0; i < value->figures.count; i++) {
		const struct figure *const figure = &value->figures.items[i];

		buffer_append_text(out, i > 0 ? ",\"" : "\"");
		buffer_append_text(out, figure->name);
		buffer_append_text(out, "\":");
		if (figure->text[0] != '\0')
			json_text(out, text_of(figure->text));
		else if (isfinite(figure->number))
			rows_append_real(out, figure->number);
		else
			buffer_append_text(out, "null");
	}
	buffer_append_char(out, '}');
}

static void
append_owners(struct buffer *out, const struct field_context *context, const struct owner *owner)
{
	const struct model *const model = context->model;
	const char *separator = "[{\"pid\":";

	for (; owner != NULL; owner = process_table_next(&model->processes, owner)) {
		const struct process_row *const process =
			process_table_find(&model->processes, owner->pid);

		buffer_append_text(out, separator);
		buffer_append_unsigned(out, owner->pid);
		if (process != NULL && process->comm != 0) {
			buffer_append_text(out, ",\"process\":");
			json_text(out, intern_get(model->texts, process->comm));
		}
		buffer_append_text(out, ",\"fd\":");
		buffer_append_unsigned(out, owner->fd);
		buffer_append_char(out, '}');
		separator = ",{\"pid\":";
	}
	buffer_append_char(out, ']');
}

static void
append_texts(struct buffer *out, const struct value *value)
{
	buffer_append_char(out, '[');
	for (size_t i = 0; i < value->texts.count; i++) {
		if (i != 0)
			buffer_append_char(out, ',');
		json_text(out, text_of(value->texts.items[i]));
	}
	buffer_append_char(out, ']');
}

/* An address may have a zone, and the name of a link may need escapes. */
static void
append_formatted(struct buffer *out, const struct field_context *context, const struct value *value)
{
	char text[256];

	json_text(out, (struct text){text, value_format(context, value, text, sizeof text)});
}

void
json_value(struct buffer *out, const struct field_context *context, const struct value *value)
{
	switch (value->kind) {
	case VALUE_UNKNOWN: buffer_append_text(out, "null"); return;
	case VALUE_UNSIGNED: buffer_append_unsigned(out, value->number); return;
	case VALUE_REAL:
		if (isfinite(value->real))
			rows_append_real(out, value->real);
		else
			buffer_append_text(out, "null");
		return;
	case VALUE_BOOL: buffer_append_text(out, value->truth ? "true" : "false"); return;
	case VALUE_TEXT: json_text(out, value->text); return;
	case VALUE_TEXTS: append_texts(out, value); return;
	case VALUE_OWNERS: append_owners(out, context, value->owners); return;
	case VALUE_FIGURES: append_figures(out, value); return;
	case VALUE_ADDRESS:
	case VALUE_ENDPOINT: append_formatted(out, context, value); return;
	}
}

void
json_keys(struct report *report)
{
	for (size_t i = 0; i < report->options.field_count; i++) {
		struct json_key *const key = &report->keys[i];
		const char *const name = report->fields[i]->name;
		size_t len = strlen(name);

		if (len > sizeof key->text - 4)
			len = sizeof key->text - 4;
		memcpy(key->text, ",\"", 2);
		memcpy(key->text + 2, name, len);
		memcpy(key->text + 2 + len, "\":", 2);
		key->len = len + 4;
	}
}

/* Writes numbers and addresses, as most values are, after the key. 0: the value is neither. */
static size_t
write_in_place(const struct value *value, char *room)
{
	size_t len;

	if (value->kind == VALUE_UNSIGNED)
		return number_write_unsigned(value->number, room);
	if (value->kind != VALUE_ADDRESS || address_needs_zone(&value->address.ip))
		return 0; /* the name of a zone may need escapes */
	len = address_format(&value->address.ip, room + 1, ADDRESS_TEXT_SIZE);
	room[0] = room[len + 1] = '"';
	return len + 2;
}

static void
append_member(struct report *report, const struct json_key *key, const struct value *value)
{
	struct buffer *const out = report->out;
	char *const room = buffer_reserve(out, sizeof key->text + ADDRESS_TEXT_SIZE + 2);
	size_t len;

	if (room == NULL)
		return;
	memcpy(room, key->text, sizeof key->text); /* all of it: a copy of known length is quick */
	len = write_in_place(value, room + key->len);
	out->len += key->len + len;
	if (len == 0)
		json_value(out, report->context, value);
}

void
json_row(struct report *report, const void *row)
{
	struct buffer *const out = report->out;
	const size_t start = out->len;
	struct value value;

	for (size_t i = 0; i < report->options.field_count; i++) {
		field_get(report->fields[i], report->context, row, &value);
		if (value.kind != VALUE_UNKNOWN)
			append_member(report, &report->keys[i], &value);
	}
	/* The first comma becomes the brace; an object without members has neither. */
	if (out->len == start)
		buffer_append_char(out, '{');
	else if (!out->failed)
		out->data[start] = '{';
	buffer_append(out, "}\n", 2);
}
