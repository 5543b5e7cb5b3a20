/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paragraphs for --help. */
#ifndef SOCKWATCH_APP_OPTION_PARAGRAPH_H
#define SOCKWATCH_APP_OPTION_PARAGRAPH_H

#include <stddef.h>
#include <stdio.h>

enum { PARAGRAPH_WIDTH = 80 };

/* Prints words up to PARAGRAPH_WIDTH; the first line begins at column `at`, others are indented. */
void paragraph_print(FILE *out, const char *text, size_t at, size_t indent);

#endif
