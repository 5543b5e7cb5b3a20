/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values compared, turned into keys that order as they do, and written in full. */
#include <config.h>

#include "value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/word.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/names.h>
#include <sockwatch/model/process.h>

/* The key of an unknown value; keys of known ones end before it. */
#define KEY_UNKNOWN UINT64_MAX
#define KEY_LARGEST (UINT64_MAX - 1)

void
value_set_composed(struct value *value, const char *format, ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(value->scratch, sizeof value->scratch, format, arguments);
	va_end(arguments);
	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof value->scratch)
		len = sizeof value->scratch - 1;
	value->kind = len ? VALUE_TEXT : VALUE_UNKNOWN;
	value->at_least = false;
	value->second = 0;
	value->text = (struct text){value->scratch, (size_t)len};
}

void
value_set_copy(struct value *value, const char *text)
{
	const size_t len = strnlen(text, sizeof value->scratch);

	memcpy(value->scratch, text, len);
	value_set_text(value, (struct text){value->scratch, len});
}

struct text
value_host_name(const struct field_context *context, const struct address *address)
{
	const char *const name =
		context->model != NULL ? model_host_name(context->model, address) : NULL;

	return name != NULL ? text_of(name) : (struct text){"", 0};
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_texts(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->texts.count && i < b->texts.count; i++) {
		const int order = strcmp(a->texts.items[i], b->texts.items[i]);

		if (order)
			return order;
	}
	return compare_numbers(a->texts.count, b->texts.count);
}

static int
compare_known(const struct value *a, const struct value *b)
{
	int order;

	switch (a->kind) {
	case VALUE_UNKNOWN: return 0;
	case VALUE_UNSIGNED: return compare_numbers(a->number, b->number);
	case VALUE_REAL: return (a->real > b->real) - (a->real < b->real);
	case VALUE_BOOL: return a->truth - b->truth;
	case VALUE_TEXT: return text_compare(a->text, b->text);
	case VALUE_ADDRESS: return address_scoped_compare(&a->address, &b->address);
	case VALUE_TEXTS: return compare_texts(a, b);
	case VALUE_OWNERS:
		order = compare_numbers(a->owners->pid, b->owners->pid);
		return order ? order : compare_numbers(a->owners->fd, b->owners->fd);
	case VALUE_FIGURES: return compare_numbers(a->figures.count, b->figures.count);
	case VALUE_ENDPOINT:
		order = address_compare(&a->endpoint.address.ip, &b->endpoint.address.ip);
		if (!order)
			order = compare_numbers(a->endpoint.port, b->endpoint.port);
		return order ? order
			     : compare_numbers(
				       a->endpoint.address.ifindex, b->endpoint.address.ifindex);
	}
	return 0;
}

int
value_compare(const struct value *a, const struct value *b)
{
	int order;

	if (a->kind != b->kind || a->kind == VALUE_UNKNOWN)
		return (a->kind == VALUE_UNKNOWN) - (b->kind == VALUE_UNKNOWN);
	order = compare_known(a, b);
	if (!order)
		order = a->at_least - b->at_least;
	return order ? order : compare_numbers(a->second, b->second);
}

static uint64_t
big_endian(const uint8_t *bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	return number;
}

/*
 * Three classes in the order of address_compare: those before the IPv4-mapped ones; the mapped ones
 * (exact, with the port); those after them (the first 62 bits).
 */
static uint64_t
address_key(const struct address *address, uint16_t port)
{
	const uint64_t first_v4 = UINT64_C(0xffff00000000), last_v4 = UINT64_C(0xffffffffffff);
	const uint64_t high = big_endian(address->bytes), low = big_endian(address->bytes + 8);

	if (high || low > last_v4) {
		const uint64_t key = UINT64_C(2) << 62 | high >> 2;

		return key > KEY_LARGEST ? KEY_LARGEST : key;
	}
	if (low >= first_v4)
		return VALUE_KEY_V4_FIRST | (low & UINT32_MAX) << 16 | port;
	return (low > UINT32_MAX ? UINT32_MAX : low) << 16 | (low > UINT32_MAX ? 0 : port);
}

static uint64_t
text_key(const char *data, size_t len)
{
	uint8_t bytes[8] = {0};
	uint64_t key;

	memcpy(bytes, data, len < 8 ? len : 8);
	key = big_endian(bytes);
	return key > KEY_LARGEST ? KEY_LARGEST : key;
}

/* The bits of a double have the order of the numbers, once the sign is taken care of. */
static uint64_t
real_key(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof bits);
	bits = bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
	return bits > KEY_LARGEST ? KEY_LARGEST : bits;
}

uint64_t
value_key(const struct value *value)
{
	switch (value->kind) {
	case VALUE_UNKNOWN: return KEY_UNKNOWN;
	case VALUE_UNSIGNED: return value->number > KEY_LARGEST ? KEY_LARGEST : value->number;
	case VALUE_REAL: return real_key(value->real);
	case VALUE_BOOL: return value->truth;
	case VALUE_TEXT: return text_key(value->text.data, value->text.len);
	case VALUE_ADDRESS: return address_key(&value->address.ip, 0);
	case VALUE_TEXTS:
		return value->texts.count
			       ? text_key(value->texts.items[0], strlen(value->texts.items[0]))
			       : 0;
	case VALUE_OWNERS: return value->owners->pid;
	case VALUE_FIGURES: return value->figures.count;
	case VALUE_ENDPOINT: return address_key(&value->endpoint.address.ip, value->endpoint.port);
	}
	return KEY_UNKNOWN;
}

