/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edit distance between words, for "did you mean". */
#include <config.h>

#include "suggest.h"

#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 32 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Changes, insertions, deletions and swaps of neighbours that make b of a. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0];
	size_t *above = rows[1];
	size_t *here = rows[2];

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		before[j] = above[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *const spare = before;

		here[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			here[j] = least(above[j] + 1, here[j - 1] + 1);
			here[j] = least(here[j], above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				here[j] = least(here[j], before[j - 2] + 1);
		}
		before = above;
		above = here;
		here = spare;
	}
	return above[b_len];
}

const char *
suggest_nearer(const char *word, size_t len, const char *best, const char *other)
{
	const size_t near = len < 4 ? 1 : (len + 2) / 3;
	const size_t other_distance = distance(word, len, other, strlen(other));

	if (other_distance > near)
		return best;
	if (best != NULL && distance(word, len, best, strlen(best)) <= other_distance)
		return best;
	return other;
}
