/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean": which of two names is nearer to a misspelt word. */
#include <config.h>

#include "suggest.h"

#include <sockwatch/base/edit_distance.h>

const char *
suggest_nearer(const char *word, size_t len, const char *best, const char *other)
{
	const struct text wanted = {word, len};
	const size_t near = len < 4 ? 1 : (len + 2) / 3;
	const size_t other_distance = edit_distance(wanted, text_of(other));

	if (other_distance > near)
		return best;
	if (best != NULL && edit_distance(wanted, text_of(best)) <= other_distance)
		return best;
	return other;
}
