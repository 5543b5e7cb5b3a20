/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terms of a filter, one on top of the other. */
#include <config.h>

#include "filter_stack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t")] == '\0';
}

static void
drop_from(struct filter_stack *filters, size_t first)
{
	while (filters->count > first)
		free(filters->terms[--filters->count]);
}

void
filter_stack_fini(struct filter_stack *filters)
{
	drop_from(filters, 0);
}

int
filter_stack_push(struct filter_stack *filters, const char *term)
{
	char *copy;

	for (size_t i = 0; i < filters->count; i++) {
		if (strcmp(filters->terms[i], term) == 0)
			return 0;
	}
	if (filters->count == FILTERS_TERMS_MAX)
		return -ENOSPC;
	copy = strdup(term);
	if (copy == NULL)
		return -ENOMEM;
	filters->terms[filters->count++] = copy;
	return 0;
}

bool
filter_stack_pop(struct filter_stack *filters)
{
	if (filters->count == 0)
		return false;
	drop_from(filters, filters->count - 1);
	return true;
}

int
filter_stack_set(struct filter_stack *filters, const char *text)
{
	drop_from(filters, 0);
	return is_blank(text) ? 0 : filter_stack_push(filters, text);
}

bool
filter_stack_without(const struct filter_stack *filters, const struct field_table *table,
	const struct field *const *fields, size_t count, struct filter_stack *out)
{
	bool changed = false;

	for (size_t i = 0; i < filters->count; i++) {
		char rest[FILTERS_TEXT_SIZE];

		filter_text_without(filters->terms[i], table, fields, count, rest, sizeof rest);
		changed = changed || strcmp(rest, filters->terms[i]) != 0;
		/* Without memory the filter is wider, not broken. */
		if (!is_blank(rest))
			(void)filter_stack_push(out, rest);
	}
	return changed;
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == '-' || c == '.';
}

/* "or" binds weaker than "and"; an "or" within quotes counts too, which does no harm. */
static bool
has_or(const char *term)
{
	for (const char *at = term; *at != '\0'; at++) {
		if (at[0] == '|')
			return true;
		if ((at[0] == 'o' || at[0] == 'O') && (at[1] == 'r' || at[1] == 'R') &&
			(at == term || !is_word(at[-1])) && !is_word(at[2]))
			return true;
	}
	return false;
}

char *
filter_stack_join(const struct filter_stack *filters, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	if (filters->count == 1) {
		snprintf(out, size, "%s", filters->terms[0]);
		return out;
	}
	for (size_t i = 0; i < filters->count; i++) {
		const bool bare = !has_or(filters->terms[i]);
		const int written = snprintf(out + len, size - len, "%s%s%s%s",
			i == 0 ? "" : " and ", bare ? "" : "(", filters->terms[i], bare ? "" : ")");

		if (written < 0 || (size_t)written >= size - len) {
			out[len] = '\0'; /* better a wider filter than a broken one */
			break;
		}
		len += (size_t)written;
	}
	return out;
}

char *
filter_stack_term(const char *field, const char *value, char *out, size_t size)
{
	const int len = snprintf(out, size, "%s ", field);

	if (len < 0 || (size_t)len >= size ||
		filter_write_text(text_of(value), out + len, size - (size_t)len) == 0)
		out[0] = '\0';
	return out;
}
