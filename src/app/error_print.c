/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints sentences for the user on standard error; nothing below app prints. */
#include <config.h>

#include "error_print.h"

#include <stdio.h>

#include <sockwatch/base/text.h>

void
error_print(const struct error *error)
{
	char clean[sizeof error->text];

	text_clean(text_of(error->text), clean, sizeof clean);
	fprintf(stderr, "sockwatch: %s\n", clean);
}

void
error_print_at(const struct error *error, const char *input)
{
	enum { SHOWN_BYTES = 4096 };
	char clean[SHOWN_BYTES];
	struct text before = text_of(input);

	error_print(error);
	if (error->position < 0 || (size_t)error->position > before.len)
		return;
	text_clean(before, clean, sizeof clean);
	fprintf(stderr, "  %s\n", clean);
	/* The caret stands below the cleaned input, so the text before it is cleaned as well. */
	before.len = (size_t)error->position;
	text_clean(before, clean, sizeof clean);
	fprintf(stderr, "  %*s^\n", (int)text_width(clean), "");
}
