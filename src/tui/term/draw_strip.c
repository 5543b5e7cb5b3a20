/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws a line that the analysis wrote: each part in the role that its meaning has on a screen. */
#include <config.h>

#include "draw.h"

static const enum role roles[MEANING_COUNT] = {
	[MEANING_PLAIN] = ROLE_NORMAL,
	[MEANING_STRONG] = ROLE_STRONG,
	[MEANING_DIM] = ROLE_DIM,
	[MEANING_GOOD] = ROLE_GOOD,
	[MEANING_WARNING] = ROLE_WARNING,
	[MEANING_CRITICAL] = ROLE_CRITICAL,
	[MEANING_WAITING] = ROLE_WAITING,
	[MEANING_CHANGED] = ROLE_CHANGED,
	[MEANING_DATA] = ROLE_LISTEN,
	[MEANING_RULE] = ROLE_SECTION,
	[MEANING_HERE] = ROLE_MATCH,
};

void
draw_strip(struct pen *pen, const struct strip *strip)
{
	size_t begin = 0;

	for (size_t i = 0; i < strip->count; i++) {
		const size_t end = strip->parts[i].end;

		draw_format(pen, roles[strip->parts[i].meaning], "%.*s", (int)(end - begin),
			strip->text + begin);
		begin = end;
	}
}
