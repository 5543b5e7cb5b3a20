/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bare words: is the word part of the text that a column would show? The text is made only where
 * the word could be part of it.
 */
#include <config.h>

#include "filter_tree.h"

#include <stdlib.h>

#include "analysis/field/value.h"

static bool
text_has(struct filter_term *term, const struct field *field, struct text text)
{
	(void)field;
	return text_contains_nocase(text, term->texts[0]);
}

static bool
endpoint_has(struct filter_term *term, const struct value *value)
{
	char text[256];
	size_t len;

	if (value->endpoint.address.zone.len && text_has(term, NULL, value->endpoint.address.zone))
		return true;
	if (value->endpoint.name.len && text_has(term, NULL, value->endpoint.name))
		return true;
	if (!term->maybe_address)
		return false;
	if (value->endpoint.name.len) {
		/* A typed address is found even where the name is shown instead. */
		struct value address = {.kind = VALUE_ENDPOINT, .endpoint = value->endpoint};

		address.endpoint.name.len = 0;
		len = value_format_endpoint(&address, 0, text, sizeof text);
	} else {
		len = value_format_endpoint(value, 0, text, sizeof text);
	}
	return text_has(term, NULL, (struct text){text, len});
}

static bool
format_has(struct filter_term *term, const struct field *field, const struct field_context *context,
	const struct value *value)
{
	char text[512];
	const size_t len = field_format(field, context, value, 0, text, sizeof text);

	return text_has(term, field, (struct text){text, len});
}

static bool
number_has(struct filter_term *term, const struct field *field, const struct field_context *context,
	const struct value *value)
{
	const size_t slot = (value->number ^ (uintptr_t)field >> 4) & (FILTER_CACHE_SLOTS - 1);

	if (term->numbers == NULL)
		term->numbers = calloc(1, sizeof *term->numbers);
	if (term->numbers == NULL)
		return format_has(term, field, context, value);
	if (term->numbers->slots[slot].field != field ||
		term->numbers->slots[slot].number != value->number ||
		term->numbers->slots[slot].at_least != value->at_least) {
		term->numbers->slots[slot].field = field;
		term->numbers->slots[slot].number = value->number;
		term->numbers->slots[slot].at_least = value->at_least;
		term->numbers->slots[slot].verdict = format_has(term, field, context, value);
	}
	return term->numbers->slots[slot].verdict;
}

bool
filter_word_may_match(const struct filter_term *term, const struct field *field)
{
	switch (field->kind) {
	case VALUE_UNKNOWN: return false;
	/* The word "no" would be found in every row. */
	case VALUE_BOOL: return false;
	case VALUE_UNSIGNED:
	case VALUE_REAL: return term->maybe_number;
	case VALUE_TEXT:
	case VALUE_TEXTS:
	case VALUE_OWNERS:
	case VALUE_ADDRESS:
	case VALUE_FIGURES:
	case VALUE_ENDPOINT: break; /* it may have a zone, which is any text */
	}
	return true;
}

bool
filter_word_match(struct filter_term *term, const struct field *field,
	const struct field_context *context, const struct value *value)
{
	switch (value->kind) {
	case VALUE_UNKNOWN: return false;
	case VALUE_TEXT: return filter_cache_ask(term, value, text_has, field);
	case VALUE_ENDPOINT: return endpoint_has(term, value);
	case VALUE_UNSIGNED: return number_has(term, field, context, value);
	case VALUE_BOOL:
	case VALUE_REAL:
	case VALUE_ADDRESS:
	case VALUE_TEXTS:
	case VALUE_FIGURES:
	case VALUE_OWNERS: break;
	}
	return format_has(term, field, context, value);
}
