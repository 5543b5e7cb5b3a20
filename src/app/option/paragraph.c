/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a paragraph of --help in lines of one width. */
#include <config.h>
#include <stdio.h>

#include "paragraph.h"

#include <sockwatch/base/wrap.h>

void
paragraph_print(FILE *out, const char *text, size_t at, size_t indent)
{
	struct text line;

	if (at > indent) {
		fputc('\n', out);
		at = 0;
	}
	(void)wrap_next(&text, PARAGRAPH_WIDTH - indent, &line);
	do {
		fprintf(out, "%*s%.*s\n", (int)(indent - at), "", (int)line.len, line.data);
		at = 0;
	} while (wrap_next(&text, PARAGRAPH_WIDTH - indent, &line));
}
