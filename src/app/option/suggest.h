/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "did you mean": the name nearest to a misspelt word. */
#ifndef SOCKWATCH_APP_OPTION_SUGGEST_H
#define SOCKWATCH_APP_OPTION_SUGGEST_H

#include <stddef.h>

/*
 * Which of two names is nearer to the word: best (may be NULL) or other; best when other is
 * not near at all. Near means that at most a third of the word is wrong.
 */
const char *suggest_nearer(const char *word, size_t len, const char *best, const char *other);

#endif
