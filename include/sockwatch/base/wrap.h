/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Breaks a paragraph into lines. */
#ifndef SOCKWATCH_BASE_WRAP_H
#define SOCKWATCH_BASE_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/base/text.h>

/*
 * Cuts the next line of at most `columns` columns (not 0) off clean UTF-8 text: after a comma or at
 * blanks, which go; a longer word is broken where the line ends. false at the end. line points into
 * the text.
 */
bool wrap_next(const char **text, size_t columns, struct text *line);

#endif
