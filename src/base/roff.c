/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escapes text for roff: a leading dot or apostrophe begins a request, a backslash an escape. */
#include <config.h>
#include <stdio.h>

#include <sockwatch/base/roff.h>

void
roff_print(FILE *out, const char *text)
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
