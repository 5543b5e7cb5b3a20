/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operands: the numbers, texts and states after a field. Addresses: filter_address.c. */
#include <config.h>

#include "filter_tree.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/services.h>
#include <sockwatch/base/edit_distance.h>
#include <sockwatch/base/word.h>

bool
filter_operand_next(
	const struct filter_operand *operand, size_t *next, struct text *item, size_t *at)
{
	const struct text text = operand->token.text;
	const char *comma;

	if (*next > text.len)
		return false;
	*item = (struct text){text.data + *next, text.len - *next};
	*at = operand->token.at + *next;
	comma = operand->is_list && item->len ? memchr(item->data, ',', item->len) : NULL;
	if (comma != NULL)
		item->len = (size_t)(comma - item->data);
	*next += item->len + 1;
	/* "80, 443": blanks within a list were kept. */
	while (operand->is_list && item->len && item->data[0] == ' ') {
		item->data++;
		item->len--;
		++*at;
	}
	return true;
}

size_t
filter_operand_count(const struct filter_operand *operand)
{
	size_t count = 1;

	for (size_t i = 0; i < operand->token.text.len; i++)
		count += operand->token.text.data[i] == ',';
	return count;
}

static int
not_a_number(const struct field *field, struct text item, size_t at, struct error *error)
{
	const char *const suffixes = number_suffixes(field->unit);
	char word[64];

	filter_quote(item, word, sizeof word);
	if ((field->flags & FIELD_PORT) != 0)
		error_set_at(error, at,
			"\"%s\" is not a port; use 1 to 65535, a range like 8000-8999 or a service like http",
			word);
	else if (suffixes != NULL && *suffixes)
		error_set_at(error, at, "\"%s\" is not a number; %s takes one, with %s", word,
			field->name, suffixes);
	else
		error_set_at(
			error, at, "\"%s\" is not a number, and %s takes one", word, field->name);
	return -EINVAL;
}

