/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the interval and the count of `sockwatch counters`. */
#include <config.h>

#include "counters_words.h"

#include <errno.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/word.h>

enum { INTERVAL_MIN_MS = 100, INTERVAL_MAX_MS = 3600000, MS_PER_S = 1000 };

static int
read_interval(struct text word, struct counters_words *words, struct error *error)
{
	double seconds;

	if (number_parse_unit(word.data, word.len, UNIT_S, &seconds) != 0 ||
		seconds * MS_PER_S < INTERVAL_MIN_MS || seconds * MS_PER_S > INTERVAL_MAX_MS) {
		error_set(error,
			"\"%.*s\" is not an interval; it is a number of seconds, 0.1 to 3600",
			(int)word.len, word.data);
		return -EINVAL;
	}
	words->interval_ms = (uint32_t)(seconds * MS_PER_S + 0.5);
	return 0;
}

static int
read_count(struct text word, struct counters_words *words, struct error *error)
{
	uint64_t count = 0;

	for (size_t i = 0; i < word.len; i++) {
		const unsigned int digit = (unsigned char)word.data[i] - (unsigned int)'0';

		count = digit <= 9 && count <= UINT32_MAX ? 10 * count + digit : UINT64_MAX;
		if (count > UINT32_MAX)
			break;
	}
	if (count == 0 || count > UINT32_MAX) {
		error_set(error, "\"%.*s\" is not a count; it is a whole number, 1 to %u",
			(int)word.len, word.data, UINT32_MAX);
		return -EINVAL;
	}
	words->count = (uint32_t)count;
	return 0;
}

int
counters_words_read(const char *text, struct counters_words *words, struct error *error)
{
	struct text word;

	*words = (struct counters_words){.interval_ms = 0};
	if (!word_next(&text, &word))
		return 0;
	if (read_interval(word, words, error) != 0)
		return -EINVAL;
	if (word_next(&text, &word) && read_count(word, words, error) != 0)
		return -EINVAL;
	if (word_next(&text, &word)) {
		error_set(error,
			"counters takes an interval and a count; \"%.*s\" is one word too many",
			(int)word.len, word.data);
		return -EINVAL;
	}
	return 0;
}
