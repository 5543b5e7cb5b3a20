/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A term of a filter, made from a field, an operator and its operand; and bare words. */
#include <config.h>

#include "filter_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/word.h>

enum { REPEAT_MAX = 1000 };

/* A + there is compiled as two of all that is before it, which may hold others. */
static bool
is_doubling(struct text pattern, size_t i)
{
	return pattern.data[i] == '+' && i > 0 && strchr("+*?})", pattern.data[i - 1]) != NULL &&
	       pattern.data[i - 1] != '\0';
}

/*
 * Bounds what an expression may cost: counted repetitions are unrolled when it is compiled, as are
 * those of what is repeated already, and back references are searched by trial. Braces within
 * brackets are counted too, although they repeat nothing.
 */
static int
check_pattern(struct text pattern, size_t at, struct error *error)
{
	unsigned long product = 1;

	if (pattern.len > FILTER_PATTERN_MAX) {
		error_set_at(error, at, "a regular expression is at most %d bytes long",
			FILTER_PATTERN_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < pattern.len; i++) {
		if (is_doubling(pattern, i))
			product *= 2;
		if (pattern.data[i] == '\\' && i + 1 < pattern.len) {
			i++;
			if (pattern.data[i] >= '1' && pattern.data[i] <= '9') {
				error_set_at(error, at, "back references (\\%c) are not supported",
					pattern.data[i]);
				return -EINVAL;
			}
		} else if (pattern.data[i] == '{') {
			unsigned long number = 0, largest = 1;

			for (i++; i < pattern.len && pattern.data[i] != '}'; i++) {
				const unsigned digit = (unsigned char)pattern.data[i] - '0';

				number = digit > 9 ? 0 : number * 10 + digit;
				if (number > largest)
					largest = number;
				if (largest > REPEAT_MAX)
					break;
			}
			product *= largest;
		}
		if (product > REPEAT_MAX) {
			error_set_at(error, at,
				"the expression repeats too much: {}, and + after ) or another repetition, may add up to %d times",
				REPEAT_MAX);
			return -EINVAL;
		}
	}
	return 0;
}

static bool
has_capital(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] >= 'A' && text.data[i] <= 'Z')
			return true;
	}
	return false;
}

/* Case counts only where the expression has a capital letter. */
static int
set_regex(struct filter_term *term, const struct filter_operand *operand, struct error *error)
{
	const struct text pattern = operand->token.text;
	char copy[FILTER_PATTERN_MAX + 1], why[128];
	int result = check_pattern(pattern, operand->token.at, error);

	if (result)
		return result;
	memcpy(copy, pattern.data, pattern.len);
	copy[pattern.len] = '\0';
	result = regcomp(&term->regex, copy,
		REG_EXTENDED | REG_NOSUB | (has_capital(pattern) ? 0 : REG_ICASE));
	if (result) {
		regerror(result, &term->regex, why, sizeof why);
		error_set_at(error, operand->token.at, "not a regular expression: %s", why);
		return -EINVAL;
	}
	term->has_regex = true;
	term->kind = FILTER_TERM_REGEX;
	return 0;
}

static int
set_bool(struct filter_term *term, const struct filter_operand *operand, struct error *error)
{
	if (word_parse_yes_no(operand->token.text, &term->truth) == 0) {
		term->kind = FILTER_TERM_BOOL;
		return 0;
	}
	error_set_at(error, operand->token.at, "%s is yes or no", term->fields[0]->name);
	return -EINVAL;
}

/* "<" on what has no order is a mistake that would match nothing. */
static int
check_order(
	const struct filter_term *term, const struct filter_operand *operand, struct error *error)
{
	const struct field *const field = term->fields[0];
	const bool closed = field->kind == VALUE_TEXT &&
			    (field->words != NULL || field->meaning == FIELD_MEANING_STATE);

	if (!filter_compare_is_order(term->compare) ||
		(!closed && field->kind != VALUE_BOOL && field->kind != VALUE_TEXTS &&
			field->kind != VALUE_OWNERS))
		return 0;
	error_set_at(error, operand->token.at, "%s has no order; use =, != or ~", field->name);
	return -EINVAL;
}

int
filter_term_set(struct filter_term *term, const struct field_table *table,
	const struct filter_operand *operand, struct error *error)
{
	const struct field *const field = term->fields[0];
	const int result = check_order(term, operand, error);

	if (result)
		return result;
	if (term->compare == FILTER_COMPARE_REGEX || term->compare == FILTER_COMPARE_NOT_REGEX)
		return set_regex(term, operand, error);
	switch (field->kind) {
	case VALUE_UNKNOWN:
	case VALUE_FIGURES: break;
	case VALUE_UNSIGNED:
	case VALUE_REAL: return filter_operand_ranges(term, operand, error);
	case VALUE_BOOL: return set_bool(term, operand, error);
	case VALUE_TEXT:
		if (field->meaning == FIELD_MEANING_STATE)
			return filter_operand_states(term, operand, error);
		return filter_operand_texts(term, operand, error);
	case VALUE_TEXTS:
	case VALUE_OWNERS: return filter_operand_texts(term, operand, error);
	case VALUE_ADDRESS:
	case VALUE_ENDPOINT: return filter_operand_addresses(term, table, operand, error);
	}
	error_set_at(error, operand->token.at, "%s cannot be used in a filter", field->name);
	return -EINVAL;
}

/* A word with other characters is not part of a number or an address: no text is made of these. */
static bool
consists_of(struct text word, const char *characters)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (memchr(characters, c, strlen(characters)) == NULL)
			return false;
	}
	return true;
}

static size_t
dots(struct text word)
{
	size_t count = 0;

	for (size_t i = 0; i < word.len; i++)
		count += word.data[i] == '.';
	return count;
}

int
filter_term_set_word(struct filter_term *term, struct text word)
{
	const char *const percent = word.len ? memchr(word.data, '%', word.len) : NULL;
	struct text address = word;

	term->kind = FILTER_TERM_WORD;
	term->texts = malloc(sizeof *term->texts);
	if (term->texts == NULL)
		return -ENOMEM;
	term->texts[0] = word;
	term->count = 1;
	term->maybe_number = consists_of(word, "0123456789.>usmhdkgtpe%") && dots(word) < 2;
	/* What follows '%' is the name of a link: any text. */
	if (percent != NULL)
		address.len = (size_t)(percent - word.data);
	term->maybe_address = consists_of(address, "0123456789abcdef.:[]*");
	return 0;
}

void
filter_term_free(struct filter_term *term)
{
	if (term->has_regex)
		regfree(&term->regex);
	free(term->ranges);
	free(term->addresses);
	free(term->texts);
	free(term->cache);
	free(term->numbers);
	free(term);
}
