/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paragraphs for --help, and text for the manual. */
#ifndef SOCKWATCH_APP_OPTION_WRAP_H
#define SOCKWATCH_APP_OPTION_WRAP_H

#include <stddef.h>
#include <stdio.h>

enum { WRAP_WIDTH = 80 };

/* Prints words up to WRAP_WIDTH; the first line begins at column `at`, others are indented. */
void wrap_print(FILE *out, const char *text, size_t at, size_t indent);
/* Text for roff: what it would take for a request or a hyphen is escaped. */
void wrap_print_roff(FILE *out, const char *text);

#endif
