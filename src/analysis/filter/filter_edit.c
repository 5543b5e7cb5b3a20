/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a filter while it is changed: conditions taken out, words that are not whole. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_tree.h"

static bool
is_among(const struct field *field, const struct field *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i] == field)
			return true;
	}
	return false;
}

/* All that is below the node looks at these fields, and at least one term does. */
static bool
looks_only_at(const struct filter_node *node, const struct field *const *fields, size_t count)
{
	const struct filter_term *const term = node->term;

	if (node->kind != FILTER_NODE_TERM) {
		for (const struct filter_node *child = node->first; child != NULL;
			child = child->next) {
			if (!looks_only_at(child, fields, count))
				return false;
		}
		return node->first != NULL;
	}
	for (size_t i = 0; i < term->field_count; i++) {
		if (!is_among(term->fields[i], fields, count))
			return false;
	}
	return term->kind != FILTER_TERM_WORD;
}

/* The conditions of the outermost "and" that stay. */
static bool
write_rest(const struct filter *filter, const struct field *const *fields, size_t count, char *out,
	size_t size)
{
	size_t len = 0;

	for (const struct filter_node *node = filter->root->first; node != NULL;
		node = node->next) {
		int written;

		if (looks_only_at(node, fields, count))
			continue;
		written = snprintf(out + len, size - len, "%s%.*s", len > 0 ? " and " : "",
			(int)(node->end - node->at), filter->text + node->at);
		if (written < 0 || (size_t)written >= size - len)
			return false;
		len += (size_t)written;
	}
	return true;
}

bool
filter_text_without(const char *text, const struct field_table *table,
	const struct field *const *fields, size_t count, char *out, size_t size)
{
	struct filter *const filter = filter_parse(text, table, NULL);
	bool done = true;

	snprintf(out, size, "%s", text);
	if (filter == NULL)
		return false;
	if (filter->root != NULL && looks_only_at(filter->root, fields, count)) {
		out[0] = '\0';
	} else if (filter->root != NULL && filter->root->kind == FILTER_NODE_AND) {
		out[0] = '\0';
		done = write_rest(filter, fields, count, out, size);
		if (!done)
			snprintf(out, size, "%s", text);
	}
	filter_free(filter);
	return done;
}

struct typed {
	bool longer; /* the typed part begins a longer word */
	bool whole;  /* it is a word */
};

static void
on_word(void *context, const char *word, size_t typed)
{
	struct typed *const found = context;

	if (typed == 0)
		return;
	if (strlen(word) == typed)
		found->whole = true;
	else
		found->longer = true;
}

bool
filter_is_partial(const char *text, const struct field_table *table)
{
	struct typed found = {.longer = false};

	filter_complete(text, table, on_word, &found);
	return found.longer && !found.whole;
}
