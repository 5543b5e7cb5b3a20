/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as a column or a page shows them: short, with units, clean, and cut where a width is
 * given. */
#include <config.h>

#include <string.h>

#include <sockwatch/analysis/field.h>

#include "value.h"

/* "3us" and "1.7s" rather than "0s" and "1s". */
static bool
has_us(const struct field *field, const struct value *value)
{
	return field->unit == UNIT_S && (value->second & VALUE_HAS_US) != 0 && value->number < 10;
}

/* Nothing is claimed of what took less than the table can tell. */
static void
format_short_life(const struct value *value, char *out, size_t size)
{
	const uint64_t us = value->number * 1000000 + value->second % VALUE_HAS_US;

	number_format_short(us, us > 0 ? UNIT_US : UNIT_MS, out, size);
}

/* ">4m" when only a lower bound is known. */
static size_t
format_unsigned(const struct field *field, const struct value *value, char *out, size_t size)
{
	char number[32] = ">";
	char *const digits = number + value->at_least;
	size_t len;

	if (field->unit == UNIT_NONE)
		digits[number_write_unsigned(value->number, digits)] = '\0';
	else if (has_us(field, value))
		format_short_life(value, digits, sizeof number - 1);
	else
		number_format_short(value->number, field->unit, digits, sizeof number - 1);

	len = strlen(number);
	if (len >= size)
		len = size - 1;
	memcpy(out, number, len);
	out[len] = '\0';
	return len;
}

static size_t
format_address(const struct value *value, size_t columns, char *out, size_t size)
{
	char address[ADDRESS_TEXT_SIZE], zone[ADDRESS_ZONE_SIZE];
	size_t len = value_format_address(value, address, sizeof address);

	if (columns && len > columns) {
		const size_t zone_len =
			len - address_format(&value->address.ip, address, sizeof address);

		/* The middle of the address goes before its zone does. */
		len = address_format_narrow(&value->address.ip,
			columns > zone_len ? columns - zone_len : columns, address, sizeof address);
		if (columns > zone_len && zone_len) {
			(void)address_zone_format(&value->address, zone, sizeof zone, 0);
			memcpy(address + len, zone, zone_len + 1);
		}
	}
	return text_clean(text_of(address), out, size);
}

/* A text comes from outside: it is composed where it has parts, then cleaned, then cut. */
static size_t
format_text(const struct field_context *context, const struct value *value, size_t columns,
	char *out, size_t size)
{
	char whole[1024];
	struct text text = value->text;
	size_t len;

	if (value->kind != VALUE_TEXT)
		text = (struct text){whole, value_format(context, value, whole, sizeof whole)};
	len = text_clean(text, out, size);
	if (columns && len > columns) {
		text_truncate(out, columns, true);
		len = strlen(out);
	}
	return len;
}

size_t
field_format(const struct field *field, const struct field_context *context,
	const struct value *value, size_t columns, char *out, size_t size)
{
	char endpoint[256], number[32];
	size_t len;

	if (!size)
		return 0;
	out[0] = '\0';
	switch (value->kind) {
	case VALUE_UNKNOWN: return 0;
	case VALUE_UNSIGNED: return format_unsigned(field, value, out, size);
	case VALUE_REAL:
		number_format_real(value->real, field->unit, number, sizeof number);
		return text_clean(text_of(number), out, size);
	case VALUE_BOOL: return value_format(context, value, out, size);
	case VALUE_ADDRESS: return format_address(value, columns, out, size);
	case VALUE_TEXT:
	case VALUE_TEXTS:
	case VALUE_OWNERS:
	case VALUE_FIGURES: return format_text(context, value, columns, out, size);
	case VALUE_ENDPOINT:
		len = value_format_endpoint(value, columns, endpoint, sizeof endpoint);
		return text_clean((struct text){endpoint, len}, out, size);
	}
	return 0;
}