/* "0x1f", for what has no unit: marks are written so. */
static bool
parse_hexadecimal(struct text item, double *number)
{
	enum { DIGITS_MAX = 8 };
	uint32_t value = 0;

	if (item.len < 3 || item.len > 2 + DIGITS_MAX || item.data[0] != '0' ||
		(item.data[1] | 0x20) != 'x')
		return false;
	for (size_t i = 2; i < item.len; i++) {
		const char c = (char)(item.data[i] | 0x20);

		if (!(item.data[i] >= '0' && item.data[i] <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		value = value << 4 |
			(uint32_t)(item.data[i] <= '9' ? item.data[i] - '0' : c - 'a' + 10);
	}
	*number = value;
	return true;
}

/* A port may also be ":22", as ss writes it, or the name of a service. */
static int
parse_number(
	const struct field *field, struct text item, size_t at, double *number, struct error *error)
{
	const bool port = (field->flags & FIELD_PORT) != 0;

	if (port && item.len > 1 && item.data[0] == ':') {
		item.data++;
		item.len--;
		at++;
	}
	if (field->unit == UNIT_NONE && !port && parse_hexadecimal(item, number))
		return 0;
	if (item.len && !number_parse_unit(item.data, item.len, field->unit, number)) {
		if (!port || (*number <= UINT16_MAX && *number == floor(*number)))
			return 0;
		return not_a_number(field, item, at, error);
	}
	if (port) {
		const uint16_t named = services_port(item.data, item.len);

		*number = named;
		if (named)
			return 0;
	}
	return not_a_number(field, item, at, error);
}

/* "8000-8999", or one number. The name of a service may contain a dash as well. */
static int
parse_range(const struct field *field, struct text item, size_t at, struct filter_range *range,
	struct error *error)
{
	const char *dash = item.len > 1 ? memchr(item.data + 1, '-', item.len - 1) : NULL;
	size_t first = dash != NULL ? (size_t)(dash - item.data) : item.len;
	int result;

	if (dash != NULL && (field->flags & FIELD_PORT) != 0 &&
		services_port(item.data, item.len)) {
		dash = NULL;
		first = item.len;
	}
	result = parse_number(field, (struct text){item.data, first}, at, &range->low, error);
	range->high = range->low;
	if (result || dash == NULL)
		return result;
	result = parse_number(field, (struct text){dash + 1, item.len - first - 1}, at + first + 1,
		&range->high, error);
	if (!result && range->high < range->low) {
		error_set_at(error, at, "a range goes from the lower number to the higher one");
		result = -EINVAL;
	}
	return result;
}

static int
refuse_mask(size_t at, const char *why, struct error *error)
{
	error_set_at(error, at, "%s", why);
	return -EINVAL;
}

/* "0x1/0xff", as ss has it, or a range without a mask. */
static int
parse_masked(const struct filter_term *term, struct text item, size_t at,
	struct filter_range *range, struct error *error)
{
	const struct field *const field = term->fields[0];
	const char *const slash = (field->flags & FIELD_BITS) != 0 && item.len != 0
					  ? memchr(item.data, '/', item.len)
					  : NULL;
	const size_t first = slash != NULL ? (size_t)(slash - item.data) : 0;
	const size_t mask_at = at + first + 1;
	double mask = 0;
	int result;

	if (slash == NULL)
		return parse_range(field, item, at, range, error);
	if (filter_compare_is_order(term->compare))
		return refuse_mask(at, "a value with a mask has no order; use = or !=", error);
	result = parse_number(field, (struct text){item.data, first}, at, &range->low, error);
	if (result == 0)
		result = parse_number(field, (struct text){slash + 1, item.len - first - 1},
			mask_at, &mask, error);
	if (result != 0)
		return result;
	if (mask > UINT32_MAX || mask != floor(mask))
		return refuse_mask(mask_at, "a mask has 32 bits, as 0xff", error);
	range->high = range->low;
	range->has_mask = true;
	range->mask = (uint32_t)mask;
	if (range->low > UINT32_MAX || ((uint32_t)range->low & range->mask) != range->low)
		return refuse_mask(at,
			"the value has bits that are not in its mask, so it would match nothing",
			error);
	return 0;
}

int
filter_operand_ranges(
	struct filter_term *term, const struct filter_operand *operand, struct error *error)
{
	size_t next = 0, at;
	struct text item;

	term->kind = FILTER_TERM_NUMBER;
	term->ranges = calloc(filter_operand_count(operand), sizeof *term->ranges);
	if (term->ranges == NULL)
		return -ENOMEM;
	while (filter_operand_next(operand, &next, &item, &at)) {
		struct filter_range *const range = &term->ranges[term->count];
		const int result = parse_masked(term, item, at, range, error);

		if (result)
			return result;
		term->count++;
		if (filter_compare_is_order(term->compare) &&
			(term->count > 1 || range->low < range->high)) {
			error_set_at(error, at,
				"only a single number can be compared with < or >; lists and ranges go with =");
			return -EINVAL;
		}
	}
	return 0;
}

static bool
is_among(struct text item, const char *words)
{
	struct text next;
	char word[32];

	while (word_next(&words, &next)) {
		snprintf(word, sizeof word, "%.*s", (int)next.len, next.data);
		if (text_equal_nocase(item, word))
			return true;
	}
	return false;
}

int
filter_operand_texts(
	struct filter_term *term, const struct filter_operand *operand, struct error *error)
{
	const struct field *const field = term->fields[0];
	size_t next = 0, at;
	struct text item;
	char word[64];

	term->kind = FILTER_TERM_TEXT;
	term->texts = calloc(filter_operand_count(operand), sizeof *term->texts);
	if (term->texts == NULL)
		return -ENOMEM;
	while (filter_operand_next(operand, &next, &item, &at)) {
		if (!item.len && operand->is_list) {
			error_set_at(error, at, "a word is missing in this list");
			return -EINVAL;
		}
		if (field->words != NULL && !is_among(item, field->words)) {
			error_set_at(error, at, "%s is one of: %s; not \"%s\"", field->name,
				field->words, filter_quote(item, word, sizeof word));
			return -EINVAL;
		}
		term->texts[term->count++] = item;
	}
	return 0;
}

/*
 * "closing" alone is the group of states of a connection that is being closed; "= closing", and
 * CLOSING in capitals as the screen and the RFC write it, are the one state.
 * A UDP socket without a peer is not CLOSED: ss calls it UNCONN.
 */
static uint32_t
parse_state(const struct filter_term *term, struct text item)
{
	uint32_t states;

	if (text_equal_nocase(item, "unconn") || text_equal_nocase(item, "unconnected"))
		return UINT32_C(1) << FILTER_STATE_UNCONNECTED;
	if (term->compare == FILTER_COMPARE_DEFAULT && text_equal(item, text_of("closing")))
		return tcp_state_parse("closing-group", 13);
	states = tcp_state_parse(item.data, item.len);
	if (text_equal_nocase(item, "all") || text_equal_nocase(item, "any"))
		states |= UINT32_C(1) << FILTER_STATE_UNCONNECTED | ((1U << TCP_STATE_COUNT) - 2);
	return states;
}

/* In small letters, "-" for "_". */
static struct text
plain_state(struct text word, char *out, size_t size)
{
	size_t len = 0;

	for (; len < word.len && len < size; len++)
		out[len] = word.data[len] == '_' ? '-' : (char)(word.data[len] | 0x20);
	return (struct text){out, len};
}

/* How far a word is from the name of a state: 0 where it is its beginning. */
static size_t
state_distance(struct text item, const char *name)
{
	char left[EDIT_DISTANCE_MAX], right[EDIT_DISTANCE_MAX];
	const struct text wanted = plain_state(item, left, sizeof left);
	const struct text word = plain_state(text_of(name), right, sizeof right);

	if (wanted.len >= 2 && wanted.len <= word.len &&
		memcmp(wanted.data, word.data, wanted.len) == 0)
		return 0;
	return edit_distance(wanted, word);
}

/* The state that may have been meant, for "did you mean"; NULL: none is near. */
static const char *
nearest_state(struct text item)
{
	size_t least = item.len < 4 ? 1 : (item.len + 2) / 3;
	const char *nearest = NULL;

	for (size_t i = 0; item.len <= EDIT_DISTANCE_MAX && tcp_state_word(i) != NULL; i++) {
		const size_t distance = state_distance(item, tcp_state_word(i));

		if (distance < least || (distance == least && nearest == NULL)) {
			least = distance;
			nearest = tcp_state_word(i);
		}
	}
	return nearest;
}

static int
refuse_state(struct text item, size_t at, struct error *error)
{
	static const char groups[] = "connected, synchronized, half-open, closing";
	const char *const nearest = nearest_state(item);
	char word[64];

	filter_quote(item, word, sizeof word);
	if (nearest != NULL)
		error_set_at(error, at, "\"%s\" is not a state; did you mean \"%s\"? Groups are %s",
			word, nearest, groups);
	else
		error_set_at(error, at,
			"\"%s\" is not a state; use a name like LISTEN, SYN-SENT, ESTABLISHED, CLOSE-WAIT, TIME-WAIT; groups are %s",
			word, groups);
	return -EINVAL;
}

int
filter_operand_states(
	struct filter_term *term, const struct filter_operand *operand, struct error *error)
{
	size_t next = 0, at;
	struct text item;

	term->kind = FILTER_TERM_STATE;
	while (filter_operand_next(operand, &next, &item, &at)) {
		const uint32_t states = parse_state(term, item);

		if (!states)
			return refuse_state(item, at, error);
		term->states |= states;
	}
	return 0;
}

uint32_t
filter_state_bit(struct text name)
{
	for (unsigned state = 1; state < TCP_STATE_COUNT; state++) {
		if (text_equal(name, text_of(tcp_state_name((enum tcp_state)state))))
			return UINT32_C(1) << state;
	}
	return text_equal_nocase(name, "unconn") ? UINT32_C(1) << FILTER_STATE_UNCONNECTED : 0;
}
