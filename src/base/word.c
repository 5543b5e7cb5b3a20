/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that every room needs: yes and no, the endings of ordinals, lists of words. */
#include <config.h>

#include <sockwatch/base/word.h>

#include <errno.h>
#include <string.h>

const char *
word_yes_no(bool truth)
{
	return truth ? "yes" : "no";
}

int
word_parse_yes_no(struct text word, bool *truth)
{
	static const char *const words[][2] = {
		{"no", "yes"}, {"off", "on"}, {"false", "true"}, {"0", "1"}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		for (size_t value = 0; value < 2; value++) {
			if (text_equal_nocase(word, words[i][value])) {
				*truth = value != 0;
				return 0;
			}
		}
	}
	return -EINVAL;
}

const char *
word_ordinal_ending(unsigned number)
{
	static const char *const endings[] = {"th", "st", "nd", "rd"};
	const unsigned last = number % 10;
	const bool teen = number / 10 % 10 == 1;

	return endings[last <= 3 && !teen ? last : 0];
}

bool
word_next(const char **list, struct text *word)
{
	const char *const start = *list != NULL ? *list + strspn(*list, " ") : "";

	*word = (struct text){start, strcspn(start, " ")};
	*list = start + word->len;
	return word->len != 0;
}
