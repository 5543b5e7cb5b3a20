/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How getters make values. A value is not cleared before a getter runs; each of these sets all
 * that its kind needs, so that 500,000 rows do not pay for clearing scratch space.
 */
#ifndef SOCKWATCH_ANALYSIS_FIELD_VALUE_H
#define SOCKWATCH_ANALYSIS_FIELD_VALUE_H

#include <sockwatch/analysis/field.h>

static inline void
value_set_unknown(struct value *value)
{
	value->kind = VALUE_UNKNOWN;
	value->at_least = false;
	value->second = 0;
}

static inline void
value_set_unsigned(struct value *value, uint64_t number)
{
	value->kind = VALUE_UNSIGNED;
	value->at_least = false;
	value->second = 0;
	value->number = number;
}

static inline void
value_set_real(struct value *value, double real)
{
	value->kind = VALUE_REAL;
	value->at_least = false;
	value->second = 0;
	value->real = real;
}

static inline void
value_set_bool(struct value *value, bool truth)
{
	value->kind = VALUE_BOOL;
	value->at_least = false;
	value->second = 0;
	value->truth = truth;
}

/* Text that lives longer than the row: interned or constant. Empty text is unknown. */
static inline void
value_set_text(struct value *value, struct text text)
{
	value->kind = text.len ? VALUE_TEXT : VALUE_UNKNOWN;
	value->at_least = false;
	value->second = 0;
	value->text = text;
}

/* Text whose place another one may have next: it is copied. Empty text is unknown. */
void value_set_copy(struct value *value, const char *text);
/* Text that the getter composed. */
void value_set_composed(struct value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline void
value_set_address(struct value *value, const struct address_scoped *address)
{
	value->kind = VALUE_ADDRESS;
	value->at_least = false;
	value->second = 0;
	value->address = *address;
}

/* Order of two values of one field: <0, 0, >0. Unknown comes after every known one. */
int value_compare(const struct value *a, const struct value *b);
/*
 * A number that orders values as value_compare does, as far as 64 bits reach: equal keys have to be
 * compared in full. Unknown gives UINT64_MAX.
 */
uint64_t value_key(const struct value *value);

/* The name of an address as the model has it, not clean; empty: none. */
struct text value_host_name(const struct field_context *context, const struct address *address);

/* Keys of IPv4 addresses, with or without port; these reach. */
#define VALUE_KEY_V4_FIRST (UINT64_C(1) << 62)
#define VALUE_KEY_V4_LAST  (VALUE_KEY_V4_FIRST | UINT64_C(0xffffffffffff))

/* The text's address names the text for the life of the model: caches may keep it. */
static inline bool
value_text_is_stable(const struct value *value)
{
	return value->text.data != value->scratch;
}

/* The address, with its zone where it names no host without one. Returns the length. */
size_t value_format_address(const struct value *value, char *out, size_t size);
/* "10.0.0.1:443", "[2001:db8::1]:443", "*:22", "127.0.0.53%lo:53". columns: 0 for no limit. */
size_t value_format_endpoint(const struct value *value, size_t columns, char *out, size_t size);

#endif
