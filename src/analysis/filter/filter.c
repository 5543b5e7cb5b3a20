/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/analysis/filter.h>

#include <stdlib.h>
#include <string.h>

#include "filter_tree.h"

static void
free_node(struct filter_node *node)
{
	while (node) {
		struct filter_node *next = node->next;

		free_node(node->first);
		free(node);
		node = next;
	}
}

void
filter_free(struct filter *filter)
{
	if (!filter)
		return;
	free_node(filter->root);
	while (filter->terms) {
		struct filter_term *term = filter->terms;

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

	if (!filter)
		return 0;
	for (const struct filter_term *term = filter->terms; term; term = term->next) {
		for (size_t i = 0; i < term->field_count; i++)
			needs |= term->fields[i]->needs;
	}
	return filter->root ? needs | filter->table->base_needs : needs;
}

bool
filter_ticks(const struct filter *filter)
{
	uint16_t flags = 0;

	if (!filter)
		return false;
	for (const struct filter_term *term = filter->terms; term; term = term->next) {
		for (size_t i = 0; i < term->field_count; i++)
			flags |= term->fields[i]->flags;
	}
	return (flags & FIELD_TICKS) != 0;
}

bool
filter_has_word(const struct filter *filter)
{
	if (!filter)
		return false;
	for (const struct filter_term *term = filter->terms; term; term = term->next) {
		if (term->kind == FILTER_TERM_WORD)
			return true;
	}
	return false;
}

/* Fields whose names end so: of a socket local and remote, of an event source and destination. */
static size_t
find_ending(const struct field_table *table, const char *outcome, const struct field **fields,
	size_t max)
{
	size_t count = 0, ending_len = strlen(outcome);

	for (size_t i = 0; i < table->count && count < max; i++) {
		const char *name = table->fields[i].name;
		size_t len = strlen(name);

		if (len > ending_len && !strcmp(name + len - ending_len, outcome))
			fields[count++] = &table->fields[i];
	}
	return count;
}

size_t
filter_find_fields(
	const struct field_table *table, struct text word, const struct field **fields, size_t max)
{
	if (text_equal_nocase(word, "port"))
		return find_ending(table, "_port", fields, max);
	if (text_equal_nocase(word, "addr") || text_equal_nocase(word, "address") ||
		text_equal_nocase(word, "host"))
		return find_ending(table, "_addr", fields, max);
	fields[0] = field_find(table, word.data, word.len);
	return fields[0] != NULL;
}
