/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The edit distance of two words (Damerau-Levenshtein, each pair swapped once at most). Three rows
 * of its table are enough: the one to fill and the two before it.
 */
#include <config.h>

#include <sockwatch/base/edit_distance.h>

#include <stdint.h>

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
edit_distance(struct text a, struct text b)
{
	size_t rows[3][EDIT_DISTANCE_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *here = rows[2];

	if (a.len > EDIT_DISTANCE_MAX || b.len > EDIT_DISTANCE_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		before[j] = above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *const spare = before;
		const char letter = a.data[i - 1];

		here[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			here[j] = least(above[j] + 1, here[j - 1] + 1);
			here[j] = least(here[j], above[j - 1] + (letter != b.data[j - 1]));
			if (i > 1 && j > 1 && letter == b.data[j - 2] &&
				a.data[i - 2] == b.data[j - 1])
				here[j] = least(here[j], before[j - 2] + 1);
		}
		before = above;
		above = here;
		here = spare;
	}
	return above[b.len];
}
