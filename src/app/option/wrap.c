/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wraps paragraphs for --help and escapes text for roff. */
#include <config.h>

#include "wrap.h"

#include <string.h>

void
wrap_print(FILE *out, const char *text, size_t at, size_t indent)
{
	if (at > indent) {
		fputc('\n', out);
		at = 0;
	}
	if (at < indent)
		fprintf(out, "%*s", (int)(indent - at), "");
	at = indent;
	while (*text != '\0') {
		/* A list of fields may be broken after a comma. */
		size_t len = strcspn(text, " ,");
		size_t blank;

		len += text[len] == ',';
		blank = at > indent && text[-1] == ' ';
		if (at > indent && at + blank + len > WRAP_WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (blank != 0) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, len, out);
		at += len;
		text += len + strspn(text + len, " ");
	}
	fputc('\n', out);
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
