/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts on texts that stay, by the address of the text: 500,000 rows share a few hundred names,
 * so most rows cost one look-up.
 */
#include <config.h>

#include "filter_tree.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/field/value.h"

/* Interned texts lie side by side: all bits of the address must count (Fibonacci hashing). */
static size_t
cache_slot(const char *key)
{
	return (uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - FILTER_CACHE_BITS);
}

bool
filter_cache_ask(struct filter_term *term, const struct value *value,
	bool (*decide)(struct filter_term *term, const struct field *field, struct text text),
	const struct field *field)
{
	const char *const key = value->text.data;
	const size_t slot = cache_slot(key);

	if (!value_text_is_stable(value))
		return decide(term, field, value->text);
	if (term->cache == NULL)
		term->cache = calloc(1, sizeof *term->cache);
	if (term->cache == NULL)
		return decide(term, field, value->text);
	if (term->cache->keys[slot] != key) {
		term->cache->verdicts[slot] = decide(term, field, value->text);
		term->cache->keys[slot] = key;
	}
	return term->cache->verdicts[slot];
}

void
filter_cache_forget(struct filter *filter, const struct model *model)
{
	for (struct filter_term *term = filter->terms; term != NULL; term = term->next) {
		if (term->cache != NULL)
			memset(term->cache, 0, sizeof *term->cache);
	}
	filter->interned = model->texts;
	filter->text_generation = model->text_generation;
}
