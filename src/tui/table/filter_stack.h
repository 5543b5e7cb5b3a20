/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter of a table as a stack of terms: what was typed, then a term for each menu. Esc takes
 * the last away.
 */
#ifndef SOCKWATCH_TUI_TABLE_FILTER_STACK_H
#define SOCKWATCH_TUI_TABLE_FILTER_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/field.h>

enum { FILTERS_TERMS_MAX = 16, FILTERS_TEXT_SIZE = 1024 };

struct filter_stack {
	char *terms[FILTERS_TERMS_MAX]; /* owned */
	size_t count;
};

void filter_stack_fini(struct filter_stack *filters);
/* 0, -ENOSPC when there are too many, -ENOMEM. A term that is there already is not added again. */
int filter_stack_push(struct filter_stack *filters, const char *term);
bool filter_stack_pop(struct filter_stack *filters);
/* One term instead of all; blank text: none. */
int filter_stack_set(struct filter_stack *filters, const char *text);
/* All terms as one filter text; returns out. */
char *filter_stack_join(const struct filter_stack *filters, char *out, size_t size);
/*
 * Copies the terms into out, which is empty, without their conditions on none but these fields.
 * True when something was left out. out is the caller's to free.
 */
bool filter_stack_without(const struct filter_stack *filters, const struct field_table *table,
	const struct field *const *fields, size_t count, struct filter_stack *out);
/*
 * "FIELD VALUE" for the filter language, the value quoted where it must be. Returns out; "" when it
 * does not fit.
 */
char *filter_stack_term(const char *field, const char *value, char *out, size_t size);

#endif
