/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filter as a whole: which fields a word names, what it needs, its end.
 *
 * The room: filter_lex.c cuts the text into tokens; filter_parse.c makes a tree of them, each
 * condition by filter_term.c with its operand from filter_operand.c or filter_address.c;
 * filter_match.c asks the tree about a row, with filter_word.c for bare words and filter_cache.c
 * for verdicts on texts; filter_pushdown.c makes conditions for the kernel; filter_complete.c
 * offers words while a filter is typed, filter_edit.c changes its text, filter_write.c makes
 * conditions of values. filter_tree.h is the tree.
 */
#include <config.h>

#include <sockwatch/analysis/filter.h>

#include <stdlib.h>

#include "filter_tree.h"

static void
free_node(struct filter_node *node)
{
	while (node != NULL) {
		struct filter_node *const next = node->next;

		free_node(node->first);
		free(node);
		node = next;
	}
}

void
filter_free(struct filter *filter)
{
	if (filter == NULL)
		return;
	free_node(filter->root);
	while (filter->terms != NULL) {
		struct filter_term *const term = filter->terms;

		filter->terms = term->next;
		filter_term_free(term);
	}
	free(filter->text);
	free(filter->scratch);
	free(filter);
}

uint32_t
filter_needs(const struct filter *filter)
{
	uint32_t needs = 0;

	if (filter == NULL)
		return 0;
	for (const struct filter_term *term = filter->terms; term != NULL; term = term->next) {
		for (size_t i = 0; i < term->field_count; i++)
			needs |= term->fields[i]->needs;
	}
	return filter->root != NULL ? needs | filter->table->base_needs : needs;
}

bool
filter_ticks(const struct filter *filter)
{
	uint16_t flags = 0;

	if (filter == NULL)
		return false;
	for (const struct filter_term *term = filter->terms; term != NULL; term = term->next) {
		for (size_t i = 0; i < term->field_count; i++)
			flags |= term->fields[i]->flags;
	}
	return (flags & FIELD_TICKS) != 0;
}

bool
filter_has_word(const struct filter *filter)
{
	if (filter == NULL)
		return false;
	for (const struct filter_term *term = filter->terms; term != NULL; term = term->next) {
		if (term->kind == FILTER_TERM_WORD)
			return true;
	}
	return false;
}

static bool
is_port(const struct field *field)
{
	return (field->flags & FIELD_PORT) != 0;
}

static bool
is_address(const struct field *field)
{
	return field->kind == VALUE_ADDRESS;
}

/* Both sides of a row: local and remote of a socket, source and destination of an event. */
static size_t
find_sides(const struct field_table *table, bool (*is_wanted)(const struct field *field),
	const struct field **fields, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < table->count && count < max; i++) {
		if (is_wanted(&table->fields[i]))
			fields[count++] = &table->fields[i];
	}
	return count;
}

size_t
filter_find_fields(
	const struct field_table *table, struct text word, const struct field **fields, size_t max)
{
	if (text_equal_nocase(word, "port"))
		return find_sides(table, is_port, fields, max);
	if (text_equal_nocase(word, "addr") || text_equal_nocase(word, "address") ||
		text_equal_nocase(word, "host"))
		return find_sides(table, is_address, fields, max);
	fields[0] = field_find(table, word.data, word.len);
	return fields[0] != NULL;
}
