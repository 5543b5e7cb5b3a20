/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a row pass the filter? Numbers are compared as they come from the getter; verdicts on texts
 * come from the cache.
 */
#include <config.h>

#include "filter_tree.h"

#include <string.h>

#include "analysis/field/value.h"

enum { REGEX_TEXT_MAX = 4096 };

/* The row that is asked about, handed down the tree. */
struct question {
	const struct field_context *context;
	const void *row;
	const struct field *const *visible;
	size_t visible_count;
};

static bool
order_fits(enum filter_compare compare, int order)
{
	switch (compare) {
	case FILTER_COMPARE_DEFAULT:
	case FILTER_COMPARE_EQUAL:
	case FILTER_COMPARE_UNEQUAL: return order == 0;
	case FILTER_COMPARE_LESS: return order < 0;
	case FILTER_COMPARE_AT_MOST: return order <= 0;
	case FILTER_COMPARE_GREATER: return order > 0;
	case FILTER_COMPARE_AT_LEAST: return order >= 0;
	case FILTER_COMPARE_REGEX:
	case FILTER_COMPARE_NOT_REGEX: break;
	}
	return false;
}

static bool
is_in_range(const struct filter_range *range, double number)
{
	if (range->has_mask)
		return number <= UINT32_MAX && ((uint32_t)number & range->mask) == range->low;
	return number >= range->low && number <= range->high;
}

/* A number that is a lower bound fits only if every larger one would fit too. */
static bool
number_fits(const struct filter_term *term, double number, bool at_least)
{
	if (at_least && term->compare != FILTER_COMPARE_GREATER &&
		term->compare != FILTER_COMPARE_AT_LEAST)
		return false;
	if (filter_compare_is_order(term->compare)) {
		const double limit = term->ranges[0].low;

		return order_fits(term->compare, (number > limit) - (number < limit));
	}
	for (size_t i = 0; i < term->count; i++) {
		if (is_in_range(&term->ranges[i], number))
			return true;
	}
	return false;
}

/* The kind that systemd puts after a name may be left away: nginx for nginx.service. */
static bool
component_equals(struct text component, struct text word)
{
	static const char *const endings[] = {".service", ".scope", ".slice", ".socket"};
	char copy[256];

	if (word.len >= sizeof copy)
		return false;
	memcpy(copy, word.data, word.len);
	copy[word.len] = '\0';
	if (text_equal_nocase(component, copy))
		return true;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		const size_t len = strlen(endings[i]);

		if (component.len == word.len + len &&
			!memcmp(component.data + word.len, endings[i], len) &&
			text_equal_nocase((struct text){component.data, word.len}, copy))
			return true;
	}
	return false;
}

static bool
path_has(struct text path, struct text word)
{
	if (component_equals(path, word))
		return true;
	while (path.len) {
		const char *const slash = memchr(path.data, '/', path.len);
		const size_t len = slash != NULL ? (size_t)(slash - path.data) : path.len;

		if (len && component_equals((struct text){path.data, len}, word))
			return true;
		path.data += len + (slash != NULL);
		path.len -= len + (slash != NULL);
	}
	return false;
}

static bool
equal_nocase(struct text a, struct text b)
{
	return a.len == b.len && text_contains_nocase(a, b);
}

static bool
word_fits(enum field_match match, struct text text, struct text word)
{
	switch (match) {
	case FIELD_MATCH_EQUAL: return equal_nocase(text, word);
	case FIELD_MATCH_PART: return text_contains_nocase(text, word);
	case FIELD_MATCH_PATH: return path_has(text, word);
	case FIELD_MATCH_PREFIX:
		return text.len >= word.len && word.len &&
		       equal_nocase((struct text){text.data, word.len}, word);
	}
	return false;
}

static bool
text_fits(struct filter_term *term, const struct field *field, struct text text)
{
	const enum field_match match = term->compare == FILTER_COMPARE_DEFAULT
					       ? (enum field_match)field->match
					       : FIELD_MATCH_EQUAL;

	if (filter_compare_is_order(term->compare))
		return order_fits(term->compare, text_compare(text, term->texts[0]));
	for (size_t i = 0; i < term->count; i++) {
		if (word_fits(match, text, term->texts[i]))
			return true;
	}
	return false;
}

static bool
regex_fits(struct filter_term *term, const struct field *field, struct text text)
{
	char copy[REGEX_TEXT_MAX + 1];
	const size_t len = text.len > REGEX_TEXT_MAX ? REGEX_TEXT_MAX : text.len;

	(void)field;
	memcpy(copy, text.data, len);
	copy[len] = '\0';
	return regexec(&term->regex, copy, 0, NULL, 0) == 0;
}

static bool
state_fits(struct filter_term *term, const struct field *field, struct text text)
{
	(void)field;
	return term->states & filter_state_bit(text);
}

static bool
owners_fit(struct filter_term *term, const struct field *field, const struct field_context *context,
	const struct owner *owner)
{
	const struct process_table *const table = &context->model->processes;

	for (; owner != NULL; owner = process_table_next(table, owner)) {
		const struct process_row *const process = process_table_find(table, owner->pid);
		char pid[24];
		struct text comm = {"", 0};

		if (process != NULL)
			comm = intern_get(context->model->texts, process->comm);
		if (comm.len && text_fits(term, field, comm))
			return true;
		if (text_fits(term, field,
			    (struct text){pid, number_write_unsigned(owner->pid, pid)}))
			return true;
	}
	return false;
}

