/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that every room needs: yes and no, the endings of ordinals, lists of words. */
#ifndef SOCKWATCH_BASE_WORD_H
#define SOCKWATCH_BASE_WORD_H

#include <stdbool.h>

#include <sockwatch/base/text.h>

/* "yes" or "no". */
const char *word_yes_no(bool truth);
/* yes, on, true, 1 or no, off, false, 0, in any case. 0 and *truth, or -EINVAL. */
int word_parse_yes_no(struct text word, bool *truth);

/* "st", "nd", "rd" or "th", as in 1st and 12th. */
const char *word_ordinal_ending(unsigned number);

/* Cuts the next word off a list that blanks separate; false at the end. NULL is an empty list. */
bool word_next(const char **list, struct text *word);

#endif
