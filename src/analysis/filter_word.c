/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bare words: is the word in the text that a column would show? The text is made only where the
 * word could be part of it.
 */
#include <config.h>

#include "filter_tree.h"

#include "value.h"

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

	if (value->endpoint.zone.len && text_has(term, NULL, value->endpoint.zone))
		return true;
	if (!term->maybe_address)
		return false;
	len = value_format_endpoint(value, 0, text, sizeof(text));
	return text_has(term, NULL, (struct text){text, len});
}

bool
filter_word_match(struct filter_term *term, const struct field *field,
	const struct field_context *context, const struct value *value)
{
	char text[512];

	switch (value->kind) {
	case VALUE_UNKNOWN: return false;
	/* "no" would be in every row. */
	case VALUE_BOOL: return false;
	case VALUE_TEXT: return filter_cache_ask(term, value, text_has, field);
	case VALUE_ENDPOINT: return endpoint_has(term, value);
	case VALUE_UNSIGNED:
	case VALUE_REAL:
		if (!term->maybe_number)
			return false;
		break;
	case VALUE_ADDRESS:
		if (!term->maybe_address)
			return false;
		break;
	case VALUE_TEXTS:
	case VALUE_OWNERS: break;
	}

	size_t len = field_format(field, context, value, 0, text, sizeof(text));

	return text_has(term, field, (struct text){text, len});
}
