/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paragraphs for --help, and text for the manual. */
#include <config.h>

#include "wrap.h"

#include <sockwatch/base/wrap.h>

void
wrap_print(FILE *out, const char *text, size_t at, size_t indent)
{
	struct text line;

	if (at > indent) {
		fputc('\n', out);
		at = 0;
	}
	(void)wrap_next(&text, WRAP_WIDTH - indent, &line);
	do {
		fprintf(out, "%*s%.*s\n", (int)(indent - at), "", (int)line.len, line.data);
		at = 0;
	} while (wrap_next(&text, WRAP_WIDTH - indent, &line));
}

void
wrap_print_roff(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}