static bool
side_fits(const struct filter_term *term, const struct address_scoped *address, double port)
{
	if (filter_compare_is_order(term->compare))
		return order_fits(term->compare,
			address_compare(&address->ip, &term->addresses[0].prefix.address));
	for (size_t i = 0; i < term->count; i++) {
		const struct filter_address *const wanted = &term->addresses[i];

		if (wanted->has_prefix && !address_prefix_match(&wanted->prefix, &address->ip))
			continue;
		if (wanted->zone.len && !address_zone_matches(address, wanted->zone))
			continue;
		if (wanted->has_port && (port < wanted->port.low || port > wanted->port.high))
			continue;
		return true;
	}
	return false;
}

static bool
address_fits(struct filter_term *term, size_t index, const struct question *question,
	const struct value *value)
{
	struct value port;
	double number = -1;

	if (value->kind == VALUE_ENDPOINT)
		return side_fits(term, &value->endpoint.address, value->endpoint.port);
	if (term->ports[index] != NULL) {
		field_get(term->ports[index], question->context, question->row, &port);
		if (port.kind == VALUE_UNSIGNED)
			number = (double)port.number;
	}
	return side_fits(term, &value->address, number);
}

static bool
any_text_fits(struct filter_term *term, const struct field *field, const struct value *value)
{
	for (size_t i = 0; i < value->texts.count; i++) {
		if (text_fits(term, field, text_of(value->texts.items[i])))
			return true;
	}
	return false;
}

/* The value is known. The negation of != and !~ is left to the caller. */
static bool
value_fits(struct filter_term *term, size_t index, const struct question *question,
	const struct value *value)
{
	const struct field *const field = term->fields[index];
	char whole[REGEX_TEXT_MAX];

	switch (term->kind) {
	case FILTER_TERM_WORD: break;
	case FILTER_TERM_NUMBER:
		return number_fits(term,
			value->kind == VALUE_REAL ? value->real : (double)value->number,
			value->at_least);
	case FILTER_TERM_TEXT:
		if (value->kind == VALUE_OWNERS)
			return owners_fit(term, field, question->context, value->owners);
		if (value->kind == VALUE_TEXTS)
			return any_text_fits(term, field, value);
		return filter_cache_ask(term, value, text_fits, field);
	case FILTER_TERM_STATE: return filter_cache_ask(term, value, state_fits, field);
	case FILTER_TERM_BOOL: return value->truth == term->truth;
	case FILTER_TERM_ADDRESS: return address_fits(term, index, question, value);
	case FILTER_TERM_REGEX:
		if (value->kind == VALUE_TEXT)
			return filter_cache_ask(term, value, regex_fits, field);
		value_format(question->context, value, whole, sizeof whole);
		return regex_fits(term, field, text_of(whole));
	}
	return false;
}

/* Looks at all values of all fields of the term; an unknown value counts for nothing. */
static bool
term_matches(struct filter_term *term, const struct question *question)
{
	const bool negative = term->compare == FILTER_COMPARE_UNEQUAL ||
			      term->compare == FILTER_COMPARE_NOT_REGEX;
	bool known = false;
	struct value value;

	for (size_t i = 0; i < term->field_count; i++) {
		const struct field *const field = term->fields[i];
		uint32_t position = 0;

		for (;;) {
			if (field->next == NULL)
				field_get(field, question->context, question->row, &value);
			else if (!field->next(field, question->context, question->row, &position,
					 &value))
				break;
			if (value.kind != VALUE_UNKNOWN) {
				known = true;
				if (value_fits(term, i, question, &value))
					return !negative;
			}
			if (field->next == NULL)
				break;
		}
	}
	return negative && known;
}

static bool
word_matches(struct filter_term *term, const struct question *question)
{
	struct value value;

	for (size_t i = 0; i < question->visible_count; i++) {
		const struct field *const field = question->visible[i];

		if (!filter_word_may_match(term, field))
			continue;
		field_get(field, question->context, question->row, &value);
		if (filter_word_match(term, field, question->context, &value))
			return true;
	}
	return false;
}

/* Depth is bounded by the parser. */
static bool
node_matches(const struct filter_node *node, const struct question *question)
{
	switch (node->kind) {
	case FILTER_NODE_TERM:
		return node->term->kind == FILTER_TERM_WORD ? word_matches(node->term, question)
							    : term_matches(node->term, question);
	case FILTER_NODE_NOT: return !node_matches(node->first, question);
	case FILTER_NODE_AND:
		for (node = node->first; node != NULL; node = node->next) {
			if (!node_matches(node, question))
				return false;
		}
		return true;
	case FILTER_NODE_OR:
		for (node = node->first; node != NULL; node = node->next) {
			if (node_matches(node, question))
				return true;
		}
		return false;
	}
	return false;
}

bool
filter_match(struct filter *filter, const struct field_context *context, const void *row,
	const struct field *const *visible, size_t visible_count)
{
	const struct question question = {
		.context = context,
		.row = row,
		.visible = visible,
		.visible_count = visible_count,
	};

	if (filter == NULL || filter->root == NULL)
		return true;
	if (filter->interned != context->model->texts ||
		filter->text_generation != context->model->text_generation)
		filter_cache_forget(filter, context->model);
	return node_matches(filter->root, &question);
}
