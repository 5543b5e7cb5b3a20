/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the words of an event fit: shorter words first, then less of them. */
#include <config.h>

#include "events_part.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>

/* The words give way in this order where they do not fit; their end, with the figures, stays. */
static const struct {
	const char *whole, *brief;
} briefs[] = {
	{" again, ", " "},
	{" try after ", " try "},
	{", lived ", ", "},
	{" in the handshake", " opening"},
	{" without data", ", no data"},
	{" after data", ", had data"},
	{" after a close", ", closing"},
	{" ms", "ms"},
	{" us", "us"},
};

/* A figure without its unit would be another figure, so "19.5 ms" goes as a whole. */
static void
drop_last_figure(char *step)
{
	size_t at = strlen(step);
	size_t end;

	while (at > 0 && isalpha((unsigned char)step[at - 1]))
		at--;
	if (at > 0 && step[at - 1] == ' ')
		at--;
	end = at;
	while (at > 0 && (isdigit((unsigned char)step[at - 1]) || step[at - 1] == '.'))
		at--;
	if (at == end || at < 2 || step[at - 1] != ' ')
		return;
	at -= step[at - 2] == ',' ? 2 : 1;
	snprintf(step + at, sizeof "~", "~");
}

void
events_brief(char *step, size_t columns)
{
	for (size_t i = 0; i < sizeof briefs / sizeof briefs[0]; i++) {
		char *const found =
			text_width(step) > columns ? strstr(step, briefs[i].whole) : NULL;
		const size_t whole = strlen(briefs[i].whole), brief = strlen(briefs[i].brief);

		if (found == NULL)
			continue;
		memcpy(found, briefs[i].brief, brief);
		memmove(found + brief, found + whole, strlen(found + whole) + 1);
	}
	if (text_width(step) > columns)
		drop_last_figure(step);
	text_truncate(step, columns, true);
}