static size_t
put(char *out, size_t size, size_t len, const char *text, size_t text_len)
{
	if (len + 1 >= size)
		return len;
	if (text_len > size - 1 - len)
		text_len = size - 1 - len;
	memcpy(out + len, text, text_len);
	return len + text_len;
}

static size_t
format_port(const struct value *value, char *out)
{
	const uint16_t port = value->endpoint.port;

	out[0] = ':';
	if (port != 0 || value->endpoint.is_exact)
		return 1 + number_write_unsigned(port, out + 1);
	out[1] = '*';
	return 2;
}

/* Dotted quad without printf: a bare word is looked for in the addresses of each row. */
static size_t
format_v4(const uint8_t *bytes, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < 4; i++) {
		len += number_write_unsigned(bytes[i], out + len);
		out[len++] = '.';
	}
	return len - 1;
}

/* "www.example.org:443"; a name that does not fit its column is cut with a mark. */
static size_t
format_named_endpoint(const struct value *value, size_t columns, char *out, size_t size)
{
	char name[NAMES_SIZE], port[24];
	size_t port_len = format_port(value, port), len;

	text_clean(value->endpoint.name, name, sizeof name);
	if (columns)
		text_truncate(name, columns > port_len + 1 ? columns - port_len : 1, true);
	len = put(out, size, 0, name, strlen(name));
	len = put(out, size, len, port, port_len);
	out[len] = '\0';
	return len;
}

size_t
value_format_address(const struct value *value, char *out, size_t size)
{
	return address_needs_zone(&value->address.ip)
		       ? address_scoped_format(&value->address, out, size)
		       : address_format(&value->address.ip, out, size);
}

size_t
value_format_endpoint(const struct value *value, size_t columns, char *out, size_t size)
{
	const struct address *const address = &value->endpoint.address.ip;
	char host[ADDRESS_TEXT_SIZE], port[24], zone[ADDRESS_ZONE_SIZE];
	const bool star = value->endpoint.star && address_is_any(address);
	const bool v4 = address_is_v4(address);
	const size_t zone_len = address_zone_format(&value->endpoint.address, zone, sizeof zone, 0);
	size_t port_len = format_port(value, port), host_len, len = 0;
	const size_t room = port_len + (v4 || star ? 0 : 2) + zone_len;

	if (value->endpoint.name.len)
		return format_named_endpoint(value, columns, out, size);
	if (star)
		host_len = put(host, sizeof host, 0, "*", 1);
	else if (v4)
		host_len = format_v4(address->bytes + 12, host);
	else if (columns)
		host_len = address_format_narrow(
			address, columns > room + 6 ? columns - room : 6, host, sizeof host);
	else
		host_len = address_format(address, host, sizeof host);
	if (!v4 && !star)
		len = put(out, size, len, "[", 1);
	len = put(out, size, len, host, host_len);
	if (!v4 && !star)
		len = put(out, size, len, "]", 1);
	len = put(out, size, len, zone, zone_len);
	len = put(out, size, len, port, port_len);
	out[len] = '\0';
	return len;
}

static size_t
format_owners(
	const struct field_context *context, const struct owner *owner, char *out, size_t size)
{
	const struct process_table *const table = &context->model->processes;
	size_t len = 0;

	for (; owner != NULL; owner = process_table_next(table, owner)) {
		const struct process_row *const process = process_table_find(table, owner->pid);
		struct text comm = {"", 0};
		char rest[48];
		int rest_len;

		if (process != NULL)
			comm = intern_get(context->model->texts, process->comm);
		if (len)
			len = put(out, size, len, ",", 1);
		len = put(out, size, len, comm.data, comm.len);
		rest_len = snprintf(rest, sizeof rest, "/%u/%u", owner->pid, owner->fd);
		len = put(out, size, len, rest, (size_t)rest_len);
	}
	out[len] = '\0';
	return len;
}

static size_t
format_texts(const struct value *value, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < value->texts.count; i++) {
		if (i)
			len = put(out, size, len, ",", 1);
		len = put(out, size, len, value->texts.items[i], strlen(value->texts.items[i]));
	}
	out[len] = '\0';
	return len;
}

static size_t
format_figures(const struct value *value, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < value->figures.count; i++) {
		const struct figure *const figure = &value->figures.items[i];

		len = text_add(out, size, len, "%s%s=", i > 0 ? ", " : "", figure->name);
		len = figure->text[0] != '\0' ? text_add(out, size, len, "%s", figure->text)
					      : text_add(out, size, len, "%.6g", figure->number);
	}
	return len;
}

size_t
value_format(const struct field_context *context, const struct value *value, char *out, size_t size)
{
	size_t len = 0;
	char text[ADDRESS_TEXT_SIZE];

	if (!size)
		return 0;
	switch (value->kind) {
	case VALUE_UNKNOWN: break;
	case VALUE_UNSIGNED:
		len = put(out, size, 0, text, number_write_unsigned(value->number, text));
		break;
	case VALUE_REAL:
		len = put(out, size, 0, text,
			(size_t)snprintf(text, sizeof text, "%.6g", value->real));
		break;
	case VALUE_BOOL:
		len = put(out, size, 0, word_yes_no(value->truth), value->truth ? 3 : 2);
		break;
	case VALUE_TEXT: len = put(out, size, 0, value->text.data, value->text.len); break;
	case VALUE_ADDRESS:
		len = put(out, size, 0, text, value_format_address(value, text, sizeof text));
		break;
	case VALUE_TEXTS: return format_texts(value, out, size);
	case VALUE_OWNERS: return format_owners(context, value->owners, out, size);
	case VALUE_FIGURES: return format_figures(value, out, size);
	case VALUE_ENDPOINT: return value_format_endpoint(value, 0, out, size);
	}
	out[len] = '\0';
	return len;
}
